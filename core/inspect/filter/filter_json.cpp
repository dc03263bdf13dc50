// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_json.h"

#include "event/json.h"
#include "inspect/filter/cloud_event_attributes.h"
#include "inspect/filter/filter_expression.h"
#include "inspect/filter/filter_text.h"
#include "inspect/filter/state_attributes.h"

#include <fmt/core.h>

#include <utility>

namespace eventscope::core {

namespace {

EvaluationReport report(const FilterValue& value, FilterErrorKind error, std::string message)
{
    EvaluationReport result;
    result.json = "{\"result\":";
    value.appendJson(result.json);
    result.json += ",\"error\":";
    if (error == FilterErrorKind::None)
        result.json += "null";
    else
        appendJsonString(result.json, toString(error));
    result.json += '}';
    result.error = error;
    result.message = std::move(message);
    return result;
}

EvaluationReport evaluate(const FilterExpression& expression, const FilterAttributes& event)
{
    const Evaluated evaluated = expression.evaluate(event);
    return report(evaluated.value, evaluated.error, expression.explain(evaluated));
}

} // namespace

EvaluationReport evaluateToJson(std::string_view text, const std::optional<std::string>& event)
{
    const auto expression = FilterExpression::compile(text);
    if (!expression)
        return report(FilterValue(false), FilterErrorKind::Parse, expression.error().message);
    if (!event)
        return evaluate(*expression, NoAttributes());
    const auto attributes = CloudEventAttributes::parse(*event);
    if (!attributes)
        return report(FilterValue(false), FilterErrorKind::Generic, attributes.error().message);
    return evaluate(*expression, *attributes);
}

} // namespace eventscope::core
