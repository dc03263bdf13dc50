// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/dead_letter.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

enum class Trend { Steady, Rising, Falling };

/// Dead letters that failed for the same reason at the same place.
struct DeadLetterGroup {
    std::string errorType;
    std::string message;              ///< ids, numbers and quoted values blanked
    std::string origin;               ///< where they came from and who refused them, e.g. "order → notifications"
    std::vector<std::size_t> letters; ///< indexes into the list that was grouped, in its order
    Timestamp first{}, last{};
    Trend trend = Trend::Steady;
};

/// "Order 7f3a91c2-… has 3 items" → "Order ‹id› has ‹n› items": what differs from letter to letter
/// is blanked, so that letters with one cause share one text.
std::string blankedMessage(std::string_view message);

/// By error type, blanked message and origin; the largest group first. The trend compares the last
/// `window` before `now` with the one before it.
std::vector<DeadLetterGroup> groupByCause(
    std::span<const DeadLetter> letters, Timestamp now, std::chrono::microseconds window = std::chrono::minutes(5));

} // namespace eventscope::core
