// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_compare.h"

#include "event/timestamp.h"

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace eventscope::core {

namespace {

Evaluated castError(FilterType target)
{
    return {FilterValue::zero(target), FilterErrorKind::Cast};
}

bool holds(CompareOperator op, std::strong_ordering order)
{
    switch (op) {
    case CompareOperator::Equal: return std::is_eq(order);
    case CompareOperator::NotEqual: return std::is_neq(order);
    case CompareOperator::Less: return std::is_lt(order);
    case CompareOperator::LessOrEqual: return std::is_lteq(order);
    case CompareOperator::Greater: return std::is_gt(order);
    case CompareOperator::GreaterOrEqual: return std::is_gteq(order);
    }
    return false;
}

/// The order of two values as this type; nothing when one of them is not.
std::optional<std::strong_ordering> orderAs(FilterType type, FilterValue left, FilterValue right)
{
    const Evaluated x = castTo(std::move(left), type);
    const Evaluated y = castTo(std::move(right), type);
    if (!x || !y)
        return std::nullopt;
    if (type == FilterType::Number)
        return x.value.asNumber() <=> y.value.asNumber();
    return x.value.asInteger() <=> y.value.asInteger();
}

std::optional<std::strong_ordering> orderInTime(const FilterValue& left, const FilterValue& right)
{
    if (left.type() != FilterType::String || right.type() != FilterType::String)
        return std::nullopt;
    const auto x = parseTimestamp(left.asText());
    const auto y = x ? parseTimestamp(right.asText()) : x;
    if (!y)
        return std::nullopt;
    return x->time_since_epoch().count() <=> y->time_since_epoch().count();
}

/// What two operands are compared as: `type`, but an Integer next to a Number is a Number too.
FilterType widened(FilterType type, const FilterValue& other)
{
    return type == FilterType::Integer && other.type() == FilterType::Number ? FilterType::Number : type;
}

Evaluated calculateIntegers(ArithmeticOperator op, std::int64_t x, std::int64_t y)
{
    std::int64_t result = 0;
    switch (op) {
    case ArithmeticOperator::Add: result = x + y; break;
    case ArithmeticOperator::Subtract: result = x - y; break;
    case ArithmeticOperator::Multiply: result = x * y; break;
    case ArithmeticOperator::Divide:
    case ArithmeticOperator::Remainder:
        if (y == 0)
            return {FilterValue::zero(FilterType::Integer), FilterErrorKind::Math};
        result = op == ArithmeticOperator::Divide ? x / y : x % y;
        break;
    }
    if (result < std::numeric_limits<std::int32_t>::min() || result > std::numeric_limits<std::int32_t>::max())
        return {FilterValue::zero(FilterType::Integer), FilterErrorKind::Math};
    return {FilterValue(static_cast<std::int32_t>(result))};
}

std::optional<FilterNumber> calculateNumbers(ArithmeticOperator op, const FilterNumber& x, const FilterNumber& y)
{
    switch (op) {
    case ArithmeticOperator::Add: return FilterNumber::add(x, y);
    case ArithmeticOperator::Subtract: return FilterNumber::subtract(x, y);
    case ArithmeticOperator::Multiply: return FilterNumber::multiply(x, y);
    case ArithmeticOperator::Divide: return FilterNumber::divide(x, y);
    case ArithmeticOperator::Remainder: return FilterNumber::remainder(x, y);
    }
    return std::nullopt;
}

} // namespace

Evaluated compareEqual(FilterValue left, FilterValue right, bool equal)
{
    const FilterType type = widened(right.type(), left);
    if (left.type() == type && right.type() == type)
        return {FilterValue((left == right) == equal)};
    const Evaluated x = castTo(std::move(left), type);
    const Evaluated y = castTo(std::move(right), type);
    if (!x || !y)
        return castError(FilterType::Boolean);
    return {FilterValue((x.value == y.value) == equal)};
}

Evaluated compareOrder(CompareOperator op, const FilterValue& left, const FilterValue& right)
{
    const bool exact = left.type() == FilterType::Number || right.type() == FilterType::Number;
    auto order = orderAs(exact ? FilterType::Number : FilterType::Integer, left, right);
    if (!order)
        order = orderInTime(left, right);
    if (!order)
        return castError(FilterType::Boolean);
    return {FilterValue(holds(op, *order))};
}

Evaluated compareMember(const FilterValue& left, FilterValue element)
{
    const FilterType type = widened(left.type(), element);
    if (type != left.type())
        return {FilterValue(FilterNumber(left.asInteger()) == element.asNumber())};
    const Evaluated y = castTo(std::move(element), type);
    if (!y)
        return castError(FilterType::Boolean);
    return {FilterValue(left == y.value)};
}

Evaluated calculate(ArithmeticOperator op, FilterValue left, FilterValue right)
{
    const bool exact = left.type() == FilterType::Number || right.type() == FilterType::Number;
    const FilterType type = exact ? FilterType::Number : FilterType::Integer;
    const Evaluated x = castTo(std::move(left), type);
    const Evaluated y = castTo(std::move(right), type);
    if (!x || !y)
        return castError(FilterType::Integer);
    if (!exact)
        return calculateIntegers(op, x.value.asInteger(), y.value.asInteger());
    auto result = calculateNumbers(op, x.value.asNumber(), y.value.asNumber());
    if (!result)
        return {FilterValue::zero(FilterType::Integer), FilterErrorKind::Math};
    return {FilterValue(*std::move(result))};
}

Evaluated negate(FilterValue value)
{
    if (value.type() == FilterType::Number)
        return {FilterValue(value.asNumber().negated())};
    const Evaluated x = castTo(std::move(value), FilterType::Integer);
    if (!x)
        return castError(FilterType::Integer);
    return calculateIntegers(ArithmeticOperator::Subtract, 0, x.value.asInteger());
}

} // namespace eventscope::core
