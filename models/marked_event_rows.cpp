// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "marked_event_rows.h"

#include <algorithm>
#include <utility>

namespace eventscope::models {

MarkedEventRows::MarkedEventRows(const EventRows& base, QObject* parent) : EventRows(parent), m_base(base)
{
    m_bell.attach([&base](auto ring) { return base.log().marks().onChanged(std::move(ring)); });
    connect(&m_bell, &FrameBell::rang, this, &MarkedEventRows::refresh);
    connect(&base, &EventRows::grown, this, &MarkedEventRows::refresh);
    connect(&base, &EventRows::trimmed, this, &MarkedEventRows::refresh);
    connect(&base, &EventRows::rebuilt, this, &MarkedEventRows::refresh);
    connect(&base, &EventRows::progressed, this, &EventRows::progressed);
    refresh();
}

MarkedEventRows::~MarkedEventRows()
{
    m_bell.detachAll();
}

void MarkedEventRows::refresh()
{
    std::vector<core::LogRow> rows;
    for (const core::EventMarks::Mark& mark : m_base.log().marks().all()) {
        const std::uint64_t index = m_base.firstNotBefore(mark.row);
        if (index < m_base.count() && m_base.rowAt(index) == mark.row) {
            rows.push_back(mark.row);
        }
    }
    if (rows == m_rows) {
        return;
    }
    const bool onlyMore = rows.size() > m_rows.size() && std::equal(m_rows.begin(), m_rows.end(), rows.begin());
    m_rows = std::move(rows);
    if (onlyMore) {
        Q_EMIT grown();
    } else {
        Q_EMIT rebuilt();
    }
}

std::uint64_t MarkedEventRows::firstNotBefore(core::LogRow row) const
{
    return static_cast<std::uint64_t>(std::ranges::lower_bound(m_rows, row) - m_rows.begin());
}

EventRows::Lister MarkedEventRows::lister() const
{
    std::vector<std::uint32_t> rows(m_rows.size());
    std::ranges::transform(m_rows, rows.begin(), [](core::LogRow row) { return static_cast<std::uint32_t>(row); });
    return [rows = std::move(rows)] { return rows; };
}

} // namespace eventscope::models
