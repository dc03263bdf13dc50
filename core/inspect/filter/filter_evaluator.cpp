// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_evaluator.h"

#include "inspect/filter/filter_compare.h"
#include "inspect/filter/filter_function.h"
#include "inspect/filter/filter_regex.h"
#include "inspect/filter/filter_text.h"
#include "inspect/filter/like_pattern.h"

#include <cstddef>
#include <utility>

namespace eventscope::core {

namespace {

/// The error as the operator around it passes it on: with a zero of its own type.
Evaluated passOn(const Evaluated& failed, FilterType type)
{
    return {FilterValue::zero(type), failed.error, failed.where};
}

class Evaluator {
public:
    Evaluator(const FilterAttributes& event) : m_event(event) { }

    Evaluated evaluate(const FilterNode& node) const
    {
        Evaluated result = std::visit([this](const auto& form) { return evaluateForm(form); }, node.form);
        if (!result && result.where == nullptr)
            result.where = &node;
        return result;
    }

private:
    static Evaluated failed(FilterErrorKind error, FilterType type) { return {FilterValue::zero(type), error}; }

    Evaluated evaluateAs(const FilterNode& node, FilterType type) const
    {
        Evaluated result = evaluate(node);
        if (!result)
            return passOn(result, type);
        if (result.value.type() == type)
            return result;
        result = castTo(std::move(result.value), type);
        if (!result)
            result.where = &node;
        return result;
    }

    Evaluated found(std::optional<FilterValue> value) const
    {
        if (!value)
            return failed(FilterErrorKind::MissingAttribute, FilterType::Boolean);
        return {*std::move(value)};
    }

    Evaluated evaluateForm(const LiteralNode& n) const
    {
        return {n.value.type() == FilterType::String ? FilterValue::view(n.value.asText()) : n.value};
    }
    Evaluated evaluateForm(const AttributeNode& n) const { return found(m_event.attribute(n.name)); }
    Evaluated evaluateForm(const PathNode& n) const { return found(m_event.field(n.path)); }

    Evaluated evaluateForm(const ExistsNode& n) const
    {
        return {FilterValue(std::visit(Overloaded{
                                           [this](const AttributeName& name) { return m_event.exists(name); },
                                           [this](const FilterPath& path) { return m_event.field(path).has_value(); },
                                       },
            n.what))};
    }

    Evaluated evaluateForm(const NotNode& n) const
    {
        Evaluated operand = evaluateAs(*n.operand, FilterType::Boolean);
        if (operand)
            operand.value = FilterValue(!operand.value.asBoolean());
        return operand;
    }

    Evaluated evaluateForm(const NegateNode& n) const
    {
        Evaluated operand = evaluate(*n.operand);
        return operand ? negate(std::move(operand.value)) : passOn(operand, FilterType::Integer);
    }

    Evaluated evaluateForm(const LogicNode& n) const
    {
        bool value = n.op == LogicOperator::And;
        for (const FilterNodePtr& node : n.operands) {
            Evaluated operand = evaluateAs(*node, FilterType::Boolean);
            if (!operand)
                return operand;
            const bool next = operand.value.asBoolean();
            if (n.op == LogicOperator::Xor) {
                value = value != next;
            } else if (next != value) {
                return {FilterValue(next)};
            }
        }
        return {FilterValue(value)};
    }

    Evaluated evaluateForm(const CompareNode& n) const
    {
        Evaluated left = evaluate(*n.left);
        if (!left)
            return passOn(left, FilterType::Boolean);
        Evaluated right = evaluate(*n.right);
        if (!right)
            return passOn(right, FilterType::Boolean);
        if (n.op == CompareOperator::Equal || n.op == CompareOperator::NotEqual)
            return compareEqual(std::move(left.value), std::move(right.value), n.op == CompareOperator::Equal);
        return compareOrder(n.op, left.value, right.value);
    }

