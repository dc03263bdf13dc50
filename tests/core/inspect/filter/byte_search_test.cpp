// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/byte_search.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <random>
#include <string>
#include <string_view>

using eventscope::core::ByteSearch;

namespace {

/// Copies the text to the very end of memory of its own, so that a sanitizer sees every byte too many.
std::ptrdiff_t foundAt(std::string_view text, const std::string& needle)
{
    const auto exact = std::make_unique<char[]>(text.size());
    text.copy(exact.get(), text.size());
    const char* const found = ByteSearch(needle).find(exact.get(), exact.get() + text.size());
    return found == nullptr ? -1 : found - exact.get();
}

std::ptrdiff_t expectedAt(std::string_view text, const std::string& needle)
{
    const std::size_t at = text.find(needle);
    return at == std::string_view::npos ? -1 : static_cast<std::ptrdiff_t>(at);
}

} // namespace

TEST(ByteSearch, FindsWhatStandardLibraryFinds)
{
    std::mt19937 random(1);
    for (int round = 0; round < 20'000; ++round) {
        // Few letters, so that there are many beginnings that come to nothing.
        std::string text(random() % 700, '\0');
        for (char& c : text)
            c = "abAB\"0"[random() % 6];
        std::string needle;
        if (random() % 2 == 0 && !text.empty())
            needle = text.substr(random() % text.size(), 1 + random() % 40);
        else
            for (std::size_t i = random() % 6; i > 0; --i)
                needle += "abAB\"0"[random() % 6];
        ASSERT_EQ(foundAt(text, needle), expectedAt(text, needle)) << '"' << needle << "\" in " << text;
    }
}

TEST(ByteSearch, FindsBytesOfAnyValueAtEveryPlace)
{
    const std::string needle("\0\xff\x80z", 4);
    for (std::size_t place = 0; place < 600; ++place) {
        std::string text(place, 'x');
        text += needle;
        EXPECT_EQ(foundAt(text, needle), static_cast<std::ptrdiff_t>(place));
        text.append(place % 130, '\0');
        EXPECT_EQ(foundAt(text, needle), static_cast<std::ptrdiff_t>(place));
        text[place + 2] = 'q';
        EXPECT_EQ(foundAt(text, needle), -1);
    }
}

TEST(ByteSearch, FindsTheEmptyTextEverywhere)
{
    EXPECT_TRUE(ByteSearch("").foundIn("abc"));
    EXPECT_TRUE(ByteSearch("").foundIn(""));
    EXPECT_FALSE(ByteSearch("a").foundIn(""));
    EXPECT_TRUE(ByteSearch("c").foundIn("abc"));
}
