// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain_text.h"

#include <QString>
#include <gtest/gtest.h>
#include <string>

using namespace eventscope::models;

namespace {

std::string shown(std::string_view bytes, qsizetype max = kCellChars, Lines lines = Lines::One)
{
    return visibleText(bytes, max, lines).toStdString();
}

} // namespace

TEST(PlainText, LeavesOrdinaryTextAsItIs)
{
    EXPECT_EQ(shown("Grüße, 注文 and 🦆"), "Grüße, 注文 and 🦆");
}

TEST(PlainText, MakesControlCharactersVisible)
{
    EXPECT_EQ(shown(std::string_view("a\x1b[31m\0b\x7f", 9)), "a␛[31m␀b␡");
}

TEST(PlainText, MakesBidirectionalAndZeroWidthCharactersVisible)
{
    EXPECT_EQ(shown("admin\u202Egnp.exe"), "admin‹202E›gnp.exe");
    EXPECT_EQ(shown("a\u200Bb\uFEFFc\u2066d"), "a‹200B›b‹FEFF›c‹2066›d");
    EXPECT_EQ(shown("\xc2\x85"), "‹0085›");
}

TEST(PlainText, ShowsBytesThatAreNoUtf8)
{
    EXPECT_EQ(shown("a\xff\xc0\x80z"), "a‹xFF›‹xC0›‹x80›z");
    EXPECT_EQ(shown("cut \xe2\x82"), "cut ‹xE2›‹x82›");
    EXPECT_EQ(shown("\xed\xa0\x80"), "‹xED›‹xA0›‹x80›"); // a surrogate is no character
}

TEST(PlainText, KeepsLineEndsOnlyWhereTheyAreWanted)
{
    EXPECT_EQ(shown("a\n\tb"), "a↵⇥b");
    EXPECT_EQ(shown("a\n\tb", kCellChars, Lines::Keep), "a\n\tb");
}

TEST(PlainText, EndsWithAnEllipsisAtItsLimit)
{
    EXPECT_EQ(shown(std::string(10'000'000, 'x'), 5), "xxxxx…");
    EXPECT_EQ(shown("12345", 5), "12345");
}

TEST(PlainText, StopsStacksOfCombiningMarks)
{
    std::string stack = "a";
    for (int i = 0; i < 50; ++i) {
        stack += "\u0301";
    }
    EXPECT_NE(visibleText(stack).indexOf(QStringLiteral("‹0301›")), -1);
}

TEST(PlainText, NeverLetsAToolTipBeRichText)
{
    const QString tip = plainToolTip(QStringLiteral("<img src='/dev/zero'><b>bold</b>"));
    EXPECT_FALSE(tip.contains(QLatin1String("<img")));
    EXPECT_TRUE(tip.contains(QLatin1String("&lt;img src=")));
    EXPECT_TRUE(plainToolTip(u"").isEmpty());
}
