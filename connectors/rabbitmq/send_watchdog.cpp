// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "send_watchdog.h"

#include <sys/socket.h>

namespace eventscope::rabbitmq {

void SendWatchdog::arm(std::chrono::milliseconds timeout)
{
    const std::scoped_lock lock(m_mutex);
    m_deadline = std::chrono::steady_clock::now() + timeout;
    if (!m_thread.joinable())
        m_thread = std::jthread([this](std::stop_token stop) { watch(std::move(stop)); });
    else if (m_isWaiting)
        m_changed.notify_all();
}

void SendWatchdog::disarm()
{
    const std::scoped_lock lock(m_mutex);
    m_deadline.reset();
}

bool SendWatchdog::hasBitten() const
{
    const std::scoped_lock lock(m_mutex);
    return m_hasBitten;
}

void SendWatchdog::watch(std::stop_token stop)
{
    std::unique_lock lock(m_mutex);
    while (!stop.stop_requested()) {
        if (!m_deadline) {
            m_isWaiting = true;
            m_changed.wait(lock, stop, [this] { return m_deadline.has_value(); });
            m_isWaiting = false;
            continue;
        }
        // Most calls end long before: it looks again at the time that was the latest then.
        const Moment until = *m_deadline;
        m_changed.wait_until(lock, stop, until, [] { return false; });
        if (m_deadline && *m_deadline <= std::chrono::steady_clock::now() && !stop.stop_requested()) {
            m_hasBitten = true;
            m_deadline.reset();
            ::shutdown(m_socket, SHUT_RDWR);
        }
    }
}

} // namespace eventscope::rabbitmq
