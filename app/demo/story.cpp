// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/story.h"

#include "demo/dice.h"
#include "demo/shop.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace eventscope::app {

namespace {

template <class Kind>
struct Weighted {
    Kind kind;
    std::uint64_t weight;
};
constexpr auto kTroubles = std::to_array<Weighted<Ending>>({
    {Ending::PaymentDeclined, 30},
    {Ending::OutOfStock, 22},
    {Ending::NoCarrier, 18},
    {Ending::Abandoned, 14},
    {Ending::ShippedLate, 14},
    {Ending::RefundBlocked, 2},
});
constexpr auto kPoisons = std::to_array<Weighted<Poison>>({
    {Poison::BrokenAddress, 4},
    {Poison::UnknownSku, 3},
    {Poison::LockedLedger, 3},
});
// One poisoned order for so many that something goes wrong with.
constexpr double kPoisonShare = 0.15;

struct Cast {
    std::uint64_t index;
    Ending ending = Ending::Shipped;
    Poison poison = Poison::None;
};
constexpr auto kOpening = std::to_array<Cast>({
    {.index = 1, .ending = Ending::NoCarrier},
    {.index = 2, .poison = Poison::BrokenAddress},
    {.index = 4, .ending = Ending::PaymentDeclined},
    {.index = 5, .ending = Ending::RefundBlocked},
    {.index = 7, .ending = Ending::OutOfStock},
    {.index = 8, .poison = Poison::UnknownSku},
    {.index = 10, .ending = Ending::Abandoned},
    {.index = 11, .ending = Ending::ShippedLate},
    {.index = 13, .poison = Poison::LockedLedger},
});
constexpr std::uint64_t kOpeningLength = 14;

template <class Kind, std::size_t N>
Kind draw(Dice& dice, const std::array<Weighted<Kind>, N>& from)
{
    std::uint64_t all = 0;
    for (const Weighted<Kind>& entry : from) {
        all += entry.weight;
    }
    std::uint64_t left = dice.below(all);
    for (const Weighted<Kind>& entry : from) {
        if (left < entry.weight) {
            return entry.kind;
        }
        left -= entry.weight;
    }
    return from.back().kind;
}

core::OrderItem itemOf(const Product& product, std::int64_t quantity)
{
    return {
        .sku = std::string(product.sku), .quantity = quantity, .price = core::Decimal::parse(product.price).value()};
}

void addUp(OrderPlan& plan)
{
    plan.totalAmount = core::Decimal();
    for (const core::OrderItem& item : plan.items) {
        plan.totalAmount = plan.totalAmount + item.price * core::Decimal(item.quantity);
    }
}

void addItem(OrderPlan& plan, const Product& product)
{
    plan.items.push_back(itemOf(product, 1));
    addUp(plan);
}

void send(OrderPlan& plan, const Customer& customer)
{
    plan.customerId = customer.id;
    plan.city = customer.city;
    plan.country = customer.country;
}

void fillBasket(OrderPlan& plan, Dice& dice)
{
    const std::uint64_t count = 1 + std::min(dice.below(4), dice.below(4));
    for (std::uint64_t i = 0; i < count; ++i) {
        const Product& product = dice.pick(products());
        const auto quantity = static_cast<std::int64_t>(1 + std::min(dice.below(4), dice.below(4)));
        if (std::ranges::find(plan.items, product.sku, &core::OrderItem::sku) == plan.items.end()) {
            plan.items.push_back(itemOf(product, quantity));
        }
    }
    addUp(plan);
}

} // namespace

std::string_view toString(Ending ending)
{
    switch (ending) {
    case Ending::Shipped: return "shipped";
    case Ending::ShippedLate: return "shipped late";
    case Ending::PaymentDeclined: return "payment declined";
    case Ending::Abandoned: return "abandoned";
    case Ending::OutOfStock: return "out of stock";
    case Ending::NoCarrier: return "no carrier";
    case Ending::RefundBlocked: return "refund blocked";
    }
    return {};
}

std::string_view toString(Poison poison)
{
    switch (poison) {
    case Poison::None: return "none";
    case Poison::BrokenAddress: return "broken address";
    case Poison::UnknownSku: return "unknown sku";
    case Poison::LockedLedger: return "locked ledger";
    }
    return {};
}

OrderPlan planOrder(std::uint64_t seed, std::uint64_t index, double failureShare)
{
    OrderPlan plan;
    plan.index = index;
    plan.orderId = fmt::format("{:08x}", shuffled(static_cast<std::uint32_t>(index), seed));
    plan.commandId = Dice(seed, index, "command").uuid();
    plan.cardToken = card::kGood;
    Dice dice(seed, index, "order");
    plan.gap = 0.4 + 1.2 * dice.unit();
    send(plan, dice.pick(customers()));
    fillBasket(plan, dice);

    Dice fate(seed, index, "fate");
    const double trouble = fate.unit();
    const double poison = fate.unit();
    if (failureShare > 0 && index < kOpeningLength) {
        const auto cast = std::ranges::find(kOpening, index, &Cast::index);
        if (cast != kOpening.end()) {
            turn(plan, cast->ending);
            turn(plan, cast->poison);
        }
        return plan;
    }
    if (trouble < failureShare) {
        turn(plan, draw(fate, kTroubles));
    }
    if (poison < failureShare * kPoisonShare) {
        turn(plan, draw(fate, kPoisons));
    }
    return plan;
}

void turn(OrderPlan& plan, Ending ending)
{
    plan.ending = ending;
    switch (ending) {
    case Ending::Shipped: break;
    case Ending::ShippedLate: plan.cardToken = card::kSlowGateway; break;
    case Ending::PaymentDeclined: plan.cardToken = card::kInsufficientFunds; break;
    case Ending::Abandoned: plan.cardToken = card::kAbandoned; break;
    case Ending::OutOfStock: addItem(plan, productOutOfStock()); break;
    case Ending::RefundBlocked: plan.cardToken = card::kRefundBlocked; [[fallthrough]];
    case Ending::NoCarrier:
        plan.city = kUnservedCity;
        plan.country = kUnservedCountry;
        break;
    }
}

void turn(OrderPlan& plan, Poison poison)
{
    plan.poison = poison;
    switch (poison) {
    case Poison::None: break;
    case Poison::BrokenAddress: plan.customerId = customerWithBrokenAddress().id; break;
    case Poison::UnknownSku: addItem(plan, productMissingFromCatalogue()); break;
    case Poison::LockedLedger: addItem(plan, productThatLocksTheLedger()); break;
    }
}

std::chrono::milliseconds workingTime(std::string_view service, std::string_view key, int attempt)
{
    struct Span {
        std::string_view service;
        std::uint64_t least, most;
    };
    constexpr auto kSpans = std::to_array<Span>({
        {"order", 30, 70},
        {"payment", 80, 400},
        {"inventory", 40, 150},
        {"shipment", 60, 260},
        {"handler", 5, 40},
    });
    const auto found = std::ranges::find(kSpans, service, &Span::service);
    const Span span = found == kSpans.end() ? kSpans.front() : *found;
    Dice dice(key, fmt::format("{} {}", service, attempt));
    // The smaller of two draws: most work is quick, some is slow.
    const std::uint64_t range = span.most - span.least + 1;
    return std::chrono::milliseconds(span.least + std::min(dice.below(range), dice.below(range)));
}

} // namespace eventscope::app
