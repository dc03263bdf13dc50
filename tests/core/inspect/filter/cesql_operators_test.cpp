// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter_test_tools.h"

using eventscope::test::expectEvaluations;

namespace {

constexpr auto kEvent = R"({"specversion":"1.0","id":"my-id","source":"/shop","type":"order.placed","subject":"order-1",
    "time":"2018-04-26T14:48:09+02:00","hop":"5","ttl":"10","word":"hello","yes":true,"no":false,"ten":10,"text10":"10",
    "empty":"","nothing":null})";

} // namespace

TEST(CesqlOperators, CompareEqualValuesOfOneType)
{
    expectEvaluations({
        {"TRUE = FALSE", "false"},
        {"FALSE = FALSE", "true"},
        {"1 = 2", "false"},
        {"2 = 2", "true"},
        {"'abc' = '123'", "false"},
        {"'abc' = 'abc'", "true"},
        {"'abc' = 'ABC'", "false"},
        {"TRUE != FALSE", "true"},
        {"2 != 2", "false"},
        {"'abc' != 'abc'", "false"},
        {"TRUE <> FALSE", "true"},
        {"1 <> 2", "true"},
        {"'a' <> 'a'", "false"},
    });
}

TEST(CesqlOperators, CastTheLeftSideOfEqualityToTheRightOnesType)
{
    expectEvaluations(
        {
            {"'TRUE' = true", "true"},
            {"true = 'TRUE'", "false"},
            {"true = 'true'", "true"},
            {"TRUE = \"true\" AND FALSE = \"false\"", "true"},
            {"TRUE = \"TRUE\" OR FALSE = \"FALSE\"", "false"},
            {"1 = '1'", "true"},
            {"1 = '01'", "false"},
            {"'01' = 1", "true"},
            {"'+1' = 1", "true"},
            {"1 = TRUE", "true"},
            {"5 = TRUE", "true"},
            {"0 = FALSE", "true"},
            {"TRUE = 1", "true"},
            {"TRUE = 5", "false"},
            {"text10 = 10", "true"},
            {"10 = text10", "true"},
            {"ten = '10'", "true"},
            {"ten = 10", "true"},
            {"yes = 'true'", "true"},
            {"'abc' = 1", "false", "cast"},
            {"'abc' = TRUE", "false", "cast"},
            {"'' = 0", "false", "cast"},
            {"'abc' != 1", "false", "cast"},
        },
        kEvent);
}

TEST(CesqlOperators, OrderIntegers)
{
    expectEvaluations(
        {
            {"2 <= 2", "true"},
            {"3 <= 2", "false"},
            {"1 < 2", "true"},
            {"2 < 2", "false"},
            {"2 >= 2", "true"},
            {"2 >= 3", "false"},
            {"2 > 1", "true"},
            {"2 > 2", "false"},
            {"-3 < -2", "true"},
            {"hop < ttl", "true"},
            {"ttl < hop", "false"},
            {"'5' < '10'", "true"}, // as integers, not as texts
            {"FALSE < TRUE", "true"},
            {"'abc' < 'def'", "false", "cast"},
            {"1 < word", "false", "cast"},
            {"word >= 1", "false", "cast"},
            {"'3000000000' > 1", "false", "cast"},
        },
        kEvent);
}

TEST(CesqlOperators, CombineTruthValues)
{
    for (const auto& [x, y] : {std::pair(false, false), {false, true}, {true, false}, {true, true}}) {
        const std::string a = x ? "TRUE" : "FALSE";
        const std::string b = y ? "TRUE" : "FALSE";
        expectEvaluations({
            {a + " AND " + b, x && y ? "true" : "false"},
            {a + " OR " + b, x || y ? "true" : "false"},
            {a + " XOR " + b, x != y ? "true" : "false"},
        });
    }
    expectEvaluations({
        {"NOT TRUE", "false"},
        {"NOT FALSE", "true"},
        {"NOT NOT TRUE", "true"},
        {"NOT 'TRUE'", "false"},
        {"NOT 'false'", "true"},
        {"NOT 10", "false"},
        {"NOT 0", "true"},
        {"NOT 'abc'", "false", "cast"},
        {"'true' AND 1", "true"},
        {"0 OR 'FALSE'", "false"},
        {"1 XOR 'true'", "false"},
        {"'x' AND TRUE", "false", "cast"},
        {"TRUE AND 'x'", "false", "cast"},
        {"'x' XOR TRUE", "false", "cast"},
    });
}

