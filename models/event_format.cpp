// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <algorithm>
#include <array>
#include <cmath>

namespace eventscope::models {

namespace {

QString padded(int value, int width)
{
    return QString::number(value).rightJustified(width, QLatin1Char('0'));
}

QString withUnit(double value, QLatin1String unit)
{
    const int decimals = value < 9.95 ? 1 : 0;
    return QString::number(value, 'f', decimals) + QChar(0x00A0) + unit;
}

} // namespace

QString formatCount(std::uint64_t count)
{
    QString digits = QString::number(count);
    for (qsizetype at = digits.size() - 3; at > 0; at -= 3)
        digits.insert(at, QChar(0x00A0));
    return digits;
}

QString formatBytes(std::uint64_t bytes)
{
    static constexpr std::array<const char*, 6> units{"B", "kB", "MB", "GB", "TB", "PB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    if (unit == 0)
        return QString::number(bytes) + QChar(0x00A0) + QLatin1String("B");
    return withUnit(value, QLatin1String(units[unit]));
}

QString formatRate(double perSecond)
{
    if (perSecond > 0 && perSecond < 9.95)
        return QString::number(perSecond, 'f', 1) + QLatin1String("/s");
    // Three figures are enough, and quiet: 12 437 and 12 391 both read 12 400.
    double rounded = std::max(0.0, perSecond);
    if (rounded >= 1000) {
        const double step = std::pow(10.0, std::floor(std::log10(rounded)) - 2);
        rounded = std::round(rounded / step) * step;
    }
    return formatCount(static_cast<std::uint64_t>(std::llround(rounded))) + QLatin1String("/s");
}

QString formatShare(double share)
{
    const double percent = share * 100;
    const int decimals = percent >= 10 || percent == 0 ? 0 : percent >= 1 ? 1 : 2;
    return QString::number(percent, 'f', decimals) + QStringLiteral("\u00A0%");
}

QString formatDuration(std::chrono::microseconds duration)
{
    const double us = std::abs(static_cast<double>(duration.count()));
    const QString sign = duration.count() < 0 ? QString(QChar(0x2212)) : QString();
    if (us < 1000)
        return sign + QString::number(static_cast<int>(us)) + QChar(0x00A0) + QStringLiteral("µs");
    if (us < 999.5e3)
        return sign + QString::number(static_cast<int>(std::lround(us / 1e3))) + QChar(0x00A0) + QLatin1String("ms");
    if (us < 59.95e6)
        return sign + QString::number(us / 1e6, 'f', 1) + QChar(0x00A0) + QLatin1String("s");
    if (us < 3600e6)
        return sign + QString::number(static_cast<int>(us / 60e6)) + QChar(0x00A0) + QLatin1String("min");
    if (us < 48 * 3600e6)
        return sign + withUnit(us / 3600e6, QLatin1String("h"));
    return sign + QString::number(static_cast<qint64>(us / 86400e6)) + QChar(0x00A0) + QLatin1String("d");
}

TimeFormat::TimeFormat(Zone zone)
    : m_zone(zone), m_timeZone(zone == Zone::Utc ? QTimeZone::utc() : QTimeZone::systemTimeZone())
{
}

QString TimeFormat::zoneName() const
{
    if (m_zone == Zone::Utc)
        return QStringLiteral("UTC");
    return m_timeZone.abbreviation(QDateTime::currentDateTimeUtc());
}

std::chrono::seconds TimeFormat::offsetAt(core::Timestamp time) const
{
    if (m_zone == Zone::Utc) {
        return std::chrono::seconds(0);
    }
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
    return std::chrono::seconds(
        m_timeZone.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(milliseconds.count(), QTimeZone::utc())));
}

TimeFormat::Broken TimeFormat::split(core::Timestamp time) const
{
    using namespace std::chrono;
    const microseconds sinceEpoch = time.time_since_epoch() + offsetAt(time);
    const auto day = floor<days>(sys_time<microseconds>(sinceEpoch));
    const year_month_day date(day);
    const hh_mm_ss<microseconds> clockTime(sys_time<microseconds>(sinceEpoch) - day);
    return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
        static_cast<int>(static_cast<unsigned>(date.day())), static_cast<int>(clockTime.hours().count()),
        static_cast<int>(clockTime.minutes().count()), static_cast<int>(clockTime.seconds().count()),
        static_cast<int>(clockTime.subseconds().count())};
}

QString TimeFormat::clock(core::Timestamp time) const
{
    const Broken t = split(time);
    return padded(t.hour, 2) + QLatin1Char(':') + padded(t.minute, 2);
}

QString TimeFormat::clockSeconds(core::Timestamp time) const
{
    return clock(time) + QLatin1Char(':') + padded(split(time).second, 2);
}

QString TimeFormat::time(core::Timestamp time) const
{
    return clockSeconds(time) + QLatin1Char('.') + padded(split(time).microsecond / 1000, 3);
}

QString TimeFormat::dateTime(core::Timestamp when) const
{
    const Broken t = split(when);
    return padded(t.year, 4) + QLatin1Char('-') + padded(t.month, 2) + QLatin1Char('-') + padded(t.day, 2)
        + QLatin1Char(' ') + time(when);
}

QString TimeFormat::exact(core::Timestamp time) const
{
    const QString upToMilliseconds = dateTime(time);
    return upToMilliseconds + padded(split(time).microsecond % 1000, 3) + QLatin1Char(' ') + zoneName();
}

bool TimeFormat::sameDay(core::Timestamp a, core::Timestamp b) const
{
    const Broken x = split(a), y = split(b);
    return x.year == y.year && x.month == y.month && x.day == y.day;
}

} // namespace eventscope::models
