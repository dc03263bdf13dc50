// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sagas/sagas_page.h"

#include "event_format.h"
#include "inspect/workspace.h"
#include "sagas/saga_gantt.h"
#include "sagas/status_figure.h"
#include "sample_sagas.h"
#include "scripted_source.h"
#include "shell/state_overlay.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <gtest/gtest.h>
#include <stdexcept>

using namespace eventscope;
using namespace Qt::StringLiterals;
using test::SampleSaga;

namespace {

constexpr core::Timestamp kStart{std::chrono::sys_days{std::chrono::year(2026) / 11 / 23} + std::chrono::hours(9)};

class SagasPageTest : public testing::Test {
protected:
    SagasPageTest()
    {
        page.resize(1100, 700);
        page.show();
    }

    /// Until that many sagas are shown, with all that the log has of them.
    bool waitForRows(int count)
    {
        return QTest::qWaitFor([this, count] {
            const auto& sagas = static_cast<const models::SagaListModel&>(*table().model());
            std::size_t events = 0;
            for (int row = 0; row < sagas.rowCount(); ++row)
                events += sagas.at(row)->rows.size();
            return sagas.rowCount() == count && events == workspace.log().size();
        });
    }
    QTableView& table() { return *page.findChild<QTableView*>(u"sagas"_s); }
    ui::StateOverlay& overlay() { return *page.findChild<ui::StateOverlay*>(); }
    QPushButton& button(const QString& text)
    {
        for (QPushButton* found : page.findChildren<QPushButton*>()) {
            if (found->text() == text)
                return *found;
        }
        throw std::runtime_error("no such button");
    }
    void clickRow(int row)
    {
        const QRect cell = table().visualRect(table().model()->index(row, 0));
        QTest::mouseClick(table().viewport(), Qt::LeftButton, Qt::NoModifier, cell.center());
    }

    test::ScriptedServer server;
    core::ManualClock clock{kStart + std::chrono::seconds(30)};
    core::Workspace workspace{clock};
    ui::SagasPage page{workspace};
};

} // namespace

TEST_F(SagasPageTest, SaysWhyThereIsNoneYet)
{
    EXPECT_TRUE(QTest::qWaitFor([this] { return overlay().isVisible(); }));
    EXPECT_EQ(overlay().headline(), u"No source is open"_s);
    SampleSaga(workspace.log(), "a1", kStart).start();
    EXPECT_TRUE(waitForRows(1));
    EXPECT_TRUE(QTest::qWaitFor([this] { return !overlay().isVisible(); }));
}

TEST_F(SagasPageTest, CountsByStatusAndShowsOnlyThoseThatAreClicked)
{
    SampleSaga(workspace.log(), "a1", kStart).runToCompletion();
    SampleSaga(workspace.log(), "b2", kStart).runToCompletion();
    SampleSaga(workspace.log(), "c3", kStart).runToStuck();
    QSignalSpy badge(&page, &ui::Page::badgeChanged);
    ASSERT_TRUE(waitForRows(3));
    ASSERT_TRUE(QTest::qWaitFor([this] { return page.badge() == 1; }));
    EXPECT_EQ(page.figure(core::SagaStatus::Completed).count(), 2U);
    EXPECT_FALSE(badge.isEmpty());
    QTest::mouseClick(&page.figure(core::SagaStatus::Stuck), Qt::LeftButton);
    EXPECT_EQ(table().model()->rowCount(), 1);
    QTest::mouseClick(&page.figure(core::SagaStatus::Running), Qt::LeftButton);
    EXPECT_EQ(table().model()->rowCount(), 0);
    EXPECT_EQ(overlay().headline(), u"No saga is running"_s);
    QTest::mouseClick(&page.figure(core::SagaStatus::Running), Qt::LeftButton);
    EXPECT_EQ(table().model()->rowCount(), 3);
}

TEST_F(SagasPageTest, DrawsTheChosenSagaAndLeadsToItsEventsFlowAndStream)
{
    SampleSaga(workspace.log(), "a1", kStart).runToCompletion();
    SampleSaga(workspace.log(), "b2", kStart).runToCompensated();
    ASSERT_TRUE(waitForRows(2));
    clickRow(1);
    ASSERT_TRUE(page.current());
    EXPECT_EQ(page.current()->state.id(), "b2");
    ASSERT_EQ(page.gantt().timeline().lines.size(), 6U);

    QSignalSpy flow(&page, &ui::Page::flowWanted), replay(&page, &ui::Page::replayWanted);
    QTest::mouseClick(&button(u"Show flow"_s), Qt::LeftButton);
    QTest::mouseClick(&button(u"Replay stream"_s), Qt::LeftButton);
    ASSERT_EQ(flow.count(), 1);
    EXPECT_EQ(flow.first().at(0), u"flow-b2"_s);
    ASSERT_EQ(replay.count(), 1);
    EXPECT_EQ(replay.first(), QVariantList({u"demo"_s, u"saga-b2"_s}));

    QSignalSpy event(&page, &ui::Page::eventWanted);
    QTest::mouseDClick(&page.gantt(), Qt::LeftButton, Qt::NoModifier, page.gantt().barRect(0, 0).center());
    page.gantt().setFocus();
    QTest::keyClick(&page.gantt(), Qt::Key_Down);
    QTest::keyClick(&page.gantt(), Qt::Key_Down);
    QTest::keyClick(&page.gantt(), Qt::Key_Right);
    QTest::keyClick(&page.gantt(), Qt::Key_Return);
    ASSERT_EQ(event.count(), 2);
    const auto& rows = page.current()->rows;
    EXPECT_EQ(event.at(0).at(0).toULongLong(), rows[1]);
    EXPECT_EQ(workspace.log().payloadAt(event.at(1).at(0).toULongLong()),
        R"({"step":"reserve inventory","attempt":2,"idempotencyKey":"b2/reserve inventory"})");
}

