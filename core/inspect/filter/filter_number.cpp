// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_number.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <utility>

namespace eventscope::core {

namespace {

__extension__ using Wide = __int128;

constexpr int kSmallDigits = 18;
/// Arithmetic on longer numbers is refused: nobody means it, and repeated multiplication would never end.
constexpr std::size_t kMaxArithmeticDigits = 500;

constexpr std::array<std::int64_t, kSmallDigits + 1> powersOfTen()
{
    std::array<std::int64_t, kSmallDigits + 1> powers{};
    std::int64_t power = 1;
    for (auto& p : powers) {
        p = power;
        power = p == 1'000'000'000'000'000'000 ? 0 : power * 10;
    }
    return powers;
}
constexpr auto kPowersOfTen = powersOfTen();

/// At most 2^63 · 10^18, which is well within 127 bits.
Wide scaled(std::int64_t digits, int from, int to)
{
    return static_cast<Wide>(digits) * kPowersOfTen[static_cast<std::size_t>(to - from)];
}

std::optional<std::int64_t> narrowed(Wide value)
{
    if (value < std::numeric_limits<std::int64_t>::min() || value > std::numeric_limits<std::int64_t>::max())
        return std::nullopt;
    return static_cast<std::int64_t>(value);
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isTooLong(const Decimal& decimal)
{
    return decimal.toString().size() > kMaxArithmeticDigits;
}

} // namespace

std::optional<FilterNumber> FilterNumber::parse(std::string_view text)
{
    const bool negative = text.starts_with('-');
    std::string_view rest = text.substr(negative ? 1 : 0);
    const bool leadingZero = rest.size() > 1 && rest[0] == '0' && isDigit(rest[1]);
    std::int64_t digits = 0;
    int count = 0;
    int scale = 0;
    bool point = false;
    bool simple = !rest.empty() && isDigit(rest.front()) && isDigit(rest.back()) && !leadingZero;
    for (std::size_t i = 0; simple && i < rest.size(); ++i) {
        if (rest[i] == '.' && !point) {
            point = true;
        } else if (isDigit(rest[i]) && count < kSmallDigits) {
            digits = digits * 10 + (rest[i] - '0');
            ++count;
            scale += point ? 1 : 0;
        } else {
            simple = false;
        }
    }
    if (simple)
        return FilterNumber(negative ? -digits : digits, scale);
    auto decimal = Decimal::parse(text);
    if (!decimal)
        return std::nullopt;
    return FilterNumber(std::move(*decimal));
}

Decimal FilterNumber::toDecimal() const
{
    if (const auto* decimal = std::get_if<Decimal>(&m_value))
        return *decimal;
    const auto& small = std::get<Small>(m_value);
    if (small.scale == 0)
        return {small.digits};
    return Decimal::parse(toString()).value_or(Decimal());
}

std::string FilterNumber::toString() const
{
    if (const auto* decimal = std::get_if<Decimal>(&m_value))
        return decimal->toString();
    const auto& small = std::get<Small>(m_value);
    std::string text = std::to_string(small.digits);
    if (small.scale == 0)
        return text;
    const std::size_t sign = small.digits < 0 ? 1 : 0;
    const auto scale = static_cast<std::size_t>(small.scale);
    if (text.size() - sign <= scale)
        text.insert(sign, scale + 1 - (text.size() - sign), '0');
    text.insert(text.size() - scale, 1, '.');
    return text;
}

bool FilterNumber::isZero() const
{
    if (const auto* small = std::get_if<Small>(&m_value))
        return small->digits == 0;
    return std::get<Decimal>(m_value).isZero();
}

std::optional<std::int64_t> FilterNumber::toInteger() const
{
    if (const auto* small = std::get_if<Small>(&m_value)) {
        const std::int64_t power = kPowersOfTen[static_cast<std::size_t>(small->scale)];
        if (small->digits % power != 0)
            return std::nullopt;
        return small->digits / power;
    }
    const auto& decimal = std::get<Decimal>(m_value);
    const Decimal least = std::numeric_limits<std::int64_t>::min();
    const Decimal most = std::numeric_limits<std::int64_t>::max();
    if (decimal < least || decimal > most)
        return std::nullopt;
    const std::string text = decimal.toString();
    const std::size_t point = std::min(text.find('.'), text.size());
    if (std::any_of(
            text.begin() + static_cast<std::ptrdiff_t>(point), text.end(), [](char c) { return c != '.' && c != '0'; }))
        return std::nullopt;
    Wide whole = 0;
    for (const char c : std::string_view(text).substr(0, point)) {
        if (isDigit(c))
            whole = whole * 10 + (c - '0');
    }
    return narrowed(decimal.isNegative() ? -whole : whole);
}

std::optional<FilterNumber> FilterNumber::add(const FilterNumber& a, const FilterNumber& b)
{
    const auto* left = std::get_if<Small>(&a.m_value);
    const auto* right = std::get_if<Small>(&b.m_value);
    if (left != nullptr && right != nullptr) {
        const int scale = std::max(left->scale, right->scale);
        const Wide sum = scaled(left->digits, left->scale, scale) + scaled(right->digits, right->scale, scale);
        if (const auto digits = narrowed(sum))
            return FilterNumber(*digits, scale);
    }
    const Decimal x = a.toDecimal();
    const Decimal y = b.toDecimal();
    if (isTooLong(x) || isTooLong(y))
        return std::nullopt;
    return FilterNumber(x + y);
}

std::optional<FilterNumber> FilterNumber::subtract(const FilterNumber& a, const FilterNumber& b)
{
    return add(a, b.negated());
}

std::optional<FilterNumber> FilterNumber::multiply(const FilterNumber& a, const FilterNumber& b)
{
    const auto* left = std::get_if<Small>(&a.m_value);
    const auto* right = std::get_if<Small>(&b.m_value);
    if (left != nullptr && right != nullptr && left->scale + right->scale <= kSmallDigits) {
        if (const auto digits = narrowed(static_cast<Wide>(left->digits) * right->digits))
            return FilterNumber(*digits, left->scale + right->scale);
    }
    const Decimal x = a.toDecimal();
    const Decimal y = b.toDecimal();
    if (isTooLong(x) || isTooLong(y))
        return std::nullopt;
    return FilterNumber(x * y);
}

std::optional<FilterNumber> FilterNumber::divide(const FilterNumber& a, const FilterNumber& b)
{
    const auto* left = std::get_if<Small>(&a.m_value);
    const auto* right = std::get_if<Small>(&b.m_value);
    if (left == nullptr || right == nullptr || right->digits == 0)
        return std::nullopt;
    const int scale = std::max(left->scale, right->scale);
    const auto quotient
        = narrowed(scaled(left->digits, left->scale, scale) / scaled(right->digits, right->scale, scale));
    if (!quotient)
        return std::nullopt;
    return FilterNumber(*quotient);
}

std::optional<FilterNumber> FilterNumber::remainder(const FilterNumber& a, const FilterNumber& b)
{
    const auto* left = std::get_if<Small>(&a.m_value);
    const auto* right = std::get_if<Small>(&b.m_value);
    if (left == nullptr || right == nullptr || right->digits == 0)
        return std::nullopt;
    const int scale = std::max(left->scale, right->scale);
    const auto rest = narrowed(scaled(left->digits, left->scale, scale) % scaled(right->digits, right->scale, scale));
    if (!rest)
        return std::nullopt;
    return FilterNumber(*rest, scale);
}

FilterNumber FilterNumber::negated() const
{
    if (const auto* small = std::get_if<Small>(&m_value);
        small != nullptr && small->digits != std::numeric_limits<std::int64_t>::min())
        return {-small->digits, small->scale};
    return FilterNumber(-toDecimal());
}

std::strong_ordering FilterNumber::operator<=>(const FilterNumber& other) const
{
    const auto* left = std::get_if<Small>(&m_value);
    const auto* right = std::get_if<Small>(&other.m_value);
    if (left != nullptr && right != nullptr) {
        if (left->scale == right->scale)
            return left->digits <=> right->digits;
        const int scale = std::max(left->scale, right->scale);
        const Wide a = scaled(left->digits, left->scale, scale);
        const Wide b = scaled(right->digits, right->scale, scale);
        return a < b ? std::strong_ordering::less : a > b ? std::strong_ordering::greater : std::strong_ordering::equal;
    }
    return toDecimal() <=> other.toDecimal();
}

} // namespace eventscope::core
