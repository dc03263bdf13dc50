// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_expression.h"

#include "inspect/filter/filter_advice.h"
#include "inspect/filter/filter_evaluator.h"
#include "inspect/filter/filter_node.h"
#include "inspect/filter/filter_parser.h"
#include "inspect/filter/filter_printer.h"
#include "inspect/filter/filter_text.h"
#include "inspect/filter/filter_traits.h"

#include <fmt/core.h>

#include <utility>

namespace eventscope::core {

struct FilterExpression::Compiled {
    std::string text;
    FilterNodePtr root;
    std::string searched;
    bool isSearch = false;
};

std::expected<FilterExpression, FilterProblem> FilterExpression::parse(std::string_view text)
{
    auto root = parseFilter(text);
    if (!root)
        return std::unexpected(std::move(root.error()));
    auto compiled = std::make_shared<Compiled>();
    compiled->text = text;
    compiled->root = *std::move(root);
    if (const auto* literal = std::get_if<LiteralNode>(&compiled->root->form);
        literal != nullptr && literal->value.type() == FilterType::String) {
        compiled->searched = literal->value.asText();
        compiled->isSearch = true;
    }
    return FilterExpression(std::move(compiled));
}

Result<FilterExpression> FilterExpression::compile(std::string_view text)
{
    auto expression = parse(text);
    if (!expression)
        return fail(ErrorCode::Unparsable,
            fmt::format("{} (at character {})", expression.error().message,
                characterCount(text.substr(0, expression.error().begin)) + 1));
    return *std::move(expression);
}

Evaluated FilterExpression::evaluate(const FilterAttributes& event) const
{
    Evaluated result = evaluateNode(*d->root, event);
    result.value.own();
    return result;
}

FilterMatch FilterExpression::match(const FilterAttributes& event) const
{
    if (d->isSearch)
        return event.containsText(d->searched) ? FilterMatch::Yes : FilterMatch::No;
    const Evaluated result = evaluateNode(*d->root, event);
    if (!result || !result.value.isBoolean())
        return FilterMatch::Error;
    return result.value.asBoolean() ? FilterMatch::Yes : FilterMatch::No;
}

std::string FilterExpression::explain(const Evaluated& evaluated) const
{
    return evaluated ? std::string() : explainFilterError(evaluated.error, evaluated.where);
}

std::string FilterExpression::warning() const
{
    return d->isSearch ? std::string() : adviseOnFilter(*d->root);
}

bool FilterExpression::dependsOnMarks() const
{
    return (traitsOf(*d->root).uses & FilterTraits::kMarks) != 0;
}

const std::string& FilterExpression::text() const
{
    return d->text;
}

std::string FilterExpression::toString() const
{
    return printFilter(*d->root);
}

const std::string* FilterExpression::searchedText() const
{
    return d->isSearch ? &d->searched : nullptr;
}

const FilterNode& FilterExpression::root() const
{
    return *d->root;
}

} // namespace eventscope::core
