// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/order_members.h"

#include "sourcing/order_state.h"

#include <utility>

namespace eventscope::core {

namespace {

namespace ondemand = simdjson::ondemand;

bool hasEscape(const char* key)
{
    while (*key != '"' && *key != '\\')
        ++key;
    return *key == '\\';
}

std::string_view* memberNamed(OrderMembers& members, const ondemand::raw_json_string& key)
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

bool applyPlaced(FoldedOrder& order, const OrderMembers& members)
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

bool applyPayment(FoldedOrder& order, const OrderMembers& members)
{
    if (!isIdOrAbsent(members.paymentId) || !isPlainNumber(members.amount))
        return false;
    order.status = toString(OrderStatus::Paid);
    order.paid = true;
    order.paymentId = members.paymentId;
    order.paymentAmount = members.amount;
    return true;
}

bool applyShipped(FoldedOrder& order, const OrderMembers& members)
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

} // namespace

bool readOrderMembers(ondemand::object object, OrderMembers& members)
{
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
        if (readRawText(field.value(), *member))
            return false;
    }
    return true;
}

bool applyOrderMembers(FoldedOrder& order, std::string_view type, const OrderMembers& members)
{
    if (type == order_event::kPlaced)
        return applyPlaced(order, members);
    if (type == order_event::kPaymentConfirmed)
        return applyPayment(order, members);
    return type == order_event::kShipped && applyShipped(order, members);
}

} // namespace eventscope::core
