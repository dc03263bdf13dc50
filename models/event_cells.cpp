// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_cells.h"

#include "filter_text.h"
#include "inspect/event_marks.h"
#include "json_preview.h"
#include "plain_text.h"

#include <QCoreApplication>
#include <string>
#include <string_view>
#include <utility>

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
    case EventColumn::Note: return QCoreApplication::translate("EventColumn", "Note");
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
    case EventColumn::Data:
    case EventColumn::Note: break;
    }
    return {};
}

void EventCells::setFields(std::vector<core::RowField> fields)
{
    m_fields = std::move(fields);
    m_cells.clear();
}

QString EventCells::title(EventColumn column) const
{
    if (!isFieldColumn(column))
        return titleOf(column);
    return fieldOf(column) < m_fields.size() ? visibleText(m_fields[fieldOf(column)].shortName(), 60) : QString();
}

QString EventCells::name(EventColumn column) const
{
    if (!isFieldColumn(column))
        return column == EventColumn::Data ? QStringLiteral("data") : attributeOf(column);
    return fieldOf(column) < m_fields.size() ? utf8(m_fields[fieldOf(column)].text()) : QString();
}

QString EventCells::filterTerm(core::LogRow row, EventColumn column) const
{
    const QString attribute = name(column);
    if (attribute.isEmpty() || column == EventColumn::Data)
        return {};
    if (isFieldColumn(column)) {
        const core::EventLog::Hold hold = m_log.hold();
        const auto found = fieldValue(row, fieldOf(column));
        if (!found)
            return filterEquals(attribute, {}, false);
        if (found->type() == core::FilterType::String && !found->asText().empty())
            return filterEquals(attribute, utf8(found->asText()), false);
        if (found->type() == core::FilterType::Number || found->type() == core::FilterType::Integer)
            return filterEquals(attribute, utf8(found->toJson()), true);
        return QStringLiteral("%1 = %2").arg(
            attribute, found->type() == core::FilterType::Boolean ? utf8(found->toJson()) : QStringLiteral("''"));
    }
    const bool isNumber
        = column == EventColumn::Version || column == EventColumn::Partition || column == EventColumn::Position;
    return filterEquals(attribute, value(row, column), isNumber);
}

std::optional<core::FilterValue> EventCells::fieldValue(core::LogRow row, std::size_t field) const
{
    return field < m_fields.size() ? m_reader.value(row, m_fields[field]) : std::nullopt;
}

const EventCells::FieldCell& EventCells::fieldCell(core::LogRow row, std::size_t field) const
{
    if (m_cells.empty())
        m_cells.resize(kRemembered);
    FieldCell& cell = m_cells[(row * 31 + field) % kRemembered];
    if (cell.row == row + 1 && cell.field == field)
        return cell;
    cell = {.row = row + 1, .field = static_cast<std::uint32_t>(field), .isNumber = false, .text = {}};
    if (field >= m_fields.size())
        return cell;
    const core::EventLog::Hold hold = m_log.hold();
    if (m_fields[field].isOfPayload() && m_log.payloadAt(row).size() > kMostBytes) {
        cell.text = QCoreApplication::translate("EventCells", "(too large to look into here)");
        return cell;
    }
    if (const auto found = m_reader.value(row, m_fields[field])) {
        cell.isNumber = found->type() == core::FilterType::Number || found->type() == core::FilterType::Integer;
        cell.text
            = visibleText(found->type() == core::FilterType::String ? std::string(found->asText()) : found->toJson());
    }
    return cell;
}

bool EventCells::isNumber(core::LogRow row, EventColumn column) const
{
    return isFieldColumn(column)
        ? fieldCell(row, fieldOf(column)).isNumber
        : column == EventColumn::Version || column == EventColumn::Position || column == EventColumn::Partition;
}

QString EventCells::text(core::LogRow row, const core::LogEvent& event, EventColumn column) const
{
    if (isFieldColumn(column))
        return fieldCell(row, fieldOf(column)).text;
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
    case EventColumn::Note: return visibleText(m_log.marks().note(row).value_or(std::string()));
    }
    return {};
}

QString EventCells::value(core::LogRow row, EventColumn column) const
{
    if (isFieldColumn(column)) {
        const core::EventLog::Hold hold = m_log.hold();
        const auto found = fieldValue(row, fieldOf(column));
        return !found                                   ? QString()
            : found->type() == core::FilterType::String ? utf8(found->asText())
                                                        : utf8(found->toJson());
    }
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
    case EventColumn::Partition: return text(row, event, column);
    case EventColumn::Note: return utf8(m_log.marks().note(row).value_or(std::string()));
    }
    return {};
}

QString EventCells::details(core::LogRow row, EventColumn column) const
{
    const core::LogEvent event = m_log.at(row);
    const QString late = event.isLate ? QLatin1Char('\n')
            + QCoreApplication::translate(
                "EventCells", "Late: its transaction was committed after events behind it had been shown.")
                                      : QString();
    if (column == EventColumn::Time) {
        const QString time = event.hasTime ? m_time.exact(event.time)
                                           : QCoreApplication::translate("EventCells", "This event carries no time.");
        return time + late;
    }
    if (column == EventColumn::Data) {
        const QString payload = visibleText(event.payload, kTooltipChars, Lines::Keep);
        return event.undecodable.empty() ? payload : visibleText(event.undecodable) + QLatin1Char('\n') + payload;
    }
    if (column == EventColumn::Note)
        return visibleText(m_log.marks().note(row).value_or(std::string()), kTooltipChars, Lines::Keep);
    if (isFieldColumn(column))
        return name(column) + QLatin1Char('\n')
            + visibleText(value(row, column).toStdString(), kTooltipChars, Lines::Keep);
    return column == EventColumn::Position ? text(row, event, column) + late : text(row, event, column);
}

} // namespace eventscope::models
