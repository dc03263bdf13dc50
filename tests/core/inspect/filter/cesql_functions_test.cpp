// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter_test_tools.h"

#include "inspect/filter/filter_function.h"

#include <set>

using namespace eventscope::core;
using eventscope::test::expectEvaluations;

TEST(CesqlFunctions, LengthCountsCharacters)
{
    expectEvaluations({
        {"LENGTH('abc')", "3"},
        {"LENGTH('')", "0"},
        {"LENGTH('2')", "1"},
        {"LENGTH(TRUE)", "4"},
        {"LENGTH(-15)", "3"},
        {"LENGTH('Zo\xc3\xab')", "3"},
        {"LENGTH('\xf0\x9f\x98\x80!')", "2"},
        {"LENGTH()", "false", "missingFunction"},
        {"LENGTH('a', 'b')", "false", "missingFunction"},
    });
}

TEST(CesqlFunctions, ConcatPutsTextsTogether)
{
    expectEvaluations({
        {"CONCAT('a', 'b', 'c')", R"("abc")"},
        {"CONCAT()", R"("")"},
        {"CONCAT('a')", R"("a")"},
        {"CONCAT(1, TRUE, 'x')", R"("1truex")"},
        {"CONCAT_WS(',', 'a', 'b', 'c')", R"("a,b,c")"},
        {"CONCAT_WS(',')", R"("")"},
        {"CONCAT_WS(',', 'a')", R"("a")"},
        {"CONCAT_WS(0, 1, 2)", R"("102")"},
        {"CONCAT_WS()", "false", "missingFunction"},
    });
}

TEST(CesqlFunctions, LowerAndUpperChangeTheCaseOfEveryLetter)
{
    expectEvaluations({
        {"LOWER('ABC')", R"("abc")"},
        {"LOWER('AbC')", R"("abc")"},
        {"LOWER('abc')", R"("abc")"},
        {"LOWER('\xc3\x84\xce\xa9')", "\"\xc3\xa4\xcf\x89\""}, // ÄΩ
        {"UPPER('ABC')", R"("ABC")"},
        {"UPPER('abc')", R"("ABC")"},
        {"UPPER('\xc3\xa4\xcf\x89\xd0\xb6')", "\"\xc3\x84\xce\xa9\xd0\x96\""}, // äωж
        {"UPPER(TRUE)", R"("TRUE")"},
    });
}

TEST(CesqlFunctions, TrimTakesUnicodeWhiteSpaceOffBothEnds)
{
    expectEvaluations({
        {"TRIM('   a b c   ')", R"("a b c")"}, {"TRIM('   a b c')", R"("a b c")"}, {"TRIM('a b c   ')", R"("a b c")"},
        {"TRIM('a b c')", R"("a b c")"}, {"TRIM('')", R"("")"}, {"TRIM(' \t\r\n\v\f ')", R"("")"},
        {"TRIM('\xc2\xa0\xe3\x80\x80x\xe2\x80\x83\xe2\x80\xa8')", R"("x")"},
        {"LENGTH(TRIM(' \x01x\x7f '))", "3"},  // control characters stay
        {"LENGTH(TRIM('\xe2\x80\x8b'))", "1"}, // a zero width space is none
    });
}

TEST(CesqlFunctions, LeftAndRightTakeCharactersFromAnEnd)
{
    expectEvaluations({
        {"LEFT('abc', 2)", R"("ab")"},
        {"LEFT('abc', 3)", R"("abc")"},
        {"LEFT('abc', 10)", R"("abc")"},
        {"LEFT('abc', 0)", R"("")"},
        {"LEFT('', 0)", R"("")"},
        {"LEFT('abc', '1')", R"("a")"},
        {"LEFT(12345, 2)", R"("12")"},
        {"LEFT('\xc3\xa4\xc3\xb6\xc3\xbc', 2)", "\"\xc3\xa4\xc3\xb6\""},
        {"LEFT('abc', -2)", R"("abc")", "functionEvaluation"},
        {"LEFT('abc', 'x')", R"("")", "cast"},
        {"LEFT('abc')", "false", "missingFunction"},
        {"RIGHT('abc', 2)", R"("bc")"},
        {"RIGHT('abc', 10)", R"("abc")"},
        {"RIGHT('abc', 0)", R"("")"},
        {"RIGHT('', 0)", R"("")"},
        {"RIGHT('\xc3\xa4\xc3\xb6\xc3\xbc', 2)", "\"\xc3\xb6\xc3\xbc\""},
        {"RIGHT('abc', -2)", R"("abc")", "functionEvaluation"},
    });
}

