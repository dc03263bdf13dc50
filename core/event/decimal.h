// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace eventscope::core {

/// An exact decimal number: sign, digits, scale. Money is never a binary float here.
/// 38.0 == 38.00 by value; toString() keeps the scale it was written or computed with.
class Decimal {
public:
    Decimal() = default; ///< 0
    Decimal(std::int64_t integer);

    /// JSON's number grammar ("-12.50", "1e3"), up to 65 536 characters, exponents up to ±9999.
    /// Unparsable otherwise.
    static Result<Decimal> parse(std::string_view text);

    /// Plain notation with the scale kept: "38.00", never "3.8e1".
    std::string toString() const;

    bool isNegative() const { return m_negative; }
    bool isZero() const;

    Decimal operator+(const Decimal& other) const;
    Decimal operator-(const Decimal& other) const;
    Decimal operator*(const Decimal& other) const;
    Decimal operator-() const;

    std::strong_ordering operator<=>(const Decimal& other) const; ///< by value
    bool operator==(const Decimal& other) const { return std::is_eq(*this <=> other); }

private:
    std::string m_digits = "0"; // most significant first, no leading zero but a lone one
    int m_scale = 0;            // digits after the point, >= 0
    bool m_negative = false;    // never set on zero
};

} // namespace eventscope::core
