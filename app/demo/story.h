// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/order.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::app {

/// How an order ends, as the words of its order make it.
enum class Ending {
    Shipped,         ///< all goes well
    ShippedLate,     ///< the payment gateway times out at first
    PaymentDeclined, ///< cancelled
    Abandoned,       ///< cancelled by its customer
    OutOfStock,      ///< refunded and cancelled
    NoCarrier,       ///< released, refunded and cancelled
    RefundBlocked,   ///< as NoCarrier, but the refund fails: the saga is stuck
};
std::string_view toString(Ending ending);

/// An event of the order that some handler cannot handle.
enum class Poison {
    None,
    BrokenAddress, ///< notifications refuse it for good
    UnknownSku,    ///< the search index refuses it for good
    LockedLedger,  ///< the loyalty programme refuses it until it comes a second time
};
std::string_view toString(Poison poison);

/// Everything about one order that is decided before it is placed.
struct OrderPlan {
    std::uint64_t index = 0;
    std::string orderId;   ///< eight hexadecimal digits
    std::string commandId; ///< a UUID: of the PlaceOrder command, and so of the order's flow
    std::string customerId;
    std::vector<core::OrderItem> items;
    core::Decimal totalAmount;
    std::string cardToken;
    std::string city;
    std::string country;
    Ending ending = Ending::Shipped;
    Poison poison = Poison::None;
    /// How long after the order before it comes, in parts of the mean: between 0.4 and 1.6.
    double gap = 1;
    bool operator==(const OrderPlan&) const = default;
};

inline constexpr std::uint64_t kDefaultSeed = 2026;
inline constexpr double kDefaultRate = 10;          ///< orders a second
inline constexpr double kDefaultFailureShare = 0.2; ///< of orders that something goes wrong with

inline constexpr double kLeastRate = 0.1, kMostRate = 1000;
inline constexpr std::chrono::duration<double> kLongestStory{600}; ///< that is told in one go

/// Draws an order from the seed and its index alone, so the same seed gives the same story whatever the
/// threads do. The first orders are cast so that every kind of ending is seen soon (unless the failure
/// share is 0); after them chance decides. // any thread
OrderPlan planOrder(std::uint64_t seed, std::uint64_t index, double failureShare);

/// Makes an order end like that, whatever was drawn.
void turn(OrderPlan& plan, Ending ending);
void turn(OrderPlan& plan, Poison poison);

/// How long a service takes over a piece of work, drawn from what it works on: 30 to 400 ms.
std::chrono::milliseconds workingTime(std::string_view service, std::string_view key, int attempt);

} // namespace eventscope::app
