// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/order_reducer.h"

#include "sourcing/order_fold.h"
#include "sourcing/order_state.h"

#include <utility>

namespace eventscope::core {

namespace {

class OrderRun final : public ReducerRun {
public:
    explicit OrderRun(const Json& state) : m_order(foldedOrderFrom(state)) { }

    Status apply(const ReducerEvent& event) override
    {
        if (event.payloadIsCurrent())
            return m_folder.apply(m_order, event.type(), event.envelope().payload, event.readablePayload());
        const Result<Json>& data = event.data();
        if (!data)
            return std::unexpected(data.error());
        Json state = toJson(m_order);
        Status applied = applyOrderEvent(state, event.type(), *data);
        if (applied)
            m_order = foldedOrderFrom(state);
        return applied;
    }

    Json state() override { return toJson(m_order); }

private:
    OrderFolder m_folder;
    FoldedOrder m_order;
};

} // namespace

Status OrderReducer::apply(Json& state, const ReducerEvent& event)
{
    const Result<Json>& data = event.data();
    if (!data)
        return std::unexpected(data.error());
    return applyOrderEvent(state, event.type(), *data);
}

std::unique_ptr<ReducerRun> OrderReducer::run(Json state)
{
    return std::make_unique<OrderRun>(state);
}

} // namespace eventscope::core
