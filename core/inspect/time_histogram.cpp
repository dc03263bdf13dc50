// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/time_histogram.h"

#include <algorithm>
#include <array>

namespace eventscope::core {

namespace {

std::int64_t floorDivide(std::int64_t value, std::int64_t by)
{
    const std::int64_t quotient = value / by;
    return value % by < 0 ? quotient - 1 : quotient;
}

std::int64_t secondOf(Timestamp time)
{
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

} // namespace

void TimeHistogram::add(Timestamp time, bool failed)
{
    m_first = m_count == 0 ? time : std::min(m_first, time);
    m_last = m_count == 0 ? time : std::max(m_last, time);
    ++m_count;
    m_failed += failed ? 1 : 0;

    const std::int64_t index = floorDivide(secondOf(time), m_width);
    auto at = m_buckets.end();
    if (!m_buckets.empty() && m_buckets.back().index >= index) {
        at = m_buckets.back().index == index ? std::prev(m_buckets.end())
                                             : std::ranges::lower_bound(m_buckets, index, {}, &Bucket::index);
    }
    if (at == m_buckets.end() || at->index != index) {
        at = m_buckets.insert(at, Bucket{index, 0, 0});
    }
    ++at->count;
    at->failed += failed ? 1 : 0;
    while (m_buckets.size() > kMaxBuckets) {
        widen();
    }
}

void TimeHistogram::widen()
{
    m_width *= 2;
    std::vector<Bucket> wider;
    wider.reserve(m_buckets.size());
    for (const Bucket& bucket : m_buckets) {
        const std::int64_t index = floorDivide(bucket.index, 2);
        if (!wider.empty() && wider.back().index == index) {
            wider.back().count += bucket.count;
            wider.back().failed += bucket.failed;
        } else {
            wider.push_back({index, bucket.count, bucket.failed});
        }
    }
    m_buckets = std::move(wider);
}

void TimeHistogram::clear()
{
    *this = TimeHistogram();
}

std::vector<TimeHistogram::Bar> TimeHistogram::bars(
    Timestamp start, std::chrono::seconds width, std::size_t count) const
{
    std::vector<Bar> bars(count);
    const std::int64_t first = secondOf(start);
    const std::int64_t barWidth = std::max<std::int64_t>(width.count(), 1);
    const std::int64_t end = first + barWidth * static_cast<std::int64_t>(count);
    const auto beginsAt = [this](const Bucket& bucket) { return bucket.index * m_width; };
    for (auto at = std::ranges::lower_bound(m_buckets, first, {}, beginsAt); at != m_buckets.end(); ++at) {
        const std::int64_t second = beginsAt(*at);
        if (second >= end) {
            break;
        }
        Bar& bar = bars[static_cast<std::size_t>((second - first) / barWidth)];
        bar.count += at->count;
        bar.failed += at->failed;
    }
    return bars;
}

std::chrono::seconds barWidthFor(std::chrono::microseconds span, std::size_t bars)
{
    static constexpr std::array<std::int64_t, 21> widths{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200,
        10800, 21600, 43200, 86400, 172800, 604800, 2592000};
    const double seconds = static_cast<double>(span.count()) / 1e6;
    const double atLeast = seconds / static_cast<double>(std::max<std::size_t>(bars, 1));
    for (const std::int64_t width : widths) {
        if (static_cast<double>(width) >= atLeast) {
            return std::chrono::seconds(width);
        }
    }
    const double months = atLeast / 2592000.0;
    return std::chrono::seconds(2592000 * (static_cast<std::int64_t>(months) + 1));
}

} // namespace eventscope::core
