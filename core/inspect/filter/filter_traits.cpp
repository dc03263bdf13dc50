// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_traits.h"

#include "inspect/filter/filter_evaluator.h"
#include "inspect/filter/filter_function.h"
#include "inspect/filter/filter_walk.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace eventscope::core {

namespace {

unsigned usesOf(KnownAttribute attribute)
{
    switch (attribute) {
    case KnownAttribute::Source: return FilterTraits::kSource;
    case KnownAttribute::Type: return FilterTraits::kType;
    case KnownAttribute::Subject: return FilterTraits::kStream;
    case KnownAttribute::CorrelationId: return FilterTraits::kCorrelation;
    case KnownAttribute::SpecVersion: return 0;
    case KnownAttribute::Marked:
    case KnownAttribute::Note: return FilterTraits::kMarks | FilterTraits::kRow;
    default: return FilterTraits::kRow;
    }
}

unsigned usesOf(const FilterPath& path)
{
    switch (path.root) {
    case PathRoot::Data: return FilterTraits::kPayload;
    case PathRoot::Headers: return FilterTraits::kRow;
    case PathRoot::State: return 0; // no event of ours has one
    }
    return 0;
}

unsigned usesOf(const FilterNode& node)
{
    unsigned uses = std::visit(Overloaded{
                                   [](const AttributeNode& n) { return usesOf(n.name.known); },
                                   [](const PathNode& n) { return usesOf(n.path); },
                                   [](const ExistsNode& n) {
                                       if (const auto* path = std::get_if<FilterPath>(&n.what))
                                           return usesOf(*path);
                                       const auto& name = std::get<AttributeName>(n.what);
                                       return name.isRequired() ? 0U : usesOf(name.known);
                                   },
                                   [](const auto&) { return 0U; },
                               },
        node.form);
    forEachChild(node, [&uses](const FilterNode& child) { uses |= usesOf(child); });
    return uses;
}

/// The type that is certain when nothing fails: CESQL's, and that of attributes that are always texts.
std::optional<FilterType> certainType(const FilterNode& node)
{
    if (const auto* attribute = std::get_if<AttributeNode>(&node.form)) {
        if (attribute->name.known == KnownAttribute::Marked)
            return FilterType::Boolean;
        return attribute->name.isRequired() ? std::optional(FilterType::String) : std::nullopt;
    }
    // Of numbers the static type says Integer, but they may be exact.
    const auto type = staticTypeOf(node);
    const bool isLiteral = std::holds_alternative<LiteralNode>(node.form);
    return type == FilterType::Integer && !isLiteral ? std::nullopt : type;
}

bool all(const std::vector<FilterNodePtr>& nodes, bool (*holds)(const FilterNode&))
{
    return std::all_of(nodes.begin(), nodes.end(), [holds](const FilterNodePtr& node) { return holds(*node); });
}

bool comparesWithoutFail(const CompareNode& n)
{
    if (!cannotFail(*n.left) || !cannotFail(*n.right))
        return false;
    const auto left = certainType(*n.left);
    const auto right = certainType(*n.right);
    if (n.op != CompareOperator::Equal && n.op != CompareOperator::NotEqual)
        return left && right && left != FilterType::String && right != FilterType::String;
    return right == FilterType::String || (left && left == right);
}

bool findsWithoutFail(const InNode& n)
{
    const auto type = certainType(*n.operand);
    return cannotFail(*n.operand) && all(n.set, cannotFail)
        && (type == FilterType::String
            || (type && std::all_of(n.set.begin(), n.set.end(), [&type](const auto& element) {
                   return certainType(*element) == type;
               })));
}

bool callsWithoutFail(const CallNode& n)
{
    constexpr std::array<std::string_view, 7> kTotal{"LENGTH", "LOWER", "UPPER", "TRIM", "STRING", "IS_INT", "IS_BOOL"};
    return n.function != nullptr && std::find(kTotal.begin(), kTotal.end(), n.name) != kTotal.end()
        && all(n.arguments, cannotFail);
}

} // namespace

FilterTraits traitsOf(const FilterNode& node)
{
    return {usesOf(node)};
}

bool cannotFail(const FilterNode& node)
{
    return std::visit(
        Overloaded{
            [](const LiteralNode&) { return true; },
            [](const AttributeNode& n) { return n.name.isRequired() || n.name.known == KnownAttribute::Marked; },
            [](const PathNode&) { return false; },
            [](const ExistsNode&) { return true; },
            [](const NotNode& n) { return cannotFailAsCondition(*n.operand); },
            [](const NegateNode&) { return false; },
            [](const LogicNode& n) { return all(n.operands, cannotFailAsCondition); },
            [](const CompareNode& n) { return comparesWithoutFail(n); },
            [](const ArithmeticNode&) { return false; },
            [](const InNode& n) { return findsWithoutFail(n); },
            [](const CallNode& n) { return callsWithoutFail(n); },
            [](const auto& textOperator) { return cannotFail(*textOperator.operand); },
        },
        node.form);
}

bool cannotFailAsCondition(const FilterNode& node)
{
    const auto type = certainType(node);
    return cannotFail(node) && type && type != FilterType::String;
}

} // namespace eventscope::core
