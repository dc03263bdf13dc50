// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_function.h"

#include "inspect/filter/filter_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>

namespace eventscope::core {

namespace {

using Arguments = std::span<const FilterValue>;
using enum FilterParameter;

/// A text that functions make may not be longer: an expression is small, what it makes must not fill memory.
constexpr std::size_t kMaxTextBytes = std::size_t{64} << 20;

Evaluated failed(FilterValue value)
{
    return {std::move(value), FilterErrorKind::FunctionEvaluation};
}

Evaluated text(std::string_view view)
{
    return {FilterValue(std::string(view))};
}

std::int32_t clampedLength(std::size_t length)
{
    return static_cast<std::int32_t>(
        std::min<std::size_t>(length, static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())));
}

Evaluated length(Arguments a)
{
    return {FilterValue(clampedLength(characterCount(a[0].asText())))};
}

Evaluated joined(std::string_view delimiter, Arguments parts)
{
    std::size_t size = 0;
    for (const FilterValue& part : parts)
        size += part.asText().size() + delimiter.size();
    if (size > kMaxTextBytes)
        return failed(FilterValue::zero(FilterType::String));
    std::string out;
    out.reserve(size);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0)
            out += delimiter;
        out += parts[i].asText();
    }
    return {FilterValue(std::move(out))};
}

Evaluated concat(Arguments a)
{
    return joined({}, a);
}

Evaluated concatWs(Arguments a)
{
    return joined(a[0].asText(), a.subspan(1));
}

Evaluated lower(Arguments a)
{
    return {FilterValue(toLowerCase(a[0].asText()))};
}

Evaluated upper(Arguments a)
{
    return {FilterValue(toUpperCase(a[0].asText()))};
}

Evaluated trim(Arguments a)
{
    return text(trimmed(a[0].asText()));
}

Evaluated left(Arguments a)
{
    const std::string_view x = a[0].asText();
    if (a[1].asInteger() < 0)
        return {FilterValue(std::string(x)), FilterErrorKind::FunctionEvaluation};
    return text(x.substr(0, offsetOfCharacter(x, static_cast<std::size_t>(a[1].asInteger()))));
}

Evaluated right(Arguments a)
{
    const std::string_view x = a[0].asText();
    if (a[1].asInteger() < 0)
        return {FilterValue(std::string(x)), FilterErrorKind::FunctionEvaluation};
    return text(x.substr(offsetOfLast(x, static_cast<std::size_t>(a[1].asInteger()))));
}

/// `count` < 0: up to the end.
Evaluated substringOf(std::string_view x, std::int64_t pos, std::int64_t count)
{
    if (pos == 0)
        return text({});
    const auto size = static_cast<std::int64_t>(characterCount(x));
    if (pos > size || pos < -size)
        return failed(FilterValue::zero(FilterType::String));
    const std::size_t first = offsetOfCharacter(x, static_cast<std::size_t>(pos > 0 ? pos - 1 : size + pos));
    const std::string_view rest = x.substr(first);
    return text(count < 0 ? rest : rest.substr(0, offsetOfCharacter(rest, static_cast<std::size_t>(count))));
}

Evaluated substring(Arguments a)
{
    return substringOf(a[0].asText(), a[1].asInteger(), -1);
}

Evaluated substringWithLength(Arguments a)
{
    if (a[2].asInteger() < 0)
        return failed(FilterValue::zero(FilterType::String));
    return substringOf(a[0].asText(), a[1].asInteger(), a[2].asInteger());
}

Evaluated absolute(Arguments a)
{
    if (a[0].type() == FilterType::Number)
        return {FilterValue(a[0].asNumber() < FilterNumber() ? a[0].asNumber().negated() : a[0].asNumber())};
    const std::int32_t x = a[0].asInteger();
    if (x == std::numeric_limits<std::int32_t>::min())
        return {FilterValue(std::numeric_limits<std::int32_t>::max()), FilterErrorKind::Math};
    return {FilterValue(x < 0 ? -x : x)};
}

Evaluated toInteger(Arguments a)
{
    return castTo(a[0], FilterType::Integer);
}

Evaluated toBoolean(Arguments a)
{
    return castTo(a[0], FilterType::Boolean);
}

Evaluated toText(Arguments a)
{
    return castTo(a[0], FilterType::String);
}

Evaluated isInteger(Arguments a)
{
    return {FilterValue(static_cast<bool>(castTo(a[0], FilterType::Integer)))};
}

Evaluated isBoolean(Arguments a)
{
    return {FilterValue(static_cast<bool>(castTo(a[0], FilterType::Boolean)))};
}

constexpr std::array kAny{Any};
constexpr std::array kString{String};
constexpr std::array kNumeric{Numeric};
constexpr std::array kStringInteger{String, Integer};
constexpr std::array kStringIntegerInteger{String, Integer, Integer};

constexpr std::array<FilterFunction, 16> kFunctions{{
    {"ABS", FilterType::Integer, kNumeric, false, "ABS(number)", "without its sign", absolute},
    {"BOOL", FilterType::Boolean, kAny, false, "BOOL(value)", "as true or false", toBoolean},
    {"CONCAT", FilterType::String, {}, true, "CONCAT(text, …)", "the texts in a row", concat},
    {"CONCAT_WS", FilterType::String, kString, true, "CONCAT_WS(between, text, …)", "the texts with one between them",
        concatWs},
    {"INT", FilterType::Integer, kAny, false, "INT(value)", "as an integer", toInteger},
    {"IS_BOOL", FilterType::Boolean, kAny, false, "IS_BOOL(value)", "whether BOOL works", isBoolean},
    {"IS_INT", FilterType::Boolean, kAny, false, "IS_INT(value)", "whether INT works", isInteger},
    {"LEFT", FilterType::String, kStringInteger, false, "LEFT(text, count)", "the first characters", left},
    {"LENGTH", FilterType::Integer, kString, false, "LENGTH(text)", "the number of characters", length},
    {"LOWER", FilterType::String, kString, false, "LOWER(text)", "in lower case", lower},
    {"RIGHT", FilterType::String, kStringInteger, false, "RIGHT(text, count)", "the last characters", right},
    {"STRING", FilterType::String, kAny, false, "STRING(value)", "as a text", toText},
    {"SUBSTRING", FilterType::String, kStringInteger, false, "SUBSTRING(text, position)",
        "from a position on; 1 is the first, -1 the last", substring},
    {"SUBSTRING", FilterType::String, kStringIntegerInteger, false, "SUBSTRING(text, position, length)",
        "so many characters from a position on", substringWithLength},
    {"TRIM", FilterType::String, kString, false, "TRIM(text)", "without white space around", trim},
    {"UPPER", FilterType::String, kString, false, "UPPER(text)", "in upper case", upper},
}};

} // namespace

std::span<const FilterFunction> filterFunctions()
{
    return kFunctions;
}

const FilterFunction* findFilterFunction(std::string_view name, std::size_t arguments)
{
    const auto* found = std::find_if(kFunctions.begin(), kFunctions.end(), [&](const FilterFunction& f) {
        return sameName(f.name, name)
            && (arguments == f.parameters.size() || (f.variadic && arguments > f.parameters.size()));
    });
    return found == kFunctions.end() ? nullptr : found;
}

} // namespace eventscope::core
