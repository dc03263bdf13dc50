// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sample_orders.h"
#include "shell/filter_box.h"
#include "shell/filter_completer.h"

#include <QAbstractButton>
#include <QAction>
#include <QDialog>
#include <QImage>
#include <QLineEdit>
#include <QMenu>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <gtest/gtest.h>

using namespace eventscope;

namespace {

class FilterBoxTest : public testing::Test {
protected:
    FilterBoxTest()
    {
        sample.appendTo(log, 200);
        box.resize(600, 30);
        box.show();
    }
    bool judged(const QString& text)
    {
        box.edit()->setText(text);
        return QTest::qWaitFor([&] { return box.verdict().text == text; });
    }

    core::EventLog log;
    test::SampleOrders sample;
    ui::FilterBox box{log};
};

} // namespace

TEST_F(FilterBoxTest, AppliesWithReturnAndOnlyThen)
{
    QSignalSpy applied(&box, &ui::FilterBox::applied);
    ASSERT_TRUE(judged(QStringLiteral("version = 1")));
    EXPECT_EQ(applied.count(), 0);
    QTest::keyClick(box.edit(), Qt::Key_Return);
    ASSERT_EQ(applied.count(), 1);
    EXPECT_TRUE(applied.at(0).at(0).value<models::FilterVerdict>().expression);
}

TEST_F(FilterBoxTest, AppliesEvenWhenReturnComesBeforeTheVerdict)
{
    QSignalSpy applied(&box, &ui::FilterBox::applied);
    box.edit()->setText(QStringLiteral("version = 2"));
    QTest::keyClick(box.edit(), Qt::Key_Return);
    ASSERT_TRUE(applied.count() == 1 || applied.wait(5000));
    EXPECT_EQ(box.appliedText(), QStringLiteral("version = 2"));
}

TEST_F(FilterBoxTest, ClearsWithEscape)
{
    box.apply(QStringLiteral("version = 1"));
    QSignalSpy applied(&box, &ui::FilterBox::applied);
    QTest::keyClick(box.edit(), Qt::Key_Escape);
    ASSERT_EQ(applied.count(), 1);
    EXPECT_EQ(applied.at(0).at(0).value<models::FilterVerdict>().kind, models::FilterVerdict::Kind::Empty);
}

TEST_F(FilterBoxTest, WalksThroughItsHistory)
{
    box.apply(QStringLiteral("version = 1"));
    box.apply(QStringLiteral("version = 2"));
    box.edit()->clear();
    QTest::keyClick(box.edit(), Qt::Key_Up);
    EXPECT_EQ(box.text(), QStringLiteral("version = 2"));
    QTest::keyClick(box.edit(), Qt::Key_Up);
    EXPECT_EQ(box.text(), QStringLiteral("version = 1"));
    QTest::keyClick(box.edit(), Qt::Key_Down);
    EXPECT_EQ(box.text(), QStringLiteral("version = 2"));
}

TEST_F(FilterBoxTest, KeepsItsHistoryBetweenRuns)
{
    QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    box.apply(QStringLiteral("version = 1"));
    box.save(settings);
    ui::FilterBox other(log);
    other.load(settings);
    EXPECT_EQ(other.history(), QStringList{QStringLiteral("version = 1")});
}

TEST_F(FilterBoxTest, ColoursWithoutChangingTheTextOrTheCursor)
{
    QTest::keyClicks(box.edit(), QStringLiteral("type = 'a'"));
    EXPECT_EQ(box.text(), QStringLiteral("type = 'a'"));
    EXPECT_EQ(box.edit()->cursorPosition(), 10);
}

TEST_F(FilterBoxTest, CompletesFieldsAndValuesSeenInTheData)
{
    QLineEdit edit;
    ui::FilterCompleter completer(edit, log);
    QSignalSpy learned(&completer, &ui::FilterCompleter::learned);
    completer.learn();
    ASSERT_TRUE(learned.wait(5000));
    edit.setText(QStringLiteral("data.tot"));
    completer.offer();
    EXPECT_TRUE(completer.offered().join(QLatin1Char('|')).contains(QLatin1String("totalAmount")));
    edit.setText(QStringLiteral("type = 'Paym"));
    completer.offer();
    EXPECT_TRUE(completer.offered().join(QLatin1Char('|')).contains(QLatin1String("PaymentConfirmed")));
}

