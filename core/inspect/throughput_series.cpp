// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/throughput_series.h"

#include "event/event.h"

#include <algorithm>
#include <bit>

namespace eventscope::core {

using namespace std::chrono_literals;

namespace {

struct Level {
    std::chrono::microseconds width;
    std::chrono::microseconds reach;
};

// Page sizes round the capacities up; the reach that is promised stays.
constexpr std::array<Level, 4> kLevels{{{100ms, 5min}, {1s, 1h}, {10s, 24h}, {1min, 7 * 24h}}};
constexpr std::size_t kDelaySeconds = 3600;
constexpr std::chrono::microseconds kBelievableLead = 1h;

const Level& levelOf(Resolution resolution)
{
    return kLevels[static_cast<std::size_t>(resolution)];
}

/// "completed" of "SagaCompleted": how a saga ended; empty for every other event.
std::string_view sagaOutcome(std::string_view type)
{
    if (type == "SagaCompleted")
        return "completed";
    if (type == "SagaCompensated")
        return "compensated";
    if (type == "SagaFailed")
        return "failed";
    return type == "SagaStuck" ? "stuck" : std::string_view();
}

} // namespace

std::chrono::microseconds widthOf(Resolution resolution)
{
    return levelOf(resolution).width;
}

std::chrono::microseconds reachOf(Resolution resolution)
{
    return levelOf(resolution).reach;
}

Resolution resolutionFor(std::chrono::microseconds span, std::size_t points)
{
    for (const Resolution resolution : kResolutions) {
        const Level& level = levelOf(resolution);
        if (span <= level.reach && span / level.width <= static_cast<std::int64_t>(points))
            return resolution;
    }
    return Resolution::Minute;
}

ThroughputSeries::Counter::Counter()
{
    rings.reserve(kLevels.size());
    for (const Level& level : kLevels)
        rings.emplace_back(level.width, static_cast<std::size_t>(level.reach / level.width));
}

void ThroughputSeries::add(std::span<const SourceEvent> batch, Timestamp seenAt)
{
    const std::scoped_lock lock(m_mutex);
    for (const SourceEvent& event : batch)
        addOne(event, seenAt);
}

void ThroughputSeries::addOne(const SourceEvent& event, Timestamp seenAt)
{
    ++m_total;
    if (!event.hasTime) {
        ++m_withoutTime;
        return;
    }
    if (event.time > seenAt + kBelievableLead) {
        ++m_fromTheFuture;
        return;
    }
    m_newest = m_newest ? std::max(*m_newest, event.time) : event.time;
    m_oldest = m_oldest ? std::min(*m_oldest, event.time) : event.time;
    for (std::size_t i = 0; i < kLevels.size(); ++i) {
        if (!m_all.rings[i].add(bucketOf(event.time, kLevels[i].width)))
            ++m_tooOld[i];
    }
    count(Dimension::Type, event.type, event.time);
    count(Dimension::Source, event.source, event.time);
    count(Dimension::Stream, categoryOf(event.stream), event.time);
    if (const std::string_view outcome = sagaOutcome(event.type); !outcome.empty())
        count(Dimension::SagaOutcome, outcome, event.time);
    addDelay(seenAt, std::max(0us, std::chrono::microseconds(seenAt - event.time)));
}

void ThroughputSeries::count(Dimension dimension, std::string_view key, Timestamp time)
{
    Keys& keys = m_keys[static_cast<std::size_t>(dimension)];
    auto found = keys.find(key);
    if (found == keys.end()) {
        const bool full = keys.size() >= kMaxKeys;
        found = keys.try_emplace(full ? std::string(kOther) : std::string(key)).first;
    }
    for (std::size_t i = 0; i < kLevels.size(); ++i)
        found->second.rings[i].add(bucketOf(time, kLevels[i].width));
}

void ThroughputSeries::addDelay(Timestamp seenAt, std::chrono::microseconds delay)
{
    if (m_delays.empty())
        m_delays.resize(kDelaySeconds);
    const std::int64_t second = bucketOf(seenAt, 1s);
    DelayBucket& bucket = m_delays[static_cast<std::size_t>(second) % kDelaySeconds];
    if (bucket.second != second)
        bucket = {.second = second};
    ++bucket.count;
    bucket.max = std::max(bucket.max, delay);
    ++bucket.byPower[std::min<std::size_t>(
        63, static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(delay.count()))))];
}

