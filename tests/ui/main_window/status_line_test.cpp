// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window/status_line.h"

#include "widgets/labels.h"

#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

using namespace eventscope;
using namespace Qt::StringLiterals;

namespace {

class StatusLineTest : public testing::Test {
protected:
    StatusLineTest()
    {
        figures.usage.events = 1'204'331;
        figures.usage.heldBytes = 311'000'000;
        figures.usage.budgetBytes = 2'000'000'000;
        figures.perSecond = 12'400;
        figures.zone = u"UTC"_s;
        line.resize(1400, line.height());
        line.QWidget::show();
    }
    QString shown()
    {
        line.show(figures);
        return line.text();
    }

    ui::StatusLine line;
    ui::StatusLine::Figures figures;
};

} // namespace

TEST_F(StatusLineTest, ShowsWhatTheLogHoldsAndHowFastItGrows)
{
    const QString text = shown();
    EXPECT_TRUE(text.startsWith(u"1\u00A0204\u00A0331 events|"_s)) << text.toStdString();
    EXPECT_TRUE(text.contains(u"/s|"_s));
    EXPECT_TRUE(text.contains(u" of "_s));
    EXPECT_FALSE(text.contains(u"lag"_s)) << "no source has a lag";
    EXPECT_FALSE(text.contains(u"undecodable"_s));
    figures.lag = 0;
    EXPECT_TRUE(shown().contains(u"lag 0"_s));
}

TEST_F(StatusLineTest, SaysWhatIsLostOrCannotBeRead)
{
    figures.usage.undecodable = 2;
    EXPECT_TRUE(shown().contains(u"⚠ 2 undecodable"_s));
    figures.usage.dropped = 331;
    EXPECT_TRUE(shown().contains(u"the oldest 331 dropped"_s));
    EXPECT_TRUE(shown().startsWith(u"1\u00A0204\u00A0000 events"_s)) << "those that are still there";
    figures.usage.refused = 7;
    EXPECT_TRUE(shown().contains(u"✕ full: 7 not kept"_s));
}

TEST_F(StatusLineTest, ShowsTheVerdictOfAFilter)
{
    figures.verdict = u"16 of 400 match"_s;
    EXPECT_TRUE(shown().contains(u"16 of 400 match|"_s)) << "not yet complete";
    figures.verdictComplete = true;
    EXPECT_TRUE(shown().contains(u"16 of 400 match ✓|"_s));
}

TEST_F(StatusLineTest, LeadsToTheBudgetTheProblemsAndTheZone)
{
    figures.problems = 3;
    line.show(figures);
    QSignalSpy budget(&line, &ui::StatusLine::budgetClicked), problems(&line, &ui::StatusLine::problemsClicked),
        zone(&line, &ui::StatusLine::zoneClicked);
    for (auto* link : line.findChildren<ui::LinkButton*>()) {
        ASSERT_NE(link->focusPolicy() & Qt::TabFocus, 0) << link->text().toStdString();
        QTest::keyClick(link, Qt::Key_Space);
    }
    EXPECT_EQ(budget.count(), 1);
    EXPECT_EQ(problems.count(), 1);
    EXPECT_EQ(zone.count(), 1);
    figures.problems = 0;
    line.show(figures);
    EXPECT_FALSE(line.findChildren<ui::LinkButton*>().at(1)->isVisible()) << "no problems, no link";
}

TEST_F(StatusLineTest, IsNotMadeWiderByALongSentence)
{
    line.show(figures);
    const int before = line.minimumSizeHint().width();
    line.say(u"The payment of order-7f3a could not be confirmed because "_s.repeated(4));
    EXPECT_TRUE(line.text().contains(u"The payment of order-7f3a"_s));
    EXPECT_LE(line.minimumSizeHint().width(), before + 60);
}
