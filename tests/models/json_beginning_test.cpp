// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_beginning.h"

#include "event/json.h"

#include <gtest/gtest.h>

using namespace eventscope;
using models::jsonBeginning;

TEST(JsonBeginning, LeavesAloneWhatFits)
{
    const auto whole = jsonBeginning(R"({"a":1})", 100);
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->json, R"({"a":1})");
    EXPECT_FALSE(whole->cut);
}

TEST(JsonBeginning, IsJsonWhereverItIsCut)
{
    const std::string text = R"({"a":[1,2,{"b":"x\\\"y","c":null}],"d":{"e":true,"f":[[]]},"long":")"
        + std::string(300, 'z') + R"(\u00e4äöü","g":-1.5e3})";
    ASSERT_TRUE(core::Json::parse(text));
    for (std::size_t limit = 1; limit < text.size(); ++limit) {
        const auto beginning = jsonBeginning(text, limit);
        ASSERT_TRUE(beginning) << limit;
        EXPECT_TRUE(beginning->cut);
        EXPECT_LE(beginning->json.size(), limit + 8) << limit;
        EXPECT_TRUE(core::Json::parse(beginning->json)) << limit << ": " << beginning->json;
    }
}

TEST(JsonBeginning, ShowsTheBeginningOfOneLongText)
{
    const std::string text = "\"" + std::string(1'000'000, 'x') + "\"";
    const auto beginning = jsonBeginning(text, 1000);
    ASSERT_TRUE(beginning);
    EXPECT_TRUE(core::Json::parse(beginning->json)->isString());
    EXPECT_GT(beginning->json.size(), 900U);
}

TEST(JsonBeginning, FindsNoneInOtherText)
{
    EXPECT_FALSE(jsonBeginning(std::string(1000, 'x'), 100));
    EXPECT_FALSE(jsonBeginning("]" + std::string(1000, ' '), 100));
}
