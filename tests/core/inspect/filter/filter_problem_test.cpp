// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/cloud_event_attributes.h"
#include "inspect/filter/filter_expression.h"
#include "inspect/filter/filter_parser.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

using namespace eventscope::core;

namespace eventscope::core {
// What a failing test prints.
void PrintTo(const FilterProblem& problem, std::ostream* out)
{
    *out << problem.begin << ".." << problem.end << " " << problem.message;
}
} // namespace eventscope::core

namespace {

FilterProblem problemOf(std::string_view text)
{
    const auto expression = FilterExpression::parse(text);
    EXPECT_FALSE(expression) << text;
    return expression ? FilterProblem() : expression.error();
}

std::string warningOf(std::string_view text)
{
    const auto expression = FilterExpression::compile(text);
    return expression ? expression->warning() : expression.error().message;
}

std::string explained(std::string_view text)
{
    const auto expression = FilterExpression::compile(text);
    const auto event = CloudEventAttributes::parse(R"({"id":"1","word":"hello"})");
    return expression ? expression->explain(expression->evaluate(*event)) : expression.error().message;
}

} // namespace

TEST(FilterProblem, SaysWhereAndWhatWasExpected)
{
    EXPECT_EQ(problemOf(""), (FilterProblem{0, 0, "Expected an expression, e.g. type = 'OrderPlaced'."}));
    EXPECT_EQ(problemOf("type = "), (FilterProblem{7, 7, "Expected a value after =, but the expression ends here."}));
    EXPECT_EQ(problemOf("type = AND"), (FilterProblem{7, 10, "Expected a value after =, but AND stands here."}));
    EXPECT_EQ(problemOf("type 'x'"),
        (FilterProblem{5, 8, "Expected an operator such as =, AND or LIKE, but a text stands here."}));
    EXPECT_EQ(problemOf("type is 'x'"),
        (FilterProblem{5, 7, "is is no operator; a text is compared with =, LIKE, CONTAINS or MATCHES."}));
    EXPECT_EQ(problemOf("(a = 1"), (FilterProblem{0, 1, "This parenthesis is never closed."}));
    EXPECT_EQ(problemOf("a = 1)"), (FilterProblem{5, 6, "There is no opening parenthesis for this one."}));
    EXPECT_EQ(problemOf("a IN ()"), (FilterProblem{5, 7, "IN needs at least one value."}));
    EXPECT_EQ(
        problemOf("a IN b"), (FilterProblem{5, 6, "Expected a list in parentheses after IN, but b stands here."}));
    EXPECT_EQ(problemOf("a LIKE 5"),
        (FilterProblem{7, 8, "The pattern of LIKE must be a text in quotes, but 5 stands here."}));
    EXPECT_EQ(problemOf("a = 'x"), (FilterProblem{4, 6, "This text has no closing '."}));
    EXPECT_EQ(problemOf("EXISTS 'x'"),
        (FilterProblem{7, 10, "Expected the name of an attribute after EXISTS, but a text stands here."}));
    EXPECT_EQ(problemOf("a NOT = 1"),
        (FilterProblem{6, 7, "Expected LIKE, IN, MATCHES or CONTAINS after NOT, but = stands here."}));
    EXPECT_EQ(problemOf("a && b"), (FilterProblem{2, 3, "& is no operator here; write AND."}));
    EXPECT_EQ(problemOf("a = #"), (FilterProblem{4, 5, "# has no meaning here; put text in quotes."}));
    EXPECT_EQ(
        problemOf("type.name"), (FilterProblem{0, 5, "Only data, state and headers have fields; type has none."}));
    EXPECT_EQ(problemOf("data.items[x]").begin, 10U);
    EXPECT_EQ(problemOf("data.items[0").message, "Expected ] to close this bracket.");
    EXPECT_EQ(problemOf("data.").begin, 4U);
    EXPECT_EQ(problemOf("a = 3000000000").begin, 4U);
    EXPECT_EQ(problemOf("a = -3000000000").begin, 4U);
    EXPECT_EQ(problemOf("a MATCHES '('").message, "This regular expression cannot be read: missing ): (.");
}

