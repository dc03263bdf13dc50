// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "frame_bell.h"

namespace eventscope::models {

FrameBell::FrameBell(std::chrono::milliseconds interval, QObject* parent) : QObject(parent), m_interval(interval)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &FrameBell::fire);
}

FrameBell::~FrameBell()
{
    m_handles.clear();
}

void FrameBell::attach(const Attach& attach)
{
    m_handles.push_back(attach([this] { ring(); }));
}

void FrameBell::detachAll()
{
    m_handles.clear();
}

void FrameBell::setInterval(std::chrono::milliseconds interval)
{
    m_interval = interval;
}

void FrameBell::ring()
{
    if (!m_pending.exchange(true, std::memory_order_acq_rel))
        QMetaObject::invokeMethod(this, &FrameBell::schedule, Qt::QueuedConnection);
}

void FrameBell::schedule()
{
    const auto passed = std::chrono::milliseconds(m_sinceLast.isValid() ? m_sinceLast.elapsed() : m_interval.count());
    if (passed >= m_interval)
        fire();
    else
        m_timer.start(m_interval - passed);
}

void FrameBell::fire()
{
    m_sinceLast.start();
    m_pending.store(false, std::memory_order_release); // what comes from here on rings anew
    Q_EMIT rang();
}

} // namespace eventscope::models
