// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/order_commands.h"

#include "order_world.h"

#include <gtest/gtest.h>

using namespace eventscope::core;
using namespace eventscope::test;
using namespace std::chrono_literals;

namespace {

Decimal dec(std::string_view text)
{
    return Decimal::parse(text).value();
}

PlaceOrder placeTea()
{
    return {.orderId = "1", .customerId = "customer-1", .items = OrderWorld::tea(), .currency = "EUR"};
}

template <class C>
Result<StreamVersion> send(OrderWorld& world, const C& command)
{
    return world.commands.handle(makeCommand(command, world.ids, world.clock));
}

} // namespace

TEST(OrderCommands, TakeAnOrderFromPlacedToShipped)
{
    OrderWorld world;
    EXPECT_EQ(send(world, placeTea())->value, 1);
    EXPECT_EQ(send(world, ConfirmPayment{.orderId = "1", .paymentId = "p", .amount = dec("38")})->value, 2);
    EXPECT_EQ(send(world, ShipOrder{.orderId = "1", .trackingNumber = "T"})->value, 3);
    const auto order = world.orders.load("1");
    EXPECT_EQ(order->status(), OrderStatus::Shipped);
    EXPECT_EQ(order->currency(), "EUR");
    EXPECT_EQ(order->state().stringOr("shippedAt"), formatTimestamp(world.clock.now()));
}

TEST(OrderCommands, CancelAnOrder)
{
    OrderWorld world;
    ASSERT_TRUE(send(world, placeTea()));
    ASSERT_TRUE(send(world, CancelOrder{.orderId = "1", .reason = ""}));
    EXPECT_EQ(world.orders.load("1")->status(), OrderStatus::Cancelled);
}

TEST(OrderCommands, CauseTheEventsTheyLeadTo)
{
    OrderWorld world;
    Command command = makeCommand(placeTea(), world.ids, world.clock);
    EXPECT_EQ(command.type, "PlaceOrder");
    EXPECT_EQ(command.metadata.correlationId, command.id);
    ASSERT_TRUE(world.commands.handle(command));
    EXPECT_EQ(world.stored("1")[0].metadata.correlationId, command.id);
    EXPECT_EQ(world.stored("1")[0].metadata.causationId, command.id);
    EXPECT_EQ(currentMessageContext(), nullptr);

    const MessageScope scope({.messageId = "event-9", .correlationId = "flow-9", .userId = "ada"});
    command
        = makeCommand(ConfirmPayment{.orderId = "1", .paymentId = "p", .amount = dec("38")}, world.ids, world.clock);
    EXPECT_EQ(command.metadata.correlationId, "flow-9");
    EXPECT_EQ(command.metadata.causationId, "event-9");
    ASSERT_TRUE(world.commands.handle(command));
    EXPECT_EQ(world.stored("1")[1].metadata.correlationId, "flow-9");
    EXPECT_EQ(world.stored("1")[1].metadata.causationId, command.id);
    EXPECT_EQ(world.stored("1")[1].metadata.userId, "ada");
}

TEST(OrderCommands, LeaveTheirEventsInTheOutbox)
{
    MemoryEventStore store(MemoryEventStore::Options{.outbox = true});
    OrderWorld world(&store);
    ASSERT_TRUE(send(world, placeTea()));
    const auto pending = store.pending(10);
    ASSERT_TRUE(pending);
    ASSERT_EQ(pending->size(), 1u);
    EXPECT_EQ((*pending)[0].type, "OrderPlaced");
}

TEST(OrderCommands, PassOnTheRefusalsOfTheOrder)
{
    OrderWorld world;
    EXPECT_EQ(send(world, CancelOrder{.orderId = "1", .reason = "r"}).error(),
        (Error{ErrorCode::NotFound, "there is no order 1"}));
    ASSERT_TRUE(send(world, placeTea()));
    EXPECT_EQ(send(world, placeTea()).error().code, ErrorCode::DomainRule);
    EXPECT_EQ(send(world, ConfirmPayment{.orderId = "1", .paymentId = "p", .amount = dec("37.99")}).error().code,
        ErrorCode::DomainRule);
    EXPECT_EQ(send(world, ShipOrder{.orderId = "1", .trackingNumber = "T"}).error().code, ErrorCode::DomainRule);
    EXPECT_EQ(world.stored("1").size(), 1u);
    EXPECT_EQ(world.commands.handle({.id = "c", .type = "Bake", .metadata = {}, .data = "{}"}).error().code,
        ErrorCode::Unsupported);
}

