// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "view_event_rows.h"

#include <algorithm>

namespace eventscope::models {

ViewEventRows::ViewEventRows(core::EventLog& log, core::LogWorker& worker, core::RowFilter filter, QObject* parent)
    : EventRows(parent), m_log(log), m_worker(worker), m_view(core::LogView::open(log, worker, std::move(filter)))
{
    m_bell.attach([this](auto ring) { return m_view->onChanged(std::move(ring)); });
    m_bell.attach([&log](auto ring) { return log.onAppended(std::move(ring)); });
    connect(&m_bell, &FrameBell::rang, this, &ViewEventRows::refresh);
    // What was found before we listened; past the bell, so that the first hit need not wait for the next frame.
    QMetaObject::invokeMethod(this, &ViewEventRows::refresh, Qt::QueuedConnection);
}

ViewEventRows::~ViewEventRows()
{
    m_bell.detachAll();
    m_worker.drop(std::move(m_view));
}

std::uint64_t ViewEventRows::firstNotBefore(core::LogRow row) const
{
    const std::uint64_t index = m_view->firstNotBefore(row);
    return index < m_first ? 0 : std::min(index - m_first, m_count);
}

EventRows::Lister ViewEventRows::lister() const
{
    return [view = m_view, first = m_first, count = m_count] {
        std::vector<std::uint32_t> rows(count);
        for (std::uint64_t i = 0; i < count; ++i)
            rows[i] = static_cast<std::uint32_t>(view->rowAt(first + i));
        return rows;
    };
}

void ViewEventRows::refresh()
{
    m_scanned = m_view->scanned(); // before the count, which may have grown since
    const std::uint64_t there = m_view->count();
    const core::LogRow firstRow = m_log.firstRow();
    const std::uint64_t first = firstRow == 0 ? 0 : std::min(m_view->firstNotBefore(firstRow), there);
    const std::uint64_t gone = std::min(first - m_first, m_count);
    m_first = first;
    m_count -= gone;
    if (gone > 0)
        Q_EMIT trimmed(gone);
    if (there - first != m_count) {
        m_count = there - first;
        Q_EMIT grown();
    }
    Q_EMIT progressed();
}

} // namespace eventscope::models
