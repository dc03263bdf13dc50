// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/throughput_series.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

using namespace eventscope::core;
using namespace std::chrono_literals;

namespace {

const Timestamp kStart{std::chrono::days(20'000)};

SourceEvent event(Timestamp time, std::string_view type = "OrderPlaced", std::string_view stream = "order-1")
{
    return {.source = "demo", .stream = stream, .type = type, .time = time};
}

std::uint64_t sumOf(const CountWindow& window)
{
    std::uint64_t sum = 0;
    for (const CountLine& line : window.lines)
        sum += line.total;
    return sum;
}

} // namespace

TEST(ThroughputSeries, SumsToTheNumberOfEventsInEveryRangeAtEveryLevel)
{
    std::mt19937 random(11);
    ThroughputSeries series;
    std::vector<Timestamp> times;
    for (int i = 0; i < 20'000; ++i)
        times.push_back(kStart + std::chrono::microseconds(random() % 290'000'000));
    for (std::size_t i = 0; i < times.size(); i += 100) {
        std::vector<SourceEvent> batch;
        for (std::size_t k = i; k < i + 100; ++k)
            batch.push_back(
                event(times[k], k % 3 == 0 ? "OrderShipped" : "OrderPlaced", k % 2 ? "order-1" : "payment-2"));
        series.add(batch, kStart + 300s);
    }
    std::ranges::sort(times);
    for (const Resolution resolution : kResolutions) {
        ASSERT_EQ(series.tooOld(resolution), 0u);
        const auto width = widthOf(resolution);
        for (int i = 0; i < 50; ++i) {
            const Timestamp from = bucketStart(bucketOf(kStart + std::chrono::seconds(random() % 300), width), width);
            const Timestamp to = from + width * (random() % 40);
            const auto expected = static_cast<std::uint64_t>(
                std::ranges::lower_bound(times, to) - std::ranges::lower_bound(times, from));
            EXPECT_EQ(series.countIn(resolution, from, to), expected);
            for (const Dimension dimension : {Dimension::Type, Dimension::Source, Dimension::Stream})
                EXPECT_EQ(sumOf(series.window(dimension, resolution, from, to)), expected);
        }
    }
}

TEST(ThroughputSeries, CountsByTypeSourceAndCategory)
{
    ThroughputSeries series;
    series.add(
        std::vector{event(kStart), event(kStart + 1s, "OrderShipped"), event(kStart + 1s, "X", "payment-9")}, kStart);
    const CountWindow types = series.window(Dimension::Type, Resolution::Second, kStart, kStart + 2s);
    ASSERT_EQ(types.buckets, 2u);
    ASSERT_EQ(types.lines.size(), 3u);
    const CountWindow streams = series.window(Dimension::Stream, Resolution::Second, kStart, kStart + 2s);
    ASSERT_EQ(streams.lines.size(), 2u);
    EXPECT_EQ(streams.lines[0].key, "order");
    EXPECT_EQ(streams.lines[0].counts, (std::vector<std::uint32_t>{1, 1}));
    EXPECT_EQ(streams.lines[1].key, "payment");
}

TEST(ThroughputSeries, CountsHowSagasEnd)
{
    ThroughputSeries series;
    series.add(
        std::vector{event(kStart, "SagaCompleted"), event(kStart, "SagaCompensated"), event(kStart, "SagaStarted")},
        kStart);
    const CountWindow outcomes = series.window(Dimension::SagaOutcome, Resolution::Second, kStart, kStart + 1s);
    ASSERT_EQ(outcomes.lines.size(), 2u);
    EXPECT_EQ(sumOf(outcomes), 2u);
}

TEST(ThroughputSeries, PutsFurtherKeysUnderOther)
{
    ThroughputSeries series;
    std::vector<std::string> types;
    for (std::size_t i = 0; i < ThroughputSeries::kMaxKeys + 50; ++i)
        types.push_back("Type" + std::to_string(i));
    for (const std::string& type : types)
        series.add(std::vector{event(kStart, type)}, kStart);
    const CountWindow window = series.window(Dimension::Type, Resolution::Second, kStart, kStart + 1s);
    EXPECT_EQ(window.lines.size(), ThroughputSeries::kMaxKeys + 1);
    EXPECT_EQ(window.lines.back().key, ThroughputSeries::kOther);
    EXPECT_EQ(window.lines.back().total, 50u);
    EXPECT_EQ(sumOf(window), types.size());
}

TEST(ThroughputSeries, CountsWhatComesTooLateForAResolution)
{
    ThroughputSeries series;
    series.add(std::vector{event(kStart)}, kStart);
    series.add(std::vector{event(kStart - 2h)}, kStart);
    EXPECT_EQ(series.total(), 2u);
    EXPECT_EQ(series.tooOld(Resolution::Tenth), 1u);
    EXPECT_EQ(series.tooOld(Resolution::TenSeconds), 0u);
    EXPECT_EQ(series.countIn(Resolution::TenSeconds, kStart - 3h, kStart + 1s), 2u);
    EXPECT_EQ(series.countIn(Resolution::Tenth, kStart - 3h, kStart + 1s), 1u);
}

TEST(ThroughputSeries, SurvivesTimesThatJump)
{
    ThroughputSeries series;
    for (const Timestamp time :
        {kStart, kStart + std::chrono::days(4000), Timestamp(std::chrono::days(-9000)), Timestamp()})
        series.add(std::vector{event(time)}, kStart);
    SourceEvent timeless = event({});
    timeless.hasTime = false;
    series.add(std::vector{timeless}, kStart);
    EXPECT_EQ(series.total(), 5u);
    EXPECT_EQ(series.withoutTime(), 1u);
    EXPECT_EQ(series.fromTheFuture(), 1u);
    EXPECT_EQ(series.newest(), kStart);
    EXPECT_EQ(series.tooOld(Resolution::Minute), 2u); // those before everything it then reached
}

TEST(ThroughputSeries, KnowsHowLongEventsTookToBeSeen)
{
    ThroughputSeries series;
    std::vector<SourceEvent> batch(99, event(kStart - 1ms));
    batch.push_back(event(kStart - 900ms));
    series.add(batch, kStart);
    const auto points = series.delays(kStart - 10s, kStart + 1s);
    ASSERT_EQ(points.size(), 1u);
    EXPECT_EQ(points[0].count, 100u);
    EXPECT_LE(points[0].p50, 2ms);
    EXPECT_EQ(points[0].max, 900ms);
    EXPECT_GE(points[0].p99, 500ms);
}

TEST(Resolution, FollowsTheSpan)
{
    EXPECT_EQ(resolutionFor(1min, 600), Resolution::Tenth);
    EXPECT_EQ(resolutionFor(5min, 600), Resolution::Second);
    EXPECT_EQ(resolutionFor(2h, 1000), Resolution::TenSeconds);
    EXPECT_EQ(resolutionFor(24h, 2000), Resolution::Minute);
    EXPECT_EQ(resolutionFor(std::chrono::days(30), 100), Resolution::Minute);
}
