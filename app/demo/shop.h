// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace eventscope::app {

// The shop that the demo tells of: what it sells, who buys, and which words in an order make the
// services around it behave in a certain way, as the test cards of a payment provider do. A service
// decides by what it is given and by nothing else, so a story repeats and resumes.

struct Customer {
    std::string_view id; ///< "customer-17"
    std::string_view name;
    std::string_view email;
    std::string_view city;
    std::string_view country;
};

struct Product {
    std::string_view sku;
    std::string_view name;
    std::string_view price; ///< as a decimal, of one piece
};

std::span<const Customer> customers();
std::span<const Product> products();

/// nullptr when the shop knows none of that id.
const Customer* findCustomer(std::string_view id);
const Product* findProduct(std::string_view sku);

/// A customer whose e-mail address no mail server takes: notifying them fails for good.
const Customer& customerWithBrokenAddress();
/// Sold, but missing from the product catalogue: the search index cannot take an order with it.
const Product& productMissingFromCatalogue();
/// In the catalogue, but never in stock.
const Product& productOutOfStock();
/// The loyalty programme's ledger is locked when the first order with it comes by; later it is not.
const Product& productThatLocksTheLedger();

/// A place that no carrier serves.
inline constexpr std::string_view kUnservedCity = "Edinburgh of the Seven Seas";
inline constexpr std::string_view kUnservedCountry = "TA";

namespace card {
inline constexpr std::string_view kGood = "tok_visa";
inline constexpr std::string_view kInsufficientFunds = "tok_insufficient_funds";
/// The customer closes the bank's page: the order is cancelled by its customer.
inline constexpr std::string_view kAbandoned = "tok_abandoned";
/// The gateway answers with a timeout twice, then all is well.
inline constexpr std::string_view kSlowGateway = "tok_gateway_timeout";
/// Charged, but refunds are refused until an operator has a word with the bank.
inline constexpr std::string_view kRefundBlocked = "tok_refund_blocked";
} // namespace card

} // namespace eventscope::app
