// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/views/trending.h"

#include <algorithm>
#include <cmath>

namespace eventscope::core {

Trending::Trending(std::size_t videos, std::chrono::seconds halfLife) : m_halfLife(halfLife), m_videos(videos) { }

double Trending::faded(const Heat& heat, Timestamp now) const
{
    if (now <= heat.at)
        return heat.score;
    return heat.score * std::exp2(-std::chrono::duration<double>(now - heat.at) / m_halfLife);
}

void Trending::apply(std::span<const ViewEvent> events)
{
    for (const ViewEvent& event : events) {
        if (event.type != ViewEventType::Started)
            continue;
        m_videos.update(event.video, [&](Heat& heat) {
            const Timestamp at = std::max(heat.at, event.time); // a late event counts from now on
            heat = {faded(heat, at) + 1, at};
        });
    }
}

std::vector<TrendingVideo> Trending::top(std::size_t limit, Timestamp now) const
{
    std::vector<TrendingVideo> videos;
    m_videos.visit([&](std::uint32_t video, const Heat& heat) { videos.push_back({video, faded(heat, now)}); });
    const auto hotter = [](const TrendingVideo& a, const TrendingVideo& b) {
        return a.score != b.score ? a.score > b.score : a.video < b.video;
    };
    const std::size_t count = std::min(limit, videos.size());
    std::ranges::partial_sort(videos, videos.begin() + static_cast<std::ptrdiff_t>(count), hotter);
    videos.resize(count);
    return videos;
}

} // namespace eventscope::core
