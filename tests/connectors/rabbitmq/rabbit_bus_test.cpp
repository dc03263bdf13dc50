// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_inbox.h"
#include "rabbit_server.h"

#include "event/clock.h"
#include "rabbit_bus.h"
#include "topology.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

using namespace eventscope;
using namespace eventscope::test;
using namespace eventscope::rabbitmq;

namespace {

class RabbitBusTest : public testing::Test {
protected:
    void SetUp() override { m_bus = open(); }

    std::unique_ptr<RabbitBus> open(RabbitBusOptions options = {})
    {
        auto opened = RabbitBus::open(m_vhost.options(), m_clock, std::move(options));
        EXPECT_TRUE(opened) << opened.error().message;
        return opened ? std::move(*opened) : nullptr;
    }
    std::unique_ptr<core::Subscription> subscribe(
        std::string name, std::string pattern, core::EventHandler handler, core::RetryPolicy retry = {})
    {
        auto subscription = m_bus->subscribe(
            {.name = std::move(name), .pattern = std::move(pattern), .handler = std::move(handler), .retry = retry});
        EXPECT_TRUE(subscription) << subscription.error().message;
        return subscription ? std::move(*subscription) : nullptr;
    }
    core::Json get(const std::string& path)
    {
        const auto json = m_vhost.management().get(path);
        EXPECT_TRUE(json) << json.error().message;
        return json.value_or(core::Json());
    }
    std::string vhost() { return m_vhost.options().vhost; }

    OwnVhost m_vhost;
    core::SystemClock m_clock;
    std::unique_ptr<RabbitBus> m_bus;
};

core::Status refuse(const core::RecordedEvent&)
{
    return core::fail(core::ErrorCode::DomainRule, "no such customer");
}

} // namespace

TEST_F(RabbitBusTest, DeclaresTheSpecifiedTopology)
{
    const auto subscription = subscribe("orders", "order.*", refuse);
    const core::Json events = get("exchanges/" + vhost() + "/events");
    EXPECT_EQ(events.stringOr("type"), "topic");
    EXPECT_TRUE(events.find("durable")->asBool());
    EXPECT_EQ(get("exchanges/" + vhost() + "/events.retry").stringOr("type"), "direct");
    const core::Json queue = get("queues/" + vhost() + "/orders");
    EXPECT_TRUE(queue.find("durable")->asBool());
    const core::Json& arguments = *queue.find("arguments");
    EXPECT_EQ(arguments.find("x-max-priority")->numberText(), "10");
    EXPECT_EQ(arguments.stringOr("x-dead-letter-exchange"), "events.retry");
    EXPECT_EQ(arguments.stringOr("x-dead-letter-routing-key"), "retry.order.*");
    const auto bindingsOf = [&](const std::string& name) {
        std::set<std::pair<std::string, std::string>> bindings;
        const core::Json all = get("queues/" + vhost() + '/' + name + "/bindings");
        for (const core::Json& binding : all.asArray())
            bindings.emplace(binding.stringOr("source"), binding.stringOr("routing_key"));
        bindings.erase({"", name});
        return bindings;
    };
    EXPECT_EQ(bindingsOf("orders"), (std::set<std::pair<std::string, std::string>>{{"events", "order.*"}}));
    EXPECT_EQ(bindingsOf("events.order.*.dead-letter"),
        (std::set<std::pair<std::string, std::string>>{{"events.retry", "retry.order.*"}}));
    for (const int delay : {1000, 2000, 4000}) {
        const std::string name = "orders.retry." + std::to_string(delay);
        const core::Json retry = get("queues/" + vhost() + '/' + name);
        EXPECT_EQ(retry.find("arguments")->find("x-message-ttl")->numberText(), std::to_string(delay));
        EXPECT_EQ(retry.find("arguments")->stringOr("x-dead-letter-routing-key"), "orders");
        EXPECT_TRUE(bindingsOf(name).empty());
    }
    const core::Json consumers = get("consumers/" + vhost());
    for (const core::Json& consumer : consumers.asArray())
        EXPECT_EQ(consumer.find("prefetch_count")->numberText(), "10");
}

