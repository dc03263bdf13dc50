// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/order.h"

#include <fmt/core.h>

#include <cstddef>
#include <utility>

namespace eventscope::core {

namespace {

constexpr std::size_t kLongestId = 200; // leaves room for a category in stores that limit names to 255

Status checkItem(const OrderItem& item, std::size_t number)
{
    if (item.sku.empty())
        return fail(ErrorCode::InvalidArgument, fmt::format("item {} has no sku; name what is ordered", number));
    if (item.quantity < 1) {
        return fail(ErrorCode::InvalidArgument,
            fmt::format("item {} ({}) has the quantity {}; it must be 1 or more", number, item.sku, item.quantity));
    }
    if (item.price.isNegative()) {
        return fail(ErrorCode::InvalidArgument,
            fmt::format(
                "item {} ({}) has the price {}; it must not be negative", number, item.sku, item.price.toString()));
    }
    return {};
}

Json numberOf(const Decimal& value)
{
    return Json::Number{value.toString()};
}

Json toJson(const OrderItem& item)
{
    return Json::Object{{"sku", item.sku}, {"quantity", item.quantity}, {"price", numberOf(item.price)}};
}

} // namespace

Status Order::place(std::string_view customerId, const std::vector<OrderItem>& items, std::string_view currency)
{
    if (status() != OrderStatus::New)
        return fail(
            ErrorCode::DomainRule, fmt::format("order {} is placed already; an order is placed only once", id()));
    if (id().empty() || id().size() > kLongestId)
        return fail(ErrorCode::InvalidArgument, fmt::format("an order's id must have 1 to {} bytes", kLongestId));
    if (customerId.empty())
        return fail(ErrorCode::InvalidArgument, fmt::format("order {} names no customer", id()));
    if (currency.empty())
        return fail(ErrorCode::InvalidArgument, fmt::format("order {} names no currency", id()));
    if (items.empty())
        return fail(ErrorCode::InvalidArgument, fmt::format("order {} has no items; it needs at least one", id()));
    Decimal total;
    Json::Array list;
    for (const OrderItem& item : items) {
        if (Status checked = checkItem(item, list.size() + 1); !checked)
            return checked;
        total = total + item.price * Decimal(item.quantity);
        list.push_back(toJson(item));
    }
    return raise(std::string(order_event::kPlaced), order_event::kPlacedSchemaVersion,
        Json::Object{{"orderId", id()}, {"customerId", customerId}, {"items", std::move(list)},
            {"totalAmount", numberOf(total)}, {"currency", currency}});
}

Status Order::confirmPayment(std::string_view paymentId, const Decimal& amount)
{
    if (status() == OrderStatus::New)
        return fail(ErrorCode::DomainRule, fmt::format("order {} is not placed yet; there is nothing to pay", id()));
    if (status() != OrderStatus::Pending) {
        return fail(ErrorCode::DomainRule,
            fmt::format("order {} is {}; a payment is taken only while it is pending", id(), toString(status())));
    }
    if (paymentId.empty())
        return fail(ErrorCode::InvalidArgument, fmt::format("the payment of order {} has no id", id()));
    if (amount != totalAmount()) {
        return fail(ErrorCode::DomainRule,
            fmt::format("order {} costs {} {}; a payment of {} is not that amount", id(), totalAmount().toString(),
                currency(), amount.toString()));
    }
    return raise(std::string(order_event::kPaymentConfirmed), 1,
        Json::Object{{"orderId", id()}, {"paymentId", paymentId}, {"amount", numberOf(amount)}});
}

Status Order::ship(std::string_view trackingNumber, Timestamp shippedAt)
{
    if (status() != OrderStatus::Paid) {
        return fail(ErrorCode::DomainRule,
            fmt::format("order {} is {}; only a paid order is shipped", id(),
                status() == OrderStatus::New ? "not placed yet" : toString(status())));
    }
    if (trackingNumber.empty())
        return fail(ErrorCode::InvalidArgument, fmt::format("the shipment of order {} has no tracking number", id()));
    return raise(std::string(order_event::kShipped), 1,
        Json::Object{{"orderId", id()}, {"trackingNumber", trackingNumber}, {"shippedAt", formatTimestamp(shippedAt)}});
}

Status Order::cancel(std::string_view reason)
{
    switch (status()) {
    case OrderStatus::New:
        return fail(ErrorCode::DomainRule, fmt::format("order {} is not placed yet; there is nothing to cancel", id()));
    case OrderStatus::Shipped:
        return fail(ErrorCode::DomainRule, fmt::format("order {} is shipped; it can no longer be cancelled", id()));
    case OrderStatus::Cancelled: return fail(ErrorCode::DomainRule, fmt::format("order {} is cancelled already", id()));
    case OrderStatus::Pending:
    case OrderStatus::Paid: break;
    }
    return raise(std::string(order_event::kCancelled), 1, Json::Object{{"orderId", id()}, {"reason", reason}});
}

OrderStatus Order::status() const
{
    return orderStatusOf(m_state).value_or(OrderStatus::New);
}

Decimal Order::totalAmount() const
{
    const Json* total = m_state.find("totalAmount");
    return total ? readAmount(*total).value_or(Decimal()) : Decimal();
}

Status Order::restoreState(const Json& state)
{
    const std::optional<OrderStatus> status = orderStatusOf(state);
    if (!status)
        return fail(ErrorCode::Unparsable, "the snapshot holds no order");
    const Json* total = state.find("totalAmount");
    if (total && !readAmount(*total))
        return fail(ErrorCode::Unparsable, "the snapshot's total is no decimal number");
    m_state = state;
    return {};
}

} // namespace eventscope::core
