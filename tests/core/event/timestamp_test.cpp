// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/timestamp.h"

#include <gtest/gtest.h>

using namespace eventscope::core;
using namespace std::chrono;

namespace {

std::string normalised(std::string_view text)
{
    const Result<Timestamp> time = parseTimestamp(text);
    return time ? formatTimestamp(*time) : "refused";
}

} // namespace

TEST(Timestamp, IsWrittenInUtcWithMicroseconds)
{
    const Timestamp time = sys_days(2026y / November / 23) + 9h + 14min + 2s + 113ms;
    EXPECT_EQ(formatTimestamp(time), "2026-11-23T09:14:02.113000Z");
    EXPECT_EQ(formatTimestamp(Timestamp()), "1970-01-01T00:00:00.000000Z");
    EXPECT_EQ(formatTimestamp(Timestamp(-1us)), "1969-12-31T23:59:59.999999Z");
}

TEST(Timestamp, ReadsTheFormsThatEventSystemsWrite)
{
    const struct {
        std::string_view text, expected;
    } rows[] = {
        {"2026-11-23T09:14:02.113000Z", "2026-11-23T09:14:02.113000Z"},
        {"2026-11-23T09:14:02Z", "2026-11-23T09:14:02.000000Z"},
        {"2026-11-23t09:14:02z", "2026-11-23T09:14:02.000000Z"},
        {"2026-11-23 09:14:02.1", "2026-11-23T09:14:02.100000Z"},
        {"2026-11-23 09:14:02.123456789", "2026-11-23T09:14:02.123456Z"},
        {"2026-11-23 09:14:02,5", "2026-11-23T09:14:02.500000Z"},
        {"2026-11-23 09:14:02.113+01", "2026-11-23T08:14:02.113000Z"},
        {"2026-11-23T00:14:02+0130", "2026-11-22T22:44:02.000000Z"},
        {"2026-11-23T23:14:02-08:00", "2026-11-24T07:14:02.000000Z"},
        {"2026-11-23T09:14Z", "2026-11-23T09:14:00.000000Z"},
        {"2026-11-23", "2026-11-23T00:00:00.000000Z"},
        {"2024-02-29", "2024-02-29T00:00:00.000000Z"},
        {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000Z"},
        {"0001-01-01", "0001-01-01T00:00:00.000000Z"},
        {"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
    };
    for (const auto& row : rows)
        EXPECT_EQ(normalised(row.text), row.expected) << row.text;
}

TEST(Timestamp, RefusesWhatIsNoTime)
{
    for (const std::string_view text :
        {"", "now", "2026", "2026-11", "2026-13-01", "2026-02-29", "2026-00-10", "2026-11-23T", "2026-11-23T24:00:00Z",
            "2026-11-23T09:60:00Z", "2026-11-23T09:14:61Z", "2026-11-23T09:14:02.Z", "2026-11-23T09:14:02.1234567890Z",
            "2026-11-23T09:14:02+1", "2026-11-23T09:14:02+01:", "2026-11-23T09:14:02+24:00", "2026-11-23T09:14:02Zx",
            "2026-11-23T09:14:02 Z", " 2026-11-23", "2026/11/23", "0000-01-01", "10000-01-01",
            "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:60Z", "-001-01-01"}) {
        const Result<Timestamp> time = parseTimestamp(text);
        ASSERT_FALSE(time) << text;
        EXPECT_EQ(time.error().code, ErrorCode::Unparsable);
        EXPECT_NE(time.error().message.find("is no time"), std::string::npos);
    }
}

TEST(Timestamp, ReadsBackWhatItWrites)
{
    for (const std::int64_t value :
        {0L, 1L, -1L, 1'700'000'000'123'456L, -62'135'596'800'000'000L, 253'402'300'799'999'999L}) {
        const Timestamp time{microseconds(value)};
        EXPECT_EQ(parseTimestamp(formatTimestamp(time)), time);
    }
}
