// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/timestamp.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>

namespace eventscope::core {

/// The one source of time for whatever decides by time, so that a test can hold it. // any thread
class Clock {
public:
    virtual ~Clock() = default;

    virtual Timestamp now() const = 0;

    /// Returns at the given time, or as soon as a stop is requested; false then.
    virtual bool sleepUntil(Timestamp time, std::stop_token stop) = 0;

    bool sleepFor(std::chrono::microseconds duration, std::stop_token stop)
    {
        return sleepUntil(now() + duration, stop);
    }
};

/// The machine's clock. It never runs backwards within a process: a wall clock that is set back
/// is waited out, so ids and timestamps keep their order.
class SystemClock final : public Clock {
public:
    Timestamp now() const override;
    bool sleepUntil(Timestamp time, std::stop_token stop) override;

private:
    mutable std::mutex m_mutex;
    mutable Timestamp m_latest{};
};

/// A clock that stands still until somebody moves it; sleepers wake when it passes their time.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Timestamp start) : m_now(start) { }

    Timestamp now() const override;
    bool sleepUntil(Timestamp time, std::stop_token stop) override;

    void advance(std::chrono::microseconds by);
    void set(Timestamp time);

    /// The earliest time somebody sleeps for, if anybody does.
    std::optional<Timestamp> nextWakeUp() const;

    /// Blocks until at least that many threads sleep for a time yet to come.
    void waitForSleepers(std::size_t count = 1) const;

private:
    mutable std::mutex m_mutex;
    std::condition_variable_any m_moved;
    mutable std::condition_variable_any m_fellAsleep;
    Timestamp m_now;
    std::multiset<Timestamp> m_sleepers;
};

} // namespace eventscope::core
