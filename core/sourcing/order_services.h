// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/decimal.h"
#include "event/error.h"
#include "event/json.h"
#include "sourcing/order.h"

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// The streams of the services around an order: "payment-<order>", "inventory-<order>" and
/// "shipment-<order>". Other programs read these names.
namespace payment_event {
inline constexpr std::string_view kAuthorized = "PaymentAuthorized";
inline constexpr std::string_view kDeclined = "PaymentDeclined";
inline constexpr std::string_view kRefunded = "PaymentRefunded";
inline constexpr std::string_view kVoided = "PaymentVoided"; ///< refunded before it was ever made
} // namespace payment_event
namespace inventory_event {
inline constexpr std::string_view kReserved = "InventoryReserved";
inline constexpr std::string_view kOutOfStock = "OutOfStock";
inline constexpr std::string_view kReleased = "InventoryReleased";
inline constexpr std::string_view kVoided = "InventoryVoided";
} // namespace inventory_event
namespace shipment_event {
inline constexpr std::string_view kCreated = "ShipmentCreated";
inline constexpr std::string_view kFailed = "ShipmentFailed";
inline constexpr std::string_view kCancelled = "ShipmentCancelled";
inline constexpr std::string_view kVoided = "ShipmentVoided";
} // namespace shipment_event

/// What comes with every request to a service.
///
/// The key stands for one effect, for as long as the world lasts: doing it takes place once under a key,
/// and asked again it gives the same answer; taking it back carries the same key, succeeds when nothing
/// was done (or it is taken back already), and from then on doing it is refused. What was done in a
/// request that ended with an unclear error (Timeout, Unreachable, Io) is settled by the next one.
struct ServiceCall {
    std::string key;
    int attempt = 1;
    std::stop_token stop{}; ///< the service may then give up with Cancelled, and is asked again later
};

/// // any thread
class PaymentGateway {
public:
    virtual ~PaymentGateway() = default;

    struct Charge {
        std::string orderId;
        std::string customerId;
        Decimal amount;
        std::string currency;
        Json method; ///< the card or account, as the customer gave it
    };
    /// The payment's id. DomainRule when it is declined.
    virtual Result<std::string> charge(const Charge& charge, const ServiceCall& call) = 0;
    virtual Status refund(std::string_view orderId, const ServiceCall& call) = 0;
};

/// // any thread
class Inventory {
public:
    virtual ~Inventory() = default;

    /// The reservation's id. DomainRule when something is out of stock.
    virtual Result<std::string> reserve(
        std::string_view orderId, const std::vector<OrderItem>& items, const ServiceCall& call)
        = 0;
    virtual Status release(std::string_view orderId, const ServiceCall& call) = 0;
};

/// // any thread
class Shipping {
public:
    virtual ~Shipping() = default;

    struct Parcel {
        std::string orderId;
        std::vector<OrderItem> items;
        Json address;
    };
    /// The tracking number. DomainRule when it cannot be shipped there.
    virtual Result<std::string> create(const Parcel& parcel, const ServiceCall& call) = 0;
    virtual Status cancel(std::string_view orderId, const ServiceCall& call) = 0;
};

} // namespace eventscope::core
