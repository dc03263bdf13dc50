// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letters/dead_letters_page.h"

#include "dead_letters/letter_detail.h"
#include "dead_letters/payload_editor.h"
#include "doubtful_letters.h"
#include "memory_letters.h"
#include "shell/state_overlay.h"
#include "widgets/labels.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>
#include <gtest/gtest.h>

using namespace eventscope;
using models::DeadLetterSession;
using ui::DeadLettersPage;

namespace {

constexpr int kPatience = 20'000;

class DeadLettersPageTest : public testing::Test {
protected:
    void start()
    {
        session = std::make_unique<DeadLetterSession>(world.clock, world.openJournal());
        session->setDesks({world.desk()});
        page = std::make_unique<DeadLettersPage>(*session);
        page->resize(1160, 760);
        page->show();
    }

    void startWithLetters()
    {
        for (int i = 1; i <= 3; ++i)
            world.park(i, "no answer from payment " + std::to_string(i) + " in time");
        world.park(4, "no such sku", core::ErrorCode::NotFound);
        start();
        ASSERT_TRUE(QTest::qWaitFor([this] { return page->badge() == 4; }, kPatience));
    }

    template <class T>
    T* find(const char* name) const
    {
        return page->findChild<T*>(QString::fromLatin1(name));
    }
    QPushButton* button(const char* name) const { return find<QPushButton>(name); }
    void click(const char* name) const { QTest::mouseClick(button(name), Qt::LeftButton); }

    bool waitForButton(const char* name) const
    {
        return QTest::qWaitFor([&] { return button(name)->isVisible() && button(name)->isEnabled(); }, kPatience);
    }
    bool waitForEnd() const
    {
        return QTest::qWaitFor(
            [this] {
                const auto& activity = session->activity();
                return activity.work != models::DeadLetterWork::None && !activity.running;
            },
            kPatience);
    }

    /// The first cause has letters 1, 2 and 3; leaves 1 and 3 ticked, by the keyboard.
    void untickTheSecond()
    {
        auto* table = find<QTreeView>("letters");
        ASSERT_EQ(table->model()->rowCount(), 3);
        table->setFocus();
        QTest::keyClick(table, Qt::Key_Home);
        QTest::keyClick(table, Qt::Key_Down);
        QTest::keyClick(table, Qt::Key_Space);
    }

    std::size_t left() const { return *world.letters.count(); }

    test::MemoryLetters world;
    std::unique_ptr<DeadLetterSession> session;
    std::unique_ptr<DeadLettersPage> page;
};

} // namespace

TEST_F(DeadLettersPageTest, ShowsTheLettersOfTheChosenCause)
{
    startWithLetters();
    auto* causes = find<QListView>("causes");
    ASSERT_EQ(causes->model()->rowCount(), 2);
    EXPECT_EQ(find<QTreeView>("letters")->model()->rowCount(), 3);
    causes->setFocus();
    QTest::keyClick(causes, Qt::Key_Down);
    EXPECT_EQ(find<QTreeView>("letters")->model()->rowCount(), 1);
    EXPECT_EQ(button("requeue")->text(), QStringLiteral("Requeue 1 to payments…"));
}

TEST_F(DeadLettersPageTest, SendsNothingInADryRun)
{
    startWithLetters();
    untickTheSecond();
    click("requeue");
    ASSERT_TRUE(waitForButton("dryRun"));
    click("dryRun");
    ASSERT_TRUE(waitForEnd());
    EXPECT_EQ(session->activity().count(core::RequeueOutcome::Requeued), 2u);
    EXPECT_TRUE(world.sent().empty());
    EXPECT_EQ(left(), 4u);
    EXPECT_TRUE(button("send")->isVisible());
}

TEST_F(DeadLettersPageTest, SendsExactlyTheTickedLetters)
{
    startWithLetters();
    untickTheSecond();
    click("requeue");
    ASSERT_TRUE(waitForButton("send"));
    EXPECT_EQ(button("send")->text(), QStringLiteral("Send 2 letters to payments"));
    world.park(5, "no answer from payment 5 in time"); // arrives after the plan was frozen
    find<QComboBox>("rate")->setCurrentIndex(1);       // all at once
    click("send");
    ASSERT_TRUE(waitForEnd());
    EXPECT_EQ(session->activity().problem, "");
    EXPECT_EQ(world.sent(), (std::vector<std::string>{"event-1", "event-3"}));
    ASSERT_TRUE(QTest::qWaitFor([this] { return page->badge() == 3; }, kPatience));
    EXPECT_EQ(left(), 3u);
}

