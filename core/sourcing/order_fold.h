// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/json.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace eventscope::core {

/// An order's state with each member as the JSON text it was written with; empty: absent.
struct FoldedOrder {
    std::string_view status; ///< "pending", …; one of toString(OrderStatus)
    std::string orderId, customerId, items, totalAmount, currency;
    std::string paymentId, paymentAmount;
    bool paid = false; ///< whether there is a payment at all
    std::string trackingNumber, shippedAt;
    std::string cancellation; ///< the data of OrderCancelled
};

/// Folds raw events into orders without building a JSON value: for rebuilding whole streams, where
/// only the result counts. Gives exactly what applyOrderEvent gives (order_state.h), which it falls
/// back to for anything unusual.
///
/// Expects valid JSON, as stores and StreamHistory know it; faults in parts that it need not read
/// may go unnoticed. Holds the parser's buffers: keep one a thread for many orders.
class OrderFolder {
public:
    OrderFolder();
    ~OrderFolder();
    OrderFolder(OrderFolder&&) noexcept;
    OrderFolder& operator=(OrderFolder&&) noexcept;

    /// Whether events of that type change an order.
    static bool knows(std::string_view type);

    /// `data` is of the newest schema version. `readable`: how many bytes may be read from its
    /// beginning on; 64 more than it has spare a copy.
    Status apply(FoldedOrder& order, std::string_view type, std::string_view data, std::size_t readable = 0);

    /// OrderCancelled, whose data must be a JSON object.
    static void applyCancelled(FoldedOrder& order, std::string_view data);

private:
    struct Parser;
    std::unique_ptr<Parser> m_parser;
};

/// As the state that applyOrderEvent works on, and back.
Json toJson(const FoldedOrder& order);
FoldedOrder foldedOrderFrom(const Json& state);

} // namespace eventscope::core
