// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "collecting_sink.h"
#include "event_inbox.h"
#include "rabbit_server.h"
#include "tcp_proxy.h"

#include "rabbit_bus.h"
#include "rabbit_dead_letters.h"
#include "rabbit_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
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

MessageProperties deadLetter(const std::string& id)
{
    MessageProperties properties;
    properties.messageId = id;
    properties.deliveryMode = 2;
    properties.headers = {{"eventscope-error-type", "HandlerFailed"}, {"eventscope-queue", "orders"}};
    return properties;
}

/// The broker that the tests share, behind a bad network.
class RabbitNetwork : public testing::Test {
protected:
    RabbitNetwork() : m_proxy(sharedRabbit().port) { }

    RabbitOptions far() const
    {
        RabbitOptions options = m_vhost.options();
        options.port = m_proxy.port();
        options.connectTimeout = options.answerTimeout = std::chrono::milliseconds(1000);
        options.heartbeat = std::chrono::seconds(1);
        return options;
    }
    /// Does it once with each of the client's packets lost, or answered to nobody, until it needs no more.
    void withEveryPacketCut(const std::function<bool()>& attempt, const std::function<void()>& check)
    {
        for (const auto verdict : {TcpProxy::Verdict::CutBefore, TcpProxy::Verdict::CutAfter}) {
            bool wasCut = true;
            for (int cut = 1; wasCut && !HasFailure(); ++cut) {
                const auto seen = std::make_shared<std::atomic<int>>(0);
                m_proxy.inspect([=](std::string_view) { return ++*seen == cut ? verdict : TcpProxy::Verdict::Pass; });
                const bool went = attempt();
                wasCut = *seen >= cut;
                EXPECT_TRUE(wasCut || went) << "packet " << cut;
                check();
            }
        }
        m_proxy.inspect({});
    }

    OwnVhost m_vhost;
    TcpProxy m_proxy;
    core::SystemClock m_clock;
};

} // namespace

TEST_F(RabbitNetwork, ThatStallsDuringPublishConsumeAndRetryLosesNothing)
{
    constexpr std::size_t kEvents = 100;
    std::mutex mutex;
    std::condition_variable changed;
    std::map<std::string, int> calls;
    std::set<std::string> handled;
    bool isTold = false;
    const auto bus = RabbitBus::open(
        far(), m_clock, {.prefetch = 50, .patience = kPatience, .onState = [&](std::string_view sentence) {
                             const std::scoped_lock lock(mutex);
                             isTold = isTold || sentence.find("answer") != std::string_view::npos;
                             changed.notify_all();
                         }});
    ASSERT_TRUE(bus) << bus.error().message;
    const auto subscription = (*bus)->subscribe({.name = "orders",
        .pattern = "order.placed",
        .handler = [&](const core::RecordedEvent& event) -> core::Status {
            const std::scoped_lock lock(mutex);
            if (++calls[event.id] == 1 && event.id.ends_with('7'))
                return core::fail(core::ErrorCode::Unreachable, "not yet");
            handled.insert(event.id);
            changed.notify_all();
            return {};
        },
        .retry = {.maxRetries = 100, .firstDelay = std::chrono::milliseconds(200), .factor = 1}});
    ASSERT_TRUE(subscription) << subscription.error().message;
    std::size_t settled = 0, failed = 0;
    const auto publish = [&](std::size_t from, std::size_t to) {
        std::vector<core::RecordedEvent> events;
        for (std::size_t i = from; i < to; ++i)
            events.push_back(eventOf("OrderPlaced", fmt::format("id-{}", i)));
        ASSERT_TRUE((*bus)->publishTracked(events, [&](std::size_t, const core::Status& outcome) {
            const std::scoped_lock lock(mutex);
            ++settled;
            failed += outcome ? 0 : 1;
            changed.notify_all();
        }));
    };
    const auto wait = [&](const std::function<bool()>& is) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, kPatience, is);
    };
    publish(0, kEvents / 2);
    ASSERT_TRUE(wait([&] { return handled.size() >= 5; }));
    m_proxy.stall();
    publish(kEvents / 2, kEvents);
    EXPECT_TRUE(wait([&] { return isTold; }));
    m_proxy.goOn();
    EXPECT_TRUE(wait([&] { return settled == kEvents && handled.size() == kEvents; }))
        << settled << " settled, " << handled.size() << " handled";
    EXPECT_EQ(failed, 0u);
}