TEST_F(RabbitBusTest, PublishesPersistentJsonWithTheSpecifiedProperties)
{
    const auto bus = open();
    m_vhost.declareQueue("raw");
    ASSERT_TRUE(m_vhost.connection().bindQueue(kTestChannel, "raw", "events", "order.placed"));
    core::RecordedEvent event = eventOf("OrderPlaced", "id-1", "order-7", 3, R"({"total":38.00})");
    event.metadata.correlationId = "flow-1";
    ASSERT_TRUE(bus->publish(event));
    const auto taken = m_vhost.takeAll("raw");
    ASSERT_EQ(taken.size(), 1u);
    const MessageProperties& properties = taken[0].properties;
    EXPECT_EQ(taken[0].exchange, "events");
    EXPECT_EQ(taken[0].routingKey, "order.placed");
    EXPECT_EQ(properties.deliveryMode, 2);
    EXPECT_EQ(properties.contentType, "application/json");
    EXPECT_EQ(properties.messageId, "id-1");
    EXPECT_EQ(properties.timestamp, 1'700'000'000u);
    EXPECT_EQ(properties.correlationId, "flow-1");
    EXPECT_EQ(find(properties.headers, "eventType")->text(), "OrderPlaced");
    EXPECT_NE(taken[0].body.find(R"("data":{"total":38.00})"), std::string::npos) << taken[0].body;
}

TEST_F(RabbitBusTest, RefusesAnEventThatNoQueueTakes)
{
    const core::Status lost = m_bus->publish(eventOf("OrderPlaced", "id-1"));
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, core::ErrorCode::NotFound);
    EXPECT_NE(lost.error().message.find("'order.placed'"), std::string::npos) << lost.error().message;
}

// The times are those of the calls; a TTL never ends early, so the least is certain.
TEST_F(RabbitBusTest, TriesAgainAfterOneTwoAndFourSecondsWhileOthersPassAndThenParksItOnce)
{
    using Steady = std::chrono::steady_clock;
    std::mutex mutex;
    std::vector<Steady::time_point> calls;
    EventInbox others;
    const auto subscription = subscribe("orders", "order.placed", [&](const core::RecordedEvent& event) {
        if (event.id == "bad") {
            const std::scoped_lock lock(mutex);
            calls.push_back(Steady::now());
            return refuse(event);
        }
        others.add(event);
        return core::Status();
    });
    ASSERT_TRUE(m_bus->publish(eventOf("OrderPlaced", "bad")));
    for (int i = 0; i < 30; ++i)
        ASSERT_TRUE(m_bus->publish(eventOf("OrderPlaced", "good-" + std::to_string(i))));
    ASSERT_TRUE(others.waitFor(30));
    {
        const std::scoped_lock lock(mutex);
        EXPECT_LE(calls.size(), 4u);
    }
    const auto letters = m_vhost.take("events.order.placed.dead-letter", 1);
    ASSERT_EQ(letters.size(), 1u);
    const AmqpTable& headers = letters[0].properties.headers;
    EXPECT_EQ(find(headers, kRetryCount)->integer(), 3);
    EXPECT_EQ(find(headers, kAttempts)->integer(), 4);
    EXPECT_EQ(find(headers, kOriginQueue)->text(), "orders");
    EXPECT_EQ(find(headers, kErrorMessage)->text(), "no such customer");
    EXPECT_EQ(find(headers, kOriginExchange)->text(), "events");
    EXPECT_EQ(find(headers, kOriginRoutingKey)->text(), "order.placed");
    const std::scoped_lock lock(mutex);
    ASSERT_EQ(calls.size(), 4u);
    for (std::size_t i = 1; i < calls.size(); ++i) {
        const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(calls[i] - calls[i - 1]);
        EXPECT_GE(waited.count() + 5, 1000 << (i - 1));
        RecordProperty("retry " + std::to_string(i) + " after ms", std::to_string(waited.count()));
        std::printf("retry %zu came after %lld ms\n", i, static_cast<long long>(waited.count()));
    }
    EXPECT_EQ(m_vhost.depth("events.order.placed.dead-letter"), 0u) << "it came twice";
    EXPECT_EQ(m_vhost.depth("orders"), 0u);
}

TEST_F(RabbitBusTest, BringsAnEventThatSomebodyElseHoldsAgainWithoutCountingIt)
{
    std::atomic<int> calls{0};
    EventInbox inbox;
    const auto subscription = subscribe("held", "order.placed",
        [&](const core::RecordedEvent& event) -> core::Status {
            if (++calls <= 5)
                return core::fail(core::ErrorCode::HeldByOther, "somebody else is at it");
            inbox.add(event);
            return {};
        },
        {.maxRetries = 1, .firstDelay = std::chrono::milliseconds(1)});
    ASSERT_TRUE(m_bus->publish(eventOf("OrderPlaced", "id-1")));
    ASSERT_TRUE(inbox.waitFor(1));
    EXPECT_EQ(m_vhost.depth("events.order.placed.dead-letter"), 0u);
}

