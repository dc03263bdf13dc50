// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/merge_reducer.h"

#include <algorithm>

namespace eventscope::core {

void mergeJson(Json& target, const Json& patch)
{
    if (!patch.isObject()) {
        target = patch;
        return;
    }
    if (!target.isObject())
        target = Json::Object();
    for (const auto& [name, value] : patch.asObject()) {
        if (value.isNull()) {
            std::erase_if(target.asObject(), [&member = name](const Json::Member& m) { return m.first == member; });
            continue;
        }
        Json* existing = target.find(name);
        mergeJson(existing ? *existing : target.set(name, Json()), value);
    }
}

Status MergeReducer::apply(Json& state, const ReducerEvent& event)
{
    const Result<Json>& data = event.data();
    if (!data)
        return std::unexpected(data.error());
    if (data->isNull())
        return {};
    if (!data->isObject())
        return fail(ErrorCode::Unparsable, "the data is no JSON object, so there is nothing to merge");
    mergeJson(state, *data);
    return {};
}

} // namespace eventscope::core
