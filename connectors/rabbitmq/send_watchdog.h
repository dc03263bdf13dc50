// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace eventscope::rabbitmq {

/// Cuts a socket whose owner has been sending for too long: a broker with an alarm stops reading but
/// keeps its heartbeat, so nothing else would ever end such a call. The thread comes with the first
/// use. // armed and disarmed by one thread
class SendWatchdog {
public:
    explicit SendWatchdog(int socket) : m_socket(socket) { }

    void arm(std::chrono::milliseconds timeout);
    void disarm();
    bool hasBitten() const;

private:
    using Moment = std::chrono::steady_clock::time_point;
    void watch(std::stop_token stop);

    const int m_socket;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::optional<Moment> m_deadline;
    bool m_isWaiting = false; // for somebody to arm it
    bool m_hasBitten = false;
    std::jthread m_thread; // last: it uses everything above
};

} // namespace eventscope::rabbitmq
