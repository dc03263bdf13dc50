// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "journal/journal_page.h"
#include "memory_letters.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QTreeView>
#include <gtest/gtest.h>
#include <memory>
#include <span>
#include <string>

using namespace eventscope;
using models::JournalModel;

namespace {

constexpr int kPatience = 20'000;

class JournalPageTest : public testing::Test {
protected:
    void write(const std::string& letterId, core::WriteState state, const std::string& reason = {})
    {
        const auto journal = world.openJournal()().value();
        core::DeadLetter letter;
        letter.id = letterId;
        letter.original.data = R"({"of":")" + letterId + "\"}";
        const core::Journal::Item item{letterId, "payments", "send-" + letterId, &letter};
        const auto entries = journal->plan({core::WriteKind::Requeue, "demo", {}, {}}, std::span(&item, 1));
        ASSERT_TRUE(entries);
        ASSERT_TRUE(journal->record(entries->front(), state, reason));
    }
    void start(int rows)
    {
        page = std::make_unique<ui::JournalPage>(world.openJournal());
        page->resize(1100, 700);
        page->show();
        ASSERT_TRUE(QTest::qWaitFor([&] { return table()->model()->rowCount() == rows; }, kPatience));
    }
    QTreeView* table() const { return page->findChild<QTreeView*>(QStringLiteral("writes")); }
    QTreeView* past() const { return page->findChild<QTreeView*>(QStringLiteral("past")); }
    QPushButton* button(const char* name) const { return page->findChild<QPushButton*>(QLatin1String(name)); }
    QString cell(int row, int column) const { return table()->model()->index(row, column).data().toString(); }

    test::MemoryLetters world;
    std::unique_ptr<ui::JournalPage> page;
};

} // namespace

TEST_F(JournalPageTest, ShowsWhatIsInDoubtFirst)
{
    write("letter-1", core::WriteState::InDoubt, "the connection broke");
    write("letter-2", core::WriteState::Done);
    write("letter-3", core::WriteState::Failed, "refused");
    start(3);
    const QAbstractItemModelTester tester(table()->model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
    EXPECT_EQ(cell(0, JournalModel::LetterColumn), QStringLiteral("letter-1"));
    EXPECT_EQ(cell(0, JournalModel::OutcomeColumn), QStringLiteral("in doubt"));
    EXPECT_EQ(cell(1, JournalModel::LetterColumn), QStringLiteral("letter-3"));
    EXPECT_EQ(page->badge(), 1);
    QTest::keyClicks(page->findChild<QLineEdit*>(), QStringLiteral("refused"));
    EXPECT_EQ(table()->model()->rowCount(), 1);
    page->findChild<QLineEdit*>()->clear();
    page->findChild<QCheckBox*>()->click();
    EXPECT_EQ(table()->model()->rowCount(), 1);
}

TEST_F(JournalPageTest, TellsAllThatWasDoneToALetter)
{
    write("letter-1", core::WriteState::Failed, "refused");
    write("letter-1", core::WriteState::Done);
    write("letter-2", core::WriteState::Done);
    start(3);
    table()->setFocus();
    QTest::keyClick(table(), Qt::Key_End);
    ASSERT_EQ(past()->model()->rowCount(), 2);
    EXPECT_EQ(past()->model()->index(0, JournalModel::OutcomeColumn).data().toString(), QStringLiteral("failed"));
    EXPECT_TRUE(page->showJournal(QStringLiteral("letter-2")));
    EXPECT_EQ(table()->model()->rowCount(), 1);
}

TEST_F(JournalPageTest, NotesWhatSomebodyFoundOut)
{
    write("letter-1", core::WriteState::InDoubt, "the connection broke");
    start(1);
    table()->setFocus();
    ASSERT_TRUE(button("arrived")->isVisible());
    QTest::mouseClick(button("arrived"), Qt::LeftButton);
    ASSERT_TRUE(QTest::qWaitFor([&] { return page->badge() == 0; }, kPatience));
    EXPECT_EQ(cell(0, JournalModel::OutcomeColumn), QStringLiteral("done"));
    EXPECT_FALSE(button("arrived")->isVisible());
    EXPECT_TRUE(world.openJournal()().value()->inDoubt("demo")->empty());
}

TEST_F(JournalPageTest, SeesWhatAnotherProgramWrites)
{
    start(0);
    write("letter-9", core::WriteState::Done);
    EXPECT_TRUE(QTest::qWaitFor([&] { return table()->model()->rowCount() == 1; }, kPatience));
}
