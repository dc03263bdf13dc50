// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/json.h"

#include "event/raw_json.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

using namespace eventscope::core;
using namespace std::string_view_literals;

// What a strict reader must take and must refuse, in the manner of JSONTestSuite.

namespace {

constexpr std::string_view kValid[] = {
    // structure
    "[]"sv,
    "{}"sv,
    "[[]]"sv,
    "[[]   ]"sv,
    "[\"\"]"sv,
    " [1]"sv,
    "[1]\n"sv,
    "\t\r\n [ ] "sv,
    "[null, 1, \"1\", {}]"sv,
    "[1,null,null,null,2]"sv,
    "[true]"sv,
    "[false]"sv,
    "{\"a\":[]}"sv,
    "{\"\":0}"sv,
    "{\"a\":\"b\",\"a\":\"c\"}"sv,
    "{\"a\":\n\"b\"\n}"sv,
    "{ \"min\": -1.0e+28, \"max\": 1.0e+28 }"sv,
    // numbers
    "0"sv,
    "-0"sv,
    "-1"sv,
    "42"sv,
    "-0.0"sv,
    "123e65"sv,
    "0e+1"sv,
    "0e1"sv,
    "1E22"sv,
    "1E-2"sv,
    "1E+2"sv,
    "123e45"sv,
    "123.456e78"sv,
    "1e-2"sv,
    "1e+2"sv,
    "123.456789"sv,
    "1e999"sv,
    "-1e-999"sv,
    "123456789012345678901234567890"sv,
    "-9223372036854775809"sv,
    "18446744073709551616"sv,
    "-0.000000000000000000000000000000000000000000000000000000000000000000000000000001"sv,
    // strings
    "\"\""sv,
    "\" \""sv,
    "\"a\""sv,
    "\"\\u0060\\u012a\\u12AB\""sv,
    "\"\\uD801\\udc37\""sv,
    "\"\\ud83d\\ude39\\ud83d\\udc8d\""sv,
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""sv,
    "\"\\\\u0000\""sv,
    "\"\\\"\""sv,
    "\"a/*b*/c/*d//e\""sv,
    "\"\\\\a\""sv,
    "\"\\u0000\""sv,
    "\"\\uDBFF\\uDFFF\""sv,
    "\"\xEF\xBF\xBF\""sv,
    "\"\xF4\x8F\xBF\xBF\""sv,
    "\"\xE2\x80\xA8\""sv,
    "\"\x7F\""sv,
    "\"\xC3\xA9\xE2\x82\xAC\""sv,
    "\"\\ud800\""sv,
    "\"\\udfff\\ud800\""sv,
    // scalars alone
    "true"sv,
    "false"sv,
    "null"sv,
    "\"asd\""sv,
    " 1 "sv,
};

constexpr std::string_view kInvalid[] = {
    // structure
    ""sv,
    " "sv,
    "["sv,
    "]"sv,
    "{"sv,
    "}"sv,
    "[}"sv,
    "{]"sv,
    "[1 true]"sv,
    "[\"\": 1]"sv,
    "[\"\"],"sv,
    "[,1]"sv,
    "[1,,2]"sv,
    "[1,,]"sv,
    "[1,]"sv,
    "[,]"sv,
    "[1"sv,
    "[\"x\"]]"sv,
    "[\"\",]"sv,
    "[\"x\""sv,
    "[3[4]]"sv,
    "[1:2]"sv,
    "[1\n,1\n,"sv,
    "[{}"sv,
    "[][]"sv,
    "{}}"sv,
    "{\"a\":\"b\"}#"sv,
    "{\"a\":1,}"sv,
    "{\"a\":1,,\"b\":2}"sv,
    "{\"x\"::\"b\"}"sv,
    "{\"x\", null}"sv,
    "{\"x\" \"b\"}"sv,
    "{\"a\" b}"sv,
    "{\"a\""sv,
    "{\"a\":"sv,
    "{\"a\""sv,
    "{:\"b\"}"sv,
    "{a: \"b\"}"sv,
    "{'a':0}"sv,
    "{1:1}"sv,
    "{null:null}"sv,
    "{\"id\":0,}"sv,
    "{\"a\":\"a\" 123}"sv,
    "{\"a\":/*comment*/\"b\"}"sv,
    "{\"a\":\"b\"}//"sv,
    "[1]x"sv,
    "1]"sv,
    "[a"sv,
    "[*]"sv,
    "<null>"sv,
    "\xEF\xBB\xBF[]"sv,
    "[\x0C]"sv,
    "[\xC2\xA0]"sv,
    "[\xE2\x81\xA0]"sv,
    "\"x\" \"y\""sv,
    "[\0]"sv,
    "1\0"sv,
    "\0"sv,
    // literals
    "[nul]"sv,
    "[tru]"sv,
    "[fals]"sv,
    "True"sv,
    "nulll"sv,
    "truex"sv,
    "NaN"sv,
    "-Infinity"sv,
    "undefined"sv,
    // numbers
    "-"sv,
    "+1"sv,
    "01"sv,
    "-01"sv,
    "00"sv,
    "1."sv,
    ".5"sv,
    "-.5"sv,
    "1.e1"sv,
    "1e"sv,
    "1e+"sv,
    "1E-"sv,
    "1.0e"sv,
    "0.1.2"sv,
    "0x1"sv,
    "1_000"sv,
    "- 1"sv,
    "--1"sv,
    "-a"sv,
    "1 000"sv,
    "2.e3"sv,
    "0e"sv,
    "0E+"sv,
    "1ea"sv,
    "012"sv,
    "-2."sv,
    "1+2"sv,
    "\xEF\xBC\x91"sv,
    "1f"sv,
    "123\xFF"sv,
    // strings
    "\"a"sv,
    "\""sv,
    "'a'"sv,
    "\"\\\""sv,
    "\"\\x00\""sv,
    "\"\\a\""sv,
    "\"\\u\""sv,
    "\"\\u00A\""sv,
    "\"\\u00G0\""sv,
    "\"\\uD834\\uDd\""sv,
    "\"\\uD800\\u\""sv,
    "\"\\uD800\\u1\""sv,
    "\"\\uD800\\u1x\""sv,
    "\"\\"sv,
    "\"\\\\\\\""sv,
    "\"new\nline\""sv,
    "\"\t\""sv,
    "\"\x1F\""sv,
    "\"\0\""sv,
    "\"\xFF\""sv,
    "\"\xC0\xAF\""sv,
    "\"\xE0\x80\x80\""sv,
    "\"\xED\xA0\x80\""sv,
    "\"\xF4\x90\x80\x80\""sv,
    "\"\xF8\x88\x80\x80\x80\""sv,
    "\"\x81\""sv,
    "\"\xE2\x82\""sv,
    "\"\xC3\""sv,
    "\"\xF0\x9F\x98\""sv,
    "\"\\\xE5\""sv,
    "\"\\u\xE5\""sv,
    "\\n"sv,
    "\"\\\t\""sv,
    "\"\\U0041\""sv,
    "\"\\v\""sv,
};

} // namespace

