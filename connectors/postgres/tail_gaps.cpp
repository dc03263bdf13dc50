// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tail_gaps.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace eventscope::postgres {

namespace {

bool takeNumber(std::string_view& text, std::int64_t& value)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{})
        return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

bool take(std::string_view& text, char c)
{
    if (!text.starts_with(c))
        return false;
    text.remove_prefix(1);
    return true;
}

} // namespace

void TailGaps::advanceTo(std::int64_t position, std::int64_t settled)
{
    const Range left{std::max(m_high, settled) + 1, position - 1};
    if (left.from <= left.to)
        m_ranges.push_back(left);
    m_high = std::max(m_high, position);
}

bool TailGaps::fill(std::int64_t position)
{
    const auto range
        = std::ranges::find_if(m_ranges, [position](const Range& r) { return r.from <= position && position <= r.to; });
    if (range == m_ranges.end())
        return false;
    const Range above{position + 1, range->to};
    range->to = position - 1;
    if (range->from > range->to && above.from <= above.to)
        *range = above;
    else if (range->from > range->to)
        m_ranges.erase(range);
    else if (above.from <= above.to)
        m_ranges.insert(range + 1, above);
    return true;
}

void TailGaps::bury(std::int64_t upTo)
{
    for (Range& range : m_ranges)
        range.from = std::max(range.from, upTo + 1);
    std::erase_if(m_ranges, [](const Range& range) { return range.from > range.to; });
}

void TailGaps::keepNewest(std::int64_t count)
{
    for (auto range = m_ranges.rbegin(); range != m_ranges.rend(); ++range) {
        const std::int64_t numbers = range->to - range->from + 1;
        if (numbers >= count) {
            range->from = range->to - count + 1;
            m_ranges.erase(m_ranges.begin(), range.base() - 1);
            return;
        }
        count -= numbers;
    }
}

std::vector<std::int64_t> TailGaps::numbers(std::size_t limit) const
{
    std::vector<std::int64_t> numbers;
    for (const Range& range : m_ranges) {
        for (std::int64_t number = range.from; number <= range.to; ++number) {
            if (numbers.size() == limit)
                return numbers;
            numbers.push_back(number);
        }
    }
    return numbers;
}

std::string TailGaps::cursor() const
{
    std::string text = fmt::format("{};", m_high);
    for (const Range& range : m_ranges)
        text += fmt::format("{}{}-{}", text.ends_with(';') ? "" : ",", range.from, range.to);
    return text;
}

std::optional<TailGaps> TailGaps::fromCursor(std::string_view text)
{
    TailGaps gaps;
    if (!takeNumber(text, gaps.m_high) || !take(text, ';'))
        return std::nullopt;
    while (!text.empty()) {
        Range range{0, 0};
        if ((!gaps.m_ranges.empty() && !take(text, ',')) || !takeNumber(text, range.from) || !take(text, '-')
            || !takeNumber(text, range.to) || range.from > range.to)
            return std::nullopt;
        gaps.m_ranges.push_back(range);
    }
    return gaps;
}

} // namespace eventscope::postgres
