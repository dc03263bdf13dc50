// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace eventscope::core {

/// Calls back at given times of a Clock, one call at a time, on a thread of its own. // any thread
class DueTimers {
public:
    explicit DueTimers(Clock& clock);
    ~DueTimers() = default; ///< drops what is not called yet; waits for a call that runs
    DueTimers(const DueTimers&) = delete;
    DueTimers& operator=(const DueTimers&) = delete;

    /// The call must be short: it holds up the others.
    void at(Timestamp due, std::function<void()> call);

    std::optional<Timestamp> next() const;

private:
    void run(const std::stop_token& stop);

    Clock& m_clock;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_armed;
    std::multimap<Timestamp, std::function<void()>> m_calls;
    std::stop_source m_sleep; // ends the current sleep when something earlier is armed
    std::jthread m_thread;    // last: it uses all of the above
};

} // namespace eventscope::core