TEST_F(SagasPageTest, FollowsTheChosenSagaWhileOthersArrive)
{
    SampleSaga saga(workspace.log(), "a1", kStart);
    saga.start().begin("create order");
    ASSERT_TRUE(waitForRows(1));
    clickRow(0);
    saga.complete("create order");
    for (int i = 0; i < 200; ++i)
        SampleSaga(workspace.log(), "other" + std::to_string(i), kStart).runToCompletion();
    ASSERT_TRUE(waitForRows(201));
    EXPECT_EQ(page.current()->state.id(), "a1");
    EXPECT_EQ(table().currentIndex().row(), 0);
    EXPECT_EQ(table().visualRect(table().model()->index(0, 0)).top(), 0);
    EXPECT_EQ(page.gantt().timeline().lines[0].bars[0].kind, models::SagaBar::Kind::Done);
}

TEST_F(SagasPageTest, RetriesOnlyAStuckSagaOfASourceThatIsUnlocked)
{
    ASSERT_TRUE(workspace.add({.name = "demo", .url = {}, .open = server.factory()}));
    SampleSaga(workspace.log(), "a1", kStart).runToCompletion();
    SampleSaga(workspace.log(), "b2", kStart).runToStuck();
    ASSERT_TRUE(waitForRows(2));
    QPushButton& retry = button(u"Retry step…"_s);
    workspace.connection("demo")->setUnlocked(false);
    clickRow(1);
    EXPECT_FALSE(retry.isEnabled());
    workspace.connection("demo")->setUnlocked(true);
    clickRow(0);
    EXPECT_FALSE(retry.isEnabled());
    clickRow(1);
    ASSERT_TRUE(retry.isEnabled());
    QSignalSpy wanted(&page, &ui::SagasPage::retryWanted);
    QTest::mouseClick(&retry, Qt::LeftButton);
    ASSERT_EQ(wanted.count(), 1);
    EXPECT_EQ(wanted.first(), QVariantList({u"demo"_s, u"b2"_s}));
}

TEST_F(SagasPageTest, ShowsASagaThatWasAskedForBeforeItCame)
{
    EXPECT_TRUE(page.showSaga(u"demo"_s, u"b2"_s));
    EXPECT_FALSE(page.current());
    SampleSaga(workspace.log(), "a1", kStart).start();
    SampleSaga(workspace.log(), "b2", kStart).start();
    ASSERT_TRUE(QTest::qWaitFor([this] { return page.current() != nullptr; }));
    EXPECT_EQ(page.current()->state.id(), "b2");
}

TEST_F(SagasPageTest, FiltersByStatusFromTheKeyboard)
{
    SampleSaga(workspace.log(), "a1", kStart).runToCompletion();
    SampleSaga(workspace.log(), "b2", kStart).runToStuck();
    ASSERT_TRUE(waitForRows(2));
    page.activateWindow();
    table().setFocus();
    ASSERT_TRUE(QTest::qWaitForWindowActive(&page));
    QTest::keyClick(&table(), Qt::Key_6, Qt::AltModifier);
    EXPECT_TRUE(page.figure(core::SagaStatus::Stuck).isChecked());
    EXPECT_EQ(table().model()->rowCount(), 1);
    QTest::keyClick(&table(), Qt::Key_0, Qt::AltModifier);
    EXPECT_FALSE(page.figure(core::SagaStatus::Stuck).isChecked());
    EXPECT_EQ(table().model()->rowCount(), 2);
}

TEST_F(SagasPageTest, ShowsTheFiguresOfEachStepWhenAsked)
{
    SampleSaga(workspace.log(), "a1", kStart).runToCompletion();
    SampleSaga(workspace.log(), "b2", kStart).runToCompensated();
    ASSERT_TRUE(waitForRows(2));
    auto& steps = *page.findChild<QTableView*>(u"stepFigures"_s);
    EXPECT_FALSE(steps.isVisible());
    QTest::mouseClick(page.findChild<QToolButton*>(u"steps"_s), Qt::LeftButton);
    ASSERT_TRUE(steps.isVisible());
    ASSERT_TRUE(QTest::qWaitFor([&] { return steps.model()->rowCount() == 4; }));
    EXPECT_EQ(steps.model()->index(2, models::SagaStepsModel::FailsColumn).data().toString(), models::formatShare(0.5));
}
