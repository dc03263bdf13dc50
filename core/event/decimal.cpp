// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/decimal.h"

#include "event/json_scanner.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace eventscope::core {

namespace {

constexpr int kMaxExponent = 9999;
constexpr std::size_t kMaxDigits = 65'536; // no payload shall keep us multiplying for minutes
constexpr std::size_t kPartDigits = 9;
constexpr std::uint64_t kPart = 1'000'000'000;

// The helpers work on magnitudes: digits only, most significant first.

void stripLeadingZeros(std::string& digits)
{
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
}

std::strong_ordering compareMagnitudes(const std::string& a, const std::string& b)
{
    if (a.size() != b.size())
        return a.size() <=> b.size();
    return a.compare(b) <=> 0;
}

std::string addMagnitudes(std::string a, const std::string& b)
{
    if (a.size() < b.size())
        a.insert(0, b.size() - a.size(), '0');
    int carry = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const int right = i < b.size() ? b[b.size() - 1 - i] - '0' : 0;
        char& digit = a[a.size() - 1 - i];
        const int sum = digit - '0' + right + carry;
        digit = static_cast<char>('0' + sum % 10);
        carry = sum / 10;
    }
    if (carry > 0)
        a.insert(a.begin(), '1');
    return a;
}

/// a - b where a >= b.
std::string subtractMagnitudes(std::string a, const std::string& b)
{
    int borrow = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const int right = i < b.size() ? b[b.size() - 1 - i] - '0' : 0;
        char& digit = a[a.size() - 1 - i];
        const int difference = digit - '0' - right - borrow;
        borrow = difference < 0 ? 1 : 0;
        digit = static_cast<char>('0' + difference + 10 * borrow);
    }
    stripLeadingZeros(a);
    return a;
}

/// In parts of nine digits, least significant first.
std::vector<std::uint32_t> toParts(const std::string& digits)
{
    std::vector<std::uint32_t> parts;
    for (std::size_t end = digits.size(); end > 0;) {
        const std::size_t begin = end > kPartDigits ? end - kPartDigits : 0;
        std::uint32_t part = 0;
        for (std::size_t i = begin; i < end; ++i)
            part = part * 10 + static_cast<std::uint32_t>(digits[i] - '0');
        parts.push_back(part);
        end = begin;
    }
    return parts;
}

std::string fromParts(const std::vector<std::uint32_t>& parts)
{
    std::string digits(parts.size() * kPartDigits, '0');
    std::size_t at = digits.size();
    for (std::uint32_t part : parts) {
        for (std::size_t i = 0; i < kPartDigits; ++i) {
            digits[--at] = static_cast<char>('0' + part % 10);
            part /= 10;
        }
    }
    stripLeadingZeros(digits);
    return digits;
}

std::string multiplyMagnitudes(const std::string& a, const std::string& b)
{
    const std::vector<std::uint32_t> left = toParts(a);
    const std::vector<std::uint32_t> right = toParts(b);
    std::vector<std::uint32_t> product(left.size() + right.size());
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; j < right.size(); ++j) {
            const std::uint64_t sum = product[i + j] + std::uint64_t{left[i]} * right[j] + carry;
            product[i + j] = static_cast<std::uint32_t>(sum % kPart);
            carry = sum / kPart;
        }
        product[i + right.size()] = static_cast<std::uint32_t>(carry);
    }
    return fromParts(product);
}

std::string scaledTo(const std::string& digits, int from, int to)
{
    std::string scaled = digits;
    scaled.append(static_cast<std::size_t>(to - from), '0');
    stripLeadingZeros(scaled);
    return scaled;
}

std::unexpected<Error> notADecimal(std::string_view text)
{
    constexpr std::size_t kShown = 40;
    return fail(ErrorCode::Unparsable,
        fmt::format("\"{}{}\" is no decimal number; write it like 12.50", text.substr(0, kShown),
            text.size() > kShown ? "…" : ""));
}

} // namespace

