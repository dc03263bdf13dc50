// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "in_process_bus_fixture.h"

#include <atomic>
#include <thread>

using namespace eventscope::core;
using namespace eventscope::test;
using namespace std::chrono_literals;

namespace {

class SettledCounts {
public:
    SettledFunction function()
    {
        return [this](std::size_t, const Status& outcome) { ++(outcome ? m_safe : m_again); };
    }
    int safe() const { return m_safe; }
    int again() const { return m_again; }

private:
    std::atomic<int> m_safe{0}, m_again{0};
};

std::vector<RecordedEvent> numbered(int count, const std::string& stream = {})
{
    std::vector<RecordedEvent> events;
    for (int i = 1; i <= count; ++i)
        events.push_back(eventOf("T", std::to_string(i), stream.empty() ? "s-" + std::to_string(i) : stream, i));
    return events;
}

} // namespace

TEST_F(InProcessBusTest, MakesAPublisherWaitWhileTooMuchIsPending)
{
    restart({.workers = 2, .capacity = 4});
    std::atomic<std::size_t> most{0};
    const auto subscription = subscribe("slow", "*", [&](const RecordedEvent&) -> Status {
        const std::size_t pending = m_bus->statistics().pending;
        for (std::size_t seen = most; pending > seen && !most.compare_exchange_weak(seen, pending);) { }
        return {};
    });
    for (const RecordedEvent& event : numbered(500))
        ASSERT_TRUE(m_bus->publish(event));
    ASSERT_TRUE(m_bus->drain());
    EXPECT_LE(most, 4U);
    EXPECT_EQ(statisticsOf("slow").handled, 500U);
}

TEST_F(InProcessBusTest, NeverLocksUpWhenHandlersPublish)
{
    restart({.workers = 1, .capacity = 1});
    EventInbox leaves;
    const auto subscription = subscribe("tree", "*", [&](const RecordedEvent& event) -> Status {
        leaves.add(event);
        for (int child = 0; event.id.size() < 8 && child < 2; ++child) {
            const Status published = m_bus->publish(eventOf("T", event.id + std::to_string(child), "s-" + event.id));
            if (!published)
                return published;
        }
        return {};
    });
    ASSERT_TRUE(m_bus->publish(eventOf("T", "1")));
    ASSERT_TRUE(m_bus->drain());
    EXPECT_EQ(leaves.count(), 255U);
}

TEST_F(InProcessBusTest, NeverLocksUpWhenTwoBusesPublishToEachOther)
{
    restart({.workers = 1, .capacity = 1});
    ScriptedDeadLetters letters;
    InProcessBus other(m_clock, m_ids, letters, {.workers = 1, .capacity = 1});
    EventInbox inbox;
    const auto pass = [&](InProcessBus& to) {
        return [&](const RecordedEvent& event) -> Status {
            inbox.add(event);
            if (event.version.value == 50)
                return {};
            RecordedEvent next = event;
            next.version = next.version.next();
            return to.publish(next);
        };
    };
    const auto here = subscribe("here", "*", pass(other));
    const auto there = other.subscribe({.name = "there", .pattern = "*", .handler = pass(*m_bus)});
    for (int stream = 0; stream < 10; ++stream) {
        ASSERT_TRUE(m_bus->publish(eventOf("T", "here", "s-" + std::to_string(stream))));
        ASSERT_TRUE(other.publish(eventOf("T", "there", "s-" + std::to_string(stream))));
    }
    EXPECT_TRUE(inbox.waitFor(1000));
}

TEST_F(InProcessBusTest, SaysWhatItLeavesUndoneWhenItStops)
{
    restart({.workers = 1, .capacity = 1000});
    Gate gate;
    const auto subscription = subscribe("slow", "*", [&](const RecordedEvent&) -> Status {
        gate.pass();
        return {};
    });
    SettledCounts settled;
    ASSERT_TRUE(m_bus->publishTracked(numbered(10), settled.function()));
    ASSERT_TRUE(gate.waitForWaiting(1));
    std::uint64_t unhandled = 0;
    std::thread stopper([&] { unhandled = m_bus->stop(); });
    while (m_bus->publish(eventOf("T", "late")))
        std::this_thread::yield(); // until it refuses
    gate.open();
    stopper.join();
    EXPECT_EQ(settled.safe(), 1);
    EXPECT_EQ(settled.again(), 9);
    EXPECT_GE(unhandled, 9U);
    EXPECT_EQ(m_bus->publish(eventOf("T", "later")).error().code, ErrorCode::Cancelled);
    EXPECT_EQ(m_bus->drain().error().code, ErrorCode::Cancelled);
    EXPECT_EQ(m_bus->subscribe({.name = "x", .pattern = "*", .handler = failing()}).error().code, ErrorCode::Cancelled);
    EXPECT_EQ(m_bus->stop(), unhandled);
}

TEST_F(InProcessBusTest, StopsWithoutWaitingForARetry)
{
    const auto subscription = subscribe("failing", "*", failing(), {.maxRetries = 3, .firstDelay = 1s});
    SettledCounts settled;
    ASSERT_TRUE(m_bus->publishTracked(numbered(3), settled.function()));
    m_clock.waitForSleepers(1);
    m_bus->stop();
    EXPECT_EQ(settled.again(), 3);
    EXPECT_TRUE(parked().empty());
}

