// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_format.h"

#include <gtest/gtest.h>

using namespace eventscope;
using namespace eventscope::models;
using namespace std::chrono_literals;

namespace {

std::string plain(QString text)
{
    return text.replace(QChar(0x00A0), QLatin1Char(' ')).toStdString();
}

} // namespace

TEST(EventFormat, SetsThousandsApart)
{
    EXPECT_EQ(plain(formatCount(7)), "7");
    EXPECT_EQ(plain(formatCount(1204331)), "1 204 331");
}

TEST(EventFormat, ShowsBytesInThreeFigures)
{
    EXPECT_EQ(plain(formatBytes(999)), "999 B");
    EXPECT_EQ(plain(formatBytes(311'200'000)), "311 MB");
    EXPECT_EQ(plain(formatBytes(2'000'000'000)), "2.0 GB");
}

TEST(EventFormat, ShowsRatesQuietly)
{
    EXPECT_EQ(plain(formatRate(0)), "0/s");
    EXPECT_EQ(plain(formatRate(0.42)), "0.4/s");
    EXPECT_EQ(plain(formatRate(12437)), "12 400/s");
}

TEST(EventFormat, ShowsDurations)
{
    EXPECT_EQ(plain(formatDuration(850us)), "850 µs");
    EXPECT_EQ(plain(formatDuration(207ms)), "207 ms");
    EXPECT_EQ(plain(formatDuration(1240ms)), "1.2 s");
    EXPECT_EQ(plain(formatDuration(14min)), "14 min");
    EXPECT_EQ(plain(formatDuration(-3s)), "−3.0 s");
}

TEST(EventFormat, ShowsTimesInUtc)
{
    const auto time = core::parseTimestamp("2026-11-23T09:14:02.113045Z");
    ASSERT_TRUE(time);
    const TimeFormat format(TimeFormat::Zone::Utc);
    EXPECT_EQ(format.time(*time).toStdString(), "09:14:02.113");
    EXPECT_EQ(format.dateTime(*time).toStdString(), "2026-11-23 09:14:02.113");
    EXPECT_EQ(format.exact(*time).toStdString(), "2026-11-23 09:14:02.113045 UTC");
    EXPECT_EQ(format.clock(*time).toStdString(), "09:14");
}

TEST(EventFormat, ShowsTimesBefore1970)
{
    const auto time = core::parseTimestamp("1969-12-31T23:59:59.999999Z");
    ASSERT_TRUE(time);
    EXPECT_EQ(TimeFormat(TimeFormat::Zone::Utc).dateTime(*time).toStdString(), "1969-12-31 23:59:59.999");
}

TEST(EventFormat, ShowsLocalTimes)
{
    qputenv("TZ", "Asia/Kolkata");
    const auto time = core::parseTimestamp("2026-11-23T20:00:00Z");
    const TimeFormat format(TimeFormat::Zone::Local);
    EXPECT_EQ(format.dateTime(*time).toStdString(), "2026-11-24 01:30:00.000");
    EXPECT_FALSE(format.sameDay(*time, *time - 3h));
    qunsetenv("TZ");
}
