// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/views/engagement.h"

namespace eventscope::core {

double VideoEngagement::completionRate() const
{
    return started == 0 ? 0.0 : static_cast<double>(completed) / static_cast<double>(started);
}

void Engagement::apply(std::span<const ViewEvent> events)
{
    for (const ViewEvent& event : events) {
        m_videos.update(event.video, [&](VideoEngagement& video) {
            video.started += event.type == ViewEventType::Started ? 1 : 0;
            video.completed += event.type == ViewEventType::Completed ? 1 : 0;
            video.secondsWatched += event.advance;
        });
    }
}

VideoEngagement Engagement::total() const
{
    VideoEngagement sum;
    m_videos.visit([&](std::uint32_t, const VideoEngagement& video) {
        sum.started += video.started;
        sum.completed += video.completed;
        sum.secondsWatched += video.secondsWatched;
    });
    return sum;
}

} // namespace eventscope::core