TEST(CesqlFunctions, SubstringCountsFromOneOrFromTheEnd)
{
    expectEvaluations({
        {"SUBSTRING('abcdef', 1)", R"("abcdef")"},
        {"SUBSTRING('abcdef', 2)", R"("bcdef")"},
        {"SUBSTRING('abcdef', 6)", R"("f")"},
        {"SUBSTRING('Quadratically', 5)", R"("ratically")"},
        {"SUBSTRING('Sakila', -3)", R"("ila")"},
        {"SUBSTRING('Sakila', -6)", R"("Sakila")"},
        {"SUBSTRING('Quadratically', 0)", R"("")"},
        {"SUBSTRING('', 0)", R"("")"},
        {"SUBSTRING('', 1)", R"("")", "functionEvaluation"},
        {"SUBSTRING('abcdef', 7)", R"("")", "functionEvaluation"},
        {"SUBSTRING('abcdef', 10)", R"("")", "functionEvaluation"},
        {"SUBSTRING('abcdef', -7)", R"("")", "functionEvaluation"},
        {"SUBSTRING('\xc3\xa4\xc3\xb6\xc3\xbc', 2)", "\"\xc3\xb6\xc3\xbc\""},
        {"SUBSTRING('abc', -2147483648)", R"("")", "functionEvaluation"},
        {"SUBSTRING('abcdef', 1, 6)", R"("abcdef")"},
        {"SUBSTRING('abcdef', 2, 4)", R"("bcde")"},
        {"SUBSTRING('abcdef', 2, 40)", R"("bcdef")"},
        {"SUBSTRING('abcdef', 2, 0)", R"("")"},
        {"SUBSTRING('Sakila', -5, 3)", R"("aki")"},
        {"SUBSTRING('Quadratically', 0, 1)", R"("")"},
        {"SUBSTRING('abcdef', 10, 10)", R"("")", "functionEvaluation"},
        {"SUBSTRING('abcdef', -10, 10)", R"("")", "functionEvaluation"},
        {"SUBSTRING('abcdef', 2, -1)", R"("")", "functionEvaluation"},
        {"SUBSTRING('abcdef', 2, 2147483647)", R"("bcdef")"},
        {"SUBSTRING('abc')", "false", "missingFunction"},
        {"SUBSTRING('abc', 1, 1, 1)", "false", "missingFunction"},
    });
}

TEST(CesqlFunctions, AbsTakesTheSignAway)
{
    expectEvaluations({
        {"ABS(10)", "10"},
        {"ABS(-10)", "10"},
        {"ABS(0)", "0"},
        {"ABS('-7')", "7"},
        {"ABS(TRUE)", "1"},
        {"ABS(-2147483648)", "2147483647", "math"},
        {"ABS('x')", "0", "cast"},
    });
}

TEST(CesqlFunctions, CastFunctionsCastAsOperatorsDo)
{
    expectEvaluations({
        {"INT('1')", "1"},
        {"INT('-1')", "-1"},
        {"INT('+1')", "1"},
        {"INT('007')", "7"},
        {"INT(1)", "1"},
        {"INT(-1)", "-1"},
        {"INT(TRUE)", "1"},
        {"INT(FALSE)", "0"},
        {"INT('2147483647')", "2147483647"},
        {"INT('-2147483648')", "-2147483648"},
        {"INT('2147483648')", "0", "cast"},
        {"INT('ABC')", "0", "cast"},
        {"INT('')", "0", "cast"},
        {"INT('1.0')", "0", "cast"},
        {"INT(' 1')", "0", "cast"},
        {"INT('+-1')", "0", "cast"},
        {"INT('+')", "0", "cast"},
        {"INT('0x1')", "0", "cast"},
        {"BOOL('TRUE')", "true"},
        {"BOOL(\"false\")", "false"},
        {"BOOL('tRuE')", "true"},
        {"BOOL(TRUE)", "true"},
        {"BOOL(FALSE)", "false"},
        {"BOOL('ABC')", "false", "cast"},
        {"BOOL('1')", "false", "cast"},
        {"BOOL(' true')", "false", "cast"},
        {"BOOL(1)", "true"},
        {"BOOL(0)", "false"},
        {"BOOL(100)", "true"},
        {"BOOL(-50)", "true"},
        {"STRING(TRUE)", R"("true")"},
        {"STRING(FALSE)", R"("false")"},
        {"STRING(1)", R"("1")"},
        {"STRING(-1)", R"("-1")"},
        {"STRING(007)", R"("7")"},
        {"STRING('abc')", R"("abc")"},
        {"STRING(INT('007'))", R"("7")"},
    });
}

TEST(CesqlFunctions, IsFunctionsSayWhetherACastWorks)
{
    expectEvaluations({
        {"IS_INT('5')", "true"},
        {"IS_INT('x')", "false"},
        {"IS_INT('3000000000')", "false"},
        {"IS_INT(TRUE)", "true"},
        {"IS_BOOL('TRUE')", "true"},
        {"IS_BOOL('x')", "false"},
        {"IS_BOOL(0)", "true"},
        {"IS_INT(1 / 0)", "false", "math"},
    });
}

TEST(CesqlFunctions, FunctionsThatDoNotExistGiveFalse)
{
    expectEvaluations({
        {"NOFUNCTION()", "false", "missingFunction"},
        {"NO_FUNCTION('a', 1)", "false", "missingFunction"},
        {"_X()", "false", "missingFunction"},
    });
}

TEST(CesqlFunctions, NoTwoTakeTheSameNumberOfArgumentsUnderOneName)
{
    std::set<std::pair<std::string_view, std::size_t>> seen;
    for (const FilterFunction& function : filterFunctions()) {
        EXPECT_TRUE(seen.emplace(function.name, function.parameters.size()).second) << function.name;
        EXPECT_EQ(findFilterFunction(function.name, function.parameters.size()), &function);
        EXPECT_TRUE(function.signature.starts_with(function.name));
    }
}