    Evaluated evaluateForm(const ArithmeticNode& n) const
    {
        Evaluated left = evaluate(*n.left);
        if (!left)
            return passOn(left, FilterType::Integer);
        Evaluated right = evaluate(*n.right);
        if (!right)
            return passOn(right, FilterType::Integer);
        return calculate(n.op, std::move(left.value), std::move(right.value));
    }

    template <class Form, class Predicate>
    Evaluated onText(const Form& n, Predicate holds) const
    {
        Evaluated operand = evaluateAs(*n.operand, FilterType::String);
        if (!operand)
            return passOn(operand, FilterType::Boolean);
        return {FilterValue(holds(operand.value.asText()) != n.negated)};
    }

    Evaluated evaluateForm(const LikeNode& n) const
    {
        return onText(n, [&n](std::string_view text) { return n.compiled->matches(text); });
    }
    Evaluated evaluateForm(const MatchesNode& n) const
    {
        return onText(n, [&n](std::string_view text) { return n.compiled->foundIn(text); });
    }
    Evaluated evaluateForm(const ContainsNode& n) const
    {
        return onText(n, [&n](std::string_view text) { return containsBytes(text, n.text); });
    }

    Evaluated evaluateForm(const InNode& n) const
    {
        const Evaluated left = evaluate(*n.operand);
        if (!left)
            return passOn(left, FilterType::Boolean);
        for (const FilterNodePtr& node : n.set) {
            Evaluated element = evaluate(*node);
            if (!element)
                return passOn(element, FilterType::Boolean);
            Evaluated same = compareMember(left.value, std::move(element.value));
            if (!same)
                return same;
            if (same.value.asBoolean())
                return {FilterValue(!n.negated)};
        }
        return {FilterValue(n.negated)};
    }

    Evaluated evaluateForm(const CallNode& n) const
    {
        if (n.function == nullptr)
            return failed(FilterErrorKind::MissingFunction, FilterType::Boolean);
        std::vector<FilterValue> arguments;
        arguments.reserve(n.arguments.size());
        for (std::size_t i = 0; i < n.arguments.size(); ++i) {
            Evaluated value = argument(*n.arguments[i], parameterAt(*n.function, i));
            if (!value)
                return passOn(value, n.function->returns);
            arguments.push_back(std::move(value.value));
        }
        return n.function->call(arguments);
    }

    static FilterParameter parameterAt(const FilterFunction& function, std::size_t i)
    {
        return i < function.parameters.size() ? function.parameters[i] : FilterParameter::String;
    }

    Evaluated argument(const FilterNode& node, FilterParameter parameter) const
    {
        if (parameter == FilterParameter::String)
            return evaluateAs(node, FilterType::String);
        if (parameter == FilterParameter::Integer)
            return evaluateAs(node, FilterType::Integer);
        Evaluated value = evaluate(node);
        if (!value || parameter == FilterParameter::Any || value.value.type() == FilterType::Number)
            return value;
        value = castTo(std::move(value.value), FilterType::Integer);
        if (!value)
            value.where = &node;
        return value;
    }

    const FilterAttributes& m_event;
};

} // namespace

Evaluated evaluateNode(const FilterNode& node, const FilterAttributes& event)
{
    return Evaluator(event).evaluate(node);
}

std::optional<FilterType> staticTypeOf(const FilterNode& node)
{
    using Type = std::optional<FilterType>;
    return std::visit(Overloaded{
                          [](const LiteralNode& n) { return Type(n.value.type()); },
                          [](const AttributeNode&) { return Type(); },
                          [](const PathNode&) { return Type(); },
                          [](const NegateNode&) { return Type(FilterType::Integer); },
                          [](const ArithmeticNode&) { return Type(FilterType::Integer); },
                          [](const CallNode& n) { return n.function != nullptr ? Type(n.function->returns) : Type(); },
                          [](const auto&) { return Type(FilterType::Boolean); },
                      },
        node.form);
}

} // namespace eventscope::core