TEST(FilterProblem, CountsCharactersInItsSentence)
{
    const auto expression = FilterExpression::compile("'\xc3\xa4\xc3\xb6' = ");
    ASSERT_FALSE(expression);
    EXPECT_EQ(expression.error().code, ErrorCode::Unparsable);
    EXPECT_EQ(expression.error().message, "Expected a value after =, but the expression ends here. (at character 8)");
}

TEST(FilterProblem, RefusesWhatIsTooLongOrTooDeep)
{
    const auto repeated = [](std::string_view what, int times) {
        std::string text;
        for (int i = 0; i < times; ++i)
            text += what;
        return text;
    };
    EXPECT_FALSE(FilterExpression::parse(std::string(kMaxFilterLength + 1, ' ')));
    EXPECT_FALSE(FilterExpression::parse(repeated("(", 60'000)));
    EXPECT_FALSE(FilterExpression::parse(repeated("NOT ", 15'000) + "a"));
    EXPECT_FALSE(FilterExpression::parse(repeated("-", 60'000) + "a"));
    EXPECT_FALSE(FilterExpression::parse(repeated("a IN (", 10'000)));
    EXPECT_FALSE(FilterExpression::parse(repeated("f(", 30'000)));
    EXPECT_FALSE(FilterExpression::parse("a" + repeated("+a", 30'000)));
    EXPECT_FALSE(FilterExpression::parse("a" + repeated(" OR a AND a", 5'000)));
    EXPECT_FALSE(FilterExpression::parse("a" + repeated(" LIKE 'a'", 5'000)));
    // Long lists of one kind are no depth.
    EXPECT_TRUE(FilterExpression::parse("a" + repeated(" OR a", 10'000)));
    EXPECT_TRUE(FilterExpression::parse("a IN (1" + repeated(", 1", 15'000) + ")"));
    EXPECT_TRUE(FilterExpression::parse(repeated("(", 150) + "a" + repeated(")", 150)));
}

TEST(FilterProblem, WarnsOfFiltersThatCannotBeMeant)
{
    EXPECT_EQ(warningOf("type = 'x'"), "");
    EXPECT_EQ(warningOf("type"), "");   // may be true or false
    EXPECT_EQ(warningOf("'text'"), ""); // a search
    EXPECT_EQ(warningOf("NOT (type = 'x') AND NOT EXISTS a"), "");
    EXPECT_EQ(warningOf("1 + 2"), "This gives an integer, but a filter must be true or false.");
    EXPECT_EQ(warningOf("UPPER(type)"), "This gives a text, but a filter must be true or false.");
    EXPECT_EQ(warningOf("LEN(type) = 1"), "There is no function LEN.");
    EXPECT_EQ(warningOf("TRUE AND LENGTH(type, 2) = 1"), "LENGTH is not used like this: LENGTH(text).");
    EXPECT_EQ(warningOf("NOT type = 'x'"),
        "NOT belongs to what stands right behind it here; for the opposite of the whole condition write NOT (…).");
}

TEST(FilterProblem, ExplainsErrorsOfEvaluation)
{
    EXPECT_EQ(explained("word = 'hello'"), "");
    EXPECT_EQ(explained("missing = 1"), "The event has no attribute missing.");
    EXPECT_EQ(explained("1 + data.total"), "The event has no data.total.");
    EXPECT_EQ(explained("TRUE AND FOO(1) = 2"), "There is no function FOO.");
    EXPECT_EQ(explained("1 = (5 / 0)"), "5 / 0 divides by zero, or its result does not fit.");
    EXPECT_EQ(explained("5 / 0"), "5 / 0 divides by zero, or its result does not fit.");
    EXPECT_EQ(explained("5 > word"), "The types of 5 > word do not fit each other.");
    EXPECT_EQ(explained("1 IN ('a')"), "The types of 1 IN ('a') do not fit each other.");
    EXPECT_EQ(explained("INT(word)"), "INT(word) is not of the type that is needed there.");
    EXPECT_EQ(explained("NOT word"), "word is not of the type that is needed there.");
    EXPECT_EQ(explained("LEFT(word, -1) = 'a'"), "LEFT(word, -1) cannot work with these arguments.");
}
