// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace eventscope::core {

/// A number that says what it counts, so that a stream's version never passes for a position.
template <class Tag>
struct Ordinal {
    std::int64_t value = 0;

    auto operator<=>(const Ordinal&) const = default;
    constexpr Ordinal next() const { return {value + 1}; }
};

/// The place of an event in its stream: 1 for the first, 0 for "no event yet". Never confuse it
/// with the schema version of an event's data.
using StreamVersion = Ordinal<struct StreamVersionTag>;

/// The place of an event among all events of its store, growing but not always without gaps:
/// 1 or more for the first, 0 for "before the first".
using GlobalPosition = Ordinal<struct GlobalPositionTag>;

} // namespace eventscope::core

template <class Tag>
struct std::hash<eventscope::core::Ordinal<Tag>> {
    std::size_t operator()(eventscope::core::Ordinal<Tag> o) const noexcept
    {
        return std::hash<std::int64_t>{}(o.value);
    }
};
