// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "inspect/dead_letter_queue.h"

/// Thrown where the program is to die. Nothing in the product catches it, so the run ends there and
/// then, with whatever was on the disk; the test goes on as the next start of the program.
struct Crash { };

/// Counts the points where a crash could happen, and crashes at the chosen one.
class CrashPoints {
public:
    void crashAt(int point)
    {
        m_target = point;
        m_passed = 0;
    }
    void pass()
    {
        if (++m_passed == m_target)
            throw Crash();
    }

private:
    int m_target = 0;
    int m_passed = 0;
};

/// Every entry of the journal is stamped by the clock right before it is written, so a clock is
/// where a crash between two entries happens.
class CrashingClock final : public eventscope::core::Clock {
public:
    explicit CrashingClock(CrashPoints& points) : m_points(points) { }
    eventscope::core::Timestamp now() const override
    {
        m_points.pass();
        return m_now += std::chrono::milliseconds(1);
    }
    bool sleepUntil(eventscope::core::Timestamp, std::stop_token stop) override { return !stop.stop_requested(); }

private:
    CrashPoints& m_points;
    mutable eventscope::core::Timestamp m_now{std::chrono::days(20'000)};
};

/// Crashes before and after whatever changes something.
class CrashingQueue final : public eventscope::core::DeadLetterQueue {
public:
    using DeadLetter = eventscope::core::DeadLetter;
    using Status = eventscope::core::Status;
    template <class T>
    using Result = eventscope::core::Result<T>;

    CrashingQueue(eventscope::core::DeadLetterQueue& inner, CrashPoints& points) : m_inner(inner), m_points(points) { }

    Capabilities capabilities() const override { return m_inner.capabilities(); }
    Result<std::vector<DeadLetter>> list(std::string_view queue, std::stop_token stop) override
    {
        return m_inner.list(queue, stop);
    }
    Status send(const eventscope::core::Requeue& requeue) override
    {
        return around([&] { return m_inner.send(requeue); });
    }
    Status acknowledge(const DeadLetter& letter) override
    {
        return around([&] { return m_inner.acknowledge(letter); });
    }
    Status discard(const DeadLetter& letter) override
    {
        return around([&] { return m_inner.discard(letter); });
    }
    Status restore(const DeadLetter& letter) override
    {
        return around([&] { return m_inner.restore(letter); });
    }
    Result<eventscope::core::SendState> settle(std::string_view sendId, const DeadLetter& letter) override
    {
        return m_inner.settle(sendId, letter);
    }
    Result<std::optional<std::size_t>> newerOfSameKey(const DeadLetter& letter) override
    {
        return m_inner.newerOfSameKey(letter);
    }

private:
    template <class Act>
    Status around(Act act)
    {
        m_points.pass();
        const Status done = act();
        m_points.pass();
        return done;
    }

    eventscope::core::DeadLetterQueue& m_inner;
    CrashPoints& m_points;
};
