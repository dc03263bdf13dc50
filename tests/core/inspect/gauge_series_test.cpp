// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/gauge_series.h"

#include <gtest/gtest.h>

using namespace eventscope::core;
using namespace std::chrono_literals;

namespace {
const Timestamp kStart{std::chrono::days(20'000)};
}

TEST(GaugeSeries, KeepsTheLatestReadingOfEachSlot)
{
    GaugeSeries series;
    series.record("dead letters", kStart, 1);
    series.record("dead letters", kStart + 300ms, 2);
    series.record("dead letters", kStart + 1s, 3);
    EXPECT_EQ(series.points("dead letters", kStart), (std::vector<GaugePoint>{{kStart, 2}, {kStart + 1s, 3}}));
    EXPECT_TRUE(series.points("lag", kStart).empty());
}

TEST(GaugeSeries, BeginsAWindowWithTheLevelBeforeIt)
{
    GaugeSeries series;
    series.record("lag", kStart, 7);
    series.record("lag", kStart + 10s, 9);
    const auto points = series.points("lag", kStart + 5s);
    ASSERT_EQ(points.size(), 2u);
    EXPECT_EQ(points.front().value, 7);
}

TEST(GaugeSeries, IsBounded)
{
    GaugeSeries series(10);
    for (int i = 0; i < 100; ++i)
        series.record("lag", kStart + std::chrono::seconds(i), i);
    EXPECT_EQ(series.points("lag", kStart).size(), 10u);
    EXPECT_EQ(series.names(), std::vector<std::string>{"lag"});
}
