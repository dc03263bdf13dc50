// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "inspect/source_url.h"

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace eventscope::core {

/// One step on the way to a source: its name found, a connection made, signed in, listed.
struct CheckStage {
    enum class State { Running, Passed, Failed };
    std::string name; ///< "find db.example"; the same name again is news of the same stage
    State state = State::Running;
    std::string sentence; ///< what was found, or why it failed; never a secret
};
using CheckReport = std::function<void(const CheckStage&)>;

/// Tries a source that nobody opened yet, only looking, and reports each stage on the way; the error is
/// that of the first stage that failed. Blocks, and returns soon after a stop was requested. // any thread
using SourceCheck = std::function<Status(const SourceUrl& url, const CheckReport& report, std::stop_token stop)>;

/// A source that can be proposed, as this machine mentions it.
struct FoundSource {
    SourceUrl url;
    std::string because; ///< "PGHOST is set", "something listens on port 5672"
    bool operator==(const FoundSource&) const = default;
};

} // namespace eventscope::core
