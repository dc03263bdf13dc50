// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "in_process_bus_fixture.h"

#include "event/json.h"
#include "sourcing/handler_failure.h"

#include <atomic>
#include <latch>
#include <map>
#include <random>
#include <stdexcept>
#include <thread>

using namespace eventscope::core;
using namespace eventscope::test;
using namespace std::chrono_literals;

TEST_F(InProcessBusTest, RunsTheHandlersOfOneEventInParallel)
{
    // Each handler waits until all four are in: one after the other they would never get through.
    Gate gate;
    std::atomic<int> through{0};
    std::vector<std::unique_ptr<Subscription>> subscriptions;
    for (const char* name : {"history", "recommendations", "engagement", "trending"}) {
        subscriptions.push_back(subscribe(name, "VideoViewed", [&](const RecordedEvent&) -> Status {
            through += gate.pass() ? 1 : 0;
            return {};
        }));
    }
    ASSERT_TRUE(m_bus->publish(eventOf("VideoViewed", "id-1")));
    EXPECT_TRUE(gate.waitForWaiting(4));
    gate.open();
    ASSERT_TRUE(m_bus->drain());
    EXPECT_EQ(through, 4);
}

TEST_F(InProcessBusTest, LetsTheMiddlewareChangeAnEventInOrder)
{
    EventInbox inbox;
    const auto subscription = subscribe("all", "*", inbox.handler());
    m_bus->use("first", [](RecordedEvent& event) -> Status {
        event.metadata.headers.push_back({"trace", "first"});
        return {};
    });
    m_bus->use("second", [](RecordedEvent& event) -> Status {
        event.metadata.headers.back().value += " second";
        event.type = "Renamed";
        return {};
    });
    EventInbox renamed;
    const auto byType = subscribe("renamed", "Renamed", renamed.handler());
    ASSERT_TRUE(m_bus->publish(eventOf("OrderPlaced", "id-1")));
    ASSERT_TRUE(m_bus->drain());
    ASSERT_EQ(inbox.count(), 1U);
    EXPECT_EQ(inbox.events()[0].metadata.headers, (std::vector<Header>{{"trace", "first second"}}));
    EXPECT_EQ(renamed.count(), 1U);
}

TEST_F(InProcessBusTest, DeliversNothingOfABatchThatTheMiddlewareRefuses)
{
    EventInbox inbox;
    const auto subscription = subscribe("all", "*", inbox.handler());
    m_bus->use("guard", [](RecordedEvent& event) -> Status {
        if (event.id == "id-2")
            return fail(ErrorCode::Refused, "too large");
        if (event.id == "id-3")
            throw std::logic_error("bug");
        return {};
    });
    const std::vector<RecordedEvent> batch{eventOf("A", "id-1"), eventOf("A", "id-2")};
    const Status refused = m_bus->publishBatch(batch);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Refused);
    EXPECT_EQ(refused.error().message, "\"guard\" refused A id-2: too large");
    const Status thrown = m_bus->publish(eventOf("A", "id-3"));
    ASSERT_FALSE(thrown);
    EXPECT_EQ(thrown.error().code, ErrorCode::HandlerFailed);
    ASSERT_TRUE(m_bus->drain());
    EXPECT_EQ(inbox.count(), 0U);
    EXPECT_EQ(m_bus->statistics().refused, 2U);
    EXPECT_EQ(m_bus->statistics().published, 0U);
}

TEST_F(InProcessBusTest, WaitsLongerBeforeEachRetryOnTheClock)
{
    const auto subscription = subscribe("failing", "OrderPlaced", failing(), {.maxRetries = 3, .firstDelay = 1s});
    ASSERT_TRUE(m_bus->publish(eventOf("OrderPlaced", "id-1")));
    EXPECT_EQ(passNextDelay(), 1s);
    EXPECT_EQ(passNextDelay(), 2s);
    EXPECT_EQ(passNextDelay(), 4s);
    ASSERT_TRUE(m_bus->drain());
    ASSERT_EQ(parked().size(), 1U);
    EXPECT_EQ(parked()[0].failedAt, kStart + 7s);
    EXPECT_EQ(parked()[0].attempts, 4);
    EXPECT_EQ(statisticsOf("failing").failed, 4U);
    EXPECT_EQ(statisticsOf("failing").retried, 3U);
    EXPECT_EQ(statisticsOf("failing").parked, 1U);
}

TEST_F(InProcessBusTest, HoldsOnlyTheStreamOfARetryingEvent)
{
    EventInbox inbox;
    std::atomic<bool> failOnce{true};
    const auto subscription = subscribe("picky", "*",
        [&](const RecordedEvent& event) -> Status {
            if (event.id == "a1" && failOnce.exchange(false))
                return fail(ErrorCode::Unreachable, "later");
            inbox.add(event);
            return {};
        },
        {.maxRetries = 1, .firstDelay = 1s});
    EventInbox other;
    const auto untouched = subscribe("other", "*", other.handler());
    const std::vector<RecordedEvent> batch{eventOf("T", "a1", "order-a", 1), eventOf("T", "a2", "order-a", 2),
        eventOf("T", "b1", "order-b", 1), eventOf("T", "b2", "order-b", 2)};
    ASSERT_TRUE(m_bus->publishBatch(batch));
    ASSERT_TRUE(inbox.waitFor(2));
    ASSERT_TRUE(other.waitFor(4));
    EXPECT_EQ(inbox.ids(), (std::vector<std::string>{"b1", "b2"}));
    passNextDelay();
    ASSERT_TRUE(m_bus->drain());
    EXPECT_EQ(inbox.ids(), (std::vector<std::string>{"b1", "b2", "a1", "a2"}));
}

