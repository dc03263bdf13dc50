// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_cells.h"

#include "json_preview.h"
#include "plain_text.h"

#include <QCoreApplication>
#include <string_view>

namespace eventscope::models {

namespace {

QString number(std::int64_t value)
{
    return value == core::SourceEvent::kNone ? QString() : QString::number(value);
}

QString utf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

QString titleOf(EventColumn column)
{
    switch (column) {
    case EventColumn::Time: return QCoreApplication::translate("EventColumn", "Time");
    case EventColumn::Source: return QCoreApplication::translate("EventColumn", "Source");
    case EventColumn::Stream: return QCoreApplication::translate("EventColumn", "Stream");
    case EventColumn::Version: return QCoreApplication::translate("EventColumn", "Version");
    case EventColumn::Type: return QCoreApplication::translate("EventColumn", "Type");
    case EventColumn::Correlation: return QCoreApplication::translate("EventColumn", "Correlation");
    case EventColumn::Data: return QCoreApplication::translate("EventColumn", "Data");
    case EventColumn::Position: return QCoreApplication::translate("EventColumn", "Position");
    case EventColumn::Id: return QCoreApplication::translate("EventColumn", "Event id");
    case EventColumn::Partition: return QCoreApplication::translate("EventColumn", "Partition");
    }
    return {};
}

QString attributeOf(EventColumn column)
{
    switch (column) {
    case EventColumn::Time: return QStringLiteral("time");
    case EventColumn::Source: return QStringLiteral("source");
    case EventColumn::Stream: return QStringLiteral("subject");
    case EventColumn::Version: return QStringLiteral("version");
    case EventColumn::Type: return QStringLiteral("type");
    case EventColumn::Correlation: return QStringLiteral("correlationid");
    case EventColumn::Position: return QStringLiteral("position");
    case EventColumn::Id: return QStringLiteral("id");
    case EventColumn::Partition: return QStringLiteral("partition");
    case EventColumn::Data: break;
    }
    return {};
}

QString EventCells::text(const core::LogEvent& event, EventColumn column) const
{
    switch (column) {
    case EventColumn::Time:
        if (!event.hasTime)
            return QStringLiteral("—");
        return m_showDate ? m_time.dateTime(event.time) : m_time.time(event.time);
    case EventColumn::Source: return visibleText(m_log.text(event.source));
    case EventColumn::Stream: return visibleText(m_log.text(event.stream));
    case EventColumn::Version: return number(event.version);
    case EventColumn::Type: return visibleText(m_log.text(event.type));
    case EventColumn::Correlation: return visibleText(m_log.text(event.correlation));
    case EventColumn::Data:
        return event.undecodable.empty() ? payloadPreview(event.payload, event.payloadIsNull)
                                         : visibleText(event.undecodable);
    case EventColumn::Position: return number(event.position);
    case EventColumn::Id: return visibleText(event.id);
    case EventColumn::Partition: return event.partition < 0 ? QString() : QString::number(event.partition);
    }
    return {};
}

QString EventCells::value(core::LogRow row, EventColumn column) const
{
    const core::LogEvent event = m_log.at(row);
    switch (column) {
    case EventColumn::Time: return event.hasTime ? utf8(core::formatTimestamp(event.time)) : QString();
    case EventColumn::Source: return utf8(m_log.text(event.source));
    case EventColumn::Stream: return utf8(m_log.text(event.stream));
    case EventColumn::Type: return utf8(m_log.text(event.type));
    case EventColumn::Correlation: return utf8(m_log.text(event.correlation));
    case EventColumn::Data: return utf8(event.payload);
    case EventColumn::Id: return utf8(event.id);
    case EventColumn::Version:
    case EventColumn::Position:
    case EventColumn::Partition: return text(event, column);
    }
    return {};
}

QString EventCells::details(core::LogRow row, EventColumn column) const
{
    const core::LogEvent event = m_log.at(row);
    if (column == EventColumn::Time)
        return event.hasTime ? m_time.exact(event.time)
                             : QCoreApplication::translate("EventCells", "This event carries no time.");
    if (column == EventColumn::Data) {
        const QString payload = visibleText(event.payload, kTooltipChars, Lines::Keep);
        return event.undecodable.empty() ? payload : visibleText(event.undecodable) + QLatin1Char('\n') + payload;
    }
    return text(event, column);
}

} // namespace eventscope::models
