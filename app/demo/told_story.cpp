// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/told_story.h"

#include <algorithm>
#include <thread>

namespace eventscope::app {

using namespace std::chrono_literals;
using core::ErrorCode;
using core::Result;
using core::Timestamp;

namespace {

constexpr auto kLook = 30us;
constexpr auto kLongestJump = 50ms;
// Whoever holds the story up for longer than this has to live with being late in it.
constexpr auto kPatience = 250ms;

} // namespace

Result<std::unique_ptr<ToldStory>> ToldStory::tell(
    DemoOptions options, std::chrono::milliseconds length, std::stop_token stop)
{
    const Timestamp end = core::SystemClock().now();
    std::unique_ptr<ToldStory> story(new ToldStory(end - length));
    auto system = DemoSystem::open(story->m_clock, std::move(options));
    if (!system) {
        return std::unexpected(system.error());
    }
    story->m_system = std::move(*system);
    story->m_system->start();
    const bool isTold = story->runUntil(end, stop);
    story->m_system->stop();
    if (!isTold) {
        return fail(ErrorCode::Cancelled, "the story was interrupted.");
    }
    return story;
}

bool ToldStory::runUntil(Timestamp end, const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        const auto patienceEnds = std::chrono::steady_clock::now() + kPatience;
        while (!isTimeToMoveOn() && std::chrono::steady_clock::now() < patienceEnds) {
            std::this_thread::sleep_for(kLook);
        }
        if (m_clock.now() >= end) {
            return true;
        }
        // Somebody may be about to lie down: the clock never passes far beyond what it knows of.
        const Timestamp most = std::min(end, m_clock.now() + kLongestJump);
        m_clock.set(std::clamp(m_clock.nextWakeUp().value_or(most), m_clock.now(), most));
    }
    return false;
}

bool ToldStory::isTimeToMoveOn() const
{
    const auto next = m_clock.nextWakeUp();
    const bool isSomebodyWaking = next && *next <= m_clock.now();
    return !isSomebodyWaking && m_system->isWaitingForTime();
}

} // namespace eventscope::app
