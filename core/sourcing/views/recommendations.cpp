// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/views/recommendations.h"

#include <algorithm>

namespace eventscope::core {

namespace {

void keepBest(std::vector<Recommendation>& found, std::size_t limit)
{
    std::ranges::sort(found, [](const Recommendation& a, const Recommendation& b) {
        return a.score != b.score ? a.score > b.score : a.video < b.video;
    });
    if (found.size() > limit)
        found.resize(limit);
}

} // namespace

// Returns what was recent before, without the video itself.
Recommendations::Recent Recommendations::finish(Recent& recent, std::uint32_t video)
{
    const auto begin = recent.videos.begin();
    auto end = begin + static_cast<std::ptrdiff_t>(recent.count);
    auto place = std::find(begin, end, video);
    Recent before = recent;
    if (place != end) {
        const auto same = std::find(before.videos.begin(), before.videos.end(), video);
        std::rotate(same, same + 1, before.videos.end());
        --before.count;
    } else if (recent.count < kRecent) {
        ++recent.count;
    } else {
        --place;
    }
    std::rotate(begin, place, place + 1);
    recent.videos.front() = video;
    return before;
}

void Recommendations::meet(Neighbours& neighbours, std::uint32_t video)
{
    const std::span known(neighbours.videos.data(), neighbours.count);
    const auto found = std::ranges::find(known, video, &Recommendation::video);
    if (found != known.end()) {
        ++found->score;
    } else if (neighbours.count < kNeighbours) {
        neighbours.videos[neighbours.count++] = {video, 1};
    } else {
        Recommendation& weakest = *std::ranges::min_element(known, {}, &Recommendation::score);
        weakest = {video, weakest.score + 1};
    }
}

void Recommendations::apply(std::span<const ViewEvent> events)
{
    for (const ViewEvent& event : events) {
        if (event.type != ViewEventType::Completed)
            continue;
        Recent before;
        m_users.update(event.user, [&](Recent& recent) { before = finish(recent, event.video); });
        for (std::size_t i = 0; i < before.count; ++i) {
            const std::uint32_t other = before.videos[i];
            m_videos.update(other, [&](Neighbours& neighbours) { meet(neighbours, event.video); });
            m_videos.update(event.video, [&](Neighbours& neighbours) { meet(neighbours, other); });
        }
    }
}

std::vector<Recommendation> Recommendations::forUser(std::uint32_t user, std::size_t limit) const
{
    const std::optional<Recent> recent = m_users.find(user);
    if (!recent)
        return {};
    const std::span finished(recent->videos.data(), recent->count);
    std::vector<Recommendation> found;
    for (const std::uint32_t video : finished) {
        for (const Recommendation& near : similarTo(video, kNeighbours)) {
            if (std::ranges::find(finished, near.video) != finished.end())
                continue;
            const auto same = std::ranges::find(found, near.video, &Recommendation::video);
            if (same != found.end())
                same->score += near.score;
            else
                found.push_back(near);
        }
    }
    keepBest(found, limit);
    return found;
}

std::vector<Recommendation> Recommendations::similarTo(std::uint32_t video, std::size_t limit) const
{
    const std::optional<Neighbours> neighbours = m_videos.find(video);
    if (!neighbours)
        return {};
    std::vector<Recommendation> found(
        neighbours->videos.begin(), neighbours->videos.begin() + static_cast<std::ptrdiff_t>(neighbours->count));
    keepBest(found, limit);
    return found;
}

} // namespace eventscope::core
