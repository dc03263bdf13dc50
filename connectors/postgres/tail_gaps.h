// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::postgres {

/// How far a follower of a table has come: the highest position that it showed, and the numbers below
/// that it has seen no row of. A number leaves the list when its row comes late, or when it is proved
/// that none will come.
class TailGaps {
public:
    struct Range {
        std::int64_t from, to; ///< both included
        bool operator==(const Range&) const = default;
    };

    explicit TailGaps(std::int64_t high = 0) : m_high(high) { }

    std::int64_t high() const { return m_high; }
    bool hasGaps() const { return !m_ranges.empty(); }
    const std::vector<Range>& ranges() const { return m_ranges; } ///< by number, none empty

    /// A row behind all others; numbers left out are gaps, those up to `settled` excepted.
    void advanceTo(std::int64_t position, std::int64_t settled);
    /// A row came for a gap. False when it is none.
    bool fill(std::int64_t position);
    /// Nothing will come for these any more.
    void bury(std::int64_t upTo);
    /// Where nothing can be proved: all but about so many of the highest are given up.
    void keepNewest(std::int64_t count);
    /// At most so many of the lowest, one by one.
    std::vector<std::int64_t> numbers(std::size_t limit) const;

    /// Text to go on from later: "120;100-102,117-117".
    std::string cursor() const;
    static std::optional<TailGaps> fromCursor(std::string_view text);

private:
    std::int64_t m_high;
    std::vector<Range> m_ranges;
};

} // namespace eventscope::postgres
