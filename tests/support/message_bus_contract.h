// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_inbox.h"

#include "event/message_context.h"
#include "sourcing/dead_letter_store.h"
#include "sourcing/message_bus.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace eventscope::test {

/// What every MessageBus keeps. An implementation joins with
///     INSTANTIATE_TYPED_TEST_SUITE_P(Kafka, MessageBusContract, KafkaHarness);
/// where the harness is made for each test and has
///     core::MessageBus& bus();
///     std::string pattern(std::string_view type);      // subscribes to the events of that type
///     std::string everything();                        // subscribes to all the tests' events
///     core::RetryPolicy retries(int count);            // that many, as quickly as it can
///     std::vector<core::ParkedEvent> waitForParked(std::string_view name, std::size_t count);
/// Positions are a store's matter and not compared; brokers deliver at least once, so ids are
/// compared as sets where a second delivery is allowed.
template <class Harness>
class MessageBusContract : public ::testing::Test {
protected:
    std::unique_ptr<core::Subscription> subscribe(
        std::string name, std::string pattern, core::EventHandler handler, int retries = 0)
    {
        auto subscription = m_harness.bus().subscribe({.name = std::move(name),
            .pattern = std::move(pattern),
            .handler = std::move(handler),
            .retry = m_harness.retries(retries)});
        EXPECT_TRUE(subscription) << subscription.error().message;
        return subscription ? std::move(*subscription) : nullptr;
    }

    void publish(const core::RecordedEvent& event)
    {
        const core::Status published = m_harness.bus().publish(event);
        ASSERT_TRUE(published) << published.error().message;
    }

    static std::set<std::string> distinct(const std::vector<std::string>& ids) { return {ids.begin(), ids.end()}; }

    Harness m_harness;
};

TYPED_TEST_SUITE_P(MessageBusContract);

TYPED_TEST_P(MessageBusContract, DeliversAnEventWithAllItsParts)
{
    EventInbox inbox;
    const auto subscription = this->subscribe("parts", this->m_harness.pattern("OrderPlaced"), inbox.handler());
    core::RecordedEvent event
        = eventOf("OrderPlaced", "id-1", "order-7f3a", 3, R"({"amount":10.00,"text":"\u00e4 <b>","list":[1,2]})");
    event.schemaVersion = 2;
    event.metadata = {.correlationId = "flow", .causationId = "cause", .userId = "ann", .headers = {{"tenant", "a"}}};
    this->publish(event);
    ASSERT_TRUE(inbox.waitFor(1));
    const core::RecordedEvent got = inbox.events().front();
    EXPECT_EQ(got.id, event.id);
    EXPECT_EQ(got.type, event.type);
    EXPECT_EQ(got.time, event.time);
    EXPECT_EQ(got.stream, event.stream);
    EXPECT_EQ(got.version, event.version);
    EXPECT_EQ(got.schemaVersion, event.schemaVersion);
    EXPECT_EQ(got.metadata, event.metadata);
    EXPECT_EQ(got.data, event.data);
}

TYPED_TEST_P(MessageBusContract, DeliversOnlyWhatThePatternAsksFor)
{
    EventInbox placed, all;
    const auto one = this->subscribe("placed", this->m_harness.pattern("OrderPlaced"), placed.handler());
    const auto two = this->subscribe("all", this->m_harness.everything(), all.handler());
    this->publish(eventOf("OrderShipped", "id-1"));
    this->publish(eventOf("OrderPlaced", "id-2"));
    ASSERT_TRUE(placed.waitFor(1));
    ASSERT_TRUE(all.waitFor(2));
    EXPECT_EQ(this->distinct(placed.ids()), (std::set<std::string>{"id-2"}));
    EXPECT_EQ(this->distinct(all.ids()), (std::set<std::string>{"id-1", "id-2"}));
}

