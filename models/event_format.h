// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/timestamp.h"

#include <QString>
#include <QTimeZone>
#include <chrono>
#include <cstdint>

namespace eventscope::models {

/// "1 204 331": thousands apart by a space that does not break.
QString formatCount(std::uint64_t count);
/// "311 MB", "1.9 GB": decimal units, at most three figures.
QString formatBytes(std::uint64_t bytes);
/// "12 400/s", "0.4/s".
QString formatRate(double perSecond);
/// "3.1 %", "0.05 %".
QString formatShare(double share);
/// "+207 ms", "1.2 s", "14 min", "3 h", "5 d".
QString formatDuration(std::chrono::microseconds duration);

/// How times are shown: in UTC or in the machine's zone, with or without the date. // GUI thread
class TimeFormat {
public:
    enum class Zone { Utc, Local };

    TimeFormat() : TimeFormat(Zone::Utc) { }
    explicit TimeFormat(Zone zone);

    Zone zone() const { return m_zone; }
    /// "UTC", or the zone's own abbreviation ("CET").
    QString zoneName() const;

    QString time(core::Timestamp time) const;         ///< "09:14:02.113"
    QString dateTime(core::Timestamp time) const;     ///< "2026-11-23 09:14:02.113"
    QString exact(core::Timestamp time) const;        ///< "2026-11-23 09:14:02.113045 UTC"
    QString clock(core::Timestamp time) const;        ///< "09:14"
    QString clockSeconds(core::Timestamp time) const; ///< "09:14:02"
    /// How far the zone is ahead of UTC then.
    std::chrono::seconds offsetAt(core::Timestamp time) const;
    bool sameDay(core::Timestamp a, core::Timestamp b) const;

private:
    struct Broken {
        int year, month, day, hour, minute, second, microsecond;
    };
    Broken split(core::Timestamp time) const;

    Zone m_zone;
    QTimeZone m_timeZone;
};

} // namespace eventscope::models