TEST_F(RabbitBusTest, ParksWhatIsNoEventByteForByteAndGoesOn)
{
    EventInbox inbox;
    const auto subscription = subscribe("orders", "order.placed", inbox.handler());
    const std::string bytes("{\"half\": \xff\0", 11);
    MessageProperties properties;
    properties.messageId = "broken";
    properties.headers = {{"raw", std::string("\xfe\xff", 2)}};
    m_vhost.publish({"events", "order.placed", properties, bytes});
    ASSERT_TRUE(m_bus->publish(eventOf("OrderPlaced", "good")));
    ASSERT_TRUE(inbox.waitFor(1));
    const auto letters = m_vhost.take("events.order.placed.dead-letter", 1);
    ASSERT_EQ(letters.size(), 1u);
    EXPECT_EQ(letters[0].body, bytes);
    EXPECT_EQ(find(letters[0].properties.headers, "raw")->text(), std::string("\xfe\xff", 2));
    EXPECT_EQ(find(letters[0].properties.headers, kErrorType)->text(), "Unparsable");
}

TEST_F(RabbitBusTest, HandlesTheJsonOfOtherProducers)
{
    EventInbox inbox;
    const auto subscription = subscribe("orders", "order.placed", inbox.handler());
    MessageProperties properties;
    properties.messageId = "theirs";
    properties.headers = {{"eventType", "OrderPlaced"}};
    m_vhost.publish({"events", "order.placed", properties, R"({"sku":"A"})"});
    ASSERT_TRUE(inbox.waitFor(1));
    EXPECT_EQ(inbox.events()[0].id, "theirs");
    EXPECT_EQ(inbox.events()[0].type, "OrderPlaced");
    EXPECT_EQ(inbox.events()[0].data, R"({"sku":"A"})");
}

TEST_F(RabbitBusTest, SaysThatAQueueHasOtherArguments)
{
    m_vhost.declareQueue("orders", {{"x-max-length", 5}});
    EventInbox inbox;
    const auto refused = m_bus->subscribe({.name = "orders", .pattern = "order.*", .handler = inbox.handler()});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, core::ErrorCode::InvalidArgument);
    EXPECT_NE(refused.error().message.find("'orders'"), std::string::npos) << refused.error().message;
    EXPECT_NE(refused.error().message.find("PRECONDITION_FAILED"), std::string::npos);
}

TEST_F(RabbitBusTest, RunsHandlersAtATimeAndKeepsTheOrderOfEachStream)
{
    constexpr int kStreams = 8, kEvents = 25;
    m_bus = open({.prefetch = 32, .concurrency = 8});
    Gate gate;
    EventInbox inbox;
    std::atomic<int> first{0};
    const auto subscription = subscribe("many", "#", [&](const core::RecordedEvent& event) {
        if (first++ < 2) {
            EXPECT_TRUE(gate.pass());
        }
        inbox.add(event);
        return core::Status();
    });
    std::vector<core::RecordedEvent> batch;
    for (int version = 1; version <= kEvents; ++version) {
        for (int stream = 0; stream < kStreams; ++stream) {
            const std::string name = "counter-" + std::to_string(stream);
            batch.push_back(eventOf("CounterRaised", name + '.' + std::to_string(version), name, version));
        }
    }
    ASSERT_TRUE(m_bus->publishBatch(batch));
    EXPECT_TRUE(gate.waitForWaiting(2)) << "two handlers at a time";
    gate.open();
    ASSERT_TRUE(inbox.waitFor(batch.size()));
    std::map<std::string, std::int64_t> last;
    for (const core::RecordedEvent& event : inbox.events())
        EXPECT_EQ(event.version.value, ++last[event.stream]) << event.stream;
}

TEST_F(RabbitBusTest, DeclaresItsQueueAgainWhenSomebodyDeletesIt)
{
    EventInbox inbox;
    const auto subscription = subscribe("orders", "order.placed", inbox.handler());
    ASSERT_TRUE(m_bus->publish(eventOf("OrderPlaced", "before")));
    ASSERT_TRUE(inbox.waitFor(1));
    ASSERT_TRUE(m_vhost.connection().deleteQueue(kTestChannel, "orders"));
    while (!m_bus->publish(eventOf("OrderPlaced", "after"))) { } // refused, not lost, until it is back
    ASSERT_TRUE(inbox.waitFor(2));
    EXPECT_EQ(inbox.ids().back(), "after");
}

