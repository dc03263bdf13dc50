// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_rows.h"

namespace eventscope::models {

AllEventRows::AllEventRows(const core::EventLog& log, QObject* parent)
    : EventRows(parent), m_log(log), m_count(log.size())
{
}

void AllEventRows::refresh()
{
    const std::uint64_t count = m_log.size();
    if (count == m_count)
        return;
    m_count = count;
    Q_EMIT grown();
}

} // namespace eventscope::models
