// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/views/view_event_generator.h"

#include <algorithm>

namespace eventscope::core {

namespace {

constexpr std::uint32_t kShortest = 60;
constexpr std::uint32_t kLongest = 3600;
constexpr std::uint64_t kEventsPerDrift = 20'000; // the favourites move on by one video

ViewAudience sane(ViewAudience audience)
{
    audience.users = std::max(audience.users, 1U);
    audience.videos = std::max(audience.videos, 1U);
    audience.concurrentViews = std::max<std::size_t>(audience.concurrentViews, 1);
    return audience;
}

} // namespace

ViewEventGenerator::ViewEventGenerator(std::uint64_t seed, const ViewAudience& audience)
    : m_audience(sane(audience)), m_random(seed)
{
    m_views.reserve(m_audience.concurrentViews);
}

void ViewEventGenerator::fill(std::span<ViewEvent> events)
{
    std::ranges::generate(events, [this] { return next(); });
}

// The cube of an evenly spread number in [0, 1) piles up near 0: the first tenth of the videos gets nearly
// half of the views.
std::uint32_t ViewEventGenerator::popularVideo()
{
    constexpr unsigned kBits = 21; // so that the cube still fits
    const std::uint64_t even = m_random() >> (64 - kBits);
    const std::uint64_t rank = (even * even * even >> (2 * kBits)) * m_audience.videos >> kBits;
    return static_cast<std::uint32_t>((rank + m_made / kEventsPerDrift) % m_audience.videos);
}

ViewEvent ViewEventGenerator::start(View& view)
{
    view.user = static_cast<std::uint32_t>(below(m_audience.users));
    view.video = popularVideo();
    view.length = kShortest + (view.video * 7919U) % (kLongest - kShortest); // the same for all who watch it
    view.position = 0;
    return {.type = ViewEventType::Started, .user = view.user, .video = view.video, .length = view.length};
}

ViewEvent ViewEventGenerator::next()
{
    ViewEvent event;
    if (m_views.size() < m_audience.concurrentViews) {
        event = start(m_views.emplace_back());
    } else {
        View& view = m_views[below(m_views.size())];
        const std::uint64_t chance = below(100);
        if (view.position == view.length || chance < 5) { // it ended before, or is given up
            event = start(view);
        } else {
            const std::uint32_t left = view.length - view.position;
            const auto step = static_cast<std::uint32_t>(1 + below(view.length / 2));
            const std::uint32_t advance = std::min(left, step);
            view.position += advance;
            event = {.type = view.position == view.length ? ViewEventType::Completed : ViewEventType::Progressed,
                .user = view.user,
                .video = view.video,
                .position = view.position,
                .advance = advance,
                .length = view.length};
        }
    }
    event.time = m_audience.start + m_audience.interval * static_cast<std::int64_t>(m_made++);
    return event;
}

} // namespace eventscope::core