TEST(CesqlOperators, LeaveOutWhatCannotChangeAndAndOr)
{
    expectEvaluations({
        {"FALSE AND (1 != 1 / 0)", "false"},
        {"TRUE AND (1 != 1 / 0)", "false", "math"},
        {"TRUE OR (1 != 1 / 0)", "true"},
        {"FALSE OR (1 != 1 / 0)", "false", "math"},
        {"FALSE AND missing", "false"},
        {"TRUE OR missing", "true"},
        {"FALSE AND missing OR TRUE", "true"},
        {"TRUE XOR (1 = 1 / 0)", "false", "math"},
        {"(1 = 1 / 0) OR TRUE", "false", "math"},
        {"missing AND FALSE", "false", "missingAttribute"},
        {"FALSE AND FALSE AND missing", "false"},
        {"TRUE AND TRUE AND missing", "false", "missingAttribute"},
        {"FALSE OR FALSE OR TRUE OR missing", "true"},
    });
}

TEST(CesqlOperators, CalculateWithIntegers)
{
    expectEvaluations({
        {"4 * 2 + 4 / 2", "10"},
        {"4 * (2 + 4) / 2", "12"},
        {"5 / 3", "1"},
        {"-5 / 3", "-1"},
        {"5 / -3", "-1"},
        {"5 % 2", "1"},
        {"-5 % 2", "-1"},
        {"5 % -2", "1"},
        {"4 + 1", "5"},
        {"-4 + 1", "-3"},
        {"4 - 1", "3"},
        {"'5' + 3", "8"},
        {"5 + '3'", "8"},
        {"'5' + '3'", "8"},
        {"5 + TRUE", "6"},
        {"'-3' * '+2'", "-6"},
        {"5 + 'abc'", "0", "cast"},
        {"'abc' * 5", "0", "cast"},
        {"5 + ''", "0", "cast"},
        {"5 + ' 3'", "0", "cast"},
        {"5 + '3.5'", "0", "cast"},
    });
}

TEST(CesqlOperators, ReportWhatCannotBeCalculated)
{
    expectEvaluations({
        {"5 / 0", "0", "math"},
        {"5 % 0", "0", "math"},
        {"2147483647 + 1", "0", "math"},
        {"-2147483648 - 1", "0", "math"},
        {"65536 * 65536", "0", "math"},
        {"-2147483648 / -1", "0", "math"},
        {"-2147483648 % -1", "0"},
        {"--2147483648", "0", "math"},
        {"2147483647 + -2147483648", "-1"},
    });
}

TEST(CesqlOperators, NegateIntegers)
{
    expectEvaluations({
        {"-10", "-10"},
        {"--10", "10"},
        {"-'10'", "-10"},
        {"--'10'", "10"},
        {"-TRUE", "-1"},
        {"-FALSE", "0"},
        {"-'abc'", "0", "cast"},
        {"-missing", "0", "missingAttribute"},
        {"-(5 / 0)", "0", "math"},
    });
}

TEST(CesqlOperators, MatchPatternsWithLike)
{
    expectEvaluations(
        {
            {"word LIKE 'hello'", "true"},
            {"word LIKE 'Hello'", "false"},
            {"word LIKE 'h%'", "true"},
            {"word LIKE '%lo'", "true"},
            {"word LIKE '%ell%'", "true"},
            {"word LIKE 'h_llo'", "true"},
            {"word LIKE 'h_lo'", "false"},
            {"word NOT LIKE 'h%'", "false"},
            {"word NOT LIKE 'x%'", "true"},
            {"word LIKE \"h%\"", "true"},
            {"234 LIKE '23_'", "true"},
            {"2344 LIKE '23_'", "false"},
            {"-5 LIKE '-_'", "true"},
            {"TRUE LIKE 'tr%'", "true"},
            {"FALSE LIKE 'tr%'", "false"},
            {"ten LIKE '1%'", "true"},
            {"empty LIKE ''", "true"},
            {"empty LIKE '%'", "true"},
            {"'ab\\c' LIKE 'ab\\c'", "true"},
            {"'a%c' LIKE 'a\\%c'", "true"},
            {"'abc' LIKE 'a\\%c'", "false"},
            {"'a_c' LIKE 'a\\_c'", "true"},
            {"'abc' LIKE 'a\\_c'", "false"},
            {"missing LIKE 'missing'", "false", "missingAttribute"},
            {"missing NOT LIKE 'missing'", "false", "missingAttribute"},
            {"(1 / 0) LIKE '0'", "false", "math"},
        },
        kEvent);
}