TEST_F(DeadLettersPageTest, SendsThePayloadThatWasEdited)
{
    startWithLetters();
    auto* table = find<QTreeView>("letters");
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Home);
    QTest::keyClick(table, Qt::Key_F2);
    QPointer<ui::PayloadEditor> editor = page->findChild<ui::PayloadEditor*>();
    ASSERT_NE(editor, nullptr);
    editor->text()->setPlainText(editor->text()->toPlainText().replace(QStringLiteral("38.00"), QStringLiteral("38.")));
    auto* apply = editor->findChild<QPushButton*>(QStringLiteral("apply"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return !editor->edited().problem.isEmpty(); }, kPatience));
    EXPECT_FALSE(apply->isEnabled()) << "38. is no JSON number";
    editor->text()->setPlainText(editor->text()->toPlainText().replace(QStringLiteral("38."), QStringLiteral("38.50")));
    ASSERT_TRUE(QTest::qWaitFor([&] { return apply->isEnabled(); }, kPatience));
    QTest::mouseClick(apply, Qt::LeftButton);

    click("requeue");
    ASSERT_TRUE(waitForButton("send"));
    auto* changes = find<QTreeView>("changes");
    ASSERT_TRUE(changes->isVisible());
    ASSERT_EQ(changes->model()->rowCount(), 1);
    EXPECT_EQ(changes->model()->index(0, 3).data().toString(), QStringLiteral("38.50"));
    find<QComboBox>("rate")->setCurrentIndex(1);
    click("send");
    ASSERT_TRUE(waitForEnd());
    const auto pending = world.redeliveries.pending(10);
    ASSERT_EQ(pending->size(), 3u);
    EXPECT_EQ(pending->front().event.data, R"({"orderId":"1","totalAmount":38.50,"items":[{"sku":"A-1"}]})");
    EXPECT_EQ(pending->back().event.data, R"({"orderId":"3","totalAmount":38.00,"items":[{"sku":"A-1"}]})");
}

TEST_F(DeadLettersPageTest, ChangesAllTickedLettersAlike)
{
    startWithLetters();
    click("edit");
    QPointer<ui::PayloadEditor> editor = page->findChild<ui::PayloadEditor*>();
    ASSERT_NE(editor, nullptr);
    editor->text()->setPlainText(editor->text()->toPlainText().replace(QStringLiteral("A-1"), QStringLiteral("B-2")));
    auto* all = editor->findChild<QPushButton*>(QStringLiteral("applyToAll"));
    EXPECT_EQ(all->text(), QStringLiteral("Change all 3 letters alike"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return all->isEnabled(); }, kPatience));
    QTest::mouseClick(all, Qt::LeftButton);
    click("requeue");
    ASSERT_TRUE(waitForButton("send"));
    EXPECT_EQ(find<QTreeView>("changes")->model()->rowCount(), 3);
}

TEST_F(DeadLettersPageTest, FindsOutWhatBecameOfDoubts)
{
    test::DoubtfulLetters::World doubtful;
    world.park(1, "no answer in time");
    session = std::make_unique<DeadLetterSession>(world.clock, world.openJournal());
    auto desk = world.desk();
    desk.open = [below = desk.open, &doubtful]() -> core::Result<std::shared_ptr<core::DeadLetterQueue>> {
        return std::make_shared<test::DoubtfulLetters>(below().value(), doubtful);
    };
    session->setDesks({desk});
    page = std::make_unique<DeadLettersPage>(*session);
    page->show();
    ASSERT_TRUE(QTest::qWaitFor([this] { return page->badge() == 1; }, kPatience));
    click("requeue");
    ASSERT_TRUE(waitForButton("send"));
    click("send");
    ASSERT_TRUE(waitForEnd());
    ASSERT_TRUE(waitForButton("settleDoubts"));
    EXPECT_TRUE(button("resendDoubts")->isVisible());
    click("settleDoubts");
    ASSERT_TRUE(QTest::qWaitFor([this] { return page->badge() == 0; }, kPatience));
    EXPECT_EQ(world.sent(), std::vector<std::string>{"event-1"}) << "found at its target, so not sent again";
    EXPECT_FALSE(button("settleDoubts")->isVisible());
    page.reset();
    session.reset();
}

TEST_F(DeadLettersPageTest, PutsDiscardedLettersBack)
{
    startWithLetters();
    untickTheSecond();
    click("discard");
    EXPECT_EQ(left(), 4u) << "a discard asks first";
    ASSERT_TRUE(waitForButton("confirmDiscard"));
    EXPECT_EQ(button("confirmDiscard")->text(), QStringLiteral("Discard 2 letters of demo"));
    click("confirmDiscard");
    ASSERT_TRUE(waitForEnd());
    EXPECT_EQ(left(), 2u);
    ASSERT_TRUE(waitForButton("undo"));
    click("undo");
    ASSERT_TRUE(waitForEnd());
    EXPECT_EQ(session->activity().work, models::DeadLetterWork::Restore);
    EXPECT_EQ(left(), 4u);
    EXPECT_TRUE(world.sent().empty());
    EXPECT_TRUE(QTest::qWaitFor([this] { return page->badge() == 4; }, kPatience));
}

