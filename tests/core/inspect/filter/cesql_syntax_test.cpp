// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter_test_tools.h"

#include "inspect/filter/filter_expression.h"

using namespace eventscope::core;
using eventscope::test::expectEvaluations;

namespace {

/// The normal form shows how an expression was understood.
std::string understood(std::string_view text)
{
    const auto expression = FilterExpression::compile(text);
    return expression ? expression->toString() : expression.error().message;
}

} // namespace

TEST(CesqlSyntax, ReadsTruthValuesInAnyCase)
{
    expectEvaluations({
        {"TRUE", "true"},
        {"true", "true"},
        {"tRuE", "true"},
        {"FALSE", "false"},
        {"FaLsE", "false"},
    });
}

TEST(CesqlSyntax, ReadsIntegersOf32BitsWithTheirSign)
{
    expectEvaluations({
        {"0", "0"},
        {"007", "7"},
        {"+5", "5"},
        {"-5", "-5"},
        {"2147483647", "2147483647"},
        {"-2147483648", "-2147483648"},
    });
}

TEST(CesqlSyntax, RefusesIntegersThatDoNotFit)
{
    expectEvaluations({
        {"2147483648", "false", "parse"},
        {"-2147483649", "false", "parse"},
        {"- 2147483648", "false", "parse"}, // a minus sign, and an integer that does not fit
        {"99999999999999999999999999999999", "false", "parse"},
        {"1 + 2147483648", "false", "parse"},
    });
}