TEST_F(InProcessBusTest, DoesNotParkWhatOnlyFailsBecauseOfTheStop)
{
    restart({.workers = 1});
    Gate gate;
    const auto subscription = subscribe("publisher", "A", [&](const RecordedEvent&) -> Status {
        gate.pass();
        return m_bus->publish(eventOf("B", "b"));
    });
    SettledCounts settled;
    ASSERT_TRUE(m_bus->publishTracked(std::vector{eventOf("A", "a")}, settled.function()));
    ASSERT_TRUE(gate.waitForWaiting(1));
    std::thread stopper([&] { m_bus->stop(); });
    while (m_bus->publish(eventOf("C", "late")))
        std::this_thread::yield();
    gate.open();
    stopper.join();
    EXPECT_EQ(settled.again(), 1);
    EXPECT_TRUE(parked().empty());
}

TEST_F(InProcessBusTest, FreesAWaitingPublisherWhenItStops)
{
    restart({.workers = 1, .capacity = 1});
    Gate gate;
    const auto subscription = subscribe("slow", "*", [&](const RecordedEvent&) -> Status {
        gate.pass();
        return {};
    });
    ASSERT_TRUE(m_bus->publish(eventOf("T", "1")));
    ASSERT_TRUE(gate.waitForWaiting(1));
    Status outcome;
    std::thread publisher([&] { outcome = m_bus->publish(eventOf("T", "2")); });
    std::thread stopper([&] { m_bus->stop(); });
    publisher.join();
    gate.open();
    stopper.join();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::Cancelled);
}

TEST_F(InProcessBusTest, GivesBackWhatAnEndedSubscriptionHadWaiting)
{
    restart({.workers = 1});
    Gate gate;
    auto subscription = subscribe("slow", "*", [&](const RecordedEvent&) -> Status {
        gate.pass();
        return {};
    });
    SettledCounts settled;
    ASSERT_TRUE(m_bus->publishTracked(numbered(5, "order-1"), settled.function()));
    ASSERT_TRUE(gate.waitForWaiting(1));
    std::thread ender([&] { subscription.reset(); });
    while (!m_bus->statistics().subscriptions.empty())
        std::this_thread::yield();
    gate.open();
    ender.join();
    ASSERT_TRUE(m_bus->drain());
    EXPECT_EQ(settled.safe(), 1) << "the call that ran was let finish";
    EXPECT_EQ(settled.again(), 4);
    EXPECT_EQ(m_bus->statistics().unhandled, 4U);
}

TEST_F(InProcessBusTest, LetsAHandlerEndItsOwnSubscription)
{
    std::atomic<int> calls{0};
    std::unique_ptr<Subscription> subscription;
    Gate gate;
    subscription = subscribe("once", "*", [&](const RecordedEvent&) -> Status {
        gate.pass();
        ++calls;
        subscription.reset();
        return {};
    });
    ASSERT_TRUE(m_bus->publishBatch(numbered(3, "order-1")));
    ASSERT_TRUE(gate.waitForWaiting(1));
    gate.open();
    ASSERT_TRUE(m_bus->drain());
    EXPECT_EQ(calls, 1);
    EXPECT_TRUE(m_bus->publish(eventOf("T", "more")));
    ASSERT_TRUE(m_bus->drain());
    EXPECT_EQ(calls, 1);
}

TEST_F(InProcessBusTest, OutlivedByItsSubscriptions)
{
    auto subscription = subscribe("late", "*", failing());
    m_bus.reset();
    subscription.reset();
    EXPECT_TRUE(parked().empty());
}

TEST_F(InProcessBusTest, RefusesToWaitForItselfFromWithinAHandler)
{
    std::atomic<int> refused{0};
    const auto subscription = subscribe("impatient", "*", [&](const RecordedEvent&) -> Status {
        const Status drained = m_bus->drain();
        refused += !drained && drained.error().code == ErrorCode::InvalidArgument ? 1 : 0;
        return {};
    });
    ASSERT_TRUE(m_bus->publish(eventOf("T", "1")));
    ASSERT_TRUE(m_bus->drain());
    EXPECT_EQ(refused, 1);
}

TEST_F(InProcessBusTest, LosesNothingWhileSubscriptionsComeAndGo)
{
    restart({.workers = 4, .capacity = 64});
    constexpr int kPublishers = 3;
    constexpr int kEach = 500;
    std::atomic<std::uint64_t> handled{0};
    const EventHandler count = [&](const RecordedEvent& event) -> Status {
        ++handled;
        return event.version.value % 7 == 0 ? Status(fail(ErrorCode::DomainRule, "sevens")) : Status{};
    };
    const auto steady = subscribe("steady", "*", count);
    SettledCounts settled;
    std::atomic<bool> publishing{true};
    std::thread churn([&] {
        for (int i = 0; publishing; ++i)
            auto passing = m_bus->subscribe({.name = "passing", .pattern = "T", .handler = count});
    });
    std::vector<std::thread> publishers;
    for (int p = 0; p < kPublishers; ++p) {
        publishers.emplace_back([&, p] {
            for (int i = 1; i <= kEach; ++i) {
                const RecordedEvent event = eventOf("T", std::to_string(i), "s-" + std::to_string(p), i);
                EXPECT_TRUE(m_bus->publishTracked({&event, 1}, settled.function()));
            }
        });
    }
    for (std::thread& publisher : publishers)
        publisher.join();
    publishing = false;
    churn.join();
    ASSERT_TRUE(m_bus->drain());
    EXPECT_EQ(settled.safe() + settled.again(), kPublishers * kEach);
    EXPECT_GT(handled, 0U);
}
