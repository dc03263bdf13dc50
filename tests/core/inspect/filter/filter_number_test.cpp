// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_number.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

using namespace eventscope::core;

namespace {

FilterNumber number(std::string_view text)
{
    const auto parsed = FilterNumber::parse(text);
    EXPECT_TRUE(parsed) << text;
    return parsed.value_or(FilterNumber());
}

std::string randomNumber(std::mt19937& random)
{
    const auto digits = [&random](int most) {
        std::string text;
        for (int i = std::uniform_int_distribution(1, most)(random); i > 0; --i)
            text += static_cast<char>('0' + random() % 10);
        return text;
    };
    std::string whole = digits(random() % 4 == 0 ? 25 : 9);
    whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
    return (random() % 2 == 0 ? "-" : "") + whole + (random() % 2 == 0 ? "." + digits(12) : "");
}

} // namespace

TEST(FilterNumber, ReadsJsonNumbersAndKeepsTheirDigits)
{
    EXPECT_EQ(number("0").toString(), "0");
    EXPECT_EQ(number("-0").toString(), "0");
    EXPECT_EQ(number("99.50").toString(), "99.50");
    EXPECT_EQ(number("-0.05").toString(), "-0.05");
    EXPECT_EQ(number("0.000000000000000001").toString(), "0.000000000000000001");
    EXPECT_EQ(number("123456789012345678").toString(), "123456789012345678");
    EXPECT_EQ(number("9223372036854775808").toString(), "9223372036854775808");
    EXPECT_EQ(number("1e3").toString(), "1000");
    EXPECT_EQ(number("1.5E-2").toString(), "0.015");
    for (const std::string_view text :
        {"", "-", "+1", "01", "-01", "1.", ".1", "1.2.3", "1e", "0x1", " 1", "1 ", "1e99999"})
        EXPECT_FALSE(FilterNumber::parse(text)) << text;
}

TEST(FilterNumber, ComparesByValueWhateverItsSize)
{
    EXPECT_EQ(number("1.50"), number("1.5"));
    EXPECT_EQ(number("1000"), number("1e3"));
    EXPECT_LT(number("-1"), number("0.5"));
    EXPECT_LT(number("999999999999999999"), number("1e18"));
    EXPECT_GT(number("0.1"), number("0.099999999999999999"));
    EXPECT_LT(number("-1e30"), number("-1e29"));
}

TEST(FilterNumber, KnowsWhenItIsAWholeNumber)
{
    EXPECT_EQ(number("12.00").toInteger(), 12);
    EXPECT_EQ(number("-9223372036854775808").toInteger(), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(number("9223372036854775807.0").toInteger(), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(number("9223372036854775808").toInteger(), std::nullopt);
    EXPECT_EQ(number("1e18").toInteger(), 1'000'000'000'000'000'000);
    EXPECT_EQ(number("12.5").toInteger(), std::nullopt);
    EXPECT_EQ(number("0.0000000000000000000000001").toInteger(), std::nullopt);
}

TEST(FilterNumber, CalculatesAsDecimalsDo)
{
    std::mt19937 random(20261123);
    for (int i = 0; i < 20'000; ++i) {
        const std::string a = randomNumber(random);
        const std::string b = randomNumber(random);
        const Decimal x = Decimal::parse(a).value();
        const Decimal y = Decimal::parse(b).value();
        ASSERT_EQ(FilterNumber::add(number(a), number(b)).value().toString(), (x + y).toString()) << a << " + " << b;
        ASSERT_EQ(FilterNumber::subtract(number(a), number(b)).value().toString(), (x - y).toString())
            << a << " - " << b;
        ASSERT_EQ(FilterNumber::multiply(number(a), number(b)).value().toString(), (x * y).toString())
            << a << " * " << b;
        ASSERT_EQ(number(a) <=> number(b), x <=> y) << a << " <=> " << b;
        ASSERT_EQ(number(a).negated().toString(), (-x).toString()) << a;
    }
}

TEST(FilterNumber, DividesToWholeNumbersWithTheRestLeftOver)
{
    std::mt19937 random(7);
    int divided = 0;
    for (int i = 0; i < 20'000; ++i) {
        const FilterNumber a = number(randomNumber(random));
        const FilterNumber b = number(randomNumber(random));
        const auto quotient = FilterNumber::divide(a, b);
        const auto rest = FilterNumber::remainder(a, b);
        if (!quotient || !rest)
            continue;
        ++divided;
        ASSERT_TRUE(quotient->toInteger());
        const auto product = FilterNumber::multiply(*quotient, b);
        ASSERT_EQ(FilterNumber::add(product.value(), *rest).value(), a) << a.toString() << " / " << b.toString();
        const auto size = [](const FilterNumber& n) { return n < FilterNumber() ? n.negated() : n; };
        ASSERT_LT(size(*rest), size(b));
        ASSERT_TRUE(rest->isZero() || (*rest < FilterNumber()) == (a < FilterNumber()));
    }
    EXPECT_GT(divided, 5'000);
}

TEST(FilterNumber, RefusesWorkWithoutEnd)
{
    EXPECT_FALSE(FilterNumber::divide(number("1"), number("0.0")));
    EXPECT_FALSE(FilterNumber::remainder(number("1"), number("0")));
    EXPECT_FALSE(FilterNumber::multiply(number("1e600"), number("1e600")));
    EXPECT_FALSE(FilterNumber::add(number("1e9999"), number("1")));
}
