// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/order.h"

#include <gtest/gtest.h>

#include <functional>
#include <utility>

using namespace eventscope::core;
using namespace std::chrono_literals;

namespace {

Decimal dec(std::string_view text)
{
    return Decimal::parse(text).value();
}

const Timestamp kNoon{1'700'000'000s};

std::vector<OrderItem> twoItems()
{
    return {{.sku = "tea", .quantity = 3, .price = dec("4.50")}, {.sku = "cup", .quantity = 1, .price = dec("24.50")}};
}

Order placed()
{
    Order order("7f3a");
    EXPECT_TRUE(order.place("customer-17", twoItems()));
    return order;
}

Order paid()
{
    Order order = placed();
    EXPECT_TRUE(order.confirmPayment("pay-1", dec("38.00")));
    return order;
}

Order shipped()
{
    Order order = paid();
    EXPECT_TRUE(order.ship("TRK-1", kNoon));
    return order;
}

Order cancelled()
{
    Order order = placed();
    EXPECT_TRUE(order.cancel("changed my mind"));
    return order;
}

/// The sentence of a refusal, after making sure that nothing changed.
std::string refusal(Order& order, ErrorCode code, const std::function<Status(Order&)>& command)
{
    const Json before = order.state();
    const StreamVersion version = order.version();
    const Status status = command(order);
    if (status)
        return "accepted";
    EXPECT_EQ(status.error().code, code) << status.error().message;
    EXPECT_EQ(order.state(), before);
    EXPECT_EQ(order.version(), version);
    return status.error().message;
}

Status replay(Order& order, std::string_view type, std::string_view data)
{
    return order.replay(type, Json::parse(data).value());
}

} // namespace

TEST(Order, IsPlacedWithTheSumOfPriceTimesQuantity)
{
    const Order order = placed();
    EXPECT_EQ(order.status(), OrderStatus::Pending);
    EXPECT_EQ(order.totalAmount().toString(), "38.00");
    EXPECT_EQ(order.customerId(), "customer-17");
    ASSERT_EQ(order.uncommitted().size(), 1u);
    EXPECT_EQ(order.uncommitted()[0].type, "OrderPlaced");
    EXPECT_EQ(order.uncommitted()[0].schemaVersion, 2);
    EXPECT_EQ(order.uncommitted()[0].data,
        R"({"orderId":"7f3a","customerId":"customer-17","items":[{"sku":"tea","quantity":3,"price":4.50},)"
        R"({"sku":"cup","quantity":1,"price":24.50}],"totalAmount":38.00,"currency":"USD"})");
}

TEST(Order, GoesFromPendingToPaidToShipped)
{
    const Order order = shipped();
    EXPECT_EQ(order.status(), OrderStatus::Shipped);
    EXPECT_EQ(order.version().value, 3);
    ASSERT_EQ(order.uncommitted().size(), 3u);
    EXPECT_EQ(order.uncommitted()[1].type, "PaymentConfirmed");
    EXPECT_EQ(order.uncommitted()[1].data, R"({"orderId":"7f3a","paymentId":"pay-1","amount":38.00})");
    EXPECT_EQ(order.uncommitted()[2].type, "OrderShipped");
    EXPECT_EQ(order.uncommitted()[2].data,
        R"({"orderId":"7f3a","trackingNumber":"TRK-1","shippedAt":"2023-11-14T22:13:20.000000Z"})");
    EXPECT_EQ(order.state().dump(),
        R"({"status":"shipped","orderId":"7f3a","customerId":"customer-17","items":[{"sku":"tea","quantity":3,"price":4.50},)"
        R"({"sku":"cup","quantity":1,"price":24.50}],"totalAmount":38.00,"currency":"USD",)"
        R"("payment":{"paymentId":"pay-1","amount":38.00},"trackingNumber":"TRK-1","shippedAt":"2023-11-14T22:13:20.000000Z"})");
}

TEST(Order, IsPlacedOnlyOnce)
{
    for (Order order : {placed(), paid(), shipped(), cancelled()}) {
        EXPECT_EQ(refusal(order, ErrorCode::DomainRule, [](Order& o) { return o.place("c", twoItems()); }),
            "order 7f3a is placed already; an order is placed only once");
    }
}

TEST(Order, RefusesItemsThatMakeNoSense)
{
    const auto placing
        = [](std::vector<OrderItem> items) { return [items](Order& order) { return order.place("c", items); }; };
    Order order("1");
    EXPECT_EQ(refusal(order, ErrorCode::InvalidArgument, placing({})), "order 1 has no items; it needs at least one");
    EXPECT_EQ(refusal(order, ErrorCode::InvalidArgument, placing({{.sku = "", .quantity = 1, .price = 1}})),
        "item 1 has no sku; name what is ordered");
    for (const std::int64_t quantity : {0, -1}) {
        EXPECT_NE(
            refusal(order, ErrorCode::InvalidArgument,
                placing({{.sku = "a", .quantity = 1, .price = 1}, {.sku = "b", .quantity = quantity, .price = 1}}))
                .find("item 2 (b) has the quantity"),
            std::string::npos);
    }
    EXPECT_EQ(refusal(order, ErrorCode::InvalidArgument, placing({{.sku = "a", .quantity = 1, .price = dec("-0.01")}})),
        "item 1 (a) has the price -0.01; it must not be negative");
}

TEST(Order, RefusesToBePlacedByNobody)
{
    Order order("1");
    EXPECT_EQ(refusal(order, ErrorCode::InvalidArgument, [](Order& o) { return o.place("", twoItems()); }),
        "order 1 names no customer");
    EXPECT_EQ(refusal(order, ErrorCode::InvalidArgument, [](Order& o) { return o.place("c", twoItems(), ""); }),
        "order 1 names no currency");
    Order nameless("");
    EXPECT_NE(
        refusal(nameless, ErrorCode::InvalidArgument, [](Order& o) { return o.place("c", twoItems()); }), "accepted");
    Order endless(std::string(201, 'x'));
    EXPECT_NE(
        refusal(endless, ErrorCode::InvalidArgument, [](Order& o) { return o.place("c", twoItems()); }), "accepted");
}

TEST(Order, RefusesAPaymentOfAnotherAmount)
{
    Order order = placed();
    for (const std::string_view amount : {"37.99", "38.01", "0", "-38.00", "38.000000000000000000000001"}) {
        EXPECT_EQ(refusal(order, ErrorCode::DomainRule, [&](Order& o) { return o.confirmPayment("p", dec(amount)); }),
            "order 7f3a costs 38.00 USD; a payment of " + dec(amount).toString() + " is not that amount");
    }
}

TEST(Order, TakesTheExactAmountHoweverItIsWritten)
{
    for (const std::string_view amount : {"38", "38.0", "3.8e1"}) {
        Order order = placed();
        EXPECT_TRUE(order.confirmPayment("p", dec(amount)));
        EXPECT_EQ(order.status(), OrderStatus::Paid);
    }
}

TEST(Order, IsExactWhereBinaryFloatsAreNot)
{
    Order order("1");
    ASSERT_TRUE(order.place(
        "c", {{.sku = "a", .quantity = 1, .price = dec("0.1")}, {.sku = "b", .quantity = 1, .price = dec("0.2")}}));
    EXPECT_TRUE(order.confirmPayment("p", dec("0.3")));
}

TEST(Order, TakesAPaymentOnlyWhilePending)
{
    for (Order order : {Order("7f3a"), paid(), shipped(), cancelled()})
        EXPECT_NE(refusal(order, ErrorCode::DomainRule, [](Order& o) { return o.confirmPayment("p", dec("38")); }),
            "accepted");
    Order order = placed();
    EXPECT_EQ(refusal(order, ErrorCode::InvalidArgument, [](Order& o) { return o.confirmPayment("", dec("38")); }),
        "the payment of order 7f3a has no id");
}

TEST(Order, IsShippedOnlyWhenPaid)
{
    for (Order order : {Order("7f3a"), placed(), shipped(), cancelled()})
        EXPECT_NE(refusal(order, ErrorCode::DomainRule, [](Order& o) { return o.ship("T", kNoon); }), "accepted");
    Order order = placed();
    EXPECT_EQ(refusal(order, ErrorCode::DomainRule, [](Order& o) { return o.ship("T", kNoon); }),
        "order 7f3a is pending; only a paid order is shipped");
    Order ready = paid();
    EXPECT_NE(refusal(ready, ErrorCode::InvalidArgument, [](Order& o) { return o.ship("", kNoon); }), "accepted");
}

TEST(Order, IsCancelledUntilItIsShipped)
{
    for (Order order : {placed(), paid()}) {
        EXPECT_TRUE(order.cancel("no longer wanted"));
        EXPECT_EQ(order.status(), OrderStatus::Cancelled);
        EXPECT_EQ(order.uncommitted().back().data, R"({"orderId":"7f3a","reason":"no longer wanted"})");
        EXPECT_EQ(order.state().at("/cancellation/reason")->asString(), "no longer wanted");
    }
    Order late = shipped();
    EXPECT_EQ(refusal(late, ErrorCode::DomainRule, [](Order& o) { return o.cancel("x"); }),
        "order 7f3a is shipped; it can no longer be cancelled");
    for (Order order : {Order("7f3a"), cancelled()})
        EXPECT_NE(refusal(order, ErrorCode::DomainRule, [](Order& o) { return o.cancel("x"); }), "accepted");
}

TEST(Order, IsRebuiltByReplayingItsEvents)
{
    const Order original = shipped();
    Order rebuilt("7f3a");
    for (const NewEvent& event : original.uncommitted())
        ASSERT_TRUE(replay(rebuilt, event.type, event.data));
    EXPECT_EQ(rebuilt.state(), original.state());
    EXPECT_EQ(rebuilt.version(), original.version());
    EXPECT_TRUE(rebuilt.uncommitted().empty());
    EXPECT_EQ(rebuilt.committedVersion().value, 3);
}

TEST(Order, KeepsWhatOthersWroteIntoItsEvents)
{
    Order order("1");
    ASSERT_TRUE(replay(order, "OrderPlaced",
        R"({"orderId":17,"customerId":"c","items":[{"productId":9,"gift":true}],"totalAmount":"12.340"})"));
    ASSERT_TRUE(replay(order, "GiftWrapped", R"([1,2])"));
    EXPECT_EQ(order.version().value, 2);
    EXPECT_EQ(order.state().dump(),
        R"({"status":"pending","orderId":17,"customerId":"c","items":[{"productId":9,"gift":true}],"totalAmount":"12.340"})");
    EXPECT_TRUE(order.confirmPayment("p", dec("12.34")));
}

TEST(Order, RefusesEventsWhoseDataMakeNoSense)
{
    Order order = placed();
    const Json before = order.state();
    const std::pair<std::string_view, std::string_view> events[] = {
        {"OrderPlaced", "[]"},
        {"OrderPlaced", "{}"},
        {"OrderPlaced", R"({"totalAmount":"much"})"},
        {"OrderPlaced", R"({"totalAmount":1,"items":{}})"},
        {"OrderPlaced", R"({"totalAmount":1,"orderId":[]})"},
        {"PaymentConfirmed", R"({"paymentId":"p"})"},
        {"PaymentConfirmed", R"({"paymentId":{},"amount":1})"},
        {"PaymentConfirmed", R"({"paymentId":"p","amount":null})"},
        {"OrderShipped", R"({"trackingNumber":true})"},
        {"OrderCancelled", "null"},
    };
    for (const auto& [type, data] : events) {
        const Status status = replay(order, type, data);
        ASSERT_FALSE(status) << type << data;
        EXPECT_EQ(status.error().code, ErrorCode::Unparsable);
        EXPECT_NE(status.error().message.find(type), std::string::npos) << status.error().message;
        EXPECT_EQ(order.state(), before);
        EXPECT_EQ(order.version().value, 1);
    }
}

TEST(Order, BeginsAtASnapshot)
{
    const Order original = paid();
    Order restored("7f3a");
    ASSERT_TRUE(restored.restore({2}, original.state()));
    EXPECT_EQ(restored.version().value, 2);
    EXPECT_EQ(restored.state(), original.state());
    EXPECT_TRUE(restored.ship("T", kNoon));
    EXPECT_EQ(restored.committedVersion().value, 2);
    restored.reset();
    EXPECT_EQ(restored.version().value, 0);
    EXPECT_EQ(restored.status(), OrderStatus::New);
    EXPECT_TRUE(restored.uncommitted().empty());
}

TEST(Order, DoesNotBeginAtASnapshotOfSomethingElse)
{
    for (const std::string_view state :
        {"17", "[]", R"({"status":"lost"})", R"({"status":null})", R"({"status":"paid","totalAmount":"x"})"}) {
        Order order("1");
        EXPECT_FALSE(order.restore({5}, Json::parse(state).value())) << state;
        EXPECT_EQ(order.version().value, 0);
        EXPECT_EQ(order.status(), OrderStatus::New);
    }
}
