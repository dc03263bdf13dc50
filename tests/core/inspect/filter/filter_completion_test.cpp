// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_completion.h"

#include "random_expressions.h"

#include "inspect/filter/filter_expression.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace eventscope::core;

namespace {

FilterVocabulary vocabulary()
{
    FilterVocabulary words;
    words.headers = {"tenant", "x-retry-count", "type", "user_id", "not"};
    words.payloadFields = {"orderId", "items", "items[0].sku", "totalAmount", "[0]"};
    words.stateFields = {"status"};
    words.values = [](std::string_view attribute) -> std::vector<std::string> {
        if (attribute == "type")
            return {"OrderPlaced", "OrderShipped", "PaymentConfirmed"};
        if (attribute == "stream")
            return {"order-1", "it's"};
        if (attribute == "data.status")
            return {"paid"};
        return {};
    };
    return words;
}

/// `text` with the cursor at '|'.
FilterCompletion completed(std::string text)
{
    const std::size_t cursor = text.find('|');
    text.erase(cursor, 1);
    return completeFilter(text, cursor, vocabulary());
}

std::vector<std::string> texts(const std::string& text)
{
    std::vector<std::string> result;
    for (const FilterCandidate& candidate : completed(text).candidates)
        result.push_back(candidate.text);
    return result;
}

bool offers(const std::string& text, const std::string& candidate)
{
    const auto all = texts(text);
    return std::ranges::find(all, candidate) != all.end();
}

using Texts = std::vector<std::string>;

} // namespace

TEST(FilterCompletion, OffersAttributesFieldsAndFunctionsWhereAValueCanStand)
{
    for (const char* text : {"|", "type = 'x' AND |", "NOT |", "(|", "1 + |", "LENGTH(|", "CONCAT('a', |"}) {
        EXPECT_TRUE(offers(text, "type")) << text;
        EXPECT_TRUE(offers(text, "data.orderId")) << text;
        EXPECT_TRUE(offers(text, "UPPER(")) << text;
        EXPECT_TRUE(offers(text, "EXISTS")) << text;
        EXPECT_FALSE(offers(text, "LIKE")) << text;
    }
}

TEST(FilterCompletion, OffersOperatorsBehindAValue)
{
    for (const char* text : {"type |", "'a' |", "data.items[0] |", "(1) |", "TRUE |", "EXISTS a |", "1 |"}) {
        EXPECT_TRUE(offers(text, "=")) << text;
        EXPECT_TRUE(offers(text, "AND")) << text;
        EXPECT_TRUE(offers(text, "CONTAINS")) << text;
        EXPECT_FALSE(offers(text, "type")) << text;
    }
    EXPECT_EQ(texts("type NOT |"), (Texts{"LIKE", "IN", "CONTAINS", "MATCHES"}));
    EXPECT_EQ(texts("type LI|"), (Texts{"LIKE", "NOT LIKE"}));
}

TEST(FilterCompletion, KeepsWhatBeginsAsTheWordDoes)
{
    EXPECT_EQ(texts("corr|"), (Texts{"correlationid"}));
    EXPECT_EQ(texts("CORR|"), (Texts{"correlationid"}));
    EXPECT_EQ(texts("data.it|"), (Texts{"data.items", "data.items[0].sku"}));
    EXPECT_EQ(texts("sku|"), (Texts{"data.items[0].sku"}));
    EXPECT_EQ(texts("subs|"), (Texts{"SUBSTRING("}));
    EXPECT_EQ(texts("state.|"), (Texts{"state.status"}));
    EXPECT_EQ(texts("zzz|"), Texts());
}

TEST(FilterCompletion, ReplacesTheWholeWordAtTheCursor)
{
    const auto completion = completed("id = 1 AND data.it|ems = 2");
    EXPECT_EQ(completion.begin, 11U);
    EXPECT_EQ(completion.end, 21U);
    ASSERT_FALSE(completion.candidates.empty());
    EXPECT_EQ(completion.candidates.front().text, "data.items");
    EXPECT_EQ(completion.candidates.front().kind, FilterCandidate::Kind::Field);
}

