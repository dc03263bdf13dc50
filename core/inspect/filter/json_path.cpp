// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/json_path.h"

#include <algorithm>

namespace eventscope::core {

namespace {

const Json* stepInto(const Json& json, const PathStep& step)
{
    if (json.isArray() && step.index)
        return *step.index < json.asArray().size() ? &json.asArray()[*step.index] : nullptr;
    if (!json.isObject() || step.isElement)
        return nullptr;
    const auto& members = json.asObject();
    const auto found = std::find_if(
        members.begin(), members.end(), [&step](const auto& member) { return member.first == step.name; });
    return found == members.end() ? nullptr : &found->second;
}

} // namespace

std::optional<FilterValue> valueAt(const Json& json, std::span<const PathStep> steps)
{
    const Json* at = &json;
    for (const PathStep& step : steps) {
        at = stepInto(*at, step);
        if (at == nullptr)
            return std::nullopt;
    }
    if (at->isNull())
        return std::nullopt;
    if (at->isBool())
        return FilterValue(at->asBool());
    if (at->isString())
        return FilterValue::view(at->asString());
    if (!at->isNumber())
        return FilterValue(at->dump());
    auto number = FilterNumber::parse(at->numberText());
    if (!number)
        return std::nullopt;
    return FilterValue(*std::move(number));
}

} // namespace eventscope::core