TEST_F(DeadLettersPageTest, NeitherSendsNorDiscardsAtALockedSource)
{
    world.isUnlocked = false;
    startWithLetters();
    EXPECT_FALSE(button("discard")->isEnabled());
    EXPECT_TRUE(button("discard")->toolTip().contains(QStringLiteral("read-only")));
    click("requeue");
    ASSERT_TRUE(waitForButton("dryRun"));
    EXPECT_FALSE(button("send")->isEnabled());
    QSignalSpy wanted(page.get(), &DeadLettersPage::unlockWanted);
    click("unlock");
    ASSERT_EQ(wanted.count(), 1);
    EXPECT_EQ(wanted[0][0].toString(), QStringLiteral("demo"));
    world.isUnlocked = true;
    session->noteLockChanged();
    EXPECT_TRUE(button("send")->isEnabled());
    EXPECT_TRUE(button("discard")->isEnabled());
    EXPECT_FALSE(button("unlock")->isVisible());
}

TEST_F(DeadLettersPageTest, PausesAndStopsARun)
{
    startWithLetters();
    click("requeue");
    ASSERT_TRUE(waitForButton("send"));
    click("send"); // one a second at first
    ASSERT_TRUE(waitForButton("pause"));
    click("pause");
    EXPECT_TRUE(session->activity().paused);
    EXPECT_EQ(button("pause")->text(), QStringLiteral("Resume"));
    click("stop");
    ASSERT_TRUE(waitForEnd());
    const auto& activity = session->activity();
    EXPECT_EQ(activity.outcomes.size(), 3u);
    EXPECT_EQ(activity.count(core::RequeueOutcome::Requeued), world.sent().size());
    EXPECT_EQ(left(), 4u - world.sent().size());
}

TEST_F(DeadLettersPageTest, SaysThatNothingWaits)
{
    start();
    auto* overlay = page->findChild<ui::StateOverlay*>();
    ASSERT_TRUE(QTest::qWaitFor([&] { return overlay->headline() == QStringLiteral("No dead letters"); }, kPatience));
    EXPECT_TRUE(overlay->isVisible());
    EXPECT_EQ(page->badge(), 0);
}

TEST_F(DeadLettersPageTest, SaysWhyLettersCannotBeListed)
{
    session = std::make_unique<DeadLetterSession>(world.clock, world.openJournal());
    session->setDesks({{"shop",
        []() -> core::Result<std::shared_ptr<core::DeadLetterQueue>> {
            return core::fail(core::ErrorCode::Unreachable, "the file is gone");
        },
        {}}});
    page = std::make_unique<DeadLettersPage>(*session);
    page->show();
    auto* overlay = page->findChild<ui::StateOverlay*>();
    ASSERT_TRUE(
        QTest::qWaitFor([&] { return overlay->sentence() == QStringLiteral("shop: the file is gone"); }, kPatience));
}

TEST_F(DeadLettersPageTest, AsksForTheFlowOfALetter)
{
    startWithLetters();
    QSignalSpy flow(page.get(), &ui::Page::flowWanted);
    QSignalSpy replay(page.get(), &ui::Page::replayWanted);
    for (auto* link : page->findChildren<QAbstractButton*>()) {
        if (link->text() == QStringLiteral("Show flow") || link->text() == QStringLiteral("Replay stream"))
            QTest::mouseClick(link, Qt::LeftButton);
    }
    ASSERT_EQ(flow.count(), 1);
    EXPECT_EQ(flow[0][0].toString(), QStringLiteral("flow-1"));
    ASSERT_EQ(replay.count(), 1);
    EXPECT_EQ(replay[0][1].toString(), QStringLiteral("order-7001"));
}

TEST(LetterDetail, SaysThatNobodyKnowsWhenALetterFailed)
{
    ui::LetterDetail detail;
    const auto* failed = detail.findChild<ui::ElidedLabel*>(QStringLiteral("failed"));
    ASSERT_NE(failed, nullptr);
    core::DeadLetter letter;
    detail.setLetter(&letter);
    EXPECT_EQ(failed->text(), QStringLiteral("it is not said when"));
    letter.attempts = 1;
    detail.setLetter(&letter);
    EXPECT_EQ(failed->text(), QStringLiteral("it is not said when, after 1 attempt"));
}
