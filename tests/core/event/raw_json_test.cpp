// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/raw_json.h"

#include <gtest/gtest.h>

using namespace eventscope::core;

TEST(RawJson, GivesEachMemberAsWritten)
{
    const auto members = readRawObject(" { \"a\" : { \"x\" :1.00 } , \"b\\n\":\"q\\\"\", \"a\":null } ");
    ASSERT_TRUE(members);
    ASSERT_EQ(members->size(), 3u);
    EXPECT_EQ((*members)[0].name, "a");
    EXPECT_EQ((*members)[0].value, "{ \"x\" :1.00 }");
    EXPECT_EQ((*members)[1].name, "b\n");
    EXPECT_EQ((*members)[1].text(), "q\"");
    EXPECT_TRUE((*members)[2].isNull());
    EXPECT_EQ(findRaw(*members, "a"), &(*members)[0]);
    EXPECT_EQ(findRaw(*members, "z"), nullptr);
}

TEST(RawJson, GivesEachElementAsWritten)
{
    const auto elements = readRawArray("[1e5, [ ], \"x\"]");
    ASSERT_TRUE(elements);
    EXPECT_EQ(*elements, (std::vector<std::string_view>{"1e5", "[ ]", "\"x\""}));
    EXPECT_TRUE(readRawArray("[]")->empty());
}

TEST(RawJson, RefusesAnythingElse)
{
    for (const std::string_view text : {"", "1", "[]", "{", "{}x", "{\"a\":01}", "{\"a\":\"\xFF\"}"})
        EXPECT_FALSE(readRawObject(text)) << text;
    for (const std::string_view text : {"", "1", "{}", "[", "[]x", "[1,]"})
        EXPECT_FALSE(readRawArray(text)) << text;
}
