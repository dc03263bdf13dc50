// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace eventscope::test {

/// One event as it must show.
struct ShownEvent {
    std::string stream;
    long version = 0;
    std::string type;
    std::string payload;
    std::string correlation{};
    std::string causation{};
};

/// The tables of a framework as it publishes them, with a few events.
struct ForeignStore {
    std::string_view dialect;
    /// Statements with ';' at their line ends; they run with the schema first in the search path.
    std::string_view sql;
    std::vector<ShownEvent> events; ///< in order
};

const std::vector<ForeignStore>& foreignStores();

} // namespace eventscope::test