TEST_F(RabbitNetwork, ThatStallsIsToldAndOneLooksAndRequeuesAfterwards)
{
    m_vhost.declareQueue("orders");
    m_vhost.declareQueue("orders.dlq");
    m_vhost.publish("orders.dlq", "{}", deadLetter("m-1"));
    const auto source = RabbitSource::open("rabbit", far());
    const auto letters = RabbitDeadLetters::open(far(), m_clock);
    ASSERT_TRUE(source && letters);
    const auto listed = (*letters)->list("orders.dlq", {});
    ASSERT_TRUE(listed) << listed.error().message;
    ASSERT_EQ(listed->size(), 1u);
    m_proxy.stall();
    CollectingSink nothing;
    const auto peeked = (*source)->read({.stream = "orders.dlq"}, nothing, {});
    ASSERT_FALSE(peeked);
    EXPECT_EQ(peeked.error().code, core::ErrorCode::Timeout) << peeked.error().message;
    const core::Requeue requeue{"send-1", listed->front(), {}, "{}", false};
    const core::Status sent = (*letters)->send(requeue);
    ASSERT_FALSE(sent);
    EXPECT_TRUE(sent.error().code == core::ErrorCode::Timeout || sent.error().code == core::ErrorCode::InDoubt)
        << sent.error().message;
    m_proxy.goOn();
    CollectingSink sink;
    core::Result<core::ScanReceipt> again = core::fail(core::ErrorCode::Timeout, "not yet");
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (sink.count() == 0 && std::chrono::steady_clock::now() < deadline)
        again = (*source)->read({.stream = "orders.dlq"}, sink, {});
    EXPECT_TRUE(again) << again.error().message;
    core::Status done = core::fail(core::ErrorCode::Timeout, "not yet");
    while (!done && std::chrono::steady_clock::now() < deadline)
        done = (*letters)->send(requeue);
    ASSERT_TRUE(done) << done.error().message;
    ASSERT_TRUE((*letters)->acknowledge(listed->front()));
    EXPECT_GE(m_vhost.depth("orders"), 1u);
    EXPECT_EQ(m_vhost.depth("orders.dlq"), 0u);
}

TEST_F(RabbitNetwork, ThatBreaksAnywhereInALookLosesNothing)
{
    constexpr std::size_t kMessages = 3;
    m_vhost.declareQueue("idle");
    for (std::size_t i = 0; i < kMessages; ++i)
        m_vhost.publish("idle", "{}", deadLetter(fmt::format("m-{}", i)));
    withEveryPacketCut(
        [&] {
            const auto source = RabbitSource::open("rabbit", far());
            CollectingSink sink;
            return source && (*source)->read({.stream = "idle"}, sink, {}) && sink.count() == kMessages;
        },
        [&] {
            // What the broker still reads of a connection that was cut may take a message for a moment again.
            const auto deadline = std::chrono::steady_clock::now() + kPatience;
            while (m_vhost.depth("idle") < kMessages && std::chrono::steady_clock::now() < deadline) { }
        });
    std::vector<std::string> left;
    for (const OwnVhost::Taken& taken : m_vhost.take("idle", kMessages))
        left.push_back(*taken.properties.messageId);
    std::ranges::sort(left);
    EXPECT_EQ(left, (std::vector<std::string>{"m-0", "m-1", "m-2"}));
}

TEST_F(RabbitNetwork, ThatBreaksAnywhereInARequeueLosesNothing)
{
    m_vhost.declareQueue("orders");
    m_vhost.declareQueue("orders.dlq");
    // Each under a name of its own: what a connection held whose end is noticed late comes back late.
    std::string id;
    int round = 0;
    std::map<std::string, int> found;
    const auto collect = [&] {
        for (const char* queue : {"orders", "orders.dlq"}) {
            for (const OwnVhost::Taken& taken : m_vhost.takeAll(queue))
                ++found[*taken.properties.messageId];
        }
    };
    withEveryPacketCut(
        [&] {
            id = fmt::format("m-{}", ++round);
            m_vhost.publish("orders.dlq", "{}", deadLetter(id));
            const auto letters = RabbitDeadLetters::open(far(), m_clock);
            const auto listed = letters ? (*letters)->list("orders.dlq", {})
                                        : core::Result<std::vector<core::DeadLetter>>(std::vector<core::DeadLetter>());
            if (!listed || listed->empty())
                return false;
            const core::Requeue requeue{"send-1", listed->front(), {}, "{}", false};
            return (*letters)->send(requeue) && (*letters)->acknowledge(listed->front());
        },
        [&] {
            const auto deadline = std::chrono::steady_clock::now() + kPatience;
            while (found[id] == 0 && std::chrono::steady_clock::now() < deadline)
                collect();
            EXPECT_GE(found[id], 1) << id;
        });
    collect();
    for (const auto& [each, times] : found)
        EXPECT_LE(times, 2) << each << " was in both, and no more";
}
