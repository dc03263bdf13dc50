// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/position.h"

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <utility>
#include <vector>

namespace eventscope::core {

/// What other threads tell the relay's. Shared with the bus's callbacks, which may come late. // any thread
class RelaySignals {
public:
    struct Outcome {
        GlobalPosition position;
        bool safe = false;
    };

    void ring()
    {
        const std::scoped_lock lock(m_mutex);
        m_more = true;
        wake();
    }

    void settled(GlobalPosition position, bool safe)
    {
        const std::scoped_lock lock(m_mutex);
        m_outcomes.push_back({position, safe});
        wake();
    }

    /// Returns at `until`, or when somebody signalled since the last time, or on stop.
    void sleep(Clock& clock, Timestamp until, const std::stop_token& stop)
    {
        std::stop_token woken;
        {
            const std::scoped_lock lock(m_mutex);
            if (std::exchange(m_awake, false))
                return;
            m_nap = std::stop_source();
            woken = m_nap.get_token();
        }
        const std::stop_callback endNap(stop, [this] {
            const std::scoped_lock lock(m_mutex);
            wake();
        });
        clock.sleepUntil(until, woken);
        const std::scoped_lock lock(m_mutex);
        m_awake = false;
    }

    std::vector<Outcome> takeOutcomes()
    {
        const std::scoped_lock lock(m_mutex);
        return std::exchange(m_outcomes, {});
    }
    bool takeMore()
    {
        const std::scoped_lock lock(m_mutex);
        return std::exchange(m_more, false);
    }

    // Waiting for the outbox to be empty: the thread answers the questions that came before its look.
    std::uint64_t asked() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_asked;
    }
    void answer(std::uint64_t asked)
    {
        const std::scoped_lock lock(m_mutex);
        m_answered = asked;
        m_changed.notify_all();
    }
    void end()
    {
        const std::scoped_lock lock(m_mutex);
        m_ended = true;
        m_changed.notify_all();
    }
    bool ask()
    {
        std::unique_lock lock(m_mutex);
        const std::uint64_t question = ++m_asked;
        wake();
        m_changed.wait(lock, [&] { return m_ended || m_answered >= question; });
        return m_answered >= question;
    }

private:
    void wake()
    {
        m_awake = true;
        m_nap.request_stop();
    }

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::stop_source m_nap;
    std::vector<Outcome> m_outcomes;
    bool m_awake = false;
    bool m_more = true; // what was there before the relay
    bool m_ended = false;
    std::uint64_t m_asked = 0;
    std::uint64_t m_answered = 0;
};

} // namespace eventscope::core
