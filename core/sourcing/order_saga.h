// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/order_commands.h"
#include "sourcing/order_services.h"
#include "sourcing/saga.h"

#include <chrono>
#include <string>
#include <string_view>

namespace eventscope::core {

inline constexpr std::string_view kOrderSagaType = "order-saga";

/// The names of its steps; their compensations are "cancel order", "refund payment", "release
/// inventory" and "cancel shipment".
namespace order_step {
inline constexpr std::string_view kCreateOrder = "create order";
inline constexpr std::string_view kProcessPayment = "process payment";
inline constexpr std::string_view kReserveInventory = "reserve inventory";
inline constexpr std::string_view kCreateShipment = "create shipment";
} // namespace order_step

/// What the saga works with; all of it must outlive the runner.
struct OrderSagaParts {
    const Repository<Order>& orders;
    const OrderCommandHandler& commands;
    PaymentGateway& payments;
    Inventory& inventory;
    Shipping& shipping;
    IdGenerator& ids;
    const Clock& clock;
};

struct OrderSagaPolicy {
    RetryPolicy retry{.maxRetries = 3, .firstDelay = std::chrono::milliseconds(200)};
    RetryPolicy compensationRetry{.maxRetries = 5, .firstDelay = std::chrono::milliseconds(200)};
    bool waitForStock = false; ///< what is out of stock is asked for again, as often as the policy says
};

/// Create the order, process its payment, reserve what was ordered, create the shipment; and on the way
/// back cancel the shipment, release, refund, cancel. The order moves along: placed in the first step,
/// paid in the second, shipped in the last, cancelled in the first compensation's. A refusal by the order
/// itself (somebody cancelled it meanwhile) turns the saga round like any other.
SagaDefinition orderSaga(OrderSagaParts parts, OrderSagaPolicy policy = {});

/// One saga for each order: "order-<order>", so its stream is "saga-order-<order>".
std::string orderSagaId(std::string_view orderId);

struct OrderSagaInput {
    PlaceOrder order;
    Json payment{};  ///< handed to the gateway as it is
    Json shipping{}; ///< handed to the carrier as it is
};
/// PlaceOrder's fields with "payment" and "shipping" beside them.
Json toJson(const OrderSagaInput& input);

} // namespace eventscope::core
