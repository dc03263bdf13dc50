// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/timestamp.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace eventscope::core {

/// A saga that somebody else's framework keeps as a row of its own instead of as events: only its present
/// state is known, and it is theirs to go on with.
struct KeptSaga {
    std::string framework; ///< "axon", "masstransit", …
    std::string id;
    std::string type;
    std::string status; ///< "running" or "completed": frameworks delete most of those that ended
    std::string step;   ///< the state that its machine is in, as the framework calls it; may be empty
    std::string correlationId;
    std::optional<Timestamp> changedAt{};
    std::vector<std::pair<std::string, std::string>> associations{}; ///< what finds it: "orderId", "7f3a"
    std::string state{};                                             ///< as it is kept: JSON, XML, bytes
    bool operator==(const KeptSaga&) const = default;
};

} // namespace eventscope::core
