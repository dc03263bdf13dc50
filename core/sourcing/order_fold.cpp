// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/order_fold.h"

#include "sourcing/order_state.h"

#include <simdjson.h>

#include <utility>

namespace eventscope::core {

namespace {

namespace ondemand = simdjson::ondemand;

/// The members of an event's data that an order cares about, as written; empty: absent.
struct Members {
    std::string_view orderId, customerId, items, totalAmount, currency;
    std::string_view paymentId, amount;
    std::string_view trackingNumber, shippedAt;
};

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\r' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

simdjson::simdjson_result<std::string_view> rawText(ondemand::value value)
{
    ondemand::json_type type{};
    if (const auto error = value.type().get(type))
        return error;
    if (type == ondemand::json_type::array) {
        ondemand::array array;
        if (const auto error = value.get_array().get(array))
            return error;
        return array.raw_json();
    }
    if (type == ondemand::json_type::object) {
        ondemand::object object;
        if (const auto error = value.get_object().get(object))
            return error;
        return object.raw_json();
    }
    return value.raw_json_token();
}

bool hasEscape(const char* key)
{
    while (*key != '"' && *key != '\\')
        ++key;
    return *key == '\\';
}

std::string_view* memberNamed(Members& members, const ondemand::raw_json_string& key)
{
    const auto is = [&key](std::string_view name) { return key.unsafe_is_equal(name); };
    switch (key.raw()[0]) {
    case 'o': return is("orderId") ? &members.orderId : nullptr;
    case 'c': return is("customerId") ? &members.customerId : is("currency") ? &members.currency : nullptr;
    case 'i': return is("items") ? &members.items : nullptr;
    case 't':
        return is("totalAmount") ? &members.totalAmount : is("trackingNumber") ? &members.trackingNumber : nullptr;
    case 'p': return is("paymentId") ? &members.paymentId : nullptr;
    case 'a': return is("amount") ? &members.amount : nullptr;
    case 's': return is("shippedAt") ? &members.shippedAt : nullptr;
    default: return nullptr;
    }
}

/// False for anything that the slow way should look at.
bool readMembers(ondemand::parser& parser, std::string_view data, std::size_t readable, Members& members)
{
    ondemand::document document;
    ondemand::object object;
    if (parser.iterate(data.data(), data.size(), readable).get(document) || document.get_object().get(object))
        return false;
    for (auto result : object) {
        ondemand::field field;
        if (std::move(result).get(field))
            return false;
        std::string_view* member = memberNamed(members, field.key());
        if (!member) {
            if (hasEscape(reinterpret_cast<const char*>(field.key().raw())))
                return false;
            continue;
        }
        std::string_view text;
        if (rawText(field.value()).get(text))
            return false;
        *member = trimmed(text);
    }
    return true;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Absent, null, a text or a number.
bool isIdOrAbsent(std::string_view raw)
{
    return raw.empty() || raw.front() == '"' || raw.front() == 'n' || raw.front() == '-' || isDigit(raw.front());
}

/// A number in plain notation; others need a closer look.
bool isPlainNumber(std::string_view raw)
{
    return !raw.empty() && (raw.front() == '-' || isDigit(raw.front())) && raw.find_first_of("eE") == raw.npos;
}

bool applyPlaced(FoldedOrder& order, const Members& members)
{
    const bool itemsAreFine = members.items.empty() || members.items.front() == '[';
    if (!isIdOrAbsent(members.orderId) || !isPlainNumber(members.totalAmount) || !itemsAreFine)
        return false;
    order.status = toString(OrderStatus::Pending);
    order.orderId = members.orderId;
    order.customerId = members.customerId;
    order.items = members.items;
    order.totalAmount = members.totalAmount;
    order.currency = members.currency;
    for (std::string* later :
        {&order.paymentId, &order.paymentAmount, &order.trackingNumber, &order.shippedAt, &order.cancellation})
        later->clear();
    order.paid = false;
    return true;
}

bool applyPayment(FoldedOrder& order, const Members& members)
{
    if (!isIdOrAbsent(members.paymentId) || !isPlainNumber(members.amount))
        return false;
    order.status = toString(OrderStatus::Paid);
    order.paid = true;
    order.paymentId = members.paymentId;
    order.paymentAmount = members.amount;
    return true;
}

bool applyShipped(FoldedOrder& order, const Members& members)
{
    if (!isIdOrAbsent(members.trackingNumber))
        return false;
    order.status = toString(OrderStatus::Shipped);
    if (!members.trackingNumber.empty())
        order.trackingNumber = members.trackingNumber;
    if (!members.shippedAt.empty())
        order.shippedAt = members.shippedAt;
    return true;
}

bool applyCancelled(FoldedOrder& order, std::string_view data)
{
    order.status = toString(OrderStatus::Cancelled);
    order.cancellation = data;
    return true;
}

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
    Members members;
    bool applied = readMembers(m_parser->parser, data, readable, members);
    if (applied) {
        if (type == order_event::kPlaced)
            applied = applyPlaced(order, members);
        else if (type == order_event::kPaymentConfirmed)
            applied = applyPayment(order, members);
        else if (type == order_event::kShipped)
            applied = applyShipped(order, members);
        else
            applied = applyCancelled(order, data);
    }
    return applied ? Status() : applySlowly(order, type, data);
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