TEST(CesqlOperators, FindMembersOfSets)
{
    expectEvaluations(
        {
            {"123 IN (1, 2, 123)", "true"},
            {"123 NOT IN (1, 2, 123)", "false"},
            {"4 IN (1, 2)", "false"},
            {"'abc' IN ('abc', \"bcd\")", "true"},
            {"'aaa' IN ('abc', \"bcd\")", "false"},
            {"TRUE IN (TRUE, FALSE)", "true"},
            {"TRUE IN (FALSE)", "false"},
            {"source IN (id, '/shop')", "true"},
            {"source IN (source)", "true"},
            {"source IN (id, 'xyz')", "false"},
            {"'true' IN (TRUE, 'false')", "true"},
            {"'true' IN ('TRUE', 'false')", "false"},
            {"TRUE IN ('true', 'false')", "true"},
            {"'TRUE' IN (TRUE, 'false')", "false"},
            {"1 IN ('1', '2')", "true"},
            {"'1' IN (1, 2)", "true"},
            {"3 IN (1 + 2)", "true"},
            {"1 IN ('abc', 1)", "false", "cast"},
            {"1 IN (1, 'abc')", "true"}, // found before the one that cannot be compared
            {"missing IN (1)", "false", "missingAttribute"},
            {"missing NOT IN (1)", "false", "missingAttribute"},
            {"1 IN (2, missing)", "false", "missingAttribute"},
            {"1 IN (2, 1 / 0)", "false", "math"},
        },
        kEvent);
}

TEST(CesqlOperators, TellWhetherAttributesExist)
{
    expectEvaluations(
        {
            {"EXISTS specversion AND EXISTS id AND EXISTS type AND EXISTS SOURCE", "true"}, {"EXISTS time", "true"},
            {"EXISTS subject", "true"}, {"EXISTS word", "true"}, {"EXISTS empty", "true"}, {"EXISTS missing", "false"},
            {"NOT EXISTS missing", "true"}, {"EXISTS nothing", "false"}, // null is no value
        },
        kEvent);
    expectEvaluations({{"EXISTS id AND EXISTS type AND EXISTS source AND EXISTS specversion", "true"},
        {"EXISTS subject", "false"}, {"EXISTS time", "false"}});
}

TEST(CesqlOperators, ReadAttributesInTheirTypes)
{
    expectEvaluations(
        {
            {"id", R"("my-id")"},
            {"subject", R"("order-1")"},
            {"yes", "true"},
            {"no", "false"},
            {"ten", "10"},
            {"text10", R"("10")"},
            {"source", R"("/shop")"},
            {"time", R"("2018-04-26T14:48:09+02:00")"},
            {"specversion", R"("1.0")"},
            {"missing", "false", "missingAttribute"},
            {"nothing", "false", "missingAttribute"},
        },
        kEvent);
}

TEST(CesqlOperators, GiveTheZeroOfTheirTypeForAMissingAttribute)
{
    expectEvaluations({
        {"missing = 2", "false", "missingAttribute"},
        {"2 = missing", "false", "missingAttribute"},
        {"missing != 2", "false", "missingAttribute"},
        {"missing <> 2", "false", "missingAttribute"},
        {"missing <= 2", "false", "missingAttribute"},
        {"NOT missing", "false", "missingAttribute"},
        {"NOT (missing = 1)", "false", "missingAttribute"},
        {"TRUE AND (missing = \"\")", "false", "missingAttribute"},
        {"missing * 5", "0", "missingAttribute"},
        {"1 / missing", "0", "missingAttribute"},
        {"missing / 0", "0", "missingAttribute"},
        {"missing % 0", "0", "missingAttribute"},
        {"LENGTH(missing)", "0", "missingAttribute"},
        {"UPPER(missing)", R"("")", "missingAttribute"},
        {"IS_INT(missing)", "false", "missingAttribute"},
        {"INT(missing)", "0", "missingAttribute"},
        {"STRING(missing)", R"("")", "missingAttribute"},
        {"CONCAT('a', missing)", R"("")", "missingAttribute"},
    });
}

TEST(CesqlOperators, ReportTheFirstErrorOnly)
{
    expectEvaluations({
        {"(1 / 0) + missing", "0", "math"},
        {"missing + (1 / 0)", "0", "missingAttribute"},
        {"'abc' + missing", "0", "missingAttribute"}, // operands are had before they are cast
        {"NOFUNCTION(1 / 0)", "false", "missingFunction"},
        {"1 + NOFUNCTION()", "0", "missingFunction"},
        {"LEFT('abc', -2) = 'abc'", "false", "functionEvaluation"},
        {"ABS(-2147483648) + 1", "0", "math"},
    });
}