TYPED_TEST_P(MessageBusContract, KeepsTheOrderOfAStream)
{
    constexpr int kStreams = 5;
    constexpr int kEvents = 100;
    EventInbox inbox;
    const auto subscription = this->subscribe("ordered", this->m_harness.pattern("Counted"), inbox.handler());
    std::vector<core::RecordedEvent> batch;
    for (int version = 1; version <= kEvents; ++version) {
        for (int stream = 0; stream < kStreams; ++stream) {
            const std::string name = "counter-" + std::to_string(stream);
            batch.push_back(eventOf("Counted", name + "." + std::to_string(version), name, version));
        }
    }
    const core::Status published = this->m_harness.bus().publishBatch(batch);
    ASSERT_TRUE(published) << published.error().message;
    ASSERT_TRUE(inbox.waitFor(batch.size()));
    std::map<std::string, std::int64_t> last;
    for (const core::RecordedEvent& event : inbox.events()) {
        EXPECT_EQ(event.version.value, last[event.stream] + 1) << event.stream;
        last[event.stream] = event.version.value;
    }
}

TYPED_TEST_P(MessageBusContract, TellsOfEachTrackedEventThatItIsSafe)
{
    EventInbox inbox;
    const auto subscription = this->subscribe("tracked", this->m_harness.pattern("Tracked"), inbox.handler());
    std::vector<core::RecordedEvent> batch;
    for (int i = 0; i < 20; ++i)
        batch.push_back(eventOf("Tracked", "id-" + std::to_string(i), "order-" + std::to_string(i)));
    std::mutex mutex;
    std::condition_variable changed;
    std::map<std::size_t, int> settled;
    bool allWell = true;
    const core::Status published
        = this->m_harness.bus().publishTracked(batch, [&](std::size_t index, const core::Status& outcome) {
              const std::scoped_lock lock(mutex);
              ++settled[index];
              allWell = allWell && outcome.has_value();
              changed.notify_all();
          });
    ASSERT_TRUE(published) << published.error().message;
    ASSERT_TRUE(inbox.waitFor(batch.size()));
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, kPatience, [&] { return settled.size() == batch.size(); }));
    EXPECT_TRUE(allWell);
    for (const auto& [index, times] : settled)
        EXPECT_EQ(times, 1) << index;
}

TYPED_TEST_P(MessageBusContract, RunsAHandlerInTheContextOfItsEvent)
{
    std::mutex mutex;
    core::MessageContext context;
    EventInbox inbox;
    const auto subscription
        = this->subscribe("context", this->m_harness.pattern("OrderPlaced"), [&](const core::RecordedEvent& event) {
              if (const core::MessageContext* current = core::currentMessageContext()) {
                  const std::scoped_lock lock(mutex);
                  context = *current;
              }
              inbox.add(event);
              return core::Status{};
          });
    core::RecordedEvent event = eventOf("OrderPlaced", "id-1");
    event.metadata.correlationId = "flow-9";
    event.metadata.userId = "ann";
    this->publish(event);
    ASSERT_TRUE(inbox.waitFor(1));
    const std::scoped_lock lock(mutex);
    EXPECT_EQ(context.messageId, "id-1");
    EXPECT_EQ(context.correlationId, "flow-9");
    EXPECT_EQ(context.userId, "ann");
}

TYPED_TEST_P(MessageBusContract, RetriesAFailingHandlerUntilItSucceeds)
{
    std::atomic<int> calls{0};
    EventInbox inbox;
    const auto subscription = this->subscribe(
        "second-time-lucky", this->m_harness.pattern("OrderPlaced"),
        [&](const core::RecordedEvent& event) -> core::Status {
            if (++calls < 3)
                return core::fail(core::ErrorCode::Unreachable, "not yet");
            inbox.add(event);
            return {};
        },
        3);
    this->publish(eventOf("OrderPlaced", "id-1"));
    ASSERT_TRUE(inbox.waitFor(1));
    EXPECT_EQ(calls.load(), 3);
}

TYPED_TEST_P(MessageBusContract, ParksWhatAHandlerKeepsRefusing)
{
    EventInbox others;
    const auto failing = this->subscribe(
        "refuser", this->m_harness.pattern("OrderPlaced"),
        [](const core::RecordedEvent&) -> core::Status {
            return core::fail(core::ErrorCode::DomainRule, "no such customer");
        },
        2);
    const auto healthy = this->subscribe("healthy", this->m_harness.pattern("OrderPlaced"), others.handler());
    const core::RecordedEvent event = eventOf("OrderPlaced", "id-1", "order-9", 4);
    this->publish(event);
    ASSERT_TRUE(others.waitFor(1));
    const std::vector<core::ParkedEvent> parked = this->m_harness.waitForParked("refuser", 1);
    ASSERT_EQ(parked.size(), 1U);
    EXPECT_EQ(parked[0].original.id, event.id);
    EXPECT_EQ(parked[0].original.data, event.data);
    EXPECT_EQ(parked[0].error.message, "no such customer");
    EXPECT_NE(parked[0].error.stack.find("refuser"), std::string::npos) << parked[0].error.stack;
    EXPECT_EQ(parked[0].attempts, 3);
}

