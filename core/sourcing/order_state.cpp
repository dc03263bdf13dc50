// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/order_state.h"

#include "sourcing/upcaster.h"

#include <fmt/core.h>

#include <string>
#include <utility>

namespace eventscope::core {

namespace {

Status refuse(std::string_view type, std::string_view member, std::string_view what)
{
    return fail(ErrorCode::Unparsable, fmt::format("the \"{}\" of {} {}", member, type, what));
}

/// Ids may be text or, from writers that number their orders, a number.
Status checkId(std::string_view type, const Json& data, std::string_view member)
{
    const Json* value = data.find(member);
    if (value && !value->isNull() && !value->isString() && !value->isNumber())
        return refuse(type, member, "must be a text");
    return {};
}

Status checkAmount(std::string_view type, const Json& data, std::string_view member)
{
    const Json* value = data.find(member);
    if (!value)
        return refuse(type, member, "is missing");
    if (!readAmount(*value))
        return refuse(type, member, "must be a decimal number");
    return {};
}

void copyMember(Json& state, const Json& data, std::string_view member)
{
    if (const Json* value = data.find(member))
        state.set(member, *value);
}

Status applyPlaced(Json& state, std::string_view type, const Json& data)
{
    if (Status id = checkId(type, data, "orderId"); !id)
        return id;
    if (Status amount = checkAmount(type, data, "totalAmount"); !amount)
        return amount;
    const Json* items = data.find("items");
    if (items && !items->isArray())
        return refuse(type, "items", "must be a list");
    state = Json::Object();
    state.set("status", toString(OrderStatus::Pending));
    for (const std::string_view member : {"orderId", "customerId", "items", "totalAmount", "currency"})
        copyMember(state, data, member);
    return {};
}

Status applyPayment(Json& state, std::string_view type, const Json& data)
{
    if (Status id = checkId(type, data, "paymentId"); !id)
        return id;
    if (Status amount = checkAmount(type, data, "amount"); !amount)
        return amount;
    Json payment = Json::Object();
    copyMember(payment, data, "paymentId");
    copyMember(payment, data, "amount");
    state.set("status", toString(OrderStatus::Paid));
    state.set("payment", std::move(payment));
    return {};
}

Status applyShipped(Json& state, std::string_view type, const Json& data)
{
    if (Status id = checkId(type, data, "trackingNumber"); !id)
        return id;
    state.set("status", toString(OrderStatus::Shipped));
    copyMember(state, data, "trackingNumber");
    copyMember(state, data, "shippedAt");
    return {};
}

Status applyCancelled(Json& state, const Json& data)
{
    Json cancellation = Json::Object();
    for (const auto& [name, value] : data.asObject()) {
        if (name != "orderId")
            cancellation.set(name, value);
    }
    state.set("status", toString(OrderStatus::Cancelled));
    state.set("cancellation", std::move(cancellation));
    return {};
}

Json placedFromVersion1(Json data)
{
    const Json* amount = data.find("amount");
    if (!data.isObject() || !amount || data.find("totalAmount"))
        return data;
    Json::Object upcast;
    for (auto& [name, value] : data.asObject()) {
        if (name != "amount")
            upcast.emplace_back(name, value);
    }
    Json result(std::move(upcast));
    if (!result.find("items"))
        result.set("items", Json::Array());
    result.set("totalAmount", *amount);
    if (!result.find("currency"))
        result.set("currency", "USD");
    return result;
}

} // namespace

std::string_view toString(OrderStatus status)
{
    switch (status) {
    case OrderStatus::New: return "";
    case OrderStatus::Pending: return "pending";
    case OrderStatus::Paid: return "paid";
    case OrderStatus::Shipped: return "shipped";
    case OrderStatus::Cancelled: return "cancelled";
    }
    return "";
}

Status applyOrderEvent(Json& state, std::string_view type, const Json& data)
{
    const bool known = type == order_event::kPlaced || type == order_event::kPaymentConfirmed
        || type == order_event::kShipped || type == order_event::kCancelled;
    if (!known)
        return {};
    if (!data.isObject())
        return fail(ErrorCode::Unparsable, fmt::format("the data of {} must be a JSON object", type));
    if (type == order_event::kPlaced)
        return applyPlaced(state, type, data);
    if (type == order_event::kPaymentConfirmed)
        return applyPayment(state, type, data);
    if (type == order_event::kShipped)
        return applyShipped(state, type, data);
    return applyCancelled(state, data);
}

std::optional<OrderStatus> orderStatusOf(const Json& state)
{
    if (!state.isObject())
        return std::nullopt;
    if (!state.find("status"))
        return OrderStatus::New;
    const std::string_view text = state.stringOr("status");
    for (const OrderStatus status :
        {OrderStatus::Pending, OrderStatus::Paid, OrderStatus::Shipped, OrderStatus::Cancelled}) {
        if (text == toString(status))
            return status;
    }
    return std::nullopt;
}

Result<Decimal> readAmount(const Json& value)
{
    if (value.isNumber())
        return Decimal::parse(value.numberText());
    if (value.isString())
        return Decimal::parse(value.asString());
    return fail(ErrorCode::Unparsable, "an amount must be a decimal number");
}

void addOrderUpcasters(UpcasterChain& chain)
{
    chain.add(std::string(order_event::kPlaced), 1, order_event::kPlacedSchemaVersion, placedFromVersion1);
}

UpcasterChain orderUpcasters()
{
    UpcasterChain chain;
    addOrderUpcasters(chain);
    return chain;
}

} // namespace eventscope::core
