// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/reducer.h"

namespace eventscope::core {

/// For anybody's events: each event's data is merged into the state (RFC 7396): members are set,
/// objects merged member by member, null removes. Data that is no object (a number, a list) has no
/// place to go and is refused; no data at all changes nothing.
class MergeReducer final : public Reducer {
public:
    std::string_view name() const override { return "merge"; }
    Json initialState() const override { return Json::Object(); }
    Status apply(Json& state, const ReducerEvent& event) override;
};

/// RFC 7396 on JSON values.
void mergeJson(Json& target, const Json& patch);

} // namespace eventscope::core