TEST_F(InProcessBusTest, KeepsEveryStreamInOrderThroughRandomFailures)
{
    constexpr int kStreams = 20;
    constexpr int kVersions = 100;
    std::mutex mutex;
    std::mt19937 random(7);
    std::map<std::string, std::int64_t> last;
    int disorders = 0;
    const auto subscription = subscribe("flaky", "Counted",
        [&](const RecordedEvent& event) -> Status {
            const std::scoped_lock lock(mutex);
            if (random() % 4 == 0)
                return fail(ErrorCode::Io, "flaky");
            disorders += event.version.value == last[event.stream] + 1 ? 0 : 1;
            last[event.stream] = event.version.value;
            return {};
        },
        {.maxRetries = 1000, .firstDelay = 0ms});
    for (int version = 1; version <= kVersions; ++version) {
        for (int stream = 0; stream < kStreams; ++stream)
            ASSERT_TRUE(m_bus->publish(eventOf("Counted", "id", "counter-" + std::to_string(stream), version)));
    }
    ASSERT_TRUE(m_bus->drain());
    EXPECT_EQ(disorders, 0);
    EXPECT_EQ(statisticsOf("flaky").handled, static_cast<std::uint64_t>(kStreams * kVersions));
    EXPECT_GT(statisticsOf("flaky").retried, 0U);
}

TEST_F(InProcessBusTest, CountsNoAttemptWhileSomebodyElseHoldsTheEvent)
{
    std::atomic<int> calls{0};
    const auto subscription = subscribe("patient", "OrderPlaced", [&](const RecordedEvent&) -> Status {
        if (++calls <= 5)
            return fail(ErrorCode::HeldByOther, "another worker is at it");
        return {};
    });
    ASSERT_TRUE(m_bus->publish(eventOf("OrderPlaced", "id-1")));
    for (int i = 0; i < 5; ++i)
        passNextDelay();
    ASSERT_TRUE(m_bus->drain());
    EXPECT_EQ(calls, 6);
    EXPECT_EQ(statisticsOf("patient").held, 5U);
    EXPECT_EQ(statisticsOf("patient").failed, 0U);
    EXPECT_TRUE(parked().empty());
}

TEST_F(InProcessBusTest, TellsOfAFailedHandlerWithTheOriginalEvent)
{
    EventInbox failures;
    const auto listener = subscribe("listener", std::string(kEventHandlerFailed), failures.handler());
    const auto subscription
        = subscribe("projection", "OrderPlaced", failing("no such customer"), {.maxRetries = 1, .firstDelay = 1s});
    RecordedEvent original = eventOf("OrderPlaced", "id-1", "order-9", 4, R"({"amount": 10.00})");
    original.metadata.correlationId = "flow-1";
    ASSERT_TRUE(m_bus->publish(original));
    passNextDelay();
    ASSERT_TRUE(m_bus->drain());

    ASSERT_EQ(failures.count(), 1U);
    const RecordedEvent told = failures.events()[0];
    EXPECT_EQ(told.stream, "handler-projection");
    EXPECT_EQ(told.metadata.correlationId, "flow-1");
    EXPECT_EQ(told.metadata.causationId, "id-1");
    const Result<ParkedEvent> failure = handlerFailureOf(told);
    ASSERT_TRUE(failure) << failure.error().message;
    ASSERT_EQ(parked().size(), 1U);
    EXPECT_EQ(*failure, parked()[0]);
    EXPECT_EQ(failure->original, original);
    EXPECT_EQ(failure->failedAt, kStart + 1s);
    const Result<Json> json = Json::parse(told.data);
    ASSERT_TRUE(json) << json.error().message;
    EXPECT_EQ(json->at("/error/message")->asString(), "no such customer");
    EXPECT_EQ(json->at("/originalEvent/eventId")->asString(), "id-1");
    EXPECT_EQ(json->stringOr("failedAt"), formatTimestamp(kStart + 1s));
    EXPECT_EQ(failure->error.stack,
        "handler \"projection\" gave up on OrderPlaced id-1 (order-9, version 4) after 2 attempts\n"
        "attempt 1 at "
            + formatTimestamp(kStart) + ": DomainRule: no such customer\nattempt 2 at " + formatTimestamp(kStart + 1s)
            + ": DomainRule: no such customer");
}

