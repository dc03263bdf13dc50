// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/order_lines.h"

#include "event/json.h"
#include "inspect/order_reducer.h"
#include "inspect/replay.h"
#include "order_stories.h"
#include "sourcing/order_state.h"

#include <gtest/gtest.h>

using namespace eventscope::core;
using namespace eventscope::test;

namespace {

const auto kUpcasters = std::make_shared<const UpcasterChain>(orderUpcasters());

/// The event as a line of a file.
std::string lineOf(const SourceEvent& event)
{
    std::string line = "{\"stream\":\"order-1\",\"type\":";
    appendJsonString(line, event.type);
    line += ",\"headers\":[";
    for (const HeaderView& header : event.headers) {
        line += line.back() == '[' ? "[" : ",[";
        appendJsonString(line, header.name);
        line += ',';
        appendJsonString(line, header.value);
        line += ']';
    }
    return line + "],\"data\":" + minifyJson(event.payload) + "}";
}

std::string orderIn(const OrderLines& lines, std::string_view stream)
{
    const FoldedOrder* order = lines.find(stream);
    return order ? toJson(*order).dump() : "none";
}

} // namespace

TEST(OrderLines, RebuildsEveryOrderOfAFile)
{
    OrderLines lines(*kUpcasters);
    lines.fold(R"({"stream":"order-1","type":"OrderPlaced","data":{"orderId":"1","customerId":"c","amount":9.90}}

{"data":{"amount":9.90,"paymentId":"p"},"type":"PaymentConfirmed","stream":"order-1"}
{"stream":"order-2","type":"OrderPlaced","headers":[["a","b"],["schemaVersion","2"]],"data":{"totalAmount":1}}
{"stream":"payment-1","type":"OrderPlaced","data":{"totalAmount":1}}
this is no event
{"stream":"order-2","type":"OrderPlaced","headers":[["schemaVersion","3"]],"data":{"totalAmount":7}}
{"stream":"order-2","type":"OrderShipped"}
{"stream":"order-2","type":"OrderCancelled","data":{"orderId":"2","reason":"r"}})");
    EXPECT_EQ(orderIn(lines, "order-1"),
        R"({"status":"paid","orderId":"1","customerId":"c","items":[],"totalAmount":9.90,"currency":"USD","payment":{"paymentId":"p","amount":9.90}})");
    EXPECT_EQ(orderIn(lines, "order-2"), R"({"status":"cancelled","totalAmount":1,"cancellation":{"reason":"r"}})");
    EXPECT_EQ(lines.orders().size(), 2u);
    EXPECT_EQ(lines.folded(), 5u);
    EXPECT_EQ(lines.refused(), 3u);
}

TEST(OrderLines, GivesTheStatesOfTheOrderReducer)
{
    OrderStories stories(21);
    for (int round = 0; round < 60; ++round) {
        const auto history = historyOf(round % 2 == 0 ? stories.lawful() : stories.wild(30));
        std::string text;
        for (std::size_t i = 0; i < history->size(); ++i) {
            if (!history->payloadAt(i).isJson)
                continue; // printed as {"$text":…}, which is data of another kind
            text += lineOf(history->at(i)) + '\n';
        }
        Replay replay(history, std::make_shared<OrderReducer>(), kUpcasters);
        OrderLines lines(*kUpcasters);
        lines.fold(text);
        ASSERT_EQ(Json::parse(orderIn(lines, "order-1")).value_or(Json::Object()), replay.stateAt(replay.size()))
            << text;
    }
}

TEST(OrderLines, KeepsManyOrdersApart)
{
    OrderLines lines(*kUpcasters);
    for (const std::string_view type : {"OrderPlaced", "PaymentConfirmed"}) {
        std::string text;
        for (int i = 0; i < 5000; ++i) {
            const std::string number = std::to_string(i);
            text += R"({"stream":"order-)" + number + R"(","type":")" + std::string(type)
                + R"(","data":{"totalAmount":)" + number + R"(,"amount":)" + number + "}}\n";
        }
        lines.fold(text);
    }
    ASSERT_EQ(lines.orders().size(), 5000u);
    for (int i = 0; i < 5000; ++i) {
        const FoldedOrder* order = lines.find("order-" + std::to_string(i));
        ASSERT_TRUE(order);
        ASSERT_EQ(order->paymentAmount, std::to_string(i));
        ASSERT_EQ(order->totalAmount, std::to_string(i));
        ASSERT_EQ(order->status, "paid");
    }
    EXPECT_EQ(lines.find("order-5000"), nullptr);
}

TEST(OrderLines, ReadsInPiecesAsInOne)
{
    OrderStories stories(22);
    const auto history = historyOf(stories.lawful());
    OrderLines lines(*kUpcasters);
    for (std::size_t i = 0; i < history->size(); ++i)
        lines.fold(lineOf(history->at(i)) + "\r\n");
    Replay replay(history, std::make_shared<OrderReducer>(), kUpcasters);
    EXPECT_EQ(Json::parse(orderIn(lines, "order-1")).value(), replay.stateAt(replay.size()));
}
