// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"

#include <mutex>
#include <stop_token>

namespace eventscope::core {

/// Sleeping until a time of a Clock, or until somebody rings. A ring that comes before the sleep is not
/// lost: it ends the next one.
class WakeableSleep {
public:
    explicit WakeableSleep(Clock& clock) : m_clock(clock) { }

    void wake(); // any thread
    /// Returns at that time, when woken, or when the stop is requested. // one thread
    void sleepUntil(Timestamp time, const std::stop_token& stop);

private:
    std::stop_source currentRing();

    Clock& m_clock;
    std::mutex m_mutex;
    std::stop_source m_ring;
};

} // namespace eventscope::core
