// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/json.h"
#include "event/position.h"
#include "event/timestamp.h"
#include "sourcing/event_store.h"
#include "sourcing/projection.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// A row of order_read_model. Other programs read these columns.
struct OrderRow {
    std::string orderId;
    std::string customerId;
    std::string customerName; ///< empty when nobody knows it
    std::string totalAmount;  ///< an exact decimal, with the scale it was written with
    std::string status;       ///< pending, paid, shipped or cancelled
    std::string items;        ///< JSON text
    Timestamp createdAt{};    ///< of OrderPlaced
    Timestamp updatedAt{};    ///< of the latest event that changed the row
    bool operator==(const OrderRow&) const = default;
};

/// An event as far as the row depends on it.
struct OrderRowEvent {
    std::string orderId;
    std::string type;
    Timestamp time{};
    Json data;                  ///< in the newest schema version
    std::string customerName{}; ///< of OrderPlaced
};
/// The row after an event of its order; nullopt while the order is not placed. A type that the model does
/// not follow changes nothing. Unparsable when the data make no sense.
Result<std::optional<OrderRow>> nextOrderRow(std::optional<OrderRow> row, const OrderRowEvent& event);
/// OrderPlaced, PaymentConfirmed, OrderShipped, OrderCancelled.
bool isOrderRowEvent(std::string_view type);

/// Where the rows are kept: the queries, and for OrderProjection a transaction over rows, stream versions
/// and checkpoints. Every implementation passes tests/support/order_read_model_contract.h. // any thread
class OrderReadModel {
public:
    virtual ~OrderReadModel() = default;

    virtual Result<std::optional<OrderRow>> find(std::string_view orderId) const = 0;
    /// Newest first (by createdAt, then by id).
    virtual Result<std::vector<OrderRow>> ofCustomer(
        std::string_view customerId, std::size_t limit = kNoLimit) const = 0;
    virtual Result<std::size_t> count() const = 0;

    /// One at a time; whoever comes meanwhile waits, readers do not. Undone unless committed. Begins and
    /// ends on one thread.
    class Transaction {
    public:
        virtual ~Transaction() = default;

        virtual Result<std::optional<OrderRow>> find(ProjectionTarget target, std::string_view orderId) = 0;
        /// Inserts or replaces, by orderId.
        virtual Status put(ProjectionTarget target, const OrderRow& row) = 0;
        /// The version of the order's stream up to which its row holds everything; 0: nothing.
        virtual Result<StreamVersion> version(ProjectionTarget target, std::string_view orderId) = 0;
        virtual Status setVersion(ProjectionTarget target, std::string_view orderId, StreamVersion version) = 0;
        virtual Result<GlobalPosition> checkpoint(ProjectionTarget target) = 0;
        virtual Status setCheckpoint(ProjectionTarget target, GlobalPosition position) = 0;

        virtual Result<bool> isRebuilding() = 0;
        virtual Status beginRebuild() = 0; ///< an empty second model at checkpoint 0
        virtual Status swapRebuild() = 0;  ///< the second model becomes the live one
        virtual Status dropRebuild() = 0;  ///< nothing to do without one

        virtual Status commit() = 0; ///< the last call
    };
    virtual Result<std::unique_ptr<Transaction>> begin() = 0;
};

} // namespace eventscope::core