TEST(FilterCompletion, OffersOnlyNamesBehindExists)
{
    EXPECT_TRUE(offers("EXISTS |", "causationid"));
    EXPECT_TRUE(offers("NOT EXISTS dat|", "data.totalAmount"));
    EXPECT_FALSE(offers("EXISTS |", "UPPER("));
    EXPECT_FALSE(offers("EXISTS |", "NOT"));
}

TEST(FilterCompletion, WritesHeadersAsAnExpressionTakesThem)
{
    EXPECT_TRUE(offers("ten|", "tenant"));
    EXPECT_TRUE(offers("user|", "user_id"));
    EXPECT_TRUE(offers("x-re|", "headers[\"x-retry-count\"]") || offers("retry|", "headers[\"x-retry-count\"]"));
    EXPECT_TRUE(offers("headers.|", "headers.type")); // "type" alone is the attribute
    EXPECT_TRUE(offers("headers.|", "headers.not"));
}

TEST(FilterCompletion, OffersValuesThatWereSeen)
{
    EXPECT_EQ(texts("type = '|"), (Texts{"'OrderPlaced'", "'OrderShipped'", "'PaymentConfirmed'"}));
    EXPECT_EQ(texts("type = 'ords|"), Texts());
    EXPECT_EQ(texts("type = 'orders|"), (Texts{"'OrderShipped'"}));
    EXPECT_EQ(texts("TYPE != \"pay|"), (Texts{"'PaymentConfirmed'"}));
    EXPECT_EQ(texts("type IN ('OrderPlaced', '|").size(), 3U);
    EXPECT_EQ(texts("type NOT IN ('Pay|"), (Texts{"'PaymentConfirmed'"}));
    EXPECT_EQ(texts("data.status = '|"), (Texts{"'paid'"}));
    EXPECT_EQ(texts("stream = '|"), (Texts{"'order-1'", "'it\\'s'"}));
    EXPECT_EQ(texts("id = '|"), Texts());
    EXPECT_EQ(texts("LENGTH('|"), Texts());
    EXPECT_EQ(texts("data['|"), Texts());
    // Without a quote too, before everything else that can stand there.
    EXPECT_EQ(texts("type = |").front(), "'OrderPlaced'");
    EXPECT_TRUE(offers("type = |", "source"));
    EXPECT_EQ(texts("type LIKE |"), (Texts{"'OrderPlaced'", "'OrderShipped'", "'PaymentConfirmed'"}));
}

TEST(FilterCompletion, ReplacesAValueWithItsQuotes)
{
    const auto whole = completed("type = 'Ord|er' AND x = 'y'");
    EXPECT_EQ(whole.begin, 7U);
    EXPECT_EQ(whole.end, 14U);
    const auto open = completed("type = 'Ord| AND x = 'y'");
    EXPECT_EQ(open.begin, 7U);
    EXPECT_EQ(open.end, 11U);
}

TEST(FilterCompletion, OffersWhatCanBeReadAndSurvivesAnyText)
{
    eventscope::test::RandomExpressions expressions(9);
    const FilterVocabulary words = vocabulary();
    for (int i = 0; i < 5'000; ++i) {
        std::string text = expressions.filter(i % 3);
        if (i % 2 == 0)
            text = eventscope::test::mutated(std::move(text), expressions.random());
        const std::size_t cursor = expressions.random()() % (text.size() + 2);
        const auto completion = completeFilter(text, cursor, words);
        ASSERT_LE(completion.begin, completion.end) << text;
        ASSERT_LE(completion.end, text.size()) << text;
        for (const FilterCandidate& candidate : completion.candidates)
            ASSERT_FALSE(candidate.text.empty()) << text;
    }
    for (const FilterCandidate& candidate : completeFilter("", 0, words).candidates) {
        const bool isName
            = candidate.kind != FilterCandidate::Kind::Function && candidate.kind != FilterCandidate::Kind::Keyword;
        EXPECT_TRUE(!isName || FilterExpression::compile(candidate.text + " = 'x'")) << candidate.text;
    }
}
