// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/regex_literal.h"

#include "inspect/filter/filter_regex.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

using namespace eventscope::core;

namespace {

std::string literal(std::string_view pattern)
{
    const RegexLiteral found = literalOfRegex(pattern);
    return (found.isPrefix ? "^" : "") + found.text;
}

} // namespace

TEST(RegexLiteral, IsTheLongestRunOfPlainCharacters)
{
    EXPECT_EQ(literal("order"), "^order");
    EXPECT_EQ(literal("order-[0-9]+"), "^order-");
    EXPECT_EQ(literal("[ab]order-\\d"), "order-");
    EXPECT_EQ(literal("ab.*abcd"), "abcd");
    EXPECT_EQ(literal("abc(def)?gh"), "^abc");
    EXPECT_EQ(literal("\"sku\":\"A\\.1"), "^\"sku\":\"A.1");
    EXPECT_EQ(literal("{\"a\":1}"), "^{\"a\":1}");
    EXPECT_EQ(literal("x[]y]zz"), "zz");
    EXPECT_EQ(literal("x[[:alpha:]]zz"), "zz");
}

TEST(RegexLiteral, LeavesOutWhatMayBeMissing)
{
    EXPECT_EQ(literal("abc?"), "^ab");
    EXPECT_EQ(literal("abc*d"), "^ab");
    EXPECT_EQ(literal("abc+d"), "^abc");
    EXPECT_EQ(literal("abc{0,3}d"), "^ab");
    EXPECT_EQ(literal("abc{2}d"), "^ab");
    EXPECT_EQ(literal("abé?"), "^ab");
    EXPECT_EQ(literal("(abc)?"), "");
    EXPECT_EQ(literal(".*"), "");
}

TEST(RegexLiteral, FindsNoneWhereItCannotBeSure)
{
    EXPECT_EQ(literal("abc|abd"), "");
    EXPECT_EQ(literal("(?i)abc"), "");
    EXPECT_EQ(literal("abc(?:d|e)"), "");
    EXPECT_EQ(literal("\\Qabc\\E"), "");
    EXPECT_EQ(literal("abc\\x41"), "");
    EXPECT_EQ(literal("(a(b[)])|c)de"), "de");
}

TEST(RegexLiteral, IsInEverythingThatMatches)
{
    std::mt19937 random(7);
    const std::string parts[] = {"a", "b", "ab", "\\.", ".", "[ab]", "[^a]", "(a|b)", "(ab)", "a*", "b?", "a+", "b{2}",
        "a{0,1}", "{", "^", "$", "\\d", "1"};
    int matched = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string pattern;
        for (std::size_t i = 1 + random() % 6; i > 0; --i)
            pattern += parts[random() % std::size(parts)];
        const auto regex = FilterRegex::compile(pattern);
        if (!regex)
            continue;
        std::string text;
        for (std::size_t i = random() % 12; i > 0; --i)
            text += "ab.1{"[random() % 5];
        const RegexLiteral& found = (*regex)->literal();
        if (!(*regex)->foundIn(text))
            continue;
        ++matched;
        ASSERT_NE(text.find(found.text), std::string::npos) << pattern << " in " << text;
        if (!found.isPrefix)
            continue;
        bool atSome = false;
        for (std::size_t at = text.find(found.text); at != std::string::npos; at = text.find(found.text, at + 1))
            atSome = atSome || (*regex)->foundAt(text, at);
        ASSERT_TRUE(atSome) << pattern << " in " << text;
    }
    EXPECT_GT(matched, 1000);
}