TEST(OrderCommands, ReadBackTheFieldsTheyWrote)
{
    PlaceOrder place = placeTea();
    place.items.push_back({.sku = "cup \"big\"", .quantity = 9'000'000'000, .price = dec("0.10")});
    const auto readPlace = readPlaceOrder(toJson(place));
    ASSERT_TRUE(readPlace);
    EXPECT_EQ(*readPlace, place);
    EXPECT_EQ(readPlace->items[1].price.toString(), "0.10");
    const ConfirmPayment confirm{.orderId = "1", .paymentId = "p", .amount = dec("38.00")};
    EXPECT_EQ(readConfirmPayment(toJson(confirm)), confirm);
    EXPECT_EQ(readConfirmPayment(toJson(confirm))->amount.toString(), "38.00");
    const ShipOrder now{.orderId = "1", .trackingNumber = "T"};
    const ShipOrder then{.orderId = "1", .trackingNumber = "T", .shippedAt = Timestamp(1'700'000'000'000'001us)};
    EXPECT_EQ(readShipOrder(toJson(now)), now);
    EXPECT_EQ(readShipOrder(toJson(then)), then);
    const CancelOrder cancel{.orderId = "1", .reason = "no\nlonger"};
    EXPECT_EQ(readCancelOrder(toJson(cancel)), cancel);
    EXPECT_EQ(readCancelOrder(R"({"orderId":"1"})"), (CancelOrder{.orderId = "1", .reason = ""}));
}

TEST(OrderCommands, SayWhichFieldIsWrong)
{
    const auto sentence = [](const auto& result) { return result ? std::string("accepted") : result.error().message; };
    EXPECT_EQ(sentence(readConfirmPayment("{")).find("the data of ConfirmPayment are not valid JSON"), 0u);
    EXPECT_EQ(sentence(readConfirmPayment("[]")), "ConfirmPayment is not complete: its data must be a JSON object");
    EXPECT_EQ(sentence(readConfirmPayment(R"({"orderId":"1","amount":1})")),
        "ConfirmPayment is not complete: \"paymentId\" must be a text that is not empty");
    EXPECT_EQ(sentence(readConfirmPayment(R"({"orderId":"1","paymentId":"p","amount":"x"})")),
        "ConfirmPayment is not complete: \"amount\" must be a decimal number");
    EXPECT_EQ(sentence(readPlaceOrder(R"({"orderId":"1","customerId":"c"})")),
        "PlaceOrder is not complete: \"items\" must be a list");
    EXPECT_EQ(
        sentence(readPlaceOrder(
            R"({"orderId":"1","customerId":"c","items":[{"sku":"a","quantity":1,"price":1},{"sku":"b","quantity":1.5,"price":1}]})")),
        "PlaceOrder is not complete: item 2: \"quantity\" must be a whole number");
    EXPECT_EQ(sentence(readPlaceOrder(R"({"orderId":"1","customerId":"c","items":[7]})")),
        "PlaceOrder is not complete: item 1: its data must be a JSON object");
    EXPECT_NE(
        sentence(readShipOrder(R"({"orderId":"1","trackingNumber":"T","shippedAt":"soon"})")).find("\"shippedAt\""),
        std::string::npos);
    EXPECT_NE(sentence(readCancelOrder(R"({"orderId":"1","reason":7})")), "accepted");
    for (const std::string_view data : {"{", "[]", "{}", R"({"orderId":""})", R"({"orderId":7})"}) {
        EXPECT_EQ(readPlaceOrder(data).error().code, ErrorCode::InvalidArgument);
        EXPECT_EQ(readConfirmPayment(data).error().code, ErrorCode::InvalidArgument);
        EXPECT_EQ(readShipOrder(data).error().code, ErrorCode::InvalidArgument);
        EXPECT_EQ(readCancelOrder(data).error().code, ErrorCode::InvalidArgument);
    }
}
