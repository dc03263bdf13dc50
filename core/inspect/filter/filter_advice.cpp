// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_advice.h"

#include "inspect/filter/filter_evaluator.h"
#include "inspect/filter/filter_function.h"
#include "inspect/filter/filter_printer.h"
#include "inspect/filter/filter_text.h"
#include "inspect/filter/filter_walk.h"

#include <fmt/core.h>

#include <algorithm>

namespace eventscope::core {

namespace {

std::string unknownFunction(const CallNode& call)
{
    const auto functions = filterFunctions();
    const auto known = std::find_if(
        functions.begin(), functions.end(), [&call](const FilterFunction& f) { return f.name == call.name; });
    if (known == functions.end())
        return fmt::format("There is no function {}.", call.name);
    return fmt::format("{} is not used like this: {}.", call.name, known->signature);
}

const FilterNode* comparedOperand(const FilterNode& node)
{
    return std::visit(Overloaded{
                          [](const CompareNode& n) { return n.left.get(); },
                          [](const LikeNode& n) { return n.operand.get(); },
                          [](const MatchesNode& n) { return n.operand.get(); },
                          [](const ContainsNode& n) { return n.operand.get(); },
                          [](const InNode& n) { return n.operand.get(); },
                          [](const auto&) -> const FilterNode* { return nullptr; },
                      },
        node.form);
}

std::string adviseBelow(const FilterNode& node)
{
    if (const auto* call = std::get_if<CallNode>(&node.form); call != nullptr && call->function == nullptr)
        return unknownFunction(*call);
    const FilterNode* operand = comparedOperand(node);
    if (operand != nullptr && !operand->parenthesized && std::holds_alternative<NotNode>(operand->form))
        return "NOT belongs to what stands right behind it here; for the opposite of the whole condition write NOT "
               "(…).";
    std::string advice;
    forEachChild(node, [&advice](const FilterNode& child) {
        if (advice.empty())
            advice = adviseBelow(child);
    });
    return advice;
}

std::string missing(const FilterNode& node)
{
    if (const auto* path = std::get_if<PathNode>(&node.form))
        return fmt::format("The event has no {}.", path->path.toString());
    if (const auto* attribute = std::get_if<AttributeNode>(&node.form))
        return fmt::format("The event has no attribute {}.", attribute->name.name);
    return "The event lacks an attribute.";
}

std::string shortForm(const FilterNode& node)
{
    constexpr std::size_t kShown = 60;
    const std::string text = printFilter(node);
    const std::size_t end = offsetOfCharacter(text, kShown);
    return end == text.size() ? text : text.substr(0, end) + "…";
}

std::string mismatch(const FilterNode& node)
{
    if (std::holds_alternative<CompareNode>(node.form) || std::holds_alternative<InNode>(node.form)
        || std::holds_alternative<ArithmeticNode>(node.form))
        return fmt::format("The types of {} do not fit each other.", shortForm(node));
    return fmt::format("{} is not of the type that is needed there.", shortForm(node));
}

} // namespace

std::string adviseOnFilter(const FilterNode& root)
{
    if (auto advice = adviseBelow(root); !advice.empty())
        return advice;
    const auto type = staticTypeOf(root);
    if (type && type != FilterType::Boolean)
        return fmt::format("This gives {}, but a filter must be true or false.", describe(*type));
    return {};
}

std::string explainFilterError(FilterErrorKind error, const FilterNode* where)
{
    if (where == nullptr)
        return error == FilterErrorKind::None ? std::string() : "The expression cannot be evaluated.";
    switch (error) {
    case FilterErrorKind::None: return {};
    case FilterErrorKind::MissingAttribute: return missing(*where);
    case FilterErrorKind::MissingFunction:
        if (const auto* call = std::get_if<CallNode>(&where->form))
            return unknownFunction(*call);
        break;
    case FilterErrorKind::Math:
        return fmt::format("{} divides by zero, or its result does not fit.", shortForm(*where));
    case FilterErrorKind::Cast: return mismatch(*where);
    case FilterErrorKind::FunctionEvaluation:
        return fmt::format("{} cannot work with these arguments.", shortForm(*where));
    case FilterErrorKind::Parse:
    case FilterErrorKind::Generic: break;
    }
    return "The expression cannot be evaluated.";
}

} // namespace eventscope::core
