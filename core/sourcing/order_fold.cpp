// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/order_fold.h"

#include "sourcing/order_members.h"
#include "sourcing/order_state.h"

#include <utility>

namespace eventscope::core {

namespace {

namespace ondemand = simdjson::ondemand;

Status applySlowly(FoldedOrder& order, std::string_view type, std::string_view data)
{
    const Result<Json> json = Json::parse(data);
    if (!json)
        return std::unexpected(json.error());
    Json state = toJson(order);
    Status applied = applyOrderEvent(state, type, *json);
    if (applied)
        order = foldedOrderFrom(state);
    return applied;
}

void setIfPresent(Json& state, std::string_view name, const std::string& raw)
{
    if (!raw.empty())
        state.set(name, Json::parse(raw).value_or(Json()));
}

Json cancellationOf(const std::string& data)
{
    Json cancellation = Json::Object();
    const Json parsed = Json::parse(data).value_or(Json::Object());
    for (const auto& [name, value] : parsed.asObject()) {
        if (name != "orderId")
            cancellation.set(name, value);
    }
    return cancellation;
}

std::string rawMember(const Json& state, std::string_view name)
{
    const Json* member = state.find(name);
    return member ? member->dump() : std::string();
}

} // namespace

struct OrderFolder::Parser {
    ondemand::parser parser;
    std::string padded;
};

OrderFolder::OrderFolder() : m_parser(std::make_unique<Parser>()) { }
OrderFolder::~OrderFolder() = default;
OrderFolder::OrderFolder(OrderFolder&&) noexcept = default;
OrderFolder& OrderFolder::operator=(OrderFolder&&) noexcept = default;

bool OrderFolder::knows(std::string_view type)
{
    return type == order_event::kPlaced || type == order_event::kPaymentConfirmed || type == order_event::kShipped
        || type == order_event::kCancelled;
}

Status OrderFolder::apply(FoldedOrder& order, std::string_view type, std::string_view data, std::size_t readable)
{
    if (!knows(type))
        return {};
    if (readable < data.size() + simdjson::SIMDJSON_PADDING) {
        m_parser->padded.reserve(data.size() + simdjson::SIMDJSON_PADDING);
        m_parser->padded.assign(data);
        readable = m_parser->padded.capacity();
        data = m_parser->padded;
    }
    ondemand::document document;
    ondemand::object object;
    const bool isObject = !m_parser->parser.iterate(data.data(), data.size(), readable).get(document)
        && !document.get_object().get(object);
    bool applied = false;
    if (isObject && type == order_event::kCancelled) {
        applyCancelled(order, data);
        applied = true;
    } else if (isObject) {
        OrderMembers members;
        applied = readOrderMembers(object, members) && applyOrderMembers(order, type, members);
    }
    return applied ? Status() : applySlowly(order, type, data);
}

void OrderFolder::applyCancelled(FoldedOrder& order, std::string_view data)
{
    order.status = toString(OrderStatus::Cancelled);
    order.cancellation = data;
}

Json toJson(const FoldedOrder& order)
{
    Json state = Json::Object();
    if (!order.status.empty())
        state.set("status", order.status);
    setIfPresent(state, "orderId", order.orderId);
    setIfPresent(state, "customerId", order.customerId);
    setIfPresent(state, "items", order.items);
    setIfPresent(state, "totalAmount", order.totalAmount);
    setIfPresent(state, "currency", order.currency);
    if (order.paid) {
        Json& payment = state.set("payment", Json::Object());
        setIfPresent(payment, "paymentId", order.paymentId);
        setIfPresent(payment, "amount", order.paymentAmount);
    }
    setIfPresent(state, "trackingNumber", order.trackingNumber);
    setIfPresent(state, "shippedAt", order.shippedAt);
    if (!order.cancellation.empty())
        state.set("cancellation", cancellationOf(order.cancellation));
    return state;
}

FoldedOrder foldedOrderFrom(const Json& state)
{
    FoldedOrder order;
    if (const std::optional<OrderStatus> status = orderStatusOf(state))
        order.status = toString(*status);
    order.orderId = rawMember(state, "orderId");
    order.customerId = rawMember(state, "customerId");
    order.items = rawMember(state, "items");
    order.totalAmount = rawMember(state, "totalAmount");
    order.currency = rawMember(state, "currency");
    if (const Json* payment = state.find("payment")) {
        order.paid = true;
        order.paymentId = rawMember(*payment, "paymentId");
        order.paymentAmount = rawMember(*payment, "amount");
    }
    order.trackingNumber = rawMember(state, "trackingNumber");
    order.shippedAt = rawMember(state, "shippedAt");
    order.cancellation = rawMember(state, "cancellation");
    return order;
}

} // namespace eventscope::core
