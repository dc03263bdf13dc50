// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/log_memory.h"
#include "inspect/source_event.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace eventscope::core {

/// The columns of fixed width of a run of rows: 17 bytes a row, 21 once a correlation id came. It lives in zeroed pages
/// of its own, never moves, and a row's values never change once the row is published.
struct LogChunk {
    static constexpr std::size_t kRows = std::size_t{1} << 16;
    static constexpr std::size_t kRowBytes = 4 + 2 + 4 + 2 + 1 + 4; ///< of the pages that are touched
    static constexpr std::size_t kCorrelationBytes = 4;
    /// Record ends are differences within so many rows, so that four bytes are enough for them.
    static constexpr std::size_t kGroupRows = 1024;
    /// In these columns: the value did not fit and stands in the record.
    static constexpr std::uint64_t kTimeElsewhere = (std::uint64_t{1} << 48) - 1;
    static constexpr std::uint16_t kTypeElsewhere = std::numeric_limits<std::uint16_t>::max();
    static constexpr std::uint8_t kSourceElsewhere = std::numeric_limits<std::uint8_t>::max();

    // What some row of the chunk has: whoever searches texts need not look for it where no row has it.
    static constexpr unsigned kPackedId = 1;       ///< an id that lies as 16 bytes, not as its text
    static constexpr unsigned kEarlierUuid = 2;    ///< a cause that is said by the row whose id it is: a UUID
    static constexpr unsigned kEarlierText = 4;    ///< the same, any other text
    static constexpr unsigned kHeaders = 8;        ///< headers written out
    static constexpr unsigned kHeaderSet = 16;     ///< headers that other rows have as well, kept elsewhere
    static constexpr unsigned kLargeRecord = 32;   ///< a record outside of the arena's blocks
    static constexpr unsigned kScalarPayload = 64; ///< a payload that begins as no object or plain text does, or none

    std::array<std::uint32_t, kRows> timeLow, stream, recordEnd;
    std::array<std::uint16_t, kRows> timeHigh, type;
    std::array<std::uint8_t, kRows> source;
    std::array<std::uint64_t, kRows / kGroupRows> groupBegin; ///< the record end before the group
    std::int64_t timeBase; ///< microseconds, far before the first row's time; the column holds the rest
    std::array<std::int64_t, 256> positionBase; ///< by source: its first position less that row's index
    std::array<bool, 256> hasPositionBase;
    std::atomic<std::uint8_t> kinds;
    bool hasCorrelation;
    std::array<std::uint32_t, kRows> correlation; ///< last, so that its pages stay untouched until there are any

    std::uint64_t endOf(std::size_t index) const { return groupBegin[index / kGroupRows] + recordEnd[index]; }
    std::uint64_t endBefore(std::size_t index) const
    {
        return index % kGroupRows == 0 ? groupBegin[index / kGroupRows] : endOf(index - 1);
    }
    /// Positions mostly grow with the rows: what is written of one is its distance from this.
    std::int64_t expectedPosition(std::uint8_t place, std::size_t index) const
    {
        return sum(positionBase[place], static_cast<std::int64_t>(index));
    }

    // Wrapping around where 64 bits do not hold the result, so that any number comes back.
    static std::int64_t sum(std::int64_t a, std::int64_t b)
    {
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
    }
    static std::int64_t difference(std::int64_t a, std::int64_t b)
    {
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
    }

    std::uint64_t timeOffset(std::size_t index) const
    {
        return (std::uint64_t{timeHigh[index]} << 32) | timeLow[index];
    }
};

} // namespace eventscope::core
