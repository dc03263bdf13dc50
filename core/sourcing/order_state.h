// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/decimal.h"
#include "event/error.h"
#include "event/json.h"

#include <optional>
#include <string_view>

namespace eventscope::core {

class UpcasterChain;

/// The vocabulary of an order's stream. Other programs read these names.
namespace order_event {
inline constexpr std::string_view kPlaced = "OrderPlaced"; ///< {orderId, customerId, items, totalAmount, currency}
inline constexpr std::string_view kPaymentConfirmed = "PaymentConfirmed"; ///< {orderId, paymentId, amount}
inline constexpr std::string_view kShipped = "OrderShipped";              ///< {orderId, trackingNumber, shippedAt}
inline constexpr std::string_view kCancelled = "OrderCancelled";          ///< {orderId, reason}
inline constexpr int kPlacedSchemaVersion = 2;
} // namespace order_event

enum class OrderStatus { New, Pending, Paid, Shipped, Cancelled };

/// "pending", "paid", "shipped", "cancelled"; empty for New, the order that is not placed yet.
std::string_view toString(OrderStatus status);

/// The fold of an order's events, as JSON so that every amount stays as written and every member of
/// an item survives: {} before the first event, then
/// {"status","orderId","customerId","items","totalAmount","currency","payment":{"paymentId","amount"},
///  "trackingNumber","shippedAt","cancellation":{"reason"}}, members absent until known.
/// The aggregate and the inspector's reducer both stand on this one function.
///
/// `data` is of the newest schema version. Facts are not judged: a payment of an order that was never
/// placed is applied. Unparsable, with the state untouched, when a member has a form that makes no
/// sense; a type it does not know changes nothing.
Status applyOrderEvent(Json& state, std::string_view type, const Json& data);

/// Nothing for a state that no order can have.
std::optional<OrderStatus> orderStatusOf(const Json& state);

/// An amount: a number, or a decimal in a text as some writers have it.
Result<Decimal> readAmount(const Json& value);

/// OrderPlaced 1 {orderId, customerId, amount} to 2 {orderId, customerId, items: [], totalAmount:
/// amount, currency: "USD"}. An event labelled 1 that has version 2's form passes unharmed.
void addOrderUpcasters(UpcasterChain& chain);
/// A chain of just those.
UpcasterChain orderUpcasters();

} // namespace eventscope::core
