// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_rows.h"

#include <numeric>
#include <utility>

namespace eventscope::models {

EventRows::Lister EventRows::lister() const
{
    std::vector<std::uint32_t> rows(count());
    for (std::uint64_t i = 0; i < rows.size(); ++i)
        rows[i] = static_cast<std::uint32_t>(rowAt(i));
    return [rows = std::move(rows)] { return rows; };
}

AllEventRows::AllEventRows(const core::EventLog& log, QObject* parent)
    : EventRows(parent), m_log(log), m_first(log.firstRow()), m_count(log.size() - m_first)
{
}

EventRows::Lister AllEventRows::lister() const
{
    return [first = m_first, count = m_count] {
        std::vector<std::uint32_t> rows(count);
        std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(first));
        return rows;
    };
}

void AllEventRows::refresh()
{
    // In this order: the first row never passes the size that is asked for after it.
    const core::LogRow first = m_log.firstRow();
    const std::uint64_t count = m_log.size() - first;
    const std::uint64_t gone = std::min(first - m_first, m_count);
    m_first = first;
    m_count -= gone;
    if (gone > 0)
        Q_EMIT trimmed(gone);
    if (count == m_count)
        return;
    m_count = count;
    Q_EMIT grown();
}

} // namespace eventscope::models