TEST_F(InProcessBusTest, NeverRecursesOnAFailureToHandleAFailure)
{
    std::vector<std::unique_ptr<Subscription>> subscriptions;
    subscriptions.push_back(subscribe("failing", "OrderPlaced", failing("first")));
    subscriptions.push_back(subscribe("failing-on-all", "*", failing("second")));
    subscriptions.push_back(subscribe("failing-on-failures", std::string(kEventHandlerFailed), failing("third")));
    ASSERT_TRUE(m_bus->publish(eventOf("OrderPlaced", "id-1")));
    ASSERT_TRUE(m_bus->drain());
    // OrderPlaced failed twice; each of the two failure events failed twice, and that was all.
    const BusStatistics all = m_bus->statistics();
    EXPECT_EQ(all.failureEvents, 2U);
    EXPECT_EQ(all.silencedFailures, 4U);
    EXPECT_EQ(parked().size(), 6U);
    EXPECT_EQ(parked("failing-on-failures").size(), 2U);
    EXPECT_EQ(parked("failing-on-failures")[0].original.type, kEventHandlerFailed);
}

TEST_F(InProcessBusTest, KeepsAnEventUntilTheDeadLetterStoreTakesIt)
{
    std::atomic<int> calls{0};
    EventInbox later;
    const auto subscription = subscribe("failing", "OrderPlaced", [&](const RecordedEvent& event) -> Status {
        if (event.id == "id-1") {
            ++calls;
            return fail(ErrorCode::DomainRule, "no");
        }
        later.add(event);
        return {};
    });
    m_deadLetters.refuseNext(2);
    ASSERT_TRUE(m_bus->publish(eventOf("OrderPlaced", "id-1")));
    ASSERT_TRUE(m_bus->publish(eventOf("OrderPlaced", "id-2")));
    passNextDelay();
    passNextDelay();
    ASSERT_TRUE(m_bus->drain());
    EXPECT_EQ(calls, 1) << "only the parking is repeated";
    EXPECT_EQ(parked().size(), 1U);
    EXPECT_EQ(m_bus->statistics().refusedParkings, 2U);
    EXPECT_EQ(later.ids(), (std::vector<std::string>{"id-2"}));
}

TEST_F(InProcessBusTest, HandsAParkedEventBackToTheHandlerItFailedIn)
{
    std::atomic<bool> mended{false};
    EventInbox inbox, others;
    const auto subscription = subscribe("mended", "OrderPlaced", [&](const RecordedEvent& event) -> Status {
        if (!mended)
            return fail(ErrorCode::DomainRule, "not yet");
        inbox.add(event);
        return {};
    });
    const auto other = subscribe("other", "*", others.handler());
    ASSERT_TRUE(m_bus->publish(eventOf("OrderPlaced", "id-1")));
    ASSERT_TRUE(m_bus->drain());
    ASSERT_EQ(parked("mended").size(), 1U);
    const std::size_t othersBefore = others.count();

    std::atomic<int> parkedAgain{0}, handled{0};
    const auto note = [&](Redelivered outcome) {
        parkedAgain += outcome == Redelivered::ParkedAgain ? 1 : 0;
        handled += outcome == Redelivered::Handled ? 1 : 0;
    };
    ASSERT_TRUE(m_bus->redeliver(parked("mended")[0], note));
    ASSERT_TRUE(m_bus->drain());
    EXPECT_EQ(parkedAgain, 1);
    ASSERT_EQ(parked("mended").size(), 2U);
    EXPECT_EQ(parked("mended")[1].attempts, 2) << "attempts of both parkings";

    mended = true;
    ASSERT_TRUE(m_bus->redeliver(parked("mended")[1], note));
    ASSERT_TRUE(m_bus->drain());
    EXPECT_EQ(handled, 1);
    EXPECT_EQ(inbox.ids(), (std::vector<std::string>{"id-1"}));
    EXPECT_EQ(others.count(), othersBefore + 1) << "only the failure event of the second parking";
}

TEST_F(InProcessBusTest, CannotHandBackToAHandlerThatIsNotThere)
{
    ParkedEvent letter;
    letter.queue = "nobody";
    letter.original = eventOf("OrderPlaced", "id-1");
    const Status refused = m_bus->redeliver(letter, [](Redelivered) { ADD_FAILURE() << "must not be called"; });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::NotFound);
}

TEST_F(InProcessBusTest, KeepsTheHistoryOfManyAttemptsShort)
{
    const auto subscription
        = subscribe("stubborn", "OrderPlaced", failing("no"), {.maxRetries = 49, .firstDelay = 0ms});
    ASSERT_TRUE(m_bus->publish(eventOf("OrderPlaced", "id-1")));
    ASSERT_TRUE(m_bus->drain());
    ASSERT_EQ(parked().size(), 1U);
    const std::string stack = parked()[0].error.stack;
    EXPECT_EQ(parked()[0].attempts, 50);
    EXPECT_NE(stack.find("\nattempt 5 at"), std::string::npos) << stack;
    EXPECT_NE(stack.find("\n… 40 more …\nattempt 46 at"), std::string::npos) << stack;
    EXPECT_NE(stack.find("\nattempt 50 at"), std::string::npos) << stack;
    EXPECT_EQ(stack.find("attempt 6 at"), std::string::npos) << stack;
}
