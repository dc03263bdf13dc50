// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/order_read_model.h"

#include "sourcing/order_state.h"

#include <fmt/core.h>

#include <array>
#include <utility>

namespace eventscope::core {

namespace {

struct StatusOf {
    std::string_view type;
    OrderStatus status;
};
constexpr std::array<StatusOf, 4> kStatusOf{{
    {order_event::kPlaced, OrderStatus::Pending},
    {order_event::kPaymentConfirmed, OrderStatus::Paid},
    {order_event::kShipped, OrderStatus::Shipped},
    {order_event::kCancelled, OrderStatus::Cancelled},
}};

const StatusOf* statusOf(std::string_view type)
{
    for (const StatusOf& candidate : kStatusOf) {
        if (candidate.type == type)
            return &candidate;
    }
    return nullptr;
}

/// Fills what OrderPlaced says.
Status place(OrderRow& row, const Json& data)
{
    const Json* total = data.find("totalAmount");
    const auto amount = total ? readAmount(*total) : fail(ErrorCode::Unparsable, "it is missing");
    if (!amount)
        return fail(ErrorCode::Unparsable,
            fmt::format("The total of order \"{}\" is no amount: {}", row.orderId, amount.error().message));
    const Json* items = data.find("items");
    if (!items || !items->isArray())
        return fail(ErrorCode::Unparsable, fmt::format("The items of order \"{}\" are no list.", row.orderId));
    row.customerId = data.stringOr("customerId");
    row.totalAmount = amount->toString();
    row.items = items->dump();
    return {};
}

} // namespace

bool isOrderRowEvent(std::string_view type)
{
    return statusOf(type) != nullptr;
}

Result<std::optional<OrderRow>> nextOrderRow(std::optional<OrderRow> row, const OrderRowEvent& event)
{
    const StatusOf* change = statusOf(event.type);
    if (!change)
        return row;
    if (change->status == OrderStatus::Pending) {
        if (!row) {
            row.emplace();
            row->orderId = event.orderId;
            row->createdAt = event.time;
        }
        if (auto placed = place(*row, event.data); !placed)
            return std::unexpected(std::move(placed.error()));
        row->customerName = event.customerName;
    }
    if (row) {
        row->status = toString(change->status);
        row->updatedAt = event.time;
    }
    return row;
}

} // namespace eventscope::core
