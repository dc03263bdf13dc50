// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/simdjson_text.h"
#include "sourcing/order_fold.h"

#include <string_view>

namespace eventscope::core {

// The part of OrderFolder that works on simdjson's objects, for whoever has one already. Only for sources.

/// The members of an event's data that an order cares about, as written; empty: absent.
struct OrderMembers {
    std::string_view orderId, customerId, items, totalAmount, currency;
    std::string_view paymentId, amount;
    std::string_view trackingNumber, shippedAt;
};

/// False for anything unusual that the slow way should look at: escaped names, text that is not what
/// it should be.
bool readOrderMembers(simdjson::ondemand::object object, OrderMembers& members);

/// Applies an event other than OrderCancelled; false, with the order untouched, for anything unusual.
bool applyOrderMembers(FoldedOrder& order, std::string_view type, const OrderMembers& members);

} // namespace eventscope::core
