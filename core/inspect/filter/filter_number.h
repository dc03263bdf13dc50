// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/decimal.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace eventscope::core {

/// An exact number: what CESQL's 32-bit Integer cannot hold, such as positions, decimals like 99.50 and
/// the numbers of payloads. Up to 18 digits it is two machine words; only beyond that a Decimal.
class FilterNumber {
public:
    FilterNumber() : FilterNumber(0) { }
    explicit FilterNumber(std::int64_t integer) : m_value(Small{integer, 0}) { }

    /// JSON's number grammar; nothing for any other text or an exponent beyond ±9999.
    static std::optional<FilterNumber> parse(std::string_view text);

    /// Plain notation, digits after the point as they were written: "99.50", "1000" for "1e3".
    std::string toString() const;

    bool isZero() const;
    /// The same value as a whole number, if it is one of 64 bits.
    std::optional<std::int64_t> toInteger() const;

    // Nothing where the result has more digits than anybody needs (so that time stays bounded).
    static std::optional<FilterNumber> add(const FilterNumber& a, const FilterNumber& b);
    static std::optional<FilterNumber> subtract(const FilterNumber& a, const FilterNumber& b);
    static std::optional<FilterNumber> multiply(const FilterNumber& a, const FilterNumber& b);
    /// The quotient's whole part; nothing too when dividing by zero.
    static std::optional<FilterNumber> divide(const FilterNumber& a, const FilterNumber& b);
    /// What that division leaves; its sign is the dividend's.
    static std::optional<FilterNumber> remainder(const FilterNumber& a, const FilterNumber& b);
    FilterNumber negated() const;

    std::strong_ordering operator<=>(const FilterNumber& other) const; ///< by value: 1.50 is 1.5
    bool operator==(const FilterNumber& other) const { return std::is_eq(*this <=> other); }

private:
    struct Small {
        std::int64_t digits;
        int scale; // digits after the point, 0 to 18
    };

    explicit FilterNumber(Decimal decimal) : m_value(std::move(decimal)) { }
    FilterNumber(std::int64_t digits, int scale) : m_value(Small{digits, scale}) { }
    Decimal toDecimal() const;

    std::variant<Small, Decimal> m_value;
};

} // namespace eventscope::core
