// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "replay/replay_page.h"

#include "dead_letters/payload_editor.h"
#include "inspect/workspace.h"
#include "json_tree/json_tree_view.h"
#include "one_order.h"
#include "replay/insert_event_dialog.h"
#include "replay/step_slider.h"
#include "replay_events_model.h"
#include "replay_history_model.h"
#include "replay_session.h"
#include "shell/state_overlay.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolButton>
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

TEST_F(ReplayPageTest, LeavesAnEventOutFromTheKeyboard)
{
    open();
    const auto* model = qobject_cast<models::ReplayEventsModel*>(list()->model());
    page.activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(&page));
    list()->setFocus();
    QTest::keyClick(list(), Qt::Key_Left);
    ASSERT_TRUE(waitForStep(2));
    QTest::keyClick(list(), Qt::Key_Delete);
    ASSERT_TRUE(
        QTest::qWaitFor([&] { return after(QStringLiteral("payment")) == QStringLiteral("absent"); }, kPatience));
    EXPECT_EQ(model->stream()->skipped, 1U);
    EXPECT_TRUE(model->index(1).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("left out")));

    auto* compare = page.findChild<QToolButton*>(QStringLiteral("compare"));
    compare->setFocus();
    QTest::keyClick(compare, Qt::Key_Space);
    EXPECT_TRUE(compare->isChecked()) << "a button takes the key for itself";
    EXPECT_FALSE(page.isPlaying());

    list()->setFocus();
    QTest::keyClick(list(), Qt::Key_Delete);
    EXPECT_TRUE(QTest::qWaitFor([&] { return model->stream()->skipped == 0U; }, kPatience));
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
    auto* edit = page.findChild<QLineEdit*>(QStringLiteral("find"));
    edit->setText(QStringLiteral("state.status = 'paid'"));
    QTest::keyClick(edit, Qt::Key_Return);
    EXPECT_TRUE(waitForStep(2));
}

TEST_F(ReplayPageTest, GoesToAVersionOrATime)
{
    open();
    QTest::keyClick(&page, Qt::Key_J, Qt::ControlModifier);
    auto* jump = page.findChild<QLineEdit*>(QStringLiteral("jump"));
    QTest::keyClicks(jump, QStringLiteral("v2"));
    QTest::keyClick(jump, Qt::Key_Return);
    ASSERT_TRUE(waitForStep(2));
    EXPECT_TRUE(page.jumpTo(QStringLiteral("00:00:01")));
    ASSERT_TRUE(waitForStep(1));
    EXPECT_TRUE(page.jumpTo(QStringLiteral("00:00:00")));
    ASSERT_TRUE(waitForStep(0));
    EXPECT_FALSE(page.jumpTo(QStringLiteral("99")));
    EXPECT_FALSE(page.jumpTo(QStringLiteral("soon")));
}

TEST_F(ReplayPageTest, ComparesABranchWithTheOriginal)
{
    open();
    auto* model = qobject_cast<models::ReplayEventsModel*>(list()->model());
    auto* compare = page.findChild<QToolButton*>(QStringLiteral("compare"));
    EXPECT_FALSE(compare->isEnabled()) << "nothing differs yet";
    ASSERT_TRUE(model->setData(model->index(1), Qt::Unchecked, Qt::CheckStateRole));
    ASSERT_TRUE(QTest::qWaitFor([&] { return compare->isEnabled(); }, kPatience));
    compare->click();
    const auto* original = page.findChildren<ui::JsonTreeView*>().first();
    const auto holdsPayment = [&] {
        return !original->model()
                    ->match(original->model()->index(0, 0), Qt::DisplayRole, QStringLiteral("payment"), 1,
                        Qt::MatchExactly | Qt::MatchRecursive)
                    .isEmpty();
    };
    EXPECT_TRUE(QTest::qWaitFor(holdsPayment, kPatience)) << "the original was paid";
    EXPECT_TRUE(QTest::qWaitFor(
        [&] { return after(QStringLiteral("trackingNumber")) == QStringLiteral("\"TRK-1\""); }, kPatience));
}