Decimal::Decimal(std::int64_t integer) : m_digits(std::to_string(integer)), m_negative(integer < 0)
{
    if (m_negative)
        m_digits.erase(0, 1);
}

Result<Decimal> Decimal::parse(std::string_view text)
{
    JsonScanner scanner(text);
    if (!scanner.number() || !scanner.atEnd())
        return notADecimal(text);
    if (text.size() > kMaxDigits)
        return fail(ErrorCode::Unparsable, fmt::format("a decimal may have at most {} digits", kMaxDigits));

    Decimal result;
    result.m_negative = text.front() == '-';
    std::string_view mantissa = text.substr(result.m_negative ? 1 : 0);
    int exponent = 0;
    if (const std::size_t e = mantissa.find_first_of("eE"); e != std::string_view::npos) {
        std::string_view digits = mantissa.substr(e + 1);
        if (digits.front() == '+')
            digits.remove_prefix(1);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
        if (error != std::errc{} || exponent < -kMaxExponent || exponent > kMaxExponent)
            return fail(ErrorCode::Unparsable, fmt::format("a decimal's exponent must lie within ±{}", kMaxExponent));
        mantissa = mantissa.substr(0, e);
    }
    const std::size_t point = mantissa.find('.');
    result.m_digits = mantissa.substr(0, point);
    int fraction = 0;
    if (point != std::string_view::npos) {
        result.m_digits += mantissa.substr(point + 1);
        fraction = static_cast<int>(mantissa.size() - point - 1);
    }
    if (exponent > fraction)
        result.m_digits.append(static_cast<std::size_t>(exponent - fraction), '0');
    result.m_scale = std::max(0, fraction - exponent);
    stripLeadingZeros(result.m_digits);
    if (result.isZero())
        result.m_negative = false;
    return result;
}

std::string Decimal::toString() const
{
    std::string text = m_digits;
    const auto scale = static_cast<std::size_t>(m_scale);
    if (text.size() <= scale)
        text.insert(0, scale + 1 - text.size(), '0');
    if (scale > 0)
        text.insert(text.size() - scale, 1, '.');
    if (m_negative)
        text.insert(text.begin(), '-');
    return text;
}

bool Decimal::isZero() const
{
    return m_digits == "0";
}

Decimal Decimal::operator+(const Decimal& other) const
{
    Decimal result;
    result.m_scale = std::max(m_scale, other.m_scale);
    const std::string left = scaledTo(m_digits, m_scale, result.m_scale);
    const std::string right = scaledTo(other.m_digits, other.m_scale, result.m_scale);
    if (m_negative == other.m_negative) {
        result.m_digits = addMagnitudes(left, right);
        result.m_negative = m_negative;
        return result;
    }
    const bool leftIsGreater = compareMagnitudes(left, right) >= 0;
    result.m_digits = leftIsGreater ? subtractMagnitudes(left, right) : subtractMagnitudes(right, left);
    result.m_negative = !result.isZero() && (leftIsGreater ? m_negative : other.m_negative);
    return result;
}

Decimal Decimal::operator-(const Decimal& other) const
{
    return *this + -other;
}

Decimal Decimal::operator*(const Decimal& other) const
{
    Decimal result;
    result.m_digits = multiplyMagnitudes(m_digits, other.m_digits);
    result.m_scale = m_scale + other.m_scale;
    result.m_negative = !result.isZero() && m_negative != other.m_negative;
    return result;
}

Decimal Decimal::operator-() const
{
    Decimal result = *this;
    result.m_negative = !m_negative && !isZero();
    return result;
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const
{
    if (m_negative != other.m_negative)
        return m_negative ? std::strong_ordering::less : std::strong_ordering::greater;
    const int scale = std::max(m_scale, other.m_scale);
    const auto magnitudes
        = compareMagnitudes(scaledTo(m_digits, m_scale, scale), scaledTo(other.m_digits, other.m_scale, scale));
    return m_negative ? 0 <=> magnitudes : magnitudes;
}

} // namespace eventscope::core
