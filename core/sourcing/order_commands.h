// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/decimal.h"
#include "event/error.h"
#include "event/ids.h"
#include "event/message.h"
#include "event/message_context.h"
#include "sourcing/order.h"
#include "sourcing/repository.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

struct PlaceOrder {
    static constexpr std::string_view kType = "PlaceOrder";
    std::string orderId;
    std::string customerId;
    std::vector<OrderItem> items;
    std::string currency = "USD";
    bool operator==(const PlaceOrder&) const = default;
};

struct ConfirmPayment {
    static constexpr std::string_view kType = "ConfirmPayment";
    std::string orderId;
    std::string paymentId;
    Decimal amount;
    bool operator==(const ConfirmPayment&) const = default;
};

struct ShipOrder {
    static constexpr std::string_view kType = "ShipOrder";
    std::string orderId;
    std::string trackingNumber;
    std::optional<Timestamp> shippedAt{}; ///< unset: when the command is handled
    bool operator==(const ShipOrder&) const = default;
};

struct CancelOrder {
    static constexpr std::string_view kType = "CancelOrder";
    std::string orderId;
    std::string reason;
    bool operator==(const CancelOrder&) const = default;
};

/// The commands' data as JSON: their fields by the names above, amounts as written.
std::string toJson(const PlaceOrder& command);
std::string toJson(const ConfirmPayment& command);
std::string toJson(const ShipOrder& command);
std::string toJson(const CancelOrder& command);

/// InvalidArgument, naming the field, when the data are not those of such a command.
Result<PlaceOrder> readPlaceOrder(std::string_view data);
Result<ConfirmPayment> readConfirmPayment(std::string_view data);
Result<ShipOrder> readShipOrder(std::string_view data);
Result<CancelOrder> readCancelOrder(std::string_view data);

/// The command in its envelope: a new id, the time, and the flow it belongs to (that of the message
/// being handled, or a new one).
template <class C>
Command makeCommand(const C& fields, IdGenerator& ids, const Clock& clock)
{
    Command command{
        .id = ids.next(), .type = std::string(C::kType), .time = clock.now(), .metadata = {}, .data = toJson(fields)};
    stampMetadata(command.metadata, command.id);
    return command;
}

/// The write side of orders: loads the order, lets it decide and saves what it raised, all inside
/// the command's MessageScope, so that the events carry its correlation id and its id as their cause.
/// Nothing is published here: the store's outbox holds the events from the moment they are saved.
///
/// Errors are the order's (DomainRule, InvalidArgument), NotFound for an order that was never placed,
/// Unsupported for a command it does not know, and the store's own. // any thread
class OrderCommandHandler {
public:
    OrderCommandHandler(Repository<Order>& orders, const Clock& clock) : m_orders(orders), m_clock(clock) { }

    /// The version the order has after it.
    Result<StreamVersion> handle(const Command& command) const;

private:
    Result<StreamVersion> place(const Command& command) const;
    Result<StreamVersion> confirmPayment(const Command& command) const;
    Result<StreamVersion> ship(const Command& command) const;
    Result<StreamVersion> cancel(const Command& command) const;
    Result<StreamVersion> update(const std::string& orderId, const Repository<Order>::Decision& decide) const;

    Repository<Order>& m_orders;
    const Clock& m_clock;
};

} // namespace eventscope::core
