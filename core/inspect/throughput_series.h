// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/count_ring.h"
#include "inspect/source_event.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// The widths that are counted at: 100 ms for 5 minutes, 1 s for an hour, 10 s for a day and 1 min
/// for a week.
enum class Resolution { Tenth, Second, TenSeconds, Minute };
inline constexpr std::array kResolutions{
    Resolution::Tenth, Resolution::Second, Resolution::TenSeconds, Resolution::Minute};
std::chrono::microseconds widthOf(Resolution resolution);
/// How far back that resolution reaches.
std::chrono::microseconds reachOf(Resolution resolution);
/// The finest resolution that reaches as far as `span` and needs at most `points` buckets for it.
Resolution resolutionFor(std::chrono::microseconds span, std::size_t points);

/// What events are counted by. Stream counts by category ("order" of "order-7f3a"): single streams
/// come and go by the thousand.
enum class Dimension { Type, Source, Stream, SagaOutcome };

/// One line of a chart: counts of consecutive buckets.
struct CountLine {
    std::string key;
    std::vector<std::uint32_t> counts;
    std::uint64_t total = 0; ///< of this window
};

struct CountWindow {
    Timestamp start{};
    std::chrono::microseconds width{};
    std::size_t buckets = 0;
    std::vector<CountLine> lines; ///< largest total first; keys beyond the limit are in "other", last
};

/// How long events took from happening to being seen here, in one bucket of a second.
struct DelayPoint {
    Timestamp start{};
    std::uint32_t count = 0;
    std::chrono::microseconds p50{}, p99{}, max{};
};

/// Counts events as they come in, by their own time and never by keeping them: the rings cost the
/// same for a thousand events as for a billion. Times jump and arrive late; whatever a ring no longer
/// reaches is counted in tooOld(). // any thread; holds a lock only for the counting of a batch
class ThroughputSeries {
public:
    /// Further keys of a dimension are counted together as "other".
    static constexpr std::size_t kMaxKeys = 64;
    static constexpr const char* kOther = "other";

    void add(std::span<const SourceEvent> batch, Timestamp seenAt);

    /// The buckets that `from`..`to` (excluded) touches.
    CountWindow window(Dimension dimension, Resolution resolution, Timestamp from, Timestamp to) const;
    /// All events in those buckets.
    std::uint64_t countIn(Resolution resolution, Timestamp from, Timestamp to) const;
    std::vector<DelayPoint> delays(Timestamp from, Timestamp to) const;

    std::uint64_t total() const;
    /// Events whose time lay before everything this resolution reached when they came.
    std::uint64_t tooOld(Resolution resolution) const;
    std::uint64_t withoutTime() const; ///< events that have no time: they are counted in no bucket
    /// Events more than an hour ahead of our clock. In no bucket either: one wrong clock would push
    /// everything else out of the rings.
    std::uint64_t fromTheFuture() const;
    /// The time of the newest event; nothing before the first.
    std::optional<Timestamp> newest() const;
    /// The time of the oldest event that was counted, in a ring still or not; nothing before the first.
    std::optional<Timestamp> oldest() const;
    void clear();

private:
    struct Counter {
        Counter();
        std::vector<CountRing> rings; // one a resolution
    };
    struct DelayBucket {
        std::int64_t second = -1;
        std::uint32_t count = 0;
        std::chrono::microseconds max{};
        std::array<std::uint32_t, 64> byPower{}; // delay in [2^(i-1), 2^i) microseconds
    };
    using Keys = std::map<std::string, Counter, std::less<>>;

    void addOne(const SourceEvent& event, Timestamp seenAt);
    void count(Dimension dimension, std::string_view key, Timestamp time);
    void addDelay(Timestamp seenAt, std::chrono::microseconds delay);
    static DelayPoint pointOf(const DelayBucket& bucket);

    mutable std::mutex m_mutex;
    Counter m_all;
    std::array<Keys, 4> m_keys;
    std::vector<DelayBucket> m_delays; // a ring of seconds
    std::array<std::uint64_t, kResolutions.size()> m_tooOld{};
    std::uint64_t m_total = 0;
    std::uint64_t m_withoutTime = 0;
    std::uint64_t m_fromTheFuture = 0;
    std::optional<Timestamp> m_newest;
    std::optional<Timestamp> m_oldest;
};

} // namespace eventscope::core
