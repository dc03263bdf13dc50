// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source_check.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace eventscope::app {

/// What this machine says about sources: the variables that other programs are told their servers by,
/// and the usual ports that somebody listens on. Looks at this machine only; blocks for a moment. // any thread
class FoundSources {
public:
    using Variable = std::function<std::optional<std::string>(const char* name)>;
    using Listening = std::function<bool(std::uint16_t port, const std::stop_token& stop)>;

    FoundSources();
    FoundSources(Variable variable, Listening listening);

    std::vector<core::FoundSource> look(const std::stop_token& stop) const;

private:
    Variable m_variable;
    Listening m_listening;
};

} // namespace eventscope::app
