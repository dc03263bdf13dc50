// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/timestamp.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace eventscope::core {

/// Numbers the buckets of one width from the epoch on, also before it.
constexpr std::int64_t bucketOf(Timestamp time, std::chrono::microseconds width)
{
    const std::int64_t micros = time.time_since_epoch().count();
    const std::int64_t step = width.count();
    return micros >= 0 ? micros / step : -((-micros + step - 1) / step);
}

constexpr Timestamp bucketStart(std::int64_t bucket, std::chrono::microseconds width)
{
    return Timestamp(bucket * width);
}

/// Counters of the latest `capacity` buckets of time. A newer bucket pushes the oldest ones out;
/// what is older than the ring is not kept here, and add() says so. Memory comes in pages, so a
/// counter that is seldom hit costs little.
class CountRing {
public:
    CountRing(std::chrono::microseconds width, std::size_t capacity);

    /// False when the bucket is older than the ring.
    bool add(std::int64_t bucket, std::uint32_t count = 1);
    /// 0 for buckets that are not in the ring.
    std::uint32_t at(std::int64_t bucket) const;

    std::chrono::microseconds width() const { return m_width; }
    bool isEmpty() const { return m_newest == kNone; }
    std::int64_t newest() const { return m_newest; }
    std::int64_t oldestKept() const; ///< the ring's left edge, whether or not anything was counted there

private:
    static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::min();
    static constexpr std::size_t kPage = 256;
    using Page = std::unique_ptr<std::uint32_t[]>;

    std::uint32_t* slot(std::int64_t bucket, bool make);
    const std::uint32_t* slot(std::int64_t bucket) const;
    void moveTo(std::int64_t newest);

    std::chrono::microseconds m_width;
    std::int64_t m_capacity; // a multiple of kPage
    std::int64_t m_newest = kNone;
    std::vector<Page> m_pages;
};

} // namespace eventscope::core
