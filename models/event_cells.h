// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_format.h"
#include "inspect/event_log.h"
#include "inspect/row_field.h"

#include <QString>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace eventscope::models {

/// The columns of the Events table. The numbers are kept in people's settings: only add at the end.
/// Columns of fields of the payload and of headers, of which there may be any number, have the numbers behind these.
enum class EventColumn { Time, Source, Stream, Version, Type, Correlation, Data, Position, Id, Partition, Note };
inline constexpr int kEventColumns = 11;

constexpr bool isFieldColumn(EventColumn column)
{
    return static_cast<int>(column) >= kEventColumns;
}
constexpr std::size_t fieldOf(EventColumn column)
{
    return static_cast<std::size_t>(static_cast<int>(column) - kEventColumns);
}
constexpr EventColumn fieldColumn(std::size_t field)
{
    return static_cast<EventColumn>(kEventColumns + static_cast<int>(field));
}

/// What a fixed column is called.
QString titleOf(EventColumn column);
/// The name of its attribute in the filter language ("type"); empty for the payload and for notes.
QString attributeOf(EventColumn column);

/// What stands in the cells of a log's rows. // GUI thread
class EventCells {
public:
    /// `log` must outlive this.
    explicit EventCells(const core::EventLog& log) : m_log(log), m_reader(log) { }

    const core::EventLog& log() const { return m_log; }
    const TimeFormat& timeFormat() const { return m_time; }
    void setTimeFormat(TimeFormat format) { m_time = std::move(format); }
    /// Times with their date: for logs that do not end on the day they began, or not today.
    void setShowDate(bool on) { m_showDate = on; }
    bool showsDate() const { return m_showDate; }

    /// What the columns behind the fixed ones show.
    void setFields(std::vector<core::RowField> fields);
    const std::vector<core::RowField>& fields() const { return m_fields; }
    /// What any column is called; of a field its last name.
    QString title(EventColumn column) const;
    /// Its name in the filter language: of an attribute or a field; empty where it has none.
    QString name(EventColumn column) const;
    /// The term of a filter that lets through what has the same in that column; empty where there is none.
    QString filterTerm(core::LogRow row, EventColumn column) const;

    /// As drawn: visible characters only, capped.
    QString text(core::LogRow row, EventColumn column) const { return text(row, m_log.at(row), column); }
    QString text(core::LogRow row, const core::LogEvent& event, EventColumn column) const;
    /// Whether a field's value is a number there, and so lines up at the right.
    bool isNumber(core::LogRow row, EventColumn column) const;
    /// The value itself, for copying and filters: whole texts, times in ISO 8601, the payload as it is.
    QString value(core::LogRow row, EventColumn column) const;
    /// Everything known about the cell, for a tool tip.
    QString details(core::LogRow row, EventColumn column) const;

private:
    /// What is known of a field of a row: read once, and remembered for a while.
    struct FieldCell {
        std::uint64_t row = 0; ///< + 1; 0: nothing is known
        std::uint32_t field = 0;
        bool isNumber = false;
        QString text;
    };
    static constexpr std::size_t kRemembered = 4096;
    /// More than this is not looked into between two frames.
    static constexpr std::size_t kMostBytes = std::size_t{8} << 20;

    const FieldCell& fieldCell(core::LogRow row, std::size_t field) const;
    std::optional<core::FilterValue> fieldValue(core::LogRow row, std::size_t field) const;

    const core::EventLog& m_log;
    std::vector<core::RowField> m_fields;
    mutable core::RowFieldReader m_reader;
    mutable std::vector<FieldCell> m_cells;
    TimeFormat m_time;
    bool m_showDate = false;
};

} // namespace eventscope::models
