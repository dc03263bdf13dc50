// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/views/watch_history.h"

#include <algorithm>

namespace eventscope::core {

void WatchHistory::note(User& user, const ViewEvent& event)
{
    const auto begin = user.videos.begin();
    auto place = std::find_if(begin, begin + static_cast<std::ptrdiff_t>(user.count),
        [&](const WatchedVideo& watched) { return watched.video == event.video; });
    if (place == begin + static_cast<std::ptrdiff_t>(user.count)) {
        if (user.count < kPerUser)
            ++user.count;
        else
            --place; // the oldest makes room
    }
    std::rotate(begin, place, place + 1);
    user.videos.front() = {.video = event.video,
        .position = event.position,
        .length = event.length,
        .completed = event.type == ViewEventType::Completed,
        .time = event.time};
}

void WatchHistory::apply(std::span<const ViewEvent> events)
{
    for (const ViewEvent& event : events)
        m_users.update(event.user, [&](User& user) { note(user, event); });
}

std::vector<WatchedVideo> WatchHistory::of(std::uint32_t user) const
{
    const std::optional<User> found = m_users.find(user);
    if (!found)
        return {};
    return {found->videos.begin(), found->videos.begin() + static_cast<std::ptrdiff_t>(found->count)};
}

} // namespace eventscope::core
