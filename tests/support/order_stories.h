// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/json.h"
#include "inspect/stream_history.h"
#include "sourcing/order.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::test {

struct StoryEvent {
    std::string type;
    int schemaVersion = 1;
    std::string data;
};

/// Histories of one order, the same for the same seed.
class OrderStories {
public:
    explicit OrderStories(std::uint64_t seed) : m_random(seed) { }

    /// What commands of a random course raise: a few events.
    std::vector<StoryEvent> lawful();
    /// Anything that may stand in a stream: facts in any order, old versions, amounts in odd forms,
    /// doubled and escaped names, unknown types, data that make no sense and data that are no JSON.
    std::vector<StoryEvent> wild(std::size_t length);

    std::uint64_t below(std::uint64_t bound) { return m_random() % bound; }

private:
    std::string pick(std::initializer_list<std::string_view> texts);
    std::string amount();
    std::string id();
    StoryEvent placed();
    StoryEvent payment();
    StoryEvent shipped();
    StoryEvent cancelled();
    StoryEvent odd();

    std::mt19937_64 m_random;
};

/// The story as the stream "order-1" of the source "demo", versions from 1, a second apart.
std::shared_ptr<core::StreamHistory> historyOf(const std::vector<StoryEvent>& story);

inline std::string OrderStories::pick(std::initializer_list<std::string_view> texts)
{
    return std::string(*(texts.begin() + static_cast<std::ptrdiff_t>(below(texts.size()))));
}

inline std::string OrderStories::amount()
{
    return pick({"38.00", "0", "-0.0", "12345678901234567890.123456789", "1e2", "38.0E+0", "\"17.50\"", "\"much\"",
        "null", "true", "99"});
}

inline std::string OrderStories::id()
{
    return pick({"\"7f3a\"", "17", "null", "\"\\u0031\\n\"", "\"é\"", "[1]", "true"});
}

inline StoryEvent OrderStories::placed()
{
    const std::string items
        = pick({"[]", "[ {\"sku\" : \"tea\", \"price\":4.50,\"quantity\":3} ]", "{}", "[[1.0,[]], \"]\" ]", "null"});
    switch (below(4)) {
    case 0: return {"OrderPlaced", 1, "{\"orderId\":" + id() + ",\"customerId\":\"c\",\"amount\":" + amount() + "}"};
    case 1: return {"OrderPlaced", 1, "{\"totalAmount\":" + amount() + ",\"items\":" + items + "}"};
    case 2:
        return {"OrderPlaced", 2,
            "{ \"orderId\" : " + id() + " , \"items\" : " + items
                + " ,\"gift\":{\"totalAmount\":1}, \"totalAmount\" : " + amount() + " , \"currency\":\"EUR\"}\n"};
    default:
        return {"OrderPlaced", 2,
            "{\"totalAmount\":1,\"totalAmount\":" + amount() + ",\"\\u006frderId\":" + id() + ",\"items\":" + items
                + "}"};
    }
}

inline StoryEvent OrderStories::payment()
{
    return {"PaymentConfirmed", 1,
        pick({"{\"orderId\":\"7f3a\",\"paymentId\":" + id() + ",\"amount\":" + amount() + "}",
            "{\"amount\": " + amount() + " }"})};
}

inline StoryEvent OrderStories::shipped()
{
    return {"OrderShipped", 1,
        pick({"{\"trackingNumber\":" + id() + ",\"shippedAt\":\"2026-11-23T09:14:07Z\"}",
            "{\"shippedAt\": {\"at\":[1]} }", "{}"})};
}

inline StoryEvent OrderStories::cancelled()
{
    return {"OrderCancelled", 1,
        pick({"{\"orderId\":1,\"reason\":\"no \\\"tea\\\"\",\"by\":[1.0]}", "{}", "{\"a\":1,\"a\":2}",
            "{\"orderId\":1}"})};
}

inline StoryEvent OrderStories::odd()
{
    switch (below(4)) {
    case 0: return {"AddressChanged", 1, "{\"address\":{\"street\":\"s\",\"city\":null}}"};
    case 1:
        return {pick({"OrderPlaced", "PaymentConfirmed", "OrderShipped", "OrderCancelled", "Other"}), 1,
            pick({"", "{", "[]", "null", "7", "\"x\"", "{\"totalAmount\":01}", "{\"amount\":1} x", "\xFF"})};
    case 2: return {"OrderPlaced", 3, "{\"totalAmount\":1}"};
    default: return {"Note", 1, "{\"note\":" + id() + ",\"status\":\"lost\"}"};
    }
}

inline std::vector<StoryEvent> OrderStories::wild(std::size_t length)
{
    std::vector<StoryEvent> story;
    while (story.size() < length) {
        switch (below(5)) {
        case 0: story.push_back(placed()); break;
        case 1: story.push_back(payment()); break;
        case 2: story.push_back(shipped()); break;
        case 3: story.push_back(cancelled()); break;
        default: story.push_back(odd()); break;
        }
    }
    return story;
}

inline std::vector<StoryEvent> OrderStories::lawful()
{
    core::Order order("7f3a");
    std::vector<core::OrderItem> items;
    for (std::uint64_t i = 0, count = 1 + below(3); i < count; ++i) {
        const auto price = core::Decimal::parse(pick({"4.50", "0.1", "19.99", "1000", "0.00"}));
        items.push_back(
            {.sku = "sku-" + std::to_string(i), .quantity = static_cast<std::int64_t>(1 + below(5)), .price = *price});
    }
    (void)order.place("customer-" + std::to_string(below(20)), items);
    for (int i = 0; i < 6; ++i) {
        switch (below(4)) {
        case 0: (void)order.ship("TRK-1", core::Timestamp(std::chrono::seconds(1'700'000'000))); break;
        case 1: (void)(below(4) == 0 ? order.cancel("reason") : core::Status()); break;
        default: (void)order.confirmPayment("pay-1", order.totalAmount()); break;
        }
    }
    std::vector<StoryEvent> story;
    for (const core::NewEvent& event : order.uncommitted())
        story.push_back({event.type, event.schemaVersion, event.data});
    return story;
}

inline std::shared_ptr<core::StreamHistory> historyOf(const std::vector<StoryEvent>& story)
{
    auto history = std::make_shared<core::StreamHistory>("order-1");
    for (const StoryEvent& event : story) {
        const auto number = static_cast<std::int64_t>(history->size()) + 1;
        const std::string id = "e-" + std::to_string(number);
        const std::string schemaVersion = std::to_string(event.schemaVersion);
        const core::HeaderView headers[] = {{"schemaVersion", schemaVersion}};
        core::SourceEvent source{.source = "demo", .stream = "order-1", .position = number * 10, .version = number};
        source.id = id;
        source.type = event.type;
        source.time = core::Timestamp(std::chrono::seconds(1'700'000'000 + number));
        source.payload = event.data;
        if (event.schemaVersion != 1)
            source.headers = headers;
        history->append(source);
    }
    return history;
}

} // namespace eventscope::test
