// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "view_event_rows.h"

#include <algorithm>

namespace eventscope::models {

ViewEventRows::ViewEventRows(core::EventLog& log, core::LogWorker& worker, core::RowFilter filter, QObject* parent)
    : EventRows(parent), m_log(log), m_view(core::LogView::open(log, worker, std::move(filter)))
{
    m_bell.attach([this](auto ring) { return m_view->onChanged(std::move(ring)); });
    m_bell.attach([&log](auto ring) { return log.onAppended(std::move(ring)); });
    connect(&m_bell, &FrameBell::rang, this, &ViewEventRows::refresh);
    m_bell.ring(); // what was found before we listened
}

ViewEventRows::~ViewEventRows()
{
    m_bell.detachAll();
}

std::uint64_t ViewEventRows::firstNotBefore(core::LogRow row) const
{
    return std::min(m_view->firstNotBefore(row), m_count);
}

void ViewEventRows::refresh()
{
    const std::uint64_t count = m_view->count();
    if (count != m_count) {
        m_count = count;
        Q_EMIT grown();
    }
    Q_EMIT progressed();
}

} // namespace eventscope::models
