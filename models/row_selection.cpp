// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "row_selection.h"

#include <algorithm>

namespace eventscope::models {

void RowSelection::setRange(std::uint64_t a, std::uint64_t b)
{
    m_ranges = {{std::min(a, b), std::max(a, b)}};
}

void RowSelection::addRange(std::uint64_t a, std::uint64_t b)
{
    Range added{std::min(a, b), std::max(a, b)};
    std::vector<Range> merged;
    for (const Range& range : m_ranges) {
        // Ranges that touch become one; written so that nothing overflows at either end.
        const bool before = range.last < added.first && added.first - range.last > 1;
        const bool after = range.first > added.last && range.first - added.last > 1;
        if (before || after) {
            merged.push_back(range);
        } else {
            added.first = std::min(added.first, range.first);
            added.last = std::max(added.last, range.last);
        }
    }
    merged.push_back(added);
    std::ranges::sort(merged, {}, &Range::first);
    m_ranges = std::move(merged);
}

void RowSelection::removeRange(std::uint64_t a, std::uint64_t b)
{
    const std::uint64_t first = std::min(a, b), last = std::max(a, b);
    std::vector<Range> left;
    for (const Range& range : m_ranges) {
        if (range.last < first || range.first > last) {
            left.push_back(range);
            continue;
        }
        if (range.first < first)
            left.push_back({range.first, first - 1});
        if (range.last > last)
            left.push_back({last + 1, range.last});
    }
    m_ranges = std::move(left);
}

void RowSelection::toggle(std::uint64_t row)
{
    if (contains(row))
        removeRange(row, row);
    else
        addRange(row, row);
}

bool RowSelection::contains(std::uint64_t row) const
{
    const auto after = std::ranges::upper_bound(m_ranges, row, {}, &Range::first);
    return after != m_ranges.begin() && std::prev(after)->last >= row;
}

std::uint64_t RowSelection::count() const
{
    std::uint64_t rows = 0;
    for (const Range& range : m_ranges)
        rows += range.last - range.first + 1;
    return rows;
}

void RowSelection::dropFirst(std::uint64_t rows)
{
    std::erase_if(m_ranges, [rows](const Range& range) { return range.last < rows; });
    for (Range& range : m_ranges) {
        range.first = range.first > rows ? range.first - rows : 0;
        range.last -= rows;
    }
}

} // namespace eventscope::models
