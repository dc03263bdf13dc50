// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/decimal.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>

using namespace eventscope::core;

namespace {

Decimal dec(std::string_view text)
{
    const Result<Decimal> value = Decimal::parse(text);
    EXPECT_TRUE(value) << text;
    return value.value_or(Decimal());
}

} // namespace

TEST(Decimal, KeepsTheScaleItWasWrittenWith)
{
    const struct {
        std::string_view text, expected;
    } rows[] = {
        {"0", "0"},
        {"-0", "0"},
        {"0.00", "0.00"},
        {"-0.0", "0.0"},
        {"38", "38"},
        {"38.00", "38.00"},
        {"-12.50", "-12.50"},
        {"0.05", "0.05"},
        {"1e3", "1000"},
        {"1.5e3", "1500"},
        {"1.25E1", "12.5"},
        {"125e-2", "1.25"},
        {"1e-3", "0.001"},
        {"-5E-2", "-0.05"},
        {"0e5", "0"},
        {"0e-2", "0.00"},
        {"12.50e+1", "125.0"},
        {"99999999999999999999.99", "99999999999999999999.99"},
    };
    for (const auto& row : rows)
        EXPECT_EQ(dec(row.text).toString(), row.expected) << row.text;
}

TEST(Decimal, ReadsNothingButJsonNumbers)
{
    for (const std::string_view text : {"", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x10", "NaN", "Infinity", " 1",
             "1 ", "1,5", "--1", "1.2.3", "1e1.5", "1e10000", "1e-10000", "1e99999999999"}) {
        const Result<Decimal> value = Decimal::parse(text);
        ASSERT_FALSE(value) << text;
        EXPECT_EQ(value.error().code, ErrorCode::Unparsable);
    }
    EXPECT_EQ(dec("1e9999").toString().size(), 10'000u);
}

TEST(Decimal, ComparesByValue)
{
    EXPECT_EQ(dec("38.0"), dec("38.00"));
    EXPECT_EQ(dec("0"), dec("-0.000"));
    EXPECT_LT(dec("0.1"), dec("0.11"));
    EXPECT_LT(dec("-2"), dec("-1.99"));
    EXPECT_LT(dec("-1"), dec("1"));
    EXPECT_GT(dec("10"), dec("9.999999999999999999999"));
    EXPECT_NE(dec("0.1"), dec("0.10000000000000000000000000001"));
}

TEST(Decimal, AddsAndMultipliesExactly)
{
    EXPECT_EQ((dec("0.1") + dec("0.2")).toString(), "0.3");
    EXPECT_EQ((dec("19.99") * dec("3")).toString(), "59.97");
    EXPECT_EQ((dec("999.99") + dec("0.01")).toString(), "1000.00");
    EXPECT_EQ((dec("1") - dec("1.00")).toString(), "0.00");
    EXPECT_EQ((dec("1.5") - dec("2.25")).toString(), "-0.75");
    EXPECT_EQ((dec("-1.5") * dec("-1.5")).toString(), "2.25");
    EXPECT_EQ((dec("-1.5") * dec("0")).toString(), "0.0");
    EXPECT_FALSE((dec("-1.5") * dec("0")).isNegative());
    EXPECT_EQ((-dec("0.5")).toString(), "-0.5");
    EXPECT_EQ((dec("99999999999999999999") * dec("99999999999999999999")).toString(),
        "9999999999999999999800000000000000000001");
}

TEST(Decimal, MultipliesLongNumbers)
{
    const std::string nines(1000, '9');
    const std::string product = (dec(nines) * dec(nines)).toString(); // (10^n - 1)^2
    EXPECT_EQ(product, std::string(999, '9') + "8" + std::string(999, '0') + "1");
    EXPECT_EQ((dec("1000000000") * dec("1000000000.000000001")).toString(), "1000000000000000001.000000000");
}

TEST(Decimal, RefusesNumbersWithoutEnd)
{
    EXPECT_TRUE(Decimal::parse(std::string(65'536, '7')));
    EXPECT_FALSE(Decimal::parse(std::string(65'537, '7')));
}

TEST(Decimal, TakesTheWholeRangeOfIntegers)
{
    EXPECT_EQ(Decimal(0).toString(), "0");
    EXPECT_EQ(Decimal(std::numeric_limits<std::int64_t>::min()).toString(), "-9223372036854775808");
    EXPECT_EQ(Decimal(std::numeric_limits<std::int64_t>::max()).toString(), "9223372036854775807");
}

TEST(Decimal, AgreesWithIntegerArithmeticOnRandomNumbers)
{
    std::mt19937_64 random(1);
    std::uniform_int_distribution<std::int64_t> number(-3'000'000'000, 3'000'000'000);
    for (int i = 0; i < 2000; ++i) {
        const std::int64_t a = number(random) >> (random() % 32);
        const std::int64_t b = number(random) >> (random() % 32);
        ASSERT_EQ((Decimal(a) + Decimal(b)).toString(), std::to_string(a + b));
        ASSERT_EQ((Decimal(a) - Decimal(b)).toString(), std::to_string(a - b));
        ASSERT_EQ((Decimal(a) * Decimal(b)).toString(), std::to_string(a * b));
        ASSERT_EQ(Decimal(a) <=> Decimal(b), a <=> b);
    }
}
