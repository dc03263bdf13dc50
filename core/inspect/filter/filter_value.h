// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_error.h"
#include "inspect/filter/filter_number.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace eventscope::core {

struct FilterNode;

/// CESQL's three types and one of our own: a Number is exact and of any size, where an Integer has 32 bits.
enum class FilterType : std::uint8_t { Boolean, Integer, String, Number };

/// "true or false", "an integer", "a text", "a number".
std::string_view describe(FilterType type);

/// A value of an expression. A String may be a view into the event that it was read from; own() before
/// the event goes.
class FilterValue {
public:
    FilterValue() = default; ///< false
    FilterValue(bool value) : m_value(value) { }
    FilterValue(std::int32_t value) : m_value(value) { }
    FilterValue(FilterNumber value) : m_value(std::move(value)) { }
    FilterValue(std::string value) : m_value(std::move(value)) { }
    FilterValue(const char*) = delete; // would become a bool; a view or a string?
    /// A view: whoever owns the text must outlive this value.
    static FilterValue view(std::string_view text);
    /// false, 0 or "".
    static FilterValue zero(FilterType type);

    FilterType type() const;
    bool isBoolean() const { return std::holds_alternative<bool>(m_value); }
    bool asBoolean() const { return std::get<bool>(m_value); }
    std::int32_t asInteger() const { return std::get<std::int32_t>(m_value); }
    const FilterNumber& asNumber() const { return std::get<FilterNumber>(m_value); }
    std::string_view asText() const;

    /// Makes a view its own text.
    void own();

    /// true, 12, 99.50 or a quoted string.
    void appendJson(std::string& out) const;
    std::string toJson() const;

    /// Same type, same value; Numbers by value.
    bool operator==(const FilterValue& other) const;

private:
    std::variant<bool, std::int32_t, FilterNumber, std::string, std::string_view> m_value = false;
};

/// A value, and the first error on the way to it; with one, the value is the zero of the type that was due.
struct Evaluated {
    FilterValue value;
    FilterErrorKind error = FilterErrorKind::None;
    const FilterNode* where = nullptr; ///< the part of the expression that the error arose in

    explicit operator bool() const { return error == FilterErrorKind::None; }
};

/// CESQL's casts. Cast with the target's zero where the value has no such form.
Evaluated castTo(FilterValue value, FilterType target);

} // namespace eventscope::core