TEST(JsonConformance, TakesEverythingValid)
{
    for (const std::string_view text : kValid) {
        EXPECT_TRUE(isJson(text)) << text;
        const Result<Json> value = Json::parse(text);
        ASSERT_TRUE(value) << text;
        const Result<Json> again = Json::parse(value->dump());
        ASSERT_TRUE(again) << value->dump();
        EXPECT_EQ(*again, *value);
        EXPECT_EQ(Json::parse(value->pretty()), *value);
        EXPECT_EQ(Json::parse(minifyJson(text)), *value);
    }
}

TEST(JsonConformance, RefusesEverythingElse)
{
    for (const std::string_view text : kInvalid) {
        EXPECT_FALSE(isJson(text)) << text;
        const Result<Json> value = Json::parse(text);
        ASSERT_FALSE(value) << text;
        EXPECT_EQ(value.error().code, ErrorCode::Unparsable);
        const std::string wrapped = "{\"a\":" + std::string(text) + "}";
        const bool becomesValid = text == " " || text.empty() ? false : Json::parse(wrapped).has_value();
        EXPECT_FALSE(becomesValid) << wrapped;
        EXPECT_FALSE(readRawObject(wrapped)) << wrapped;
    }
}

TEST(JsonConformance, RefusesEveryPrefixOfAnObject)
{
    const std::string_view whole = R"({"a":[1.5e3,"\u00e9\n",true,null],"b":{"c":false}})";
    ASSERT_TRUE(isJson(whole));
    for (std::size_t length = 0; length < whole.size(); ++length) {
        EXPECT_FALSE(isJson(whole.substr(0, length))) << whole.substr(0, length);
        EXPECT_FALSE(Json::parse(whole.substr(0, length)));
    }
}
