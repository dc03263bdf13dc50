// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/position.h"

#include <optional>
#include <string>
#include <string_view>

namespace eventscope::core {

/// A cached fold of a stream up to a version: never the truth, always replaceable by a replay.
struct Snapshot {
    StreamVersion version;
    std::string fingerprint; ///< of the code that made it; another fingerprint makes it worthless
    std::string state;       ///< JSON text
    bool operator==(const Snapshot&) const = default;
};

/// // any thread
class SnapshotStore {
public:
    virtual ~SnapshotStore() = default;

    virtual Result<std::optional<Snapshot>> load(std::string_view stream) const = 0;
    /// Keeps the newer of the stored and the given one.
    virtual Status save(std::string_view stream, const Snapshot& snapshot) = 0;
};

} // namespace eventscope::core
