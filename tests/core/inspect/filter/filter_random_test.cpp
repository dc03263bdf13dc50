// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "random_expressions.h"

#include "event/json.h"
#include "inspect/filter/cloud_event_attributes.h"
#include "inspect/filter/filter_expression.h"
#include "inspect/filter/filter_json.h"
#include "inspect/filter/filter_printer.h"
#include "inspect/filter/state_attributes.h"

#include <gtest/gtest.h>

#include <string>

using namespace eventscope::core;
using namespace eventscope::test;

namespace {

constexpr auto kEvent
    = R"({"specversion":"1.0","id":"7","source":"demo","type":"OrderPlaced","subject":"order-1","version":"3",
    "time":"2026-11-23T09:00:00Z","correlationid":"c-1","tenant":"t","retries":2,
    "data":{"total":99.50,"vip":true,"note":null,"items":[{"sku":"A-1"},{"price":7}],"a b":"x"}})";

/// Everything that can be done with a text that may be an expression; true when it is one.
bool exercise(const std::string& text, const FilterAttributes& event)
{
    const auto expression = FilterExpression::parse(text);
    if (!expression) {
        EXPECT_LE(expression.error().begin, expression.error().end) << text;
        EXPECT_LE(expression.error().end, text.size()) << text;
        EXPECT_FALSE(expression.error().message.empty()) << text;
        return false;
    }
    const Evaluated value = expression->evaluate(event);
    EXPECT_TRUE(isJson(value.value.toJson())) << text;
    EXPECT_EQ(expression->explain(value).empty(), static_cast<bool>(value)) << text;
    EXPECT_EQ(expression->match(event) == FilterMatch::Yes,
        expression->searchedText() ? event.containsText(*expression->searchedText())
                                   : value && value.value == FilterValue(true))
        << text;

    const std::string normal = expression->toString();
    const auto again = FilterExpression::parse(normal);
    if (!again) {
        ADD_FAILURE() << text << "\n  is printed as\n" << normal << "\n  " << again.error().message;
        return true;
    }
    const Evaluated same = again->evaluate(event);
    EXPECT_EQ(same.value, value.value) << text << "\n  is printed as\n" << normal;
    EXPECT_EQ(same.error, value.error) << text << "\n  is printed as\n" << normal;
    EXPECT_EQ(again->toString(), normal) << text;
    return true;
}

} // namespace

TEST(FilterRandom, ExpressionsMeanTheSameInTheirNormalForm)
{
    const auto event = CloudEventAttributes::parse(kEvent);
    ASSERT_TRUE(event);
    RandomExpressions expressions(1);
    for (int i = 0; i < 20'000; ++i)
        ASSERT_TRUE(exercise(expressions.filter(i % 4), *event));
}

TEST(FilterRandom, DamagedExpressionsAreRefusedOrEvaluated)
{
    const auto event = CloudEventAttributes::parse(kEvent);
    ASSERT_TRUE(event);
    RandomExpressions expressions(2);
    int readable = 0;
    for (int i = 0; i < 40'000; ++i)
        readable += exercise(mutated(expressions.filter(i % 3), expressions.random()), *event) ? 1 : 0;
    EXPECT_GT(readable, 2'000);
    EXPECT_LT(readable, 38'000);
}

TEST(FilterRandom, AnyBytesAreRefusedOrEvaluated)
{
    std::mt19937 random(3);
    for (int i = 0; i < 40'000; ++i) {
        std::string text(random() % 40, '\0');
        for (char& c : text)
            c = static_cast<char>(random());
        exercise(text, NoAttributes());
    }
}

TEST(FilterRandom, AnyBytesMayBeTheEvent)
{
    std::mt19937 random(4);
    for (int i = 0; i < 20'000; ++i) {
        const auto report
            = evaluateToJson("data.items[0].sku = 'A-1' AND time > '2026-01-01' OR missing", mutated(kEvent, random));
        EXPECT_TRUE(isJson(report.json)) << report.json;
    }
}

TEST(FilterRandom, EveryTextHasALiteral)
{
    std::mt19937 random(5);
    constexpr std::string_view kBytes = "ab'\"\\\\'\" %_\n\0\xff\xc3\xa4";
    for (int i = 0; i < 50'000; ++i) {
        std::string text(random() % 12, '\0');
        for (char& c : text)
            c = kBytes[random() % kBytes.size()];
        const std::string literal = filterLiteral(text);
        const auto expression = FilterExpression::compile(literal);
        ASSERT_TRUE(expression) << literal;
        const Evaluated value = expression->evaluate(NoAttributes());
        ASSERT_TRUE(value) << literal;
        ASSERT_EQ(value.value.asText(), text) << literal;
        const auto comparison = FilterExpression::compile(literal + " = type");
        ASSERT_TRUE(comparison) << literal;
    }
}
