// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"

#include <chrono>

namespace eventscope::test {

/// A clock that runs faster than the machine's, the same in every process with the same origin: what
/// takes seconds of story takes milliseconds of test. // any thread
class ScaledClock final : public core::Clock {
public:
    ScaledClock(core::Timestamp origin, int factor) : m_origin(origin), m_factor(factor) { }

    core::Timestamp now() const override { return m_origin + (m_clock.now() - m_origin) * m_factor; }

    bool sleepUntil(core::Timestamp time, std::stop_token stop) override
    {
        // Rounded up, so that nobody wakes early.
        const auto left = (time - m_origin + std::chrono::microseconds(m_factor - 1)) / m_factor;
        return m_clock.sleepUntil(m_origin + left, std::move(stop));
    }

private:
    const core::Timestamp m_origin;
    const int m_factor;
    core::SystemClock m_clock;
};

} // namespace eventscope::test
