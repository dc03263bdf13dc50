// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "replay/replay_page.h"

#include "inspect/workspace.h"
#include "json_tree/json_tree_view.h"
#include "one_order.h"
#include "replay/step_slider.h"
#include "replay_events_model.h"
#include "replay_history_model.h"
#include "replay_session.h"
#include "shell/state_overlay.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLineEdit>
#include <QListView>
#include <QTableView>
#include <QTest>
#include <algorithm>
#include <gtest/gtest.h>

using namespace eventscope;

namespace {

constexpr int kPatience = 20'000;

class ReplayPageTest : public testing::Test {
protected:
    ReplayPageTest() : workspace(clock), page(workspace)
    {
        workspace.log().append(test::oneOrder());
        page.resize(1100, 700);
        page.show();
    }

    void open()
    {
        page.replay(QStringLiteral("demo"), QStringLiteral("order-7f3a"));
        ASSERT_TRUE(waitForStep(3));
    }
    bool waitForStep(std::size_t step)
    {
        return QTest::qWaitFor([&] { return page.step() == step; }, kPatience);
    }
    /// The value of a member in the state after the step, as it is shown.
    QString after(const QString& member) const
    {
        const auto views = page.findChildren<ui::JsonTreeView*>();
        const auto view = std::ranges::find(views, QStringLiteral("State after the event"), &QWidget::accessibleName);
        const QAbstractItemModel* model = (*view)->model();
        const QModelIndex state = model->index(0, 0);
        for (int row = 0; row < model->rowCount(state); ++row) {
            if (model->index(row, 0, state).data().toString() == member) {
                return model->index(row, 1, state).data().toString();
            }
        }
        return QStringLiteral("absent");
    }
    QListView* list() const { return page.findChild<QListView*>(); }

    core::ManualClock clock{core::Timestamp(std::chrono::days(20'000))};
    core::Workspace workspace;
    ui::ReplayPage page;
};

} // namespace

TEST_F(ReplayPageTest, SaysHowToBeginWhileNothingIsReplayed)
{
    const auto* overlay = page.findChild<ui::StateOverlay*>();
    EXPECT_TRUE(overlay->isVisible());
    EXPECT_TRUE(overlay->sentence().contains(QStringLiteral("Replay stream")));
}

TEST_F(ReplayPageTest, StepsThroughAnOrderWithTheKeyboard)
{
    open();
    EXPECT_EQ(after(QStringLiteral("status")), QStringLiteral("\"shipped\""));
    QTest::keyClick(&page, Qt::Key_Left);
    ASSERT_TRUE(waitForStep(2));
    EXPECT_EQ(after(QStringLiteral("status")), QStringLiteral("\"paid\""));
    QTest::keyClick(&page, Qt::Key_Home);
    ASSERT_TRUE(waitForStep(0));
    EXPECT_EQ(after(QStringLiteral("orderId")), QStringLiteral("absent"));
    QTest::keyClick(&page, Qt::Key_Right);
    ASSERT_TRUE(waitForStep(1));
    EXPECT_EQ(after(QStringLiteral("totalAmount")), QStringLiteral("38.00"));
    QTest::keyClick(&page, Qt::Key_End);
    EXPECT_TRUE(waitForStep(3));
}

TEST_F(ReplayPageTest, GoesToTheVersionThatWasAskedFor)
{
    page.replay(QStringLiteral("demo"), QStringLiteral("order-7f3a"), 2);
    EXPECT_TRUE(waitForStep(2));
}

TEST_F(ReplayPageTest, ShowsWhatIfAnEventHadNotHappened)
{
    open();
    auto* model = qobject_cast<models::ReplayEventsModel*>(list()->model());
    const QAbstractItemModelTester tester(model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    ASSERT_TRUE(model->setData(model->index(1), Qt::Unchecked, Qt::CheckStateRole));
    ASSERT_TRUE(QTest::qWaitFor([&] { return model->stream()->skipped == 1; }, kPatience));
    const auto payment = [&] { return after(QStringLiteral("payment")); };
    ASSERT_TRUE(QTest::qWaitFor([&] { return payment() == QStringLiteral("absent"); }, kPatience));
    EXPECT_EQ(after(QStringLiteral("trackingNumber")), QStringLiteral("\"TRK-1\""));
    ASSERT_TRUE(model->setData(model->index(1), Qt::Checked, Qt::CheckStateRole));
    EXPECT_TRUE(QTest::qWaitFor([&] { return payment() != QStringLiteral("absent"); }, kPatience));
}

TEST_F(ReplayPageTest, TellsWhichEventSetAValue)
{
    open();
    const auto* table = page.findChild<QTableView*>();
    const QAbstractItemModel* history = table->model();
    ASSERT_TRUE(QTest::qWaitFor([&] { return history->rowCount() == 3; }, kPatience));
    EXPECT_EQ(history->index(1, models::ReplayHistoryModel::Value).data().toString(), QStringLiteral("\"paid\""));
    EXPECT_EQ(
        history->index(1, models::ReplayHistoryModel::SetBy).data().toString(), QStringLiteral("PaymentConfirmed"));
}

TEST_F(ReplayPageTest, FindsTheStepWhereAConditionFirstHolds)
{
    open();
    auto* edit = page.findChild<QLineEdit*>();
    edit->setText(QStringLiteral("state.status = 'paid'"));
    QTest::keyClick(edit, Qt::Key_Return);
    EXPECT_TRUE(waitForStep(2));
}

TEST_F(ReplayPageTest, SaysSoWhenTheLogHoldsNoSuchStream)
{
    page.replay(QStringLiteral("demo"), QStringLiteral("order-none"));
    const auto* overlay = page.findChild<ui::StateOverlay*>();
    EXPECT_TRUE(QTest::qWaitFor(
        [&] { return overlay->isVisible() && overlay->sentence().contains(QStringLiteral("order-none")); }, kPatience));
}
