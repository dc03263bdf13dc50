// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/sequence_search.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace eventscope::core;

namespace {

bool isAt(const std::vector<ByteClass>& sequence, const char* place)
{
    for (std::size_t i = 0; i < sequence.size(); ++i) {
        if (!sequence[i].has(place[i]))
            return false;
    }
    return true;
}

std::vector<std::size_t> expectedIn(const std::vector<ByteClass>& sequence, std::string_view text)
{
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i + sequence.size() <= text.size(); ++i) {
        if (isAt(sequence, text.data() + i))
            places.push_back(i);
    }
    return places;
}

/// From memory that ends where the text does, so that nothing can be read behind it unseen.
std::vector<std::size_t> foundIn(const SequenceSearch& search, std::string_view text)
{
    const auto exact = std::make_unique<char[]>(text.size());
    std::memcpy(exact.get(), text.data(), text.size());
    const char* const end = exact.get() + text.size();
    std::vector<std::size_t> places;
    for (const char* at = search.find(exact.get(), end); at != nullptr; at = search.find(at + 1, end))
        places.push_back(static_cast<std::size_t>(at - exact.get()));
    return places;
}

ByteClass anyOf(std::string_view characters)
{
    ByteClass bytes;
    for (const char c : characters)
        bytes.add(c);
    return bytes;
}

} // namespace

TEST(SequenceSearch, FindsWhatComparingEveryPlaceFinds)
{
    std::mt19937 random(5);
    const std::vector<ByteClass> classes{ByteClass('a'), ByteClass('b'), anyOf("aA"), anyOf("ab"),
        ByteClass::range('0', '9'), anyOf("a0z"), anyOf("\x01\xff"), ByteClass::range('\0', '\x7f')};
    for (int round = 0; round < 2'000; ++round) {
        std::vector<ByteClass> sequence;
        for (std::size_t i = 1 + random() % 7; i > 0; --i)
            sequence.push_back(classes[random() % classes.size()]);
        std::string text;
        for (std::size_t i = random() % 900; i > 0; --i)
            text += "abAB09z\xff\x01 "[random() % 10];
        SequenceSearch search(sequence);
        ASSERT_EQ(foundIn(search, text), expectedIn(sequence, text)) << round;
        search.adaptTo(std::string_view(text).substr(0, random() % 300));
        ASSERT_EQ(foundIn(search, text), expectedIn(sequence, text)) << round << ", adapted";
    }
}

TEST(SequenceSearch, FindsAtEveryPlace)
{
    const std::vector<ByteClass> sequence{ByteClass('K'), ByteClass::range('0', '9'), anyOf("xX")};
    const SequenceSearch search(sequence);
    for (std::size_t place = 0; place < 700; ++place) {
        std::string text(703, 'K');
        text.replace(place, 3, "K7X");
        EXPECT_EQ(foundIn(search, text), std::vector{place});
    }
}

TEST(SequenceSearch, FindsNothingInLess)
{
    const SequenceSearch search({ByteClass('a'), ByteClass('b')});
    EXPECT_TRUE(foundIn(search, "").empty());
    EXPECT_TRUE(foundIn(search, "a").empty());
}
