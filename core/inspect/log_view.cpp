// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/log_view.h"

#include <utility>

namespace eventscope::core {

LogView::LogView(const EventLog& log, RowFilter filter)
    : m_log(log), m_filter(std::move(filter)), m_matcher(log, m_filter)
{
}

std::shared_ptr<LogView> LogView::open(const EventLog& log, LogWorker& worker, RowFilter filter)
{
    auto view = std::make_shared<LogView>(log, std::move(filter));
    worker.add(view);
    return view;
}

LogView::Receipt LogView::receipt() const
{
    Receipt receipt;
    receipt.scanned = scanned();
    receipt.complete = receipt.scanned == m_log.size();
    receipt.matched = count();
    const std::scoped_lock lock(m_mutex);
    receipt.errors = m_errors;
    receipt.firstError = m_firstError;
    receipt.outOfMemory = m_outOfMemory;
    return receipt;
}

bool LogView::take(const EventLog&, LogRow from, LogRow to)
{
    m_found.clear();
    const std::uint64_t errorsBefore = m_matcher.errors();
    m_matcher.match(from, to, m_found);
    const bool kept = m_found.empty() || m_rows.append(m_found);
    if (m_matcher.errors() != errorsBefore || !kept) {
        const std::scoped_lock lock(m_mutex);
        m_errors = m_matcher.errors();
        m_firstError = m_matcher.firstError();
        m_outOfMemory = m_outOfMemory || !kept;
    }
    return !m_found.empty() || m_matcher.errors() != errorsBefore;
}

} // namespace eventscope::core
