// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/clock.h"

#include <algorithm>
#include <iterator>

namespace eventscope::core {

namespace {

/// A wall clock may be set forward during a sleep: it is looked at this often.
constexpr std::chrono::microseconds kLongestNap = std::chrono::seconds(1);

} // namespace

Timestamp SystemClock::now() const
{
    const auto wall = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    const std::lock_guard lock(m_mutex);
    m_latest = std::max(m_latest, Timestamp(wall));
    return m_latest;
}

bool SystemClock::sleepUntil(Timestamp time, std::stop_token stop)
{
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
        const std::chrono::microseconds left = time - now();
        if (left <= left.zero())
            return true;
        stopped.wait_for(lock, stop, std::min(left, kLongestNap), [] { return false; });
    }
    return false;
}

Timestamp ManualClock::now() const
{
    const std::lock_guard lock(m_mutex);
    return m_now;
}

bool ManualClock::sleepUntil(Timestamp time, std::stop_token stop)
{
    std::unique_lock lock(m_mutex);
    if (stop.stop_requested())
        return false;
    const auto sleeper = m_sleepers.insert(time);
    m_fellAsleep.notify_all();
    m_moved.wait(lock, stop, [&] { return m_now >= time; });
    m_sleepers.erase(sleeper);
    return !stop.stop_requested();
}

void ManualClock::advance(std::chrono::microseconds by)
{
    {
        const std::lock_guard lock(m_mutex);
        m_now += by;
    }
    m_moved.notify_all();
}

void ManualClock::set(Timestamp time)
{
    {
        const std::lock_guard lock(m_mutex);
        m_now = time;
    }
    m_moved.notify_all();
}

std::optional<Timestamp> ManualClock::nextWakeUp() const
{
    const std::lock_guard lock(m_mutex);
    if (m_sleepers.empty())
        return std::nullopt;
    return *m_sleepers.begin();
}

void ManualClock::waitForSleepers(std::size_t count) const
{
    std::unique_lock lock(m_mutex);
    m_fellAsleep.wait(lock, [&] {
        return static_cast<std::size_t>(std::distance(m_sleepers.upper_bound(m_now), m_sleepers.end())) >= count;
    });
}

} // namespace eventscope::core
