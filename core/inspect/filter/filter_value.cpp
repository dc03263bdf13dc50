// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_value.h"

#include "event/json.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace eventscope::core {

namespace {

std::optional<std::int32_t> parseInteger(std::string_view text)
{
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-'))
            return std::nullopt;
    }
    std::int32_t value = 0;
    const char* end = text.data() + text.size();
    const auto [parsed, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc{} || parsed != end)
        return std::nullopt;
    return value;
}

std::optional<std::int32_t> toInteger(const FilterValue& value)
{
    switch (value.type()) {
    case FilterType::Boolean: return value.asBoolean() ? 1 : 0;
    case FilterType::Integer: return value.asInteger();
    case FilterType::String: return parseInteger(value.asText());
    case FilterType::Number: break;
    }
    const auto whole = value.asNumber().toInteger();
    if (!whole || *whole < std::numeric_limits<std::int32_t>::min()
        || *whole > std::numeric_limits<std::int32_t>::max())
        return std::nullopt;
    return static_cast<std::int32_t>(*whole);
}

bool equalsIgnoringCase(std::string_view text, std::string_view lower)
{
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
        [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + ('a' - 'A')) : a) == b; });
}

std::optional<bool> toBoolean(const FilterValue& value)
{
    switch (value.type()) {
    case FilterType::Boolean: return value.asBoolean();
    case FilterType::Integer: return value.asInteger() != 0;
    case FilterType::Number: return !value.asNumber().isZero();
    case FilterType::String: break;
    }
    if (equalsIgnoringCase(value.asText(), "true"))
        return true;
    if (equalsIgnoringCase(value.asText(), "false"))
        return false;
    return std::nullopt;
}

std::optional<FilterNumber> toNumber(const FilterValue& value)
{
    switch (value.type()) {
    case FilterType::Boolean: return FilterNumber(value.asBoolean() ? 1 : 0);
    case FilterType::Integer: return FilterNumber(value.asInteger());
    case FilterType::Number: return value.asNumber();
    case FilterType::String: break;
    }
    return FilterNumber::parse(value.asText());
}

std::string toText(const FilterValue& value)
{
    switch (value.type()) {
    case FilterType::Boolean: return value.asBoolean() ? "true" : "false";
    case FilterType::Integer: return std::to_string(value.asInteger());
    case FilterType::Number: return value.asNumber().toString();
    case FilterType::String: break;
    }
    return std::string(value.asText());
}

template <class T>
Evaluated castResult(std::optional<T> value, FilterType target)
{
    if (!value)
        return {FilterValue::zero(target), FilterErrorKind::Cast};
    return {FilterValue(*std::move(value))};
}

} // namespace

std::string_view describe(FilterType type)
{
    switch (type) {
    case FilterType::Boolean: return "true or false";
    case FilterType::Integer: return "an integer";
    case FilterType::String: return "a text";
    case FilterType::Number: return "a number";
    }
    return {};
}

FilterValue FilterValue::view(std::string_view text)
{
    FilterValue value;
    value.m_value = text;
    return value;
}

FilterValue FilterValue::zero(FilterType type)
{
    switch (type) {
    case FilterType::Boolean: return {false};
    case FilterType::Integer: return {std::int32_t{0}};
    case FilterType::Number: return {FilterNumber()};
    case FilterType::String: break;
    }
    return view({});
}

FilterType FilterValue::type() const
{
    switch (m_value.index()) {
    case 0: return FilterType::Boolean;
    case 1: return FilterType::Integer;
    case 2: return FilterType::Number;
    default: return FilterType::String;
    }
}

std::string_view FilterValue::asText() const
{
    if (const auto* text = std::get_if<std::string>(&m_value))
        return *text;
    return std::get<std::string_view>(m_value);
}

void FilterValue::own()
{
    if (const auto* text = std::get_if<std::string_view>(&m_value))
        m_value = std::string(*text);
}

void FilterValue::appendJson(std::string& out) const
{
    if (type() == FilterType::String)
        appendJsonString(out, asText());
    else
        out += toText(*this);
}

std::string FilterValue::toJson() const
{
    std::string out;
    appendJson(out);
    return out;
}

bool FilterValue::operator==(const FilterValue& other) const
{
    if (type() != other.type())
        return false;
    switch (type()) {
    case FilterType::Boolean: return asBoolean() == other.asBoolean();
    case FilterType::Integer: return asInteger() == other.asInteger();
    case FilterType::Number: return asNumber() == other.asNumber();
    case FilterType::String: break;
    }
    return asText() == other.asText();
}

Evaluated castTo(FilterValue value, FilterType target)
{
    if (value.type() == target)
        return {std::move(value)};
    switch (target) {
    case FilterType::Boolean: return castResult(toBoolean(value), target);
    case FilterType::Integer: return castResult(toInteger(value), target);
    case FilterType::Number: return castResult(toNumber(value), target);
    case FilterType::String: break;
    }
    return {FilterValue(toText(value))};
}

} // namespace eventscope::core
