// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "throughput/throughput_page.h"

#include "chart_lines.h"
#include "inspect/throughput_series.h"
#include "inspect/workspace.h"
#include "one_order.h"
#include "scripted_source.h"
#include "shell/state_overlay.h"
#include "throughput/qcustomplot_header.h"
#include "throughput/time_chart.h"

#include <QComboBox>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <gtest/gtest.h>

using namespace eventscope;
using namespace std::chrono_literals;

namespace {
const core::Timestamp kStart{std::chrono::days(20'000)};
}

TEST(ChartLines, AreRatesThatAddUpToTheEvents)
{
    core::ThroughputSeries series;
    series.add(test::oneOrder(), kStart + 10s);
    const auto lines = models::rateLines(series, core::Dimension::Type, {kStart, kStart + 10s}, 360, kStart + 10s);
    ASSERT_EQ(lines.size(), 3U);
    double sum = 0;
    for (const models::ChartLine& line : lines) {
        for (const double rate : line.y) {
            sum += rate / 10; // buckets of 100 ms
        }
    }
    EXPECT_DOUBLE_EQ(sum, 3);
}

TEST(ChartLines, SayTheMeanOfTheTimeSinceTheFirstEvent)
{
    core::ThroughputSeries series;
    series.add(test::oneOrder(), kStart + 3s); // three events, the first at kStart
    const auto lines
        = models::rateLines(series, core::Dimension::Source, {kStart - 57s, kStart + 3s}, 360, kStart + 3s);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].word, QStringLiteral("1.0 / s"));
}

TEST(ChartLines, LeaveOutTheBucketThatIsStillBeingFilled)
{
    core::ThroughputSeries series;
    series.add(test::oneOrder(), kStart + 3s);
    const models::ChartRange range{kStart, kStart + 3050ms};
    const auto lines = models::rateLines(series, core::Dimension::Source, range, 360, kStart + 3050ms);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_DOUBLE_EQ(lines[0].x.last(), models::toSeconds(kStart + 2900ms));
}

TEST(ChartLines, EndAStoryOfYesterdayAtItsLastEvent)
{
    core::ThroughputSeries series;
    series.add(test::oneOrder(), kStart + 3s);
    const auto range = models::liveRange(series, kStart + std::chrono::days(1), 1min);
    EXPECT_EQ(range.to, kStart + 4s);
    EXPECT_EQ(models::liveRange(series, kStart + 10s, 1min).to, kStart + 10s);
}

TEST(TimeChart, ShowsAndHidesALineFromItsLegend)
{
    ui::TimeChart chart(QStringLiteral("EVENTS"), QString(), ui::TimeChart::Style::Lines);
    chart.resize(800, 300);
    chart.show();
    chart.setLines({{QStringLiteral("a"), QStringLiteral("1 / s"), {0, 1}, {1, 2}},
        {QStringLiteral("<b>b</b>"), QStringLiteral("2 / s"), {0, 1}, {3, 4}}});
    EXPECT_EQ(chart.visibleKeys().size(), 2);
    auto entries = chart.findChildren<QToolButton*>();
    ASSERT_EQ(entries.size(), 2);
    QTest::mouseClick(entries[0], Qt::LeftButton);
    EXPECT_EQ(chart.visibleKeys().size(), 1);
    QTest::mouseClick(entries[0], Qt::LeftButton);
    EXPECT_EQ(chart.visibleKeys().size(), 2);
}

TEST(TimeChart, ZoomsAndPansFromTheKeyboard)
{
    ui::TimeChart chart(QStringLiteral("EVENTS"), QString(), ui::TimeChart::Style::Lines);
    chart.show();
    chart.setRange({kStart, kStart + 60s});
    QSignalSpy chosen(&chart, &ui::TimeChart::rangeChosen);
    QTest::keyClick(&chart, Qt::Key_Plus);
    EXPECT_EQ(chart.range().to - chart.range().from, 30s);
    QTest::keyClick(&chart, Qt::Key_Left);
    EXPECT_LT(chart.range().to, kStart + 60s);
    EXPECT_EQ(chosen.count(), 2);
}

TEST(TimeChart, SelectsATimeByDraggingAndFromTheKeyboard)
{
    ui::TimeChart chart(QStringLiteral("EVENTS"), QString(), ui::TimeChart::Style::Lines);
    chart.resize(800, 300);
    chart.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&chart));
    chart.setRange({kStart, kStart + 60s});
    chart.setLines({{QStringLiteral("a"), QStringLiteral("1 / s"), {0, 1}, {1, 2}}});
    QSignalSpy brushed(&chart, &ui::TimeChart::rangeBrushed);
    QSignalSpy moved(&chart, &ui::TimeChart::rangeChosen);
    auto* plot = chart.findChild<QCustomPlot*>();
    plot->replot();
    const QRect area = plot->axisRect()->rect();
    const QPoint from(area.left() + area.width() / 4, area.center().y());
    const QPoint to(area.left() + area.width() / 2, area.center().y() + 10);
    QTest::mousePress(plot, Qt::LeftButton, Qt::ShiftModifier, from);
    QTest::mouseMove(plot, (from + to) / 2);
    QTest::mouseMove(plot, to);
    QTest::mouseRelease(plot, Qt::LeftButton, Qt::ShiftModifier, to);
    ASSERT_EQ(brushed.count(), 1);
    const auto range = brushed.first().first().value<models::ChartRange>();
    EXPECT_NEAR(static_cast<double>((range.from - kStart) / 1s), 15, 1);
    EXPECT_NEAR(static_cast<double>((range.to - kStart) / 1s), 30, 1);
    EXPECT_TRUE(moved.isEmpty()) << "a selection does not pan";

    QTest::keyClick(&chart, Qt::Key_Return);
    ASSERT_EQ(brushed.count(), 2);
    EXPECT_EQ(brushed.last().first().value<models::ChartRange>().from, chart.range().from);
}

TEST(ThroughputPage, SaysWhyThereIsNothingToSee)
{
    core::ManualClock clock{kStart};
    core::Workspace workspace(clock);
    ui::ThroughputPage page(workspace);
    page.show();
    EXPECT_TRUE(page.findChild<ui::StateOverlay*>()->isVisible());
}

TEST(ThroughputPage, CountsWhatAConnectionDeliversAndHoldsTheViewWhilePaused)
{
    core::ManualClock clock{kStart + 10s};
    test::ScriptedServer server;
    server.add(4);
    core::Workspace workspace(clock);
    ui::ThroughputPage page(workspace);
    page.show();
    ASSERT_TRUE(workspace.add({.name = "demo", .url = "test:", .open = server.factory()}));
    ASSERT_TRUE(QTest::qWaitFor([&] { return workspace.throughput().total() == 4; }, 20'000));
    page.refresh();
    EXPECT_FALSE(page.findChild<ui::StateOverlay*>()->isVisible());
    QTest::keyClick(&page, Qt::Key_Space);
    EXPECT_TRUE(page.isPaused());
    QTest::keyClick(&page, Qt::Key_Space);
    EXPECT_FALSE(page.isPaused());
}
