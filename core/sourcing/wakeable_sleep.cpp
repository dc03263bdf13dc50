// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/wakeable_sleep.h"

namespace eventscope::core {

void WakeableSleep::wake()
{
    const std::scoped_lock lock(m_mutex);
    m_ring.request_stop();
}

std::stop_source WakeableSleep::currentRing()
{
    const std::scoped_lock lock(m_mutex);
    return m_ring;
}

void WakeableSleep::sleepUntil(Timestamp time, const std::stop_token& stop)
{
    const std::stop_source ring = currentRing();
    const std::stop_callback onStop(stop, [ring]() mutable { ring.request_stop(); });
    m_clock.sleepUntil(time, ring.get_token());
    const std::scoped_lock lock(m_mutex);
    m_ring = std::stop_source();
}

} // namespace eventscope::core
