// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/reducer.h"

namespace eventscope::core {

/// The order as its aggregate sees it: applyOrderEvent on each event.
class OrderReducer final : public Reducer {
public:
    std::string_view name() const override { return "order"; }
    Json initialState() const override { return Json::Object(); }
    Status apply(Json& state, const ReducerEvent& event) override;
    std::unique_ptr<ReducerRun> run(Json state) override;
};

} // namespace eventscope::core
