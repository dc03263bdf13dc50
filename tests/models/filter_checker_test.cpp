// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter_checker.h"

#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

using namespace eventscope::models;

TEST(FilterChecker, JudgesExpressions)
{
    EXPECT_EQ(judgeFilter(QStringLiteral("  ")).kind, FilterVerdict::Kind::Empty);
    EXPECT_EQ(judgeFilter(QStringLiteral("type = 'OrderPlaced' AND data.totalAmount > 100")).kind,
        FilterVerdict::Kind::Valid);
    const FilterVerdict wrong = judgeFilter(QStringLiteral("type = 'ä' AND ="));
    EXPECT_EQ(wrong.kind, FilterVerdict::Kind::Wrong);
    EXPECT_FALSE(wrong.sentence.isEmpty());
    EXPECT_EQ(wrong.begin, 15);
    EXPECT_FALSE(wrong.expression);
}

TEST(FilterChecker, AnswersOnlyTheLatestText)
{
    FilterChecker checker;
    QSignalSpy checked(&checker, &FilterChecker::checked);
    for (int i = 0; i < 50; ++i) {
        checker.check(QStringLiteral("version = %1").arg(i));
    }
    ASSERT_TRUE(checked.wait(5000));
    QTest::qWait(0);
    EXPECT_EQ(checked.count(), 1);
    EXPECT_EQ(checked.at(0).at(0).value<FilterVerdict>().text, QStringLiteral("version = 49"));
}

TEST(FilterChecker, TakesWordsForATextToSearch)
{
    EXPECT_EQ(asTextSearch(QStringLiteral(" insufficient_funds ")), QStringLiteral("'insufficient_funds'"));
    EXPECT_EQ(asTextSearch(QStringLiteral("card was declined")), QStringLiteral("'card was declined'"));
    EXPECT_FALSE(asTextSearch(QStringLiteral("type = 'x'")));
    EXPECT_FALSE(asTextSearch(QStringLiteral("a AND b")));
}
