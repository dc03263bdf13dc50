// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/timestamp.h"
#include "sourcing/views/sharded_table.h"
#include "sourcing/views/view_event.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace eventscope::core {

struct TrendingVideo {
    std::uint32_t video = 0;
    double score = 0; ///< views started, each counting half as much every half-life later
};

/// What is watched now: counts views started, which fade with time. Other events do nothing.
/// Goes by the events' own times. // any thread
class Trending {
public:
    explicit Trending(std::size_t videos, std::chrono::seconds halfLife = std::chrono::minutes(10));

    void apply(std::span<const ViewEvent> events);

    /// The hottest first. Looks at every video: for a screen, not for a loop.
    std::vector<TrendingVideo> top(std::size_t limit, Timestamp now) const;
    std::uint64_t displaced() const { return m_videos.displaced(); }

private:
    struct Heat {
        double score = 0;
        Timestamp at{};
    };
    double faded(const Heat& heat, Timestamp now) const;

    const std::chrono::seconds m_halfLife;
    ShardedTable<Heat> m_videos;
};

} // namespace eventscope::core
