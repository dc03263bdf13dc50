// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window/budget_menu.h"

#include "temp_dir.h"

#include <QMenu>
#include <QPointer>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <gtest/gtest.h>
#include <memory>

using namespace eventscope;

namespace {

class BudgetMenuTest : public testing::Test {
protected:
    QList<QAction*> choices(QMenu& of)
    {
        QList<QAction*> actions = of.actions();
        actions.removeIf([](const QAction* action) { return action->isSeparator(); });
        return actions;
    }
    std::uint64_t budget() const { return log.usage().budgetBytes; }

    core::EventLog log;
    ui::BudgetMenu budgets{log};
    const core::EventLog::Options usual = core::EventLog::Options::usual();
    test::TempDir folder;
    QSettings settings{QString::fromStdString((folder / "window.conf").string()), QSettings::Format::IniFormat};
};

} // namespace

TEST_F(BudgetMenuTest, OffersSizesOfWhichThePresentOneIsTicked)
{
    budgets.load(settings);
    EXPECT_EQ(budget(), usual.budgetBytes);
    const std::unique_ptr<QMenu> menu(budgets.create(nullptr));
    const QList<QAction*> offered = choices(*menu);
    ASSERT_GE(offered.size(), 4) << "two sizes and two policies at least";
    const auto ticked = std::ranges::count_if(offered, &QAction::isChecked);
    EXPECT_EQ(ticked, 2);
    const auto present = std::ranges::find_if(offered, &QAction::isChecked);
    EXPECT_TRUE((*present)->text().contains(QStringLiteral("usual"))) << (*present)->text().toStdString();
}

TEST_F(BudgetMenuTest, ChangesTheBudgetFromTheKeyboardAndSaysSo)
{
    budgets.load(settings);
    const QPointer<QMenu> menu(budgets.create(nullptr));
    QSignalSpy said(&budgets, &ui::BudgetMenu::said);
    const QList<QAction*> offered = choices(*menu);
    const auto other = std::ranges::find_if(offered, [](const QAction* action) { return !action->isChecked(); });
    menu->popup({});
    menu->setActiveAction(*other);
    QTest::keyClick(menu, Qt::Key_Return);
    EXPECT_NE(budget(), usual.budgetBytes);
    ASSERT_EQ(said.count(), 1);
    EXPECT_TRUE(said.first().first().toString().startsWith(QStringLiteral("The log may hold")));
}

TEST_F(BudgetMenuTest, KeepsWhatWasChosen)
{
    budgets.load(settings);
    const std::unique_ptr<QMenu> menu(budgets.create(nullptr));
    choices(*menu).last()->trigger();
    EXPECT_EQ(log.usage().atLimit, core::LogAtLimit::DropOldest);
    log.setBudget(std::size_t{512} << 20, usual.memoryBytes, core::LogAtLimit::DropOldest);
    budgets.save(settings);

    core::EventLog next;
    ui::BudgetMenu nextBudgets(next);
    nextBudgets.load(settings);
    EXPECT_EQ(next.usage().budgetBytes, std::uint64_t{512} << 20);
    EXPECT_EQ(next.usage().atLimit, core::LogAtLimit::DropOldest);
}

TEST_F(BudgetMenuTest, LeavesTheUsualSizeToTheMachineThatItRunsOn)
{
    budgets.load(settings);
    budgets.save(settings);
    EXPECT_FALSE(settings.contains(QStringLiteral("log/budgetBytes")));
    settings.setValue(QStringLiteral("log/budgetBytes"), 5); // not one that the program wrote
    budgets.load(settings);
    EXPECT_EQ(budget(), usual.budgetBytes);
}
