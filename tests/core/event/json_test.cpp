// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/json.h"

#include <gtest/gtest.h>

using namespace eventscope::core;

namespace {

Json parsed(std::string_view text)
{
    Result<Json> value = Json::parse(text);
    EXPECT_TRUE(value) << text << ": " << (value ? "" : value.error().message);
    return value.value_or(Json());
}

} // namespace

TEST(Json, KeepsEveryDigitTheOrderAndDoubledNames)
{
    for (const std::string_view text :
        {R"({"b":1,"a":1.0,"b":1e400,"c":123456789012345678901234567890,"d":-0,"e":1E+2})", R"([])", R"({})", "0",
            "-0.00", R"("x")", "true", "false", "null", R"([[],{},[{}]])", R"({"":""})"}) {
        EXPECT_EQ(parsed(text).dump(), text);
    }
}

TEST(Json, SaysWhatIsWrongAndWhere)
{
    const auto sentence = [](std::string_view text) {
        const Result<Json> value = Json::parse(text);
        return value ? std::string("accepted") : value.error().message;
    };
    EXPECT_EQ(sentence("{\n  \"a\": tru }"), "not valid JSON at byte 9 (line 2, column 8): a value is expected");
    EXPECT_EQ(sentence(""), "not valid JSON at byte 0 (line 1, column 1): the text ends where a value should be");
    EXPECT_EQ(sentence("1 2"), "not valid JSON at byte 2 (line 1, column 3): more text follows the JSON value");
    EXPECT_EQ(sentence("[1,]"), "not valid JSON at byte 3 (line 1, column 4): a value is expected");
    EXPECT_EQ(sentence("\"ab"), "not valid JSON at byte 3 (line 1, column 4): the string has no closing quote");
    EXPECT_EQ(Json::parse("{").error().code, ErrorCode::Unparsable);
}

TEST(Json, ResolvesEscapes)
{
    EXPECT_EQ(parsed(R"("\"\\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\ude00")").asString(), "\"\\/\b\f\n\r\tAé€😀");
    EXPECT_EQ(parsed(R"("a\u0000b")").asString(), std::string("a\0b", 3));
    EXPECT_EQ(parsed(R"({"\u0061":1})").find("a")->numberText(), "1");
}

TEST(Json, CarriesALoneSurrogateThrough)
{
    for (const std::string_view text :
        {R"("\ud800")", R"("\udc00x")", R"("\ud800\ud800")", R"("\ud83da")", R"("\ud800\n")"})
        EXPECT_EQ(parsed(text).dump(), text);
}

TEST(Json, NeverWritesControlCharactersOrInvalidUtf8Raw)
{
    EXPECT_EQ(Json("\x01\x1f\x7f\b\f\n\r\t\"\\/").dump(), R"("\u0001\u001f\u007f\b\f\n\r\t\"\\/")");
    EXPECT_EQ(Json(std::string("\0", 1)).dump(), R"("\u0000")");
    EXPECT_EQ(Json("\xC2\x9B[31m").dump(), R"("\u009b[31m")"); // a terminal's control sequence
    EXPECT_EQ(Json("a\xFFz").dump(), "\"a\xEF\xBF\xBDz\"");
    EXPECT_EQ(Json("\xC0\x80").dump(), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
    EXPECT_EQ(Json("\xE2\x82").dump(), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
    EXPECT_EQ(Json("é€😀\xC2\xA0").dump(), "\"é€😀\xC2\xA0\"");
    EXPECT_EQ(Json(Json::Object{{"\x7f", Json("\x01")}}).pretty(), "{\n  \"\\u007f\": \"\\u0001\"\n}");
}

TEST(Json, WritesAReadableForm)
{
    EXPECT_EQ(parsed(R"({"a":[1,{"b":[]}],"c":{}})").pretty(),
        "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {}\n}");
    EXPECT_EQ(parsed("[1]").pretty(4), "[\n    1\n]");
}

TEST(Json, FindsTheLastOfADoubledMember)
{
    const Json value = parsed(R"({"a":1,"b":"x","a":2})");
    EXPECT_EQ(value.find("a")->numberText(), "2");
    EXPECT_EQ(value.find("z"), nullptr);
    EXPECT_EQ(parsed("[1]").find("a"), nullptr);
    EXPECT_EQ(value.stringOr("b"), "x");
    EXPECT_EQ(value.stringOr("a", "none"), "none");
}

TEST(Json, SetsAndAddsMembers)
{
    Json value;
    value.set("a", 1);
    value.set("b", Json()).set("c", "x");
    value.set("a", 2);
    EXPECT_EQ(value.dump(), R"({"a":2,"b":{"c":"x"}})");
}

TEST(Json, FollowsPointers)
{
    const Json value = parsed(R"({"foo":["bar","baz"],"":0,"a/b":1,"m~n":8,"deep":{"x":[{"y":true}]},"01":5})");
    EXPECT_EQ(value.at(""), &value);
    EXPECT_EQ(value.at("/foo/1")->asString(), "baz");
    EXPECT_EQ(value.at("/")->numberText(), "0");
    EXPECT_EQ(value.at("/a~1b")->numberText(), "1");
    EXPECT_EQ(value.at("/m~0n")->numberText(), "8");
    EXPECT_EQ(value.at("/01")->numberText(), "5");
    EXPECT_TRUE(value.at("/deep/x/0/y")->asBool());
    for (const std::string_view pointer :
        {"foo", "/foo/2", "/foo/01", "/foo/-", "/foo/+1", "/foo/", "/no", "/a~2b", "/a~", "/foo/0/x"})
        EXPECT_EQ(value.at(pointer), nullptr) << pointer;
}

TEST(Json, ComparesByContent)
{
    EXPECT_EQ(parsed(R"({"a":1,"b":[2]})"), parsed(R"({"b":[2],"a":1})"));
    EXPECT_NE(parsed(R"({"a":1})"), parsed(R"({"a":1.0})"));
    EXPECT_NE(parsed(R"({"a":1})"), parsed(R"({"a":1,"b":2})"));
    EXPECT_NE(parsed(R"({"a":1,"b":2})"), parsed(R"({"a":1,"c":2})"));
    EXPECT_NE(parsed("[1,2]"), parsed("[2,1]"));
    EXPECT_EQ(parsed(R"({"a":1,"a":2,"b":3})"), parsed(R"({"b":3,"a":1,"a":2})"));
    EXPECT_NE(parsed(R"({"a":1,"a":2})"), parsed(R"({"a":2,"a":1})"));
    EXPECT_NE(Json("1"), Json(1));
}

TEST(Json, NestsAThousandDeepAndNoDeeper)
{
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_TRUE(Json::parse(nested(1000)));
    EXPECT_TRUE(isJson(nested(1000)));
    EXPECT_FALSE(isJson(nested(1001)));
    const Result<Json> tooDeep = Json::parse(nested(1001));
    ASSERT_FALSE(tooDeep);
    EXPECT_NE(tooDeep.error().message.find("deeper than 1000"), std::string::npos);
    EXPECT_FALSE(Json::parse(std::string(1'000'000, '[')));
}

TEST(MinifyJson, RemovesWhiteSpaceBetweenTokensOnly)
{
    EXPECT_EQ(minifyJson(" {\n\t\"a b\" : [ 1 , \"\\\" \\\\\" ] }\r\n"), "{\"a b\":[1,\"\\\" \\\\\"]}");
    EXPECT_EQ(minifyJson("1.00"), "1.00");
}
