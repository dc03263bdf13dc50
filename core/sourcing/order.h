// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/decimal.h"
#include "event/timestamp.h"
#include "sourcing/aggregate.h"
#include "sourcing/order_state.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

struct OrderItem {
    std::string sku;
    std::int64_t quantity = 1;
    Decimal price; ///< of one piece
    bool operator==(const OrderItem&) const = default;
};

/// An order: pending → paid → shipped, or cancelled before it is shipped. Every command answers with
/// DomainRule when its rule is broken, with InvalidArgument when its arguments make no sense, and
/// then changes nothing.
class Order final : public Aggregate {
public:
    static constexpr std::string_view kCategory = "order";

    explicit Order(std::string id) : Aggregate(std::move(id)) { }

    /// Only once; at least one item, each with a name, a whole positive quantity and a price that is
    /// not negative. The total is the sum of price × quantity.
    Status place(std::string_view customerId, const std::vector<OrderItem>& items, std::string_view currency = "USD");
    /// Only while pending, only the exact amount ("38.0" pays "38.00").
    Status confirmPayment(std::string_view paymentId, const Decimal& amount);
    /// Only when paid.
    Status ship(std::string_view trackingNumber, Timestamp shippedAt);
    /// Only when placed, and neither shipped nor cancelled already.
    Status cancel(std::string_view reason);

    OrderStatus status() const;
    std::string_view customerId() const { return m_state.stringOr("customerId"); }
    std::string_view currency() const { return m_state.stringOr("currency", "USD"); }
    Decimal totalAmount() const; ///< 0 before it is placed

    Json state() const override { return m_state; }
    std::string_view stateFingerprint() const override { return "order-state 1"; }

private:
    Status apply(std::string_view type, const Json& data) override { return applyOrderEvent(m_state, type, data); }
    Status restoreState(const Json& state) override;
    void resetState() override { m_state = Json::Object(); }

    Json m_state = Json::Object();
};

} // namespace eventscope::core
