// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_format.h"
#include "inspect/event_log.h"

#include <QString>
#include <array>

namespace eventscope::models {

/// The columns of the Events table. The numbers are kept in people's settings: only add at the end.
enum class EventColumn { Time, Source, Stream, Version, Type, Correlation, Data, Position, Id, Partition };
inline constexpr int kEventColumns = 10;

/// What a column is called.
QString titleOf(EventColumn column);
/// The name of its attribute in the filter language ("type"); empty for the payload.
QString attributeOf(EventColumn column);

/// What stands in the cells of a log's rows. // GUI thread
class EventCells {
public:
    /// `log` must outlive this.
    explicit EventCells(const core::EventLog& log) : m_log(log) { }

    const core::EventLog& log() const { return m_log; }
    const TimeFormat& timeFormat() const { return m_time; }
    void setTimeFormat(TimeFormat format) { m_time = std::move(format); }
    /// Times with their date: for logs that do not end on the day they began, or not today.
    void setShowDate(bool on) { m_showDate = on; }
    bool showsDate() const { return m_showDate; }

    /// As drawn: visible characters only, capped.
    QString text(core::LogRow row, EventColumn column) const { return text(m_log.at(row), column); }
    QString text(const core::LogEvent& event, EventColumn column) const;
    /// The value itself, for copying and filters: whole texts, times in ISO 8601, the payload as it is.
    QString value(core::LogRow row, EventColumn column) const;
    /// Everything known about the cell, for a tool tip.
    QString details(core::LogRow row, EventColumn column) const;

private:
    const core::EventLog& m_log;
    TimeFormat m_time;
    bool m_showDate = false;
};

} // namespace eventscope::models