TEST(CesqlSyntax, ReadsStringsInEitherQuote)
{
    expectEvaluations({
        {"'abc'", R"("abc")"},
        {R"("abc")", R"("abc")"},
        {"''", R"("")"},
        {R"("")", R"("")"},
        {"'aBc'", R"("aBc")"},
        {R"('a"b')", R"("a\"b")"},
        {R"("a'b")", R"("a'b")"},
        {R"('a\'b')", R"("a'b")"},
        {R"("a\"b")", R"("a\"b")"},
        {"'a\nb'", R"("a\nb")"},
    });
}

TEST(CesqlSyntax, KeepsABackslashThatEscapesNoQuote)
{
    expectEvaluations({
        {R"('a\b')", R"("a\\b")"},
        {R"('a\\b')", R"("a\\\\b")"},
        {R"('a\"b')", R"("a\\\"b")"},
        {R"("a\'b")", R"("a\\'b")"},
        {R"('a\\')", R"("a\\\\")"},
        {R"('a\')", "false", "parse"},
    });
}

TEST(CesqlSyntax, TakesADoubledQuoteForOne)
{
    expectEvaluations({
        {"'it''s'", R"("it's")"},
        {"''''", R"("'")"},
        {R"("say ""so""")", R"("say \"so\"")"},
    });
}

TEST(CesqlSyntax, IgnoresCaseOfKeywordsFunctionsAndAttributes)
{
    const std::string event = R"({"specversion":"1.0","id":"1","source":"s","type":"t","hop":"5","ttl":"10"})";
    expectEvaluations(
        {
            {"int(hop) < int(ttl) and int(hop) < 1000", "true"},
            {"INT(hop) < INT(ttl) AND INT(hop) < 1000", "true"},
            {"Int(HOP) < INT(Ttl) aNd NOT fALSE", "true"},
            {"exists SOURCE", "true"},
            {"TYPE LIKE 't'", "true"},
            {"hop not like '6' and hop In (5)", "true"},
        },
        event);
}

TEST(CesqlSyntax, BindsTighterWhatCesqlBindsTighter)
{
    EXPECT_EQ(understood("1 + 2 * 3"), "1 + 2 * 3");
    EXPECT_EQ(understood("(1 + 2) * 3"), "(1 + 2) * 3");
    EXPECT_EQ(understood("a = b + 1 AND c"), "a = b + 1 AND c");
    EXPECT_EQ(understood("a = (b + 1 AND c)"), "a = (b + 1 AND c)");
    // Unary operators before everything but functions.
    EXPECT_EQ(understood("NOT (a = b)"), "NOT (a = b)");
    EXPECT_EQ(understood("(NOT a) = b"), understood("NOT a = b"));
    EXPECT_EQ(understood("(-a) * b"), understood("-a * b"));
    EXPECT_EQ(understood("(NOT a) LIKE 'x'"), understood("NOT a LIKE 'x'"));
    EXPECT_EQ(understood("(NOT a) IN (1)"), understood("NOT a IN (1)"));
    EXPECT_EQ(understood("NOT (EXISTS a)"), understood("NOT EXISTS a"));
    // LIKE, IN and EXISTS before arithmetic and comparisons.
    EXPECT_EQ(understood("1 + (2 LIKE '2')"), understood("1 + 2 LIKE '2'"));
    EXPECT_EQ(understood("a = (b IN (1, 2))"), understood("a = b IN (1, 2)"));
    EXPECT_EQ(understood("(EXISTS a) LIKE 'true'"), understood("EXISTS a LIKE 'true'"));
    EXPECT_EQ(understood("2 * (3 IN (3))"), understood("2 * 3 IN (3)"));
    // Arithmetic before comparisons, comparisons before logic.
    EXPECT_EQ(understood("(1 + 2) < (3 * 4)"), understood("1 + 2 < 3 * 4"));
    EXPECT_EQ(understood("(a < b) XOR (c >= d)"), understood("a < b XOR c >= d"));
}

TEST(CesqlSyntax, TakesOperatorsOfOnePrecedenceFromTheLeft)
{
    expectEvaluations({
        {"10 - 4 - 3", "3"},
        {"100 / 10 / 2", "5"},
        {"100 / 10 * 2", "20"},
        {"7 % 4 * 2", "6"},
        {"1 = 1 = TRUE", "true"},
        {"3 > 2 = TRUE", "true"},
        {"TRUE OR TRUE AND FALSE", "false"}, // AND, OR and XOR are alike
        {"FALSE AND TRUE OR TRUE", "true"},
        {"TRUE XOR TRUE OR TRUE", "true"},
        {"TRUE OR (TRUE AND FALSE)", "true"},
    });
    EXPECT_EQ(understood("a OR b AND c"), "(a OR b) AND c");
    EXPECT_EQ(understood("a AND b AND c"), "a AND b AND c");
}

TEST(CesqlSyntax, TellsASignFromAnOperator)
{
    expectEvaluations({
        {"4-1", "3"},
        {"4 -1", "3"},
        {"4 - -1", "5"},
        {"4 +-1", "3"},
        {"-4 + -1", "-5"},
        {"--10", "10"},
        {"---10", "-10"},
        {"- 10", "-10"},
        {"+ 10", "false", "parse"},
        {"+TRUE", "false", "parse"},
    });
}

TEST(CesqlSyntax, RefusesWhatIsNoExpression)
{
    for (const std::string_view text : {"", "   ", "ABC(", "ABC)", "(", ")", "()", "(1", "1)", "((1)", "1 +", "+ 1 2",
             "* 2", "1 2", "a b", "NOT", "a NOT", "a NOT = 1", "a NOT NOT LIKE 'x'", "AND", "a AND", "AND a",
             "a AND AND b", "a OR", "x LIKE 123", "x LIKE", "x LIKE y", "x LIKE CONCAT('a')", "x LIKE ('a')", "x IN",
             "x IN ()", "x IN 1", "x IN (1", "x IN (1,)", "x IN (,1)", "LIKE 'x'", "IN (1)", "EXISTS", "EXISTS 'a'",
             "EXISTS (a)", "EXISTS TRUE", "EXISTS a b", "1 EXISTS", "'abc", "\"abc", "abc'", "'a' 'b'", "a = ", "= a",
             "a == b", "a ! b", "a !< b", "a => b", "a =< b", "a <> <> b", "a && b", "a | b", "a;b", "a, b", "f(a b)",
             "f(a,)", "f(,a)", "f(a,,b)", "f1(a)", "a.b", "#", "$", "a[0]", "@", "{}", "\\", "99.", ".5", "1.5x",
             "\xff", "caf\xc3\xa9", "TRUE FALSE", "TRUE(1)"}) {
        expectEvaluations({{text, "false", "parse"}});
    }
    expectEvaluations({{std::string_view("a\0b", 3), "false", "parse"}});
}

TEST(CesqlSyntax, LeavesBlanksAndLineEndsAlone)
{
    expectEvaluations({
        {" \t\r\n1\n+\r\n\t2 ", "3"},
        {"ABS ( -3 )", "3"},
        {"TRUE=FALSE", "false"},
        {"1 IN(1)", "true"},
    });
}