TYPED_TEST_P(MessageBusContract, TakesAnExceptionForAFailure)
{
    EventInbox later;
    const auto subscription = this->subscribe(
        "thrower", this->m_harness.pattern("OrderPlaced"), [&](const core::RecordedEvent& event) -> core::Status {
            if (event.id == "id-1")
                throw std::runtime_error("the table is gone");
            if (event.id == "id-2")
                throw 42;
            later.add(event);
            return {};
        });
    for (const char* id : {"id-1", "id-2", "id-3"})
        this->publish(eventOf("OrderPlaced", id));
    ASSERT_TRUE(later.waitFor(1));
    const std::vector<core::ParkedEvent> parked = this->m_harness.waitForParked("thrower", 2);
    ASSERT_EQ(parked.size(), 2U);
    EXPECT_EQ(parked[0].error.message, "the table is gone");
    EXPECT_NE(parked[0].error.stack.find("std::runtime_error"), std::string::npos) << parked[0].error.stack;
    EXPECT_NE(parked[1].error.message.find("int"), std::string::npos) << parked[1].error.message;
}

TYPED_TEST_P(MessageBusContract, LetsAHandlerPublish)
{
    EventInbox inbox;
    const auto first
        = this->subscribe("chain", this->m_harness.pattern("OrderPlaced"), [&](const core::RecordedEvent& event) {
              return this->m_harness.bus().publish(eventOf("OrderShipped", "after-" + event.id, event.stream, 2));
          });
    const auto second = this->subscribe("end", this->m_harness.pattern("OrderShipped"), inbox.handler());
    for (int i = 0; i < 20; ++i)
        this->publish(eventOf("OrderPlaced", "id-" + std::to_string(i)));
    ASSERT_TRUE(inbox.waitFor(20));
    EXPECT_EQ(this->distinct(inbox.ids()).size(), 20U);
}

TYPED_TEST_P(MessageBusContract, DeliversNothingOnceTheSubscriptionIsGone)
{
    EventInbox gone, staying;
    auto subscription = this->subscribe("gone", this->m_harness.pattern("OrderPlaced"), gone.handler());
    const auto other = this->subscribe("staying", this->m_harness.pattern("OrderPlaced"), staying.handler());
    this->publish(eventOf("OrderPlaced", "id-1"));
    ASSERT_TRUE(gone.waitFor(1));
    subscription.reset();
    this->publish(eventOf("OrderPlaced", "id-2"));
    ASSERT_TRUE(staying.waitFor(2));
    EXPECT_EQ(this->distinct(gone.ids()), (std::set<std::string>{"id-1"}));
}

TYPED_TEST_P(MessageBusContract, RefusesAnIncompleteOrDoubledSubscription)
{
    EventInbox inbox;
    core::MessageBus& bus = this->m_harness.bus();
    const std::string pattern = this->m_harness.pattern("OrderPlaced");
    const auto first = this->subscribe("taken", pattern, inbox.handler());
    for (core::SubscriptionSpec spec : {core::SubscriptionSpec{"taken", pattern, inbox.handler()},
             core::SubscriptionSpec{"", pattern, inbox.handler()}, core::SubscriptionSpec{"x", "", inbox.handler()},
             core::SubscriptionSpec{"x", pattern, nullptr}}) {
        const auto refused = bus.subscribe(std::move(spec));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, core::ErrorCode::InvalidArgument);
    }
}

REGISTER_TYPED_TEST_SUITE_P(MessageBusContract, DeliversAnEventWithAllItsParts, DeliversOnlyWhatThePatternAsksFor,
    KeepsTheOrderOfAStream, TellsOfEachTrackedEventThatItIsSafe, RunsAHandlerInTheContextOfItsEvent,
    RetriesAFailingHandlerUntilItSucceeds, ParksWhatAHandlerKeepsRefusing, TakesAnExceptionForAFailure,
    LetsAHandlerPublish, DeliversNothingOnceTheSubscriptionIsGone, RefusesAnIncompleteOrDoubledSubscription);

} // namespace eventscope::test
