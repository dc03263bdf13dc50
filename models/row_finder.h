// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_format.h"
#include "inspect/event_log.h"

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <cstdint>
#include <optional>
#include <stop_token>

namespace eventscope::models {

/// What somebody who types into "Go to" may mean.
struct GoToTarget {
    enum class Kind { Nothing, Position, Time, Text };
    Kind kind = Kind::Nothing;
    std::int64_t position = 0;
    core::Timestamp time{};
    QString text; ///< an event's id, or a correlation id or stream
};

/// "1204" is a position, "09:14", "09:14:02.5" and ISO 8601 are times (a time of day on the day of
/// `around`, in the zone of `format`), anything else is an id.
GoToTarget parseGoTo(const QString& text, core::Timestamp around, const TimeFormat& format);

/// Looks through the log for a row, on a thread of its own. A new search ends the one before. // GUI thread
class RowFinder final : public QObject {
    Q_OBJECT

public:
    /// `log` must outlive this.
    explicit RowFinder(const core::EventLog& log, QObject* parent = nullptr);
    ~RowFinder() override;

    void find(const GoToTarget& target);
    void cancel();

Q_SIGNALS:
    void found(quint64 row);
    void notFound();

private:
    const core::EventLog& m_log;
    QThreadPool m_pool;
    std::stop_source m_stop;
};

} // namespace eventscope::models
