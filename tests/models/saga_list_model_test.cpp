// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "saga_list_model.h"

#include "event_format.h"
#include "saga_timeline.h"
#include "sample_sagas.h"
#include "scripted_source.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <gtest/gtest.h>

using namespace eventscope;
using namespace Qt::StringLiterals;
using models::SagaListModel;
using test::SampleSaga;

namespace {

constexpr core::Timestamp kStart{std::chrono::sys_days{std::chrono::year(2026) / 11 / 23} + std::chrono::hours(9)};

class SagaListModelTest : public testing::Test {
protected:
    SagaListModelTest()
    {
        bell = tracker->onChanged([this] { heard.notify(); });
        worker.add(tracker);
    }

    void takeAll()
    {
        heard.wait([this] { return tracker->scanned() == log.size(); });
        while (!model.refresh()) { }
    }
    QString text(int row, SagaListModel::Column column) const { return model.index(row, column).data().toString(); }

    core::EventLog log;
    core::LogWorker worker{log};
    test::ChangeWaiter heard;
    std::shared_ptr<core::SagaTracker> tracker = std::make_shared<core::SagaTracker>();
    std::shared_ptr<void> bell;
    SagaListModel model{log, *tracker};
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
};

} // namespace

TEST_F(SagaListModelTest, ShowsWhatASagaIsDoing)
{
    SampleSaga(log, "a1", kStart).runToCompletion();
    SampleSaga(log, "b2", kStart).start().step("create order").begin("process payment");
    SampleSaga(log, "c3", kStart).runToCompensated();
    SampleSaga(log, "d4", kStart).runToStuck();
    SampleSaga(log, "e5", kStart).failOnInventory();
    takeAll();
    ASSERT_EQ(model.rowCount(), 5);
    EXPECT_EQ(text(0, SagaListModel::SagaColumn), u"a1"_s);
    EXPECT_EQ(text(0, SagaListModel::StatusColumn), u"completed"_s);
    EXPECT_EQ(text(0, SagaListModel::NowColumn), u""_s);
    EXPECT_EQ(text(0, SagaListModel::AgeColumn), models::formatDuration(std::chrono::milliseconds(650)));
    EXPECT_EQ(text(1, SagaListModel::StatusColumn), u"running"_s);
    EXPECT_EQ(text(1, SagaListModel::NowColumn), u"process payment, attempt 1"_s);
    EXPECT_EQ(text(2, SagaListModel::StatusColumn), u"compensated"_s);
    EXPECT_EQ(text(2, SagaListModel::NowColumn), u"out of stock"_s);
    EXPECT_EQ(text(3, SagaListModel::StatusColumn), u"stuck"_s);
    EXPECT_EQ(text(3, SagaListModel::NowColumn), u"refund payment keeps failing: gateway 503"_s);
    EXPECT_EQ(text(4, SagaListModel::StatusColumn), u"compensating"_s);
    EXPECT_EQ(text(4, SagaListModel::NowColumn), u"reserve inventory: out of stock"_s);
    EXPECT_EQ(model.index(1, SagaListModel::StepsColumn).data(Qt::AccessibleTextRole),
        u"create order: done,process payment: running,reserve inventory: not yet,create shipment: not yet"_s);
}

TEST_F(SagaListModelTest, ChangesOnlyTheRowThatChanged)
{
    SampleSaga first(log, "a1", kStart), second(log, "b2", kStart);
    first.start().begin("create order");
    second.start().begin("create order");
    takeAll();
    ASSERT_EQ(model.rowCount(), 2);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    second.complete("create order");
    takeAll();
    ASSERT_EQ(changed.count(), 1);
    EXPECT_EQ(changed.first().at(0).toModelIndex().row(), 1);
    EXPECT_EQ(changed.first().at(1).toModelIndex().row(), 1);
    EXPECT_TRUE(inserted.isEmpty());
}

TEST_F(SagaListModelTest, KeepsTheChosenSagaInAFilteredListUntilAnotherIsChosen)
{
    SampleSaga first(log, "a1", kStart), second(log, "b2", kStart);
    first.start().begin("create order");
    second.start().begin("create order");
    SampleSaga(log, "c3", kStart).runToCompletion();
    takeAll();
    model.setStatusFilter(core::SagaStatus::Running);
    ASSERT_EQ(model.rowCount(), 2);
    model.keep(0);
    for (SampleSaga* saga : {&first, &second})
        saga->complete("create order")
            .step("process payment")
            .step("reserve inventory")
            .step("create shipment")
            .end("SagaCompleted");
    takeAll();
    ASSERT_EQ(model.rowCount(), 1);
    EXPECT_EQ(text(0, SagaListModel::SagaColumn), u"a1"_s);
    EXPECT_EQ(text(0, SagaListModel::StatusColumn), u"completed"_s);
    model.keep(std::nullopt);
    EXPECT_EQ(model.rowCount(), 0);
    model.setStatusFilter(std::nullopt);
    EXPECT_EQ(model.rowCount(), 3);
}

TEST_F(SagaListModelTest, CountsTheAgeOfASagaUnderWayOnlyWhereItIsSeen)
{
    for (int i = 0; i < 5; ++i)
        SampleSaga(log, "s" + std::to_string(i), kStart).start();
    takeAll();
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setNow(kStart + std::chrono::minutes(14), 1, 2);
    ASSERT_EQ(changed.count(), 1);
    EXPECT_EQ(changed.first().at(0).toModelIndex(), model.index(1, SagaListModel::AgeColumn));
    EXPECT_EQ(changed.first().at(1).toModelIndex(), model.index(2, SagaListModel::AgeColumn));
    EXPECT_EQ(text(1, SagaListModel::AgeColumn), models::formatDuration(std::chrono::minutes(14)));
}

TEST_F(SagaListModelTest, FindsASagaByItsIdAndByItsStream)
{
    SampleSaga(log, "a1", kStart).start();
    SampleSaga(log, "b2", kStart).start();
    takeAll();
    ASSERT_TRUE(model.find(u"demo"_s, u"b2"_s));
    EXPECT_EQ(model.find(u""_s, u"saga-b2"_s), model.find(u"demo"_s, u"b2"_s));
    EXPECT_FALSE(model.find(u"elsewhere"_s, u"b2"_s));
    EXPECT_FALSE(model.find(u"demo"_s, u"zz"_s));
}

TEST_F(SagaListModelTest, DrawsARowForEachStepAndEachCompensation)
{
    SampleSaga saga(log, "a1", kStart);
    saga.failOnInventory().compensate("process payment", "refund payment");
    takeAll();
    const core::Timestamp now = saga.time() + std::chrono::seconds(1);
    const models::SagaTimeline timeline = models::sagaTimeline(model.at(0)->state, now);
    ASSERT_EQ(timeline.lines.size(), 6U);
    EXPECT_EQ(timeline.lines[2].label, u"reserve inventory"_s);
    EXPECT_EQ(timeline.lines[2].bars.size(), 3U);
    EXPECT_EQ(timeline.lines[2].right, u"3 attempts"_s);
    EXPECT_EQ(timeline.lines[2].bars[2].kind, models::SagaBar::Kind::Failed);
    EXPECT_EQ(timeline.lines[3].placeholder, u"not reached"_s);
    EXPECT_EQ(timeline.lines[4].label, u"refund payment"_s);
    EXPECT_EQ(timeline.lines[4].right, u"running"_s);
    EXPECT_EQ(timeline.lines[4].bars.front().to, now);
    EXPECT_EQ(timeline.lines[5].placeholder, u"next"_s);
    EXPECT_TRUE(timeline.grows);
    EXPECT_EQ(timeline.to, now);
}
