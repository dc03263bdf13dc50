// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/log_events.h"

#include "inspect/event_marks.h"

#include <utility>

namespace eventscope::core {

SourceEvent LogEvents::at(LogRow row)
{
    m_event = m_log.at(row);
    m_headers.clear();
    m_log.headersAt(row, [this](HeaderView header) { m_headers.push_back(header); });
    std::optional<std::string> note = m_log.marks().note(row);
    const bool isMarked = note.has_value();
    m_note = std::move(note).value_or(std::string());
    return {.source = m_log.text(m_event.source),
        .stream = m_log.text(m_event.stream),
        .position = m_event.position,
        .version = m_event.version,
        .partition = m_event.partition,
        .id = m_event.id,
        .type = m_log.text(m_event.type),
        .time = m_event.time,
        .hasTime = m_event.hasTime,
        .correlationId = m_log.text(m_event.correlation),
        .causationId = m_event.causationId,
        .headers = m_headers,
        .payload = m_event.payload,
        .payloadIsNull = m_event.payloadIsNull,
        .isLate = m_event.isLate,
        .undecodable = m_event.undecodable,
        .attempts = m_event.attempts,
        .isMarked = isMarked,
        .note = m_note};
}

} // namespace eventscope::core
