// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_preview.h"

#include <gtest/gtest.h>
#include <string>

using eventscope::models::payloadPreview;

namespace {

std::string preview(std::string_view payload, qsizetype max = 400)
{
    return payloadPreview(payload, false, max).toStdString();
}

} // namespace

TEST(JsonPreview, ShowsMembersWithoutQuotesAndHintsAtWhatIsNested)
{
    EXPECT_EQ(preview(R"({"paymentId":"pay_91c2","amount":214.50})"), R"({paymentId: "pay_91c2", amount: 214.50})");
    EXPECT_EQ(
        preview(R"({ "items" : [ {"a":[1,2]}, {"b":"]"} ], "address": {"street":"x"}, "none": [], "empty": {} })"),
        "{items: [2], address: {…}, none: [], empty: {}}");
}

TEST(JsonPreview, KeepsNumbersAndLiteralsAsWritten)
{
    EXPECT_EQ(preview(R"({"big":9007199254740993,"d":1.0,"n":null,"t":true})"),
        "{big: 9007199254740993, d: 1.0, n: null, t: true}");
}

TEST(JsonPreview, ShowsArraysAndScalars)
{
    EXPECT_EQ(preview("[1, \"two\", {\"a\":1}]"), "[1, \"two\", {…}]");
    EXPECT_EQ(preview("42"), "42");
    EXPECT_EQ(preview("\"text\""), "\"text\"");
}

TEST(JsonPreview, TellsNullEmptyAndTheWordNullApart)
{
    EXPECT_EQ(payloadPreview({}, true).toStdString(), "null (no payload)");
    EXPECT_EQ(payloadPreview({}, false).toStdString(), "empty");
    EXPECT_EQ(preview("null"), "null");
    EXPECT_EQ(preview("\"null\""), "\"null\"");
}

TEST(JsonPreview, FallsBackToTextForWhatIsNoJson)
{
    EXPECT_EQ(preview("{oops"), "{oops");
    EXPECT_EQ(preview("{\"a\" 1}"), "{\"a\" 1}");
    EXPECT_EQ(preview("plain words"), "plain words");
    EXPECT_EQ(preview(std::string_view("\x00\x01\x02\x03Rabbit", 10)), "0x 00 01 02 03 52 61 62 62 69 74");
}

TEST(JsonPreview, LooksOnlyAtTheBeginningOfAHugePayload)
{
    const std::string huge = R"({"blob":")" + std::string(50'000'000, 'x') + R"("})";
    const std::string shown = preview(huge);
    EXPECT_LT(shown.size(), 200U);
    EXPECT_EQ(shown.substr(0, 8), "{blob: \"");
    EXPECT_EQ(shown.substr(shown.size() - 3), "…");
}

TEST(JsonPreview, EndsWithinItsLimit)
{
    std::string many = "{";
    for (int i = 0; i < 500; ++i) {
        many += "\"key" + std::to_string(i) + "\":" + std::to_string(i) + ",";
    }
    many.back() = '}';
    EXPECT_LE(payloadPreview(many, false, 50).size(), 51);
}