TEST_F(RabbitBusTest, DeclaresItsExchangeAgainWhenSomebodyDeletesIt)
{
    ASSERT_TRUE(m_vhost.connection().deleteExchange(kTestChannel, "events"));
    // The exchange comes back without bindings: the event is returned, and the publisher lives.
    const core::Status refused = m_bus->publish(eventOf("OrderPlaced", "id-1"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, core::ErrorCode::NotFound) << refused.error().message;
    EventInbox inbox;
    const auto subscription = subscribe("orders", "order.placed", inbox.handler());
    ASSERT_TRUE(m_bus->publish(eventOf("OrderPlaced", "id-2")));
    ASSERT_TRUE(inbox.waitFor(1));
}

TEST_F(RabbitBusTest, TellsAFullQueueFromADelivery)
{
    m_vhost.declareQueue("tiny", {{"x-max-length", 1}, {"x-overflow", "reject-publish"}});
    ASSERT_TRUE(m_vhost.connection().bindQueue(kTestChannel, "tiny", "events", "#"));
    ASSERT_TRUE(m_bus->publish(eventOf("OrderPlaced", "first")));
    core::Status last;
    for (int i = 0; last && i < 20; ++i)
        last = m_bus->publish(eventOf("OrderPlaced", "more-" + std::to_string(i)));
    ASSERT_FALSE(last);
    EXPECT_EQ(last.error().code, core::ErrorCode::Refused) << last.error().message;
}

TEST_F(RabbitBusTest, TellsWhichOfABatchWereReturned)
{
    m_vhost.declareQueue("placed");
    ASSERT_TRUE(m_vhost.connection().bindQueue(kTestChannel, "placed", "events", "order.placed"));
    std::vector<core::RecordedEvent> batch;
    for (int i = 0; i < 60; ++i)
        batch.push_back(eventOf(i % 3 == 0 ? "OrderShipped" : "OrderPlaced", "id-" + std::to_string(i)));
    std::mutex mutex;
    std::condition_variable changed;
    std::map<std::size_t, bool> outcomes;
    ASSERT_TRUE(m_bus->publishTracked(batch, [&](std::size_t index, const core::Status& outcome) {
        const std::scoped_lock lock(mutex);
        outcomes[index] = outcome.has_value();
        changed.notify_all();
    }));
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, kPatience, [&] { return outcomes.size() == batch.size(); }));
    for (const auto& [index, isDelivered] : outcomes)
        EXPECT_EQ(isDelivered, index % 3 != 0) << index;
}

TEST(RabbitRoutingKey, IsTheFirstWordThenTheOthers)
{
    EXPECT_EQ(routingKeyOf("OrderPlaced", "order-1"), "order.placed");
    EXPECT_EQ(routingKeyOf("PaymentConfirmed", "order-1"), "payment.confirmed");
    EXPECT_EQ(routingKeyOf("EventHandlerFailed", "handler-x"), "event.handler-failed");
    EXPECT_EQ(routingKeyOf("Counted", "counter-3"), "counter.counted");
    EXPECT_EQ(routingKeyOf("order_was_placed", "order-1"), "order.was-placed");
    EXPECT_EQ(routingKeyOf("HTTPRequestSent", "x-1"), "http.request-sent");
    EXPECT_EQ(routingKeyOf("Com.Example.Placed", "x-1"), "com.example.placed");
    EXPECT_EQ(routingKeyOf("", "order-1"), "order.event");
}

TEST(RabbitBusOpening, SaysWhatIsWrongWithTheWayIn)
{
    core::SystemClock clock;
    const auto errorOf = [&](auto change) {
        RabbitOptions options = sharedRabbit();
        options.connectTimeout = options.answerTimeout = std::chrono::milliseconds(3000);
        change(options);
        const auto opened = RabbitBus::open(options, clock);
        EXPECT_FALSE(opened);
        return opened ? core::Error{} : opened.error();
    };
    const core::Error password = errorOf([](RabbitOptions& o) { o.password = "canary-4711"; });
    EXPECT_EQ(password.code, core::ErrorCode::Refused) << password.message;
    EXPECT_EQ(password.message.find("canary"), std::string::npos);
    const core::Error vhost = errorOf([](RabbitOptions& o) { o.vhost = "nowhere"; });
    EXPECT_EQ(vhost.code, core::ErrorCode::Refused) << vhost.message;
    EXPECT_NE(vhost.message.find("virtual host"), std::string::npos) << vhost.message;
    const core::Error port = errorOf([](RabbitOptions& o) { o.port = 1; });
    EXPECT_EQ(port.code, core::ErrorCode::Unreachable) << port.message;
    const core::Error host = errorOf([](RabbitOptions& o) { o.host = "no-such-host.invalid"; });
    EXPECT_EQ(host.code, core::ErrorCode::Unreachable) << host.message;
    const core::Error http = errorOf([](RabbitOptions& o) {
        o.port = static_cast<std::uint16_t>(std::stoi(o.management.substr(o.management.rfind(':') + 1)));
    });
    EXPECT_EQ(http.code, core::ErrorCode::Timeout) << http.message; // it waits for the rest of a request
    const core::Error tls = errorOf([](RabbitOptions& o) { o.tls = true; });
    EXPECT_EQ(tls.code, core::ErrorCode::Unreachable) << tls.message;
    EXPECT_NE(tls.message.find("TLS"), std::string::npos) << tls.message;
    const core::Error ca = errorOf([](RabbitOptions& o) {
        o.tls = true;
        o.caFile = "/nowhere/ca.pem";
    });
    EXPECT_EQ(ca.code, core::ErrorCode::InvalidArgument) << ca.message;
}
