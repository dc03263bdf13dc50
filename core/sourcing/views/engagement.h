// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/views/sharded_table.h"
#include "sourcing/views/view_event.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace eventscope::core {

struct VideoEngagement {
    std::uint64_t started = 0;
    std::uint64_t completed = 0;
    std::uint64_t secondsWatched = 0;

    /// The share of views that came to the end, 0 to 1.
    double completionRate() const;
    bool operator==(const VideoEngagement&) const = default;
};

/// How much of each video is watched. // any thread
class Engagement {
public:
    explicit Engagement(std::size_t videos) : m_videos(videos) { }

    void apply(std::span<const ViewEvent> events);

    std::optional<VideoEngagement> of(std::uint32_t video) const { return m_videos.find(video); }
    /// Of all videos that are still in memory.
    VideoEngagement total() const;
    std::uint64_t displaced() const { return m_videos.displaced(); }

private:
    ShardedTable<VideoEngagement> m_videos;
};

} // namespace eventscope::core