TEST_F(ReplayPageTest, EditsAnEventOfTheBranch)
{
    open();
    list()->setFocus();
    QTest::keyClick(list(), Qt::Key_F2);
    QPointer<ui::PayloadEditor> editor;
    ASSERT_TRUE(QTest::qWaitFor([&] { return (editor = page.findChild<ui::PayloadEditor*>()) != nullptr; }, kPatience));
    editor->text()->setPlainText(
        editor->text()->toPlainText().replace(QStringLiteral("TRK-1"), QStringLiteral("TRK-2")));
    auto* apply = editor->findChild<QPushButton*>(QStringLiteral("apply"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return apply->isEnabled(); }, kPatience));
    apply->click();
    EXPECT_TRUE(QTest::qWaitFor(
        [&] { return after(QStringLiteral("trackingNumber")) == QStringLiteral("\"TRK-2\""); }, kPatience));
    EXPECT_EQ(
        list()->model()->index(2, 0).data(models::ReplayEventsModel::BranchRole).toString(), QStringLiteral("edited"));
}

TEST_F(ReplayPageTest, InsertsAnEventThatNeverHappened)
{
    open();
    const QAbstractItemModelTester tester(list()->model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
    QTest::keyClick(&page, Qt::Key_Left);
    ASSERT_TRUE(waitForStep(2));
    list()->setFocus();
    QTest::keyClick(list(), Qt::Key_Insert);
    auto* dialog = page.findChild<ui::InsertEventDialog*>();
    ASSERT_NE(dialog, nullptr);
    dialog->typeEdit()->setText(QStringLiteral("OrderCancelled"));
    dialog->payloadEdit()->setPlainText(QStringLiteral("{\"orderId\": \"7f3a\", \"reason\": \"lost\"}"));
    dialog->accept();
    ASSERT_TRUE(waitForStep(3));
    EXPECT_EQ(after(QStringLiteral("status")), QStringLiteral("\"cancelled\""));
    EXPECT_EQ(list()->model()->rowCount(), 4);
}

TEST_F(ReplayPageTest, TakesReducersFromFiles)
{
    class Constant final : public core::Reducer {
    public:
        std::string_view name() const override { return "mine.js"; }
        core::Json initialState() const override { return core::Json(core::Json::Object{}); }
        core::Status apply(core::Json& state, const core::ReducerEvent& event) override
        {
            state.set("last", core::Json(std::string(event.type())));
            return {};
        }
    };
    models::ReplaySession session(workspace.log());
    session.setReducerFactory([](const std::string& file) -> core::Result<std::shared_ptr<core::Reducer>> {
        if (file != "/tmp/mine.js") {
            return core::fail(core::ErrorCode::NotFound, "There is no file " + file + ".");
        }
        return std::make_shared<Constant>();
    });
    QSignalSpy opened(&session, &models::ReplaySession::opened);
    QSignalSpy changed(&session, &models::ReplaySession::changed);
    QSignalSpy refused(&session, &models::ReplaySession::refused);
    session.open(QStringLiteral("demo"), QStringLiteral("order-7f3a"));
    ASSERT_TRUE(opened.wait(kPatience));
    session.setReducer(QStringLiteral("/tmp/mine.js"));
    ASSERT_TRUE(changed.wait(kPatience));
    EXPECT_EQ(changed.last().first().value<std::shared_ptr<const models::ReplayStream>>()->reducer,
        QStringLiteral("mine.js"));
    session.setReducer(QStringLiteral("/tmp/other.js"));
    ASSERT_TRUE(refused.wait(kPatience));
    EXPECT_EQ(refused.first().first().toString(), QStringLiteral("There is no file /tmp/other.js."));
}

TEST_F(ReplayPageTest, SaysSoWhenTheLogHoldsNoSuchStream)
{
    page.replay(QStringLiteral("demo"), QStringLiteral("order-none"));
    const auto* overlay = page.findChild<ui::StateOverlay*>();
    EXPECT_TRUE(QTest::qWaitFor(
        [&] { return overlay->isVisible() && overlay->sentence().contains(QStringLiteral("order-none")); }, kPatience));
}
