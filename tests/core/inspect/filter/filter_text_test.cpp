// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_text.h"

#include <gtest/gtest.h>

using namespace eventscope::core;

TEST(FilterText, CountsCharactersNotBytes)
{
    EXPECT_EQ(characterCount(""), 0U);
    EXPECT_EQ(characterCount("abc"), 3U);
    EXPECT_EQ(characterCount("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"), 3U);
    EXPECT_EQ(characterCount("a\xff\xc3z\xe2\x82"), 6U); // what is no UTF-8 counts byte for byte
    EXPECT_EQ(characterCount(std::string_view("a\0b", 3)), 3U);
}

TEST(FilterText, FindsCharactersFromBothEnds)
{
    const std::string_view text = "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z";
    EXPECT_EQ(offsetOfCharacter(text, 0), 0U);
    EXPECT_EQ(offsetOfCharacter(text, 2), 5U);
    EXPECT_EQ(offsetOfCharacter(text, 9), text.size());
    EXPECT_EQ(offsetOfLast(text, 0), text.size());
    EXPECT_EQ(offsetOfLast(text, 2), 5U);
    EXPECT_EQ(offsetOfLast(text, 9), 0U);
    EXPECT_EQ(offsetOfLast("a\x80\x80", 2), 1U);
}

TEST(FilterText, ComparesNamesIgnoringTheCaseOfAsciiLetters)
{
    EXPECT_TRUE(sameName("X-Retry-Count", "x-retry-COUNT"));
    EXPECT_FALSE(sameName("abc", "abcd"));
    EXPECT_FALSE(sameName("\xc3\x84", "\xc3\xa4"));
    EXPECT_FALSE(sameName("@", "`"));
}

TEST(FilterText, FindsBytesOfAnyKind)
{
    EXPECT_TRUE(containsBytes("abc", ""));
    EXPECT_TRUE(containsBytes("", ""));
    EXPECT_TRUE(containsBytes("abc", "bc"));
    EXPECT_FALSE(containsBytes("abc", "abcd"));
    EXPECT_TRUE(containsBytes(std::string_view("a\0b", 3), std::string_view("\0b", 2)));
}

TEST(FilterText, KeepsWhatIsNoUtf8WhenTheCaseChanges)
{
    EXPECT_EQ(toLowerCase("A\xff\xc3Z"), "a\xff\xc3z");
    EXPECT_EQ(toUpperCase("\xe2\x82"), "\xe2\x82");
    EXPECT_EQ(toUpperCase("stra\xc3\x9f"
                          "e"),
        "STRA\xc3\x9f"
        "E");
}
