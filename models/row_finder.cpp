// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "row_finder.h"

#include "inspect/log_index.h"

#include <QDateTime>
#include <QRegularExpression>
#include <algorithm>
#include <chrono>
#include <string>

namespace eventscope::models {

namespace {

using core::LogRow;

std::optional<LogRow> findPosition(const core::EventLog& log, std::int64_t position, const std::stop_token& stop)
{
    std::optional<LogRow> found;
    log.index().atPosition(
        position,
        [&](LogRow row) {
            found = row;
            return false;
        },
        0, stop);
    return found;
}

/// The row whose time is the first at or after `time`; the last row when all are before.
std::optional<LogRow> findTime(const core::EventLog& log, core::Timestamp time, const std::stop_token& stop)
{
    const std::optional<LogRow> best = log.index().notBefore(time, stop);
    const LogRow end = log.size();
    return best || end == 0 ? best : std::optional(end - 1);
}

std::optional<LogRow> findText(const core::EventLog& log, const std::string& text, const std::stop_token& stop)
{
    std::optional<LogRow> found;
    const auto takeFirst = [&](LogRow row) {
        found = std::min(row, found.value_or(row));
        return false;
    };
    log.index().withId(text, takeFirst, 0, stop);
    if (core::TextId interned = 0; !found && log.findText(text, interned)) {
        log.index().ofFlow(interned, takeFirst, 0, stop);
        log.index().ofStream(interned, takeFirst, 0, stop);
    }
    return found;
}

} // namespace

GoToTarget parseGoTo(const QString& text, core::Timestamp around, const TimeFormat& format)
{
    GoToTarget target;
    target.text = text.trimmed();
    if (target.text.isEmpty()) {
        return target;
    }
    QString digits = target.text;
    digits.remove(QLatin1Char(' ')).remove(QChar(0x00A0));
    bool isNumber = false;
    target.position = digits.toLongLong(&isNumber);
    if (isNumber) {
        target.kind = GoToTarget::Kind::Position;
        return target;
    }
    static const QRegularExpression clock(QStringLiteral("^\\d{1,2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?$"));
    QString iso = target.text;
    if (clock.match(iso).hasMatch()) {
        iso = format.dateTime(around).left(11) + (iso.indexOf(QLatin1Char(':')) == 1 ? QStringLiteral("0") : QString())
            + iso + (iso.count(QLatin1Char(':')) == 1 ? QStringLiteral(":00") : QString());
    }
    if (const auto time = core::parseTimestamp(iso.toStdString())) {
        target.kind = GoToTarget::Kind::Time;
        // What names no zone is meant in the zone that is shown.
        static const QRegularExpression zoned(
            QStringLiteral("(Z|[+-]\\d{2}:?(\\d{2})?)$"), QRegularExpression::CaseInsensitiveOption);
        const bool hasZone = iso.size() > 10 && zoned.match(iso.mid(10)).hasMatch();
        target.time = hasZone ? *time : *time - format.offsetAt(*time);
        return target;
    }
    target.kind = GoToTarget::Kind::Text;
    return target;
}

RowFinder::RowFinder(const core::EventLog& log, QObject* parent) : QObject(parent), m_log(log)
{
    m_pool.setMaxThreadCount(1);
}

RowFinder::~RowFinder()
{
    cancel();
    m_pool.waitForDone();
}

void RowFinder::cancel()
{
    m_stop.request_stop();
}

void RowFinder::find(const GoToTarget& target)
{
    cancel();
    m_stop = {};
    m_pool.start([this, target, stop = m_stop.get_token()] {
        std::optional<core::LogRow> row;
        switch (target.kind) {
        case GoToTarget::Kind::Position: row = findPosition(m_log, target.position, stop); break;
        case GoToTarget::Kind::Time: row = findTime(m_log, target.time, stop); break;
        case GoToTarget::Kind::Text: row = findText(m_log, target.text.toStdString(), stop); break;
        case GoToTarget::Kind::Nothing: break;
        }
        // A number may be somebody's id as well.
        if (!row && target.kind == GoToTarget::Kind::Position) {
            row = findText(m_log, target.text.toStdString(), stop);
        }
        QMetaObject::invokeMethod(
            this,
            [this, row, stop] {
                if (stop.stop_requested()) {
                    return;
                }
                if (row) {
                    Q_EMIT found(*row);
                } else {
                    Q_EMIT notFound();
                }
            },
            Qt::QueuedConnection);
    });
}

} // namespace eventscope::models
