// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sorted_event_rows.h"

#include <algorithm>
#include <utility>

namespace eventscope::models {

using namespace std::chrono_literals;

std::optional<core::OrderBy> orderByOf(EventColumn column)
{
    switch (column) {
    case EventColumn::Time: return core::OrderBy::Time;
    case EventColumn::Source: return core::OrderBy::Source;
    case EventColumn::Stream: return core::OrderBy::Stream;
    case EventColumn::Version: return core::OrderBy::Version;
    case EventColumn::Type: return core::OrderBy::Type;
    case EventColumn::Correlation: return core::OrderBy::Correlation;
    case EventColumn::Data: return core::OrderBy::Payload;
    case EventColumn::Position: return core::OrderBy::Position;
    case EventColumn::Id: return core::OrderBy::Id;
    case EventColumn::Partition: return core::OrderBy::Partition;
    default: return std::nullopt;
    }
}

SortedEventRows::SortedEventRows(const EventRows& base, core::RowOrder order, QObject* parent)
    : EventRows(parent), m_base(base), m_order(order), m_thread([this](const std::stop_token& stop) { run(stop); })
{
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &SortedEventRows::ask);
    connect(&base, &EventRows::grown, this, [this] {
        // At first what is there, at once; later no more than a quarter of the time.
        if (!m_working && !m_again.isActive())
            m_again.start(m_pause);
    });
    connect(&base, &EventRows::trimmed, this, &SortedEventRows::ask);
    connect(&base, &EventRows::rebuilt, this, &SortedEventRows::ask);
    connect(&m_bell, &FrameBell::rang, this, &SortedEventRows::take);
    m_watching.setInterval(100ms);
    connect(&m_watching, &QTimer::timeout, this, &SortedEventRows::progressed);
    if (order.by == core::OrderBy::Field)
        m_watching.start();
    ask();
}

SortedEventRows::~SortedEventRows()
{
    m_thread.request_stop();
    m_thread.join();
    m_bell.detachAll();
}

std::uint64_t SortedEventRows::firstNotBefore(core::LogRow row) const
{
    if (!m_shown)
        return 0;
    return static_cast<std::uint64_t>(std::find(m_shown->begin(), m_shown->end(), row) - m_shown->begin());
}

bool SortedEventRows::isDecided(core::LogRow row) const
{
    // What the base has behind the rows that were put in order waits for the next time.
    return m_shown && m_base.isDecided(row) && (m_base.firstNotBefore(row) < count() || behind() == 0);
}

EventRows::Lister SortedEventRows::lister() const
{
    return [shown = m_shown] { return shown ? *shown : std::vector<std::uint32_t>(); };
}

std::uint64_t SortedEventRows::behind() const
{
    return m_base.count() - std::min(m_base.count(), count());
}

void SortedEventRows::ask()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_wanted = m_base.lister();
    }
    m_working = true;
    m_wake.notify_one();
}

void SortedEventRows::run(const std::stop_token& stop)
{
    core::ScanCrew::giveWay();
    core::ScanCrew crew;
    std::unique_lock lock(m_mutex);
    while (m_wake.wait(lock, stop, [this] { return m_wanted != nullptr; })) {
        const Lister rows = std::exchange(m_wanted, nullptr);
        lock.unlock();
        const auto began = std::chrono::steady_clock::now();
        auto sorted = core::orderRows(log(), rows(), m_order, stop, crew, &m_looked);
        const auto took = std::chrono::steady_clock::now() - began;
        lock.lock();
        if (!sorted)
            return; // stopped
        m_done = std::make_shared<const std::vector<std::uint32_t>>(std::move(*sorted));
        m_took = std::chrono::duration_cast<std::chrono::milliseconds>(took);
        m_bell.ring();
    }
}

void SortedEventRows::take()
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_done) {
            m_shown = std::move(m_done);
            m_pause = std::max<std::chrono::milliseconds>(500ms, 3 * m_took);
        }
        m_done.reset();
        m_working = m_wanted != nullptr;
    }
    if (!m_working)
        m_watching.stop();
    Q_EMIT rebuilt();
    Q_EMIT progressed();
    if (!m_working && behind() > 0)
        m_again.start(m_pause);
}

} // namespace eventscope::models