CountWindow ThroughputSeries::window(Dimension dimension, Resolution resolution, Timestamp from, Timestamp to) const
{
    const std::chrono::microseconds width = widthOf(resolution);
    const std::int64_t first = bucketOf(from, width);
    const std::int64_t end = to > from ? bucketOf(to - 1us, width) + 1 : first;
    CountWindow result{bucketStart(first, width), width, static_cast<std::size_t>(end - first), {}};
    {
        const std::scoped_lock lock(m_mutex);
        for (const auto& [key, counter] : m_keys[static_cast<std::size_t>(dimension)]) {
            CountLine line{key, std::vector<std::uint32_t>(result.buckets), 0};
            const CountRing& ring = counter.rings[static_cast<std::size_t>(resolution)];
            for (std::int64_t bucket = first; bucket < end; ++bucket) {
                const std::uint32_t value = ring.at(bucket);
                line.counts[static_cast<std::size_t>(bucket - first)] = value;
                line.total += value;
            }
            result.lines.push_back(std::move(line));
        }
    }
    std::ranges::stable_sort(result.lines, [](const CountLine& a, const CountLine& b) {
        const bool aOther = a.key == kOther, bOther = b.key == kOther;
        return aOther != bOther ? bOther : a.total > b.total;
    });
    return result;
}

std::uint64_t ThroughputSeries::countIn(Resolution resolution, Timestamp from, Timestamp to) const
{
    if (to <= from)
        return 0;
    const std::chrono::microseconds width = widthOf(resolution);
    const std::scoped_lock lock(m_mutex);
    const CountRing& ring = m_all.rings[static_cast<std::size_t>(resolution)];
    if (ring.isEmpty())
        return 0;
    const std::int64_t first = std::max(bucketOf(from, width), ring.oldestKept());
    const std::int64_t last = std::min(bucketOf(to - 1us, width), ring.newest());
    std::uint64_t sum = 0;
    for (std::int64_t bucket = first; bucket <= last; ++bucket)
        sum += ring.at(bucket);
    return sum;
}

DelayPoint ThroughputSeries::pointOf(const DelayBucket& bucket)
{
    const auto quantile = [&](double share) {
        const auto wanted = static_cast<std::uint32_t>(share * bucket.count);
        std::uint32_t below = 0;
        for (std::size_t power = 0; power < bucket.byPower.size(); ++power) {
            below += bucket.byPower[power];
            if (below > wanted)
                return std::min(bucket.max,
                    std::chrono::microseconds(power == 0 ? 0 : std::int64_t{1} << std::min<std::size_t>(power, 62)));
        }
        return bucket.max;
    };
    return {bucketStart(bucket.second, 1s), bucket.count, quantile(0.5), quantile(0.99), bucket.max};
}

std::vector<DelayPoint> ThroughputSeries::delays(Timestamp from, Timestamp to) const
{
    std::vector<DelayPoint> points;
    const std::scoped_lock lock(m_mutex);
    if (m_delays.empty() || to <= from)
        return points;
    const std::int64_t last = bucketOf(to - 1us, 1s);
    const std::int64_t first = std::max(bucketOf(from, 1s), last - static_cast<std::int64_t>(kDelaySeconds) + 1);
    for (std::int64_t second = first; second <= last; ++second) {
        const DelayBucket& bucket = m_delays[static_cast<std::size_t>(second) % kDelaySeconds];
        if (bucket.second == second && bucket.count > 0)
            points.push_back(pointOf(bucket));
    }
    return points;
}

std::uint64_t ThroughputSeries::total() const
{
    const std::scoped_lock lock(m_mutex);
    return m_total;
}

std::uint64_t ThroughputSeries::tooOld(Resolution resolution) const
{
    const std::scoped_lock lock(m_mutex);
    return m_tooOld[static_cast<std::size_t>(resolution)];
}

std::uint64_t ThroughputSeries::withoutTime() const
{
    const std::scoped_lock lock(m_mutex);
    return m_withoutTime;
}

std::uint64_t ThroughputSeries::fromTheFuture() const
{
    const std::scoped_lock lock(m_mutex);
    return m_fromTheFuture;
}

std::optional<Timestamp> ThroughputSeries::newest() const
{
    const std::scoped_lock lock(m_mutex);
    return m_newest;
}

std::optional<Timestamp> ThroughputSeries::oldest() const
{
    const std::scoped_lock lock(m_mutex);
    return m_oldest;
}

void ThroughputSeries::clear()
{
    const std::scoped_lock lock(m_mutex);
    m_all = Counter();
    m_keys = {};
    m_delays.clear();
    m_tooOld = {};
    m_total = m_withoutTime = m_fromTheFuture = 0;
    m_newest.reset();
    m_oldest.reset();
}

} // namespace eventscope::core
