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

/// The innermost node that begins where the error arose and can have had it.
const FilterNode* nodeAt(const FilterNode& node, std::size_t at, bool (*fits)(const FilterNode&))
{
    const FilterNode* found = node.begin == at && fits(node) ? &node : nullptr;
    forEachChild(node, [&](const FilterNode& child) {
        if (const FilterNode* below = nodeAt(child, at, fits))
            found = below;
    });
    return found;
}

std::string missing(const FilterNode& root, std::size_t at)
{
    const FilterNode* node = nodeAt(root, at, [](const FilterNode& n) {
        return std::holds_alternative<AttributeNode>(n.form) || std::holds_alternative<PathNode>(n.form);
    });
    if (node == nullptr)
        return "The event lacks an attribute.";
    if (const auto* path = std::get_if<PathNode>(&node->form))
        return fmt::format("The event has no {}.", path->path.toString());
    return fmt::format("The event has no attribute {}.", std::get<AttributeNode>(node->form).name.name);
}

std::string shortForm(const FilterNode& root, std::size_t at)
{
    constexpr std::size_t kShown = 60;
    const FilterNode* node = nodeAt(root, at, [](const FilterNode&) { return true; });
    const std::string text = printFilter(node == nullptr ? root : *node);
    return characterCount(text) <= kShown ? text : text.substr(0, offsetOfCharacter(text, kShown)) + "…";
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

std::string explainFilterError(const FilterNode& root, const Evaluated& evaluated)
{
    switch (evaluated.error) {
    case FilterErrorKind::None: return {};
    case FilterErrorKind::Parse: return "The expression cannot be read.";
    case FilterErrorKind::MissingAttribute: return missing(root, evaluated.at);
    case FilterErrorKind::MissingFunction:
        if (const FilterNode* node
            = nodeAt(root, evaluated.at, [](const FilterNode& n) { return std::holds_alternative<CallNode>(n.form); }))
            return unknownFunction(std::get<CallNode>(node->form));
        return "There is no such function.";
    case FilterErrorKind::Math:
        return fmt::format("{} divides by zero, or its result does not fit.", shortForm(root, evaluated.at));
    case FilterErrorKind::Cast:
        return fmt::format("{} is not of the type that is needed there.", shortForm(root, evaluated.at));
    case FilterErrorKind::FunctionEvaluation:
        return fmt::format("{} cannot work with these arguments.", shortForm(root, evaluated.at));
    case FilterErrorKind::Generic: break;
    }
    return "The expression cannot be evaluated.";
}

} // namespace eventscope::core