TEST_F(FilterBoxTest, TakesChipsAwayWhenTheyAreClicked)
{
    QSignalSpy removed(&box, &ui::FilterBox::chipRemoved);
    box.setChip(QStringLiteral("stream"), QStringLiteral("eventscope-stream"), QStringLiteral("order-1"));
    EXPECT_EQ(box.chipText(QStringLiteral("stream")), QStringLiteral("order-1"));
    auto* chip = box.findChild<QAbstractButton*>(QStringLiteral("stream"));
    ASSERT_NE(chip, nullptr);
    QTest::mouseClick(chip, Qt::LeftButton);
    EXPECT_EQ(removed.count(), 1);
    EXPECT_TRUE(box.chipText(QStringLiteral("stream")).isEmpty());
}

TEST_F(FilterBoxTest, KeepsFiltersUnderNames)
{
    const auto open = [this] {
        box.showSavedMenu();
        return box.findChildren<QMenu*>(QStringLiteral("savedFilters")).back();
    };
    const auto trigger = [](QMenu* menu, const QString& beginning) {
        for (QAction* action : menu->actions()) {
            if (action->text().startsWith(beginning)) {
                action->trigger();
                menu->close();
                return true;
            }
        }
        menu->close();
        return false;
    };
    const auto answer = [this](const QString& name) {
        auto* dialog = box.findChildren<QDialog*>(QStringLiteral("askText")).back();
        dialog->findChild<QLineEdit*>()->setText(name);
        dialog->accept();
    };
    const QString filter = QStringLiteral("version = 1");
    ASSERT_TRUE(judged(filter));
    ASSERT_TRUE(trigger(open(), QStringLiteral("Save")));
    answer(QStringLiteral("first ones"));
    EXPECT_EQ(box.named().textOf(QStringLiteral("first ones")), filter);
    box.clear();
    ASSERT_TRUE(trigger(open(), QStringLiteral("first ones")));
    EXPECT_EQ(box.appliedText(), filter);
    ASSERT_TRUE(trigger(open(), QStringLiteral("Rename")));
    answer(QStringLiteral("beginnings"));
    EXPECT_EQ(box.named().nameOf(filter), QStringLiteral("beginnings"));
    ASSERT_TRUE(trigger(open(), QStringLiteral("Delete")));
    EXPECT_TRUE(box.named().all().empty());
}

TEST_F(FilterBoxTest, KeepsNamedFiltersBetweenRunsAndTakesThoseFromBeforeTheyHadNames)
{
    const QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
    settings.setValue(QStringLiteral("filter/saved"), QStringList{QStringLiteral("version = 9")});
    box.load(settings);
    EXPECT_EQ(box.named().nameOf(QStringLiteral("version = 9")), QStringLiteral("version = 9"));
    box.named().save(QStringLiteral("two"), QStringLiteral("version = 2"));
    box.save(settings);
    ui::FilterBox other(log);
    other.load(settings);
    EXPECT_EQ(other.named().all(), box.named().all());
}

TEST_F(FilterBoxTest, UnderlinesWhereTheFilterIsWrongWithoutTouchingIt)
{
    const QString wrong = QStringLiteral("version = 1 AND AND type = 'x'");
    ASSERT_TRUE(judged(wrong));
    ASSERT_EQ(box.verdict().kind, models::FilterVerdict::Kind::Wrong);
    EXPECT_EQ(
        box.verdict().text.mid(box.verdict().begin, box.verdict().end - box.verdict().begin), QStringLiteral("AND"));
    const QImage underlined = box.grab().toImage();
    EXPECT_EQ(box.text(), wrong);
    // The same again, cut off at its end: something is underlined there too.
    ASSERT_TRUE(judged(QStringLiteral("version = ")));
    EXPECT_NE(box.grab().toImage(), underlined);
    EXPECT_EQ(box.text(), QStringLiteral("version = "));
}
