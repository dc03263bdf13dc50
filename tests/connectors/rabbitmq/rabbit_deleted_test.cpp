// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "collecting_sink.h"
#include "event_inbox.h"
#include "rabbit_server.h"

#include "rabbit_bus.h"
#include "rabbit_dead_letters.h"
#include "rabbit_source.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

using namespace eventscope;
using namespace eventscope::test;
using namespace eventscope::rabbitmq;

namespace {

/// Somebody deletes what is in use.
class RabbitDeleted : public testing::Test {
protected:
    void SetUp() override
    {
        auto opened = RabbitBus::open(m_vhost.options(), m_clock);
        ASSERT_TRUE(opened) << opened.error().message;
        m_bus = std::move(*opened);
    }
    std::unique_ptr<core::Subscription> subscribe(core::EventHandler handler, int retries)
    {
        auto subscription = m_bus->subscribe({.name = "orders",
            .pattern = "order.placed",
            .handler = std::move(handler),
            .retry = {.maxRetries = retries, .firstDelay = std::chrono::milliseconds(200), .factor = 1}});
        EXPECT_TRUE(subscription) << subscription.error().message;
        return subscription ? std::move(*subscription) : nullptr;
    }
    AmqpConnection& broker() { return m_vhost.connection(); }

    OwnVhost m_vhost;
    core::SystemClock m_clock;
    std::unique_ptr<RabbitBus> m_bus;
};

} // namespace

TEST_F(RabbitDeleted, ADelayQueueIsDeclaredAgainAndTheEventIsTriedAgain)
{
    EventInbox inbox;
    std::atomic<int> calls{0};
    const auto subscription = subscribe(
        [&](const core::RecordedEvent& event) -> core::Status {
            if (++calls == 1) {
                EXPECT_TRUE(broker().deleteQueue(kTestChannel, "orders.retry.200"));
            }
            if (calls < 3)
                return core::fail(core::ErrorCode::Unreachable, "not yet");
            inbox.add(event);
            return {};
        },
        5);
    ASSERT_TRUE(m_bus->publish(eventOf("OrderPlaced", "id-1")));
    EXPECT_TRUE(inbox.waitFor(1));
}

TEST_F(RabbitDeleted, TheDeadLetterExchangeIsDeclaredAgainAndTheLetterArrives)
{
    std::atomic<int> calls{0};
    const auto subscription = subscribe(
        [&](const core::RecordedEvent&) -> core::Status {
            if (++calls == 1) {
                const auto apart = AmqpConnection::open(m_vhost.options()); // the test looks for the letter meanwhile
                EXPECT_TRUE(apart && (*apart)->openChannel(1) && (*apart)->deleteExchange(1, "events.retry"));
            }
            return core::fail(core::ErrorCode::DomainRule, "no such customer");
        },
        0);
    ASSERT_TRUE(m_bus->publish(eventOf("OrderPlaced", "id-1")));
    const auto letters = m_vhost.take("events.order.placed.dead-letter", 1);
    ASSERT_EQ(letters.size(), 1u);
    EXPECT_EQ(letters[0].properties.messageId, "id-1");
}

TEST_F(RabbitDeleted, TheExchangeComesBackWithTheBindingsOfItsSubscriptions)
{
    EventInbox inbox;
    const auto subscription = subscribe(inbox.handler(), 3);
    ASSERT_TRUE(broker().deleteExchange(kTestChannel, "events"));
    while (!m_bus->publish(eventOf("OrderPlaced", "id-1"))) { } // refused, not lost, until it is back
    ASSERT_TRUE(inbox.waitFor(1));
}

TEST_F(RabbitDeleted, AQueueThatWasListedIsMissedInOneSentence)
{
    m_vhost.declareQueue("orders.dlq");
    MessageProperties properties;
    properties.messageId = "m-1";
    properties.headers = {{"eventscope-error-type", "HandlerFailed"}, {"eventscope-queue", "orders"}};
    m_vhost.publish("orders.dlq", "{}", properties);
    m_vhost.publish("orders.dlq", "{}", properties);
    const auto letters = RabbitDeadLetters::open(m_vhost.options(), m_clock);
    ASSERT_TRUE(letters);
    const auto listed = (*letters)->list("orders.dlq", {});
    ASSERT_TRUE(listed);
    ASSERT_EQ(listed->size(), 2u);
    ASSERT_TRUE(broker().deleteQueue(kTestChannel, "orders.dlq"));
    const core::Requeue requeue{"send-1", listed->front(), {}, "{}", false};
    const core::Status sent = (*letters)->send(requeue);
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, core::ErrorCode::NotFound) << sent.error().message;
    EXPECT_NE(sent.error().message.find("'orders.dlq'"), std::string::npos) << sent.error().message;
    // The connection lives, and sees the queue when it is there again.
    m_vhost.declareQueue("orders.dlq");
    m_vhost.publish("orders.dlq", "{}", properties);
    const auto again = (*letters)->list("orders.dlq", {});
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->size(), 1u);
}

TEST_F(RabbitDeleted, AFollowedStreamEndsTheFollowingAndTheNextOneGoesOnWithoutIt)
{
    m_vhost.declareQueue("log", {{"x-queue-type", "stream"}});
    m_vhost.publish("log", "{}");
    const auto source = RabbitSource::open("rabbit", m_vhost.options());
    ASSERT_TRUE(source);
    CollectingSink sink;
    core::Status ended;
    {
        std::jthread following([&] { ended = (*source)->follow(core::Source::kBeginning, sink, {}); });
        sink.waitFor(1);
        ASSERT_TRUE(broker().deleteQueue(kTestChannel, "log"));
    }
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, core::ErrorCode::Unreachable) << "so that the connection opens it again";
    EXPECT_NE(ended.error().message.find("deleted"), std::string::npos) << ended.error().message;
    CollectingSink live;
    live.stopAt(0);
    EXPECT_TRUE((*source)->follow(core::SourceEvent::kNone, live, {}));
}
