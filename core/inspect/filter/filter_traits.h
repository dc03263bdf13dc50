// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_node.h"

#include <cstdint>

namespace eventscope::core {

/// What a part of an expression asks of an event of ours (see EventAttributes). // any thread
struct FilterTraits {
    enum Use : std::uint8_t {
        kSource = 1, ///< the interned columns
        kType = 2,
        kStream = 4,
        kCorrelation = 8,
        kRow = 16,     ///< another column of the row, or a header
        kPayload = 32, ///< the payload's fields or bytes
        kMarks = 64,   ///< what people marked, which may change
    };
    static constexpr unsigned kInterned = kSource | kType | kStream | kCorrelation;

    unsigned uses = 0;

    /// Needs one interned column, or nothing of the event at all.
    bool dependsOnOneTextAtMost() const { return (uses & ~kInterned) == 0 && (uses & (uses - 1)) == 0; }
};
FilterTraits traitsOf(const FilterNode& node);

/// True when no event of ours can make this part give an error: its attributes are always there and
/// every cast in it works. False when that is not certain.
bool cannotFail(const FilterNode& node);

/// The same for its use as a condition, which casts it to true or false.
bool cannotFailAsCondition(const FilterNode& node);

} // namespace eventscope::core
