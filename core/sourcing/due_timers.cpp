// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/due_timers.h"

#include <utility>

namespace eventscope::core {

DueTimers::DueTimers(Clock& clock) : m_clock(clock), m_thread([this](const std::stop_token& stop) { run(stop); }) { }

void DueTimers::at(Timestamp due, std::function<void()> call)
{
    const std::scoped_lock lock(m_mutex);
    const bool earliest = m_calls.empty() || due < m_calls.begin()->first;
    m_calls.emplace(due, std::move(call));
    if (earliest)
        m_sleep.request_stop();
    m_armed.notify_one();
}

std::optional<Timestamp> DueTimers::next() const
{
    const std::scoped_lock lock(m_mutex);
    return m_calls.empty() ? std::nullopt : std::optional(m_calls.begin()->first);
}

void DueTimers::run(const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    while (m_armed.wait(lock, stop, [this] { return !m_calls.empty(); }) && !stop.stop_requested()) {
        const Timestamp due = m_calls.begin()->first;
        if (due > m_clock.now()) {
            m_sleep = std::stop_source();
            const std::stop_source sleep = m_sleep;
            const std::stop_callback endSleep(stop, [sleep]() mutable { sleep.request_stop(); });
            lock.unlock();
            m_clock.sleepUntil(due, sleep.get_token());
            lock.lock();
            continue;
        }
        auto call = m_calls.extract(m_calls.begin());
        lock.unlock();
        call.mapped()();
        lock.lock();
    }
}

} // namespace eventscope::core
