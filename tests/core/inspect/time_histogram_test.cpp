// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/time_histogram.h"

#include <gtest/gtest.h>
#include <random>

using namespace eventscope::core;
using namespace std::chrono_literals;

namespace {

const Timestamp kNine{std::chrono::sys_days{std::chrono::year(2026) / 11 / 23} + 9h};

std::uint64_t sumOf(const std::vector<TimeHistogram::Bar>& bars)
{
    std::uint64_t sum = 0;
    for (const auto& bar : bars) {
        sum += bar.count;
    }
    return sum;
}

} // namespace

TEST(TimeHistogram, CountsEventsAndFailuresBySecond)
{
    TimeHistogram histogram;
    histogram.add(kNine + 100ms, false);
    histogram.add(kNine + 900ms, true);
    histogram.add(kNine + 2s, false);
    const auto bars = histogram.bars(kNine, 1s, 3);
    EXPECT_EQ(bars[0].count, 2U);
    EXPECT_EQ(bars[0].failed, 1U);
    EXPECT_EQ(bars[1].count, 0U);
    EXPECT_EQ(bars[2].count, 1U);
    EXPECT_EQ(histogram.first(), kNine + 100ms);
    EXPECT_EQ(histogram.last(), kNine + 2s);
}

TEST(TimeHistogram, TakesTimesInAnyOrder)
{
    TimeHistogram histogram;
    for (const auto offset : {5s, 1s, 3s, 1s, 5s, -2s}) {
        histogram.add(kNine + offset, false);
    }
    const auto bars = histogram.bars(kNine - 2s, 1s, 8);
    const std::vector<std::uint64_t> expected{1, 0, 0, 2, 0, 1, 0, 2};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(bars[i].count, expected[i]) << i;
    }
}

TEST(TimeHistogram, StaysSmallHoweverLongTheTime)
{
    TimeHistogram histogram;
    std::mt19937 random(3);
    for (int i = 0; i < 60'000; ++i) {
        histogram.add(kNine + std::chrono::minutes(random() % (60 * 24 * 365)), i % 7 == 0);
    }
    histogram.add(Timestamp{} - 24h * 365 * 100, true); // before 1970
    EXPECT_GT(histogram.bucketWidth(), 1h);
    const auto width = histogram.bucketWidth();
    const auto start = std::chrono::floor<std::chrono::seconds>(kNine) - width;
    EXPECT_EQ(sumOf(histogram.bars(start, width, 9000)), 60'000U);
    EXPECT_EQ(histogram.count(), 60'001U);
}

TEST(TimeHistogram, LosesNothingBetweenBars)
{
    TimeHistogram histogram;
    std::mt19937 random(5);
    for (int i = 0; i < 5000; ++i) {
        histogram.add(kNine + std::chrono::milliseconds(random() % 600'000), false);
    }
    for (const auto width : {1s, 2s, 5s, 10s, 30s}) {
        EXPECT_EQ(sumOf(histogram.bars(kNine, width, static_cast<std::size_t>(600s / width))), 5000U);
    }
}

TEST(TimeHistogram, ChoosesWidthsThatPeopleCountIn)
{
    EXPECT_EQ(barWidthFor(60s, 120), 1s);
    EXPECT_EQ(barWidthFor(600s, 130), 5s);
    EXPECT_EQ(barWidthFor(24h, 100), 15min);
    EXPECT_GE(barWidthFor(24h * 36500, 10), 24h * 3650);
    EXPECT_EQ(barWidthFor(0s, 0), 1s);
}
