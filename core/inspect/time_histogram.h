// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/timestamp.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace eventscope::core {

/// Counts of events over all the time they span, for an overview that can be brushed. Buckets begin
/// a second wide and double as often as it takes to stay below kMaxBuckets, so a log of ten minutes
/// and one of ten years cost the same. Times may come in any order. A value: one thread at a time.
class TimeHistogram {
public:
    static constexpr std::size_t kMaxBuckets = 8192;

    void add(Timestamp time, bool failed);
    void clear();

    std::uint64_t count() const { return m_count; }
    std::uint64_t failed() const { return m_failed; }
    std::chrono::seconds bucketWidth() const { return std::chrono::seconds(m_width); }
    /// The earliest and latest time added; nothing before the first.
    std::optional<Timestamp> first() const { return m_count > 0 ? std::optional(m_first) : std::nullopt; }
    std::optional<Timestamp> last() const { return m_count > 0 ? std::optional(m_last) : std::nullopt; }

    struct Bar {
        std::uint64_t count = 0;
        std::uint64_t failed = 0;
    };
    /// `count` bars, each `width` wide (at least a bucket), the first beginning at `start`. A bucket
    /// belongs to the bar that holds its beginning.
    std::vector<Bar> bars(Timestamp start, std::chrono::seconds width, std::size_t count) const;

private:
    struct Bucket {
        std::int64_t index; // seconds since the epoch / m_width
        std::uint64_t count, failed;
    };
    void widen();

    std::vector<Bucket> m_buckets; // ascending, none empty
    std::int64_t m_width = 1;
    std::uint64_t m_count = 0, m_failed = 0;
    Timestamp m_first{}, m_last{};
};

/// The narrowest width that people count in (1, 2, 5, 10, 15, 30 s, …, days) with which `span` needs at
/// most `bars` bars.
std::chrono::seconds barWidthFor(std::chrono::microseconds span, std::size_t bars);

} // namespace eventscope::core
