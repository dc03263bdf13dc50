// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_text.h"
#include "inspect/filter/like_pattern.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

using namespace eventscope::core;

namespace {

bool like(std::string_view text, std::string_view pattern)
{
    return LikePattern(pattern).matches(text);
}

/// LIKE as its definition reads, trying everything.
bool likeByDefinition(std::string_view text, std::string_view pattern)
{
    if (pattern.empty())
        return text.empty();
    if (pattern.front() == '%')
        return likeByDefinition(text, pattern.substr(1))
            || (!text.empty() && likeByDefinition(text.substr(characterSizeAt(text, 0)), pattern));
    if (pattern.front() == '_')
        return !text.empty() && likeByDefinition(text.substr(characterSizeAt(text, 0)), pattern.substr(1));
    if (pattern.front() == '\\' && pattern.size() > 1 && (pattern[1] == '%' || pattern[1] == '_'))
        pattern.remove_prefix(1);
    return !text.empty() && text.front() == pattern.front() && likeByDefinition(text.substr(1), pattern.substr(1));
}

} // namespace

TEST(LikePattern, MatchesExactlyWithoutWildcards)
{
    EXPECT_TRUE(like("abc", "abc"));
    EXPECT_FALSE(like("abc", "ABC"));
    EXPECT_FALSE(like("abcd", "abc"));
    EXPECT_FALSE(like("", "abc"));
    EXPECT_TRUE(like("", ""));
    EXPECT_FALSE(like("a", ""));
    EXPECT_TRUE(like(R"(ab\c)", R"(ab\c)"));
    EXPECT_TRUE(like(R"(ab\)", R"(ab\)"));
}

TEST(LikePattern, TakesAnyNumberOfCharactersForPercent)
{
    EXPECT_TRUE(like("abc", "a%b%c"));
    EXPECT_TRUE(like("azbc", "a%b%c"));
    EXPECT_TRUE(like("azzzbzzzc", "a%b%c"));
    EXPECT_TRUE(like("a%b%c", "a%b%c"));
    EXPECT_FALSE(like("ac", "abc"));
    EXPECT_TRUE(like(".ab.cde.", ".%.%."));
    EXPECT_FALSE(like("ab.cde", ".%.%."));
    EXPECT_TRUE(like("", "%"));
    EXPECT_TRUE(like("", "%%"));
    EXPECT_TRUE(like("aab", "%ab"));
    EXPECT_TRUE(like("abab", "%ab"));
    EXPECT_FALSE(like("ab", "ab%ab"));
}

TEST(LikePattern, TakesOneCharacterForUnderscore)
{
    EXPECT_FALSE(like("abc", "a_b_c"));
    EXPECT_TRUE(like("a_b_c", "a_b_c"));
    EXPECT_FALSE(like("abzc", "a_b_c"));
    EXPECT_TRUE(like("azbzc", "a_b_c"));
    EXPECT_TRUE(like(".a.b.", "._._."));
    EXPECT_FALSE(like("abcd.", "._._."));
    EXPECT_TRUE(like("ab", "%_"));
    EXPECT_FALSE(like("", "%_"));
    EXPECT_TRUE(like("\xc3\xa4", "_")); // one character of two bytes
    EXPECT_FALSE(like("\xc3\xa4", "__"));
    EXPECT_TRUE(like("x\xf0\x9f\x98\x80y", "x_y"));
    EXPECT_TRUE(like("\xff\xfe", "__")); // each byte that is no UTF-8 counts as one
}

TEST(LikePattern, TakesEscapedWildcardsAsTheyAre)
{
    EXPECT_TRUE(like("a_b_c", R"(a\_b\_c)"));
    EXPECT_FALSE(like("azbzc", R"(a\_b\_c)"));
    EXPECT_TRUE(like("a%b%c", R"(a\%b\%c)"));
    EXPECT_FALSE(like("azbzc", R"(a\%b\%c)"));
    EXPECT_TRUE(like("abc123123%456_dzf", R"(abc%123\%456\_d_f)"));
    EXPECT_TRUE(like(R"(a\b)", R"(a\b)"));
    EXPECT_TRUE(like(R"(\%)", R"(\\%)")); // a backslash, and an escaped percent sign
}

TEST(LikePattern, AgreesWithItsDefinitionOnRandomTexts)
{
    std::mt19937 random(42);
    const auto draw = [&random](std::initializer_list<std::string_view> from, std::size_t most) {
        std::string text;
        for (std::size_t i = random() % (most + 1); i > 0; --i)
            text += from.begin()[random() % from.size()];
        return text;
    };
    int matched = 0;
    for (int i = 0; i < 50'000; ++i) {
        const std::string text = draw({"a", "b", "%", "_", "\\", "\xc3\xa4"}, 9);
        const std::string pattern = draw({"a", "b", "%", "%", "_", "\\%", "\\_", "\\", "\xc3\xa4"}, 6);
        const bool expected = likeByDefinition(text, pattern);
        matched += expected ? 1 : 0;
        ASSERT_EQ(like(text, pattern), expected) << '"' << text << "\" LIKE \"" << pattern << '"';
    }
    EXPECT_GT(matched, 4'000);
}

TEST(LikePattern, StaysFastOnHostilePatterns)
{
    std::string pattern;
    for (int i = 0; i < 200; ++i)
        pattern += "%a_";
    EXPECT_FALSE(like(std::string(100'000, 'b'), pattern + "c"));
    EXPECT_FALSE(like(std::string(100'000, 'a'), pattern + "%c"));
}
