// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_histogram.h"
#include "event_relations.h"
#include "row_finder.h"
#include "sample_orders.h"
#include "view_event_rows.h"

#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

using namespace eventscope;

namespace {

class LogFollowers : public testing::Test {
protected:
    LogFollowers() { sample.appendTo(log, 500); }

    core::LogRow find(std::string_view type, core::LogRow from = 0) const
    {
        while (log.text(log.typeAt(from)) != type) {
            ++from;
        }
        return from;
    }

    core::EventLog log;
    test::SampleOrders sample;
};

} // namespace

TEST_F(LogFollowers, HistogramCountsEveryRowAndWhatComesLater)
{
    models::EventHistogram histogram(log);
    ASSERT_TRUE(QTest::qWaitFor([&] { return histogram.latest()->count() == 500; }));
    sample.appendTo(log, 70);
    ASSERT_TRUE(QTest::qWaitFor([&] { return histogram.latest()->count() == 570; }));
    const auto failed = histogram.latest()->failed();
    EXPECT_GT(failed, 0U);
    models::EventRules none;
    histogram.setRules(none);
    ASSERT_TRUE(
        QTest::qWaitFor([&] { return histogram.latest()->failed() == 0 && histogram.latest()->count() == 570; }));
}

TEST_F(LogFollowers, RelationsFindTheCauseAndTheEffects)
{
    models::EventRelations relations(log);
    const core::LogRow paid = find("PaymentConfirmed", 100);
    relations.lookFor(paid);
    ASSERT_TRUE(QTest::qWaitFor([&] { return relations.latest().complete; }));
    const models::Relations found = relations.latest();
    EXPECT_EQ(found.row, paid);
    ASSERT_TRUE(found.cause);
    EXPECT_EQ(log.text(log.typeAt(*found.cause)), "OrderPlaced");
    EXPECT_EQ(log.at(*found.cause).id, log.at(paid).causationId);
    EXPECT_GE(found.sameFlow, 2U);
    for (const core::LogRow effect : found.effects) {
        EXPECT_EQ(log.at(effect).causationId, log.at(paid).id);
    }
}

TEST_F(LogFollowers, RelationsGoOnWhileTheLogGrows)
{
    models::EventRelations relations(log);
    const core::LogRow last = log.size() - 1;
    relations.lookFor(last);
    ASSERT_TRUE(QTest::qWaitFor([&] { return relations.latest().complete; }));
    const core::LogEvent event = log.at(last);
    core::SourceEvent effect;
    const std::string cause = event.id.toString();
    effect.type = "Effect";
    effect.id = "effect-1";
    effect.causationId = cause;
    effect.correlationId = log.text(event.correlation);
    const std::uint64_t before = relations.latest().effectCount;
    log.append(std::span(&effect, 1));
    ASSERT_TRUE(QTest::qWaitFor([&] { return relations.latest().effectCount == before + 1; }));
}

TEST_F(LogFollowers, ViewRowsGrowWithTheLog)
{
    core::LogWorker worker(log);
    core::RowFilter filter;
    filter.type = "OrderPlaced";
    models::ViewEventRows rows(log, worker, filter);
    ASSERT_TRUE(QTest::qWaitFor([&] { return rows.receipt().complete && rows.count() == rows.receipt().matched; }));
    const std::uint64_t before = rows.count();
    EXPECT_GT(before, 50U);
    for (std::uint64_t index = 0; index < before; ++index) {
        ASSERT_EQ(log.text(log.typeAt(rows.rowAt(index))), "OrderPlaced");
    }
    QSignalSpy grown(&rows, &models::EventRows::grown);
    sample.appendTo(log, 100);
    ASSERT_TRUE(QTest::qWaitFor([&] { return rows.count() > before; }));
    EXPECT_GE(grown.count(), 1);
    EXPECT_EQ(rows.firstNotBefore(rows.rowAt(7)), 7U);
}

TEST_F(LogFollowers, FinderGoesToPositionsTimesAndIds)
{
    models::RowFinder finder(log);
    QSignalSpy found(&finder, &models::RowFinder::found);
    QSignalSpy missed(&finder, &models::RowFinder::notFound);
    const models::TimeFormat utc;
    const auto goTo = [&](const QString& text) {
        found.clear();
        missed.clear();
        finder.find(models::parseGoTo(text, log.timeAt(0), utc));
        return QTest::qWaitFor([&] { return found.count() + missed.count() > 0; });
    };
    ASSERT_TRUE(goTo(QString::number(log.at(42).position)));
    EXPECT_EQ(found.at(0).at(0).toULongLong(), 42U);
    ASSERT_TRUE(goTo(QString::fromStdString(log.at(77).id.toString())));
    EXPECT_EQ(found.at(0).at(0).toULongLong(), 77U);
    ASSERT_TRUE(goTo(utc.time(log.timeAt(99))));
    EXPECT_NEAR(found.at(0).at(0).toDouble(), 99, 2);
    ASSERT_TRUE(goTo(QStringLiteral("no such thing")));
    EXPECT_EQ(missed.count(), 1);
}

TEST(GoTo, TellsPositionsTimesAndIdsApart)
{
    const auto day = *core::parseTimestamp("2026-11-23T20:00:00Z");
    const models::TimeFormat utc;
    using Kind = models::GoToTarget::Kind;
    EXPECT_EQ(models::parseGoTo(QStringLiteral("1 204"), day, utc).position, 1204);
    EXPECT_EQ(models::parseGoTo(QStringLiteral("9:14"), day, utc).time, *core::parseTimestamp("2026-11-23T09:14:00Z"));
    EXPECT_EQ(models::parseGoTo(QStringLiteral("09:14:02.5"), day, utc).time,
        *core::parseTimestamp("2026-11-23T09:14:02.5Z"));
    EXPECT_EQ(models::parseGoTo(QStringLiteral("2026-01-02T03:04:05+01:00"), day, utc).time,
        *core::parseTimestamp("2026-01-02T02:04:05Z"));
    EXPECT_EQ(models::parseGoTo(QStringLiteral("order-7f3a"), day, utc).kind, Kind::Text);
    EXPECT_EQ(models::parseGoTo(QStringLiteral("  "), day, utc).kind, Kind::Nothing);
}
