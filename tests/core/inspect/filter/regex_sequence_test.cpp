// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/regex_sequence.h"

#include "inspect/filter/filter_regex.h"
#include "inspect/filter/sequence_search.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

using namespace eventscope::core;

namespace {

/// "^" in front of a prefix, a class of several as how many, "!" behind what is the whole expression.
std::string sequence(std::string_view pattern)
{
    const std::vector<RegexSequence> all = sequencesOfRegex(pattern);
    if (all.empty())
        return "";
    const RegexSequence& found = all.front();
    std::string text = found.isPrefix ? "^" : "";
    for (const ByteClass& bytes : found.bytes) {
        if (bytes.count() > 1) {
            text += '<' + std::to_string(bytes.count()) + '>';
            continue;
        }
        for (int c = 0; c < 256; ++c) {
            if (bytes.has(static_cast<char>(c)))
                text += static_cast<char>(c);
        }
    }
    return text + (found.isWhole ? "!" : "");
}

} // namespace

TEST(RegexSequence, IsARunOfBytesThatEveryMatchHas)
{
    EXPECT_EQ(sequence("order"), "^order!");
    EXPECT_EQ(sequence("TRK-[0-9]{2}7.*x"), "^TRK-<10><10>7");
    EXPECT_EQ(sequence("[abc]order-\\d"), "^<3>order-<10>!");
    EXPECT_EQ(sequence("XY.*WXYZ"), "WXYZ");
    EXPECT_EQ(sequence("XYZ(def)?gh"), "^XYZ");
    EXPECT_EQ(sequence("\"sku\":\"A\\.1"), "^\"sku\":\"A.1!");
    EXPECT_EQ(sequence("{\"WXY\":1}"), "^{\"WXY\":1}!");
    EXPECT_EQ(sequence("x[]y]ZZ"), "ZZ");
    EXPECT_EQ(sequence("x[[:alpha:]]ZZ"), "ZZ");
    EXPECT_EQ(sequence("x[^y]ZZ"), "ZZ");
    EXPECT_EQ(sequence("^XYZ$"), "XYZ");
    EXPECT_EQ(sequence("WX(?:YZ)"), "^WX");
}

TEST(RegexSequence, AreAllThatAreWorthLookingFor)
{
    EXPECT_EQ(sequencesOfRegex("XYZ.*[0-9]{2}.*K7777").size(), 2U);
    EXPECT_EQ(sequence("XYZ.*[0-9]{2}.*K7777.*W"), "^XYZ");
}

TEST(RegexSequence, LeavesOutWhatMayBeMissing)
{
    EXPECT_EQ(sequence("XYZ?"), "^XY");
    EXPECT_EQ(sequence("XYZ*d"), "^XY");
    EXPECT_EQ(sequence("XYZ+d"), "^XYZ");
    EXPECT_EQ(sequence("XYZ+?d"), "^XYZ");
    EXPECT_EQ(sequence("XYZ{0,3}d"), "^XY");
    EXPECT_EQ(sequence("XYZ{2}W"), "^XYZZW!");
    EXPECT_EQ(sequence("XYZ{2,}W"), "^XYZZ");
    EXPECT_EQ(sequence("XYé{2}"), "^XYéé!");
    EXPECT_EQ(sequence("XYé?"), "^XY");
    EXPECT_EQ(sequence("(XYZ)?"), "");
    EXPECT_EQ(sequence(".*"), "");
}

TEST(RegexSequence, KnowsSmallAndLargeLetters)
{
    EXPECT_EQ(sequence("(?i)Wxy-1"), "^<2><2><2>-1!");
    EXPECT_EQ(sequence("(?i)kWxy"), "<2><2><2>"); // the Kelvin sign is a K as well
    EXPECT_EQ(sequence("(?i)[x-z]WV"), "^<6><2><2>!");
    EXPECT_EQ(sequence("(?i)[j-l]WXY"), "<2><2><2>");
}

TEST(RegexSequence, FindsNoneWhereItCannotBeSureOrIsNotWorthIt)
{
    EXPECT_EQ(sequence("XYZ|XYd"), "");
    EXPECT_EQ(sequence("(?s)XYZ"), "");
    EXPECT_EQ(sequence("XYZ(?P<n>d|e)"), "");
    EXPECT_EQ(sequence("\\QXYZ\\E"), "");
    EXPECT_EQ(sequence("XYZ\\x41"), "");
    EXPECT_EQ(sequence("(a(b[)])|c)YZ"), "YZ");
    EXPECT_EQ(sequence("[0-9]{2}"), ""); // everywhere
}

TEST(RegexSequence, IsInEverythingThatMatches)
{
    std::mt19937 random(7);
    const std::string parts[] = {"X", "Y", "XY", "\\.", ".", "[XY]", "[^X]", "(X|Y)", "(XY)", "X*", "Y?", "X+", "Y{2}",
        "X{0,1}", "{", "^", "$", "\\d", "1", "[0-9]{2}", "K", "x", "[x-z]+?"};
    int matched = 0;
    int unmatched = 0;
    for (int round = 0; round < 30'000; ++round) {
        std::string pattern = random() % 4 == 0 ? "(?i)" : "";
        for (std::size_t i = 1 + random() % 6; i > 0; --i)
            pattern += parts[random() % std::size(parts)];
        const auto regex = FilterRegex::compile(pattern);
        if (!regex || (*regex)->sequences().empty())
            continue;
        std::string text;
        for (std::size_t i = random() % 12; i > 0; --i)
            text += std::array{"X", "Y", ".", "1", "{", "x", "y", "k", "\u212a"}[random() % 9];
        const char* const begin = text.data();
        const char* const end = begin + text.size();
        const bool matches = (*regex)->foundIn(text);
        ++(matches ? matched : unmatched);
        for (const RegexSequence& found : (*regex)->sequences()) {
            const SequenceSearch search(found.bytes);
            const char* at = search.find(begin, end);
            if (!matches) {
                ASSERT_TRUE(!found.isWhole || at == nullptr) << pattern << " in " << text;
                continue;
            }
            ASSERT_NE(at, nullptr) << pattern << " in " << text;
            bool atSome = !found.isPrefix;
            for (; at != nullptr && !atSome; at = search.find(at + 1, end))
                atSome = (*regex)->foundAt(text, static_cast<std::size_t>(at - begin));
            ASSERT_TRUE(atSome) << pattern << " in " << text;
        }
    }
    EXPECT_GT(matched, 300);
    EXPECT_GT(unmatched, 1000);
}
