// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/idempotent_handler.h"

#include "event_inbox.h"
#include "fake_idempotency_store.h"
#include "in_process_bus_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <numeric>
#include <random>
#include <stdexcept>
#include <thread>

using namespace eventscope::core;
using namespace eventscope::test;
using namespace std::chrono_literals;

namespace {

class IdempotentHandlerTest : public ::testing::Test {
protected:
    IdempotentHandler wrap(EventHandler handler) { return {m_store, std::move(handler)}; }

    ManualClock m_clock{Timestamp{std::chrono::microseconds{1'700'000'000'000'000}}};
    FakeIdempotencyStore m_store{m_clock};
    EventInbox m_inbox;
};

} // namespace

TEST_F(IdempotentHandlerTest, HandlesEachEventIdOnce)
{
    const IdempotentHandler handler = wrap(m_inbox.handler());
    EXPECT_TRUE(handler(eventOf("OrderPlaced", "id-1")));
    EXPECT_TRUE(handler(eventOf("OrderPlaced", "id-1")));
    EXPECT_TRUE(handler(eventOf("OrderPlaced", "id-2")));
    EXPECT_EQ(m_inbox.ids(), (std::vector<std::string>{"id-1", "id-2"}));
    EXPECT_TRUE(m_store.isDone("processed:id-1"));
    EXPECT_EQ(handler.statistics().handled, 2U);
    EXPECT_EQ(handler.statistics().skipped, 1U);
}

TEST_F(IdempotentHandlerTest, GivesHandlersThatShareAStoreKeysOfTheirOwn)
{
    const IdempotentHandler one(m_store, m_inbox.handler(), {.handler = "one"});
    const IdempotentHandler two(m_store, m_inbox.handler(), {.handler = "two"});
    EXPECT_TRUE(one(eventOf("OrderPlaced", "id-1")));
    EXPECT_TRUE(two(eventOf("OrderPlaced", "id-1")));
    EXPECT_EQ(m_inbox.count(), 2U);
    EXPECT_TRUE(m_store.isDone("processed:two:id-1"));
    EXPECT_NE(processedKey("c", "a:b"), processedKey("b:c", "a"));
    EXPECT_NE(processedKey("x", "a%3A"), processedKey("x", "a:"));
}

TEST_F(IdempotentHandlerTest, HandlesAgainWhatFailed)
{
    int calls = 0;
    const IdempotentHandler handler = wrap([&](const RecordedEvent&) -> Status {
        if (++calls == 1)
            return fail(ErrorCode::DomainRule, "no");
        if (calls == 2)
            throw std::runtime_error("worse");
        return {};
    });
    EXPECT_EQ(handler(eventOf("OrderPlaced", "id-1")).error().code, ErrorCode::DomainRule);
    const Status thrown = handler(eventOf("OrderPlaced", "id-1"));
    EXPECT_EQ(thrown.error().message, "worse");
    EXPECT_TRUE(handler(eventOf("OrderPlaced", "id-1")));
    EXPECT_TRUE(handler(eventOf("OrderPlaced", "id-1")));
    EXPECT_EQ(calls, 3);
    EXPECT_EQ(handler.statistics().failed, 2U);
}

TEST_F(IdempotentHandlerTest, NeitherHandlesNorAcknowledgesWhatSomebodyElseIsAt)
{
    const IdempotentHandler handler = wrap(m_inbox.handler());
    const Claim other = *m_store.claim("processed:id-1", 30s);
    EXPECT_EQ(handler(eventOf("OrderPlaced", "id-1")).error().code, ErrorCode::HeldByOther);
    m_clock.advance(29s);
    EXPECT_EQ(handler(eventOf("OrderPlaced", "id-1")).error().code, ErrorCode::HeldByOther);
    EXPECT_EQ(m_inbox.count(), 0U);
    m_clock.advance(1s); // the other one died
    EXPECT_TRUE(handler(eventOf("OrderPlaced", "id-1")));
    EXPECT_EQ(m_inbox.count(), 1U);
    EXPECT_EQ(handler.statistics().held, 2U);
}

TEST_F(IdempotentHandlerTest, RunsNothingUnguarded)
{
    const IdempotentHandler handler = wrap(m_inbox.handler());
    m_store.refuseClaims(1);
    EXPECT_EQ(handler(eventOf("OrderPlaced", "id-1")).error().code, ErrorCode::Unreachable);
    EXPECT_EQ(handler(eventOf("OrderPlaced", "")).error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(m_inbox.count(), 0U);
}

TEST_F(IdempotentHandlerTest, RecordsLaterWhatItCouldNotRecordAtOnce)
{
    const IdempotentHandler handler = wrap(m_inbox.handler());
    m_store.refuseCompletions(2);
    EXPECT_EQ(handler(eventOf("OrderPlaced", "id-1")).error().code, ErrorCode::HeldByOther);
    EXPECT_EQ(handler(eventOf("OrderPlaced", "id-1")).error().code, ErrorCode::HeldByOther);
    EXPECT_TRUE(handler(eventOf("OrderPlaced", "id-1")));
    EXPECT_EQ(m_inbox.count(), 1U);
    EXPECT_TRUE(m_store.isDone("processed:id-1"));
}

TEST_F(IdempotentHandlerTest, SaysWhenItOutlivedItsLease)
{
    const IdempotentHandler slow = wrap([&](const RecordedEvent&) -> Status {
        m_clock.advance(31s);
        EXPECT_EQ(m_store.claim("processed:id-1", 30s)->state, Claim::State::Acquired) << "somebody else took over";
        return {};
    });
    EXPECT_TRUE(slow(eventOf("OrderPlaced", "id-1")));
    EXPECT_EQ(slow.statistics().leasesLost, 1U);
}

TEST_F(IdempotentHandlerTest, ActsOnceUnderEightConcurrentDeliveriesOfEveryEvent)
{
    constexpr int kDeliverers = 8;
    constexpr int kEvents = 3000;
    std::vector<std::atomic<int>> effects(kEvents);
    std::atomic<unsigned> calls{0};
    const IdempotentHandler handler = wrap([&](const RecordedEvent& event) -> Status {
        if (++calls % 5 == 0)
            return fail(ErrorCode::Unreachable, "now and then");
        ++effects[static_cast<std::size_t>(event.version.value)];
        return {};
    });
    std::vector<std::thread> deliverers;
    for (int deliverer = 0; deliverer < kDeliverers; ++deliverer) {
        deliverers.emplace_back([&, deliverer] {
            std::vector<int> order(kEvents);
            std::iota(order.begin(), order.end(), 0);
            // Half of them meet at the same events, the others come from everywhere.
            if (deliverer % 2 == 1)
                std::ranges::shuffle(order, std::mt19937(static_cast<unsigned>(deliverer)));
            for (const int i : order) {
                while (!handler(eventOf("T", std::to_string(i), "s", i)))
                    std::this_thread::yield();
            }
        });
    }
    for (std::thread& deliverer : deliverers)
        deliverer.join();
    EXPECT_TRUE(std::ranges::all_of(effects, [](const std::atomic<int>& count) { return count == 1; }));
    EXPECT_EQ(handler.statistics().handled, static_cast<std::uint64_t>(kEvents));
}

TEST_F(InProcessBusTest, ActsOnceForWhatIsPublishedTwice)
{
    FakeIdempotencyStore store(m_clock);
    EventInbox one, two;
    const auto first = subscribe("one", "*", IdempotentHandler(store, one.handler(), {.handler = "one"}));
    const auto second = subscribe("two", "*", IdempotentHandler(store, two.handler(), {.handler = "two"}));
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 200; ++i)
            ASSERT_TRUE(m_bus->publish(eventOf("T", "id-" + std::to_string(i), "s-" + std::to_string(i % 5))));
    }
    ASSERT_TRUE(m_bus->drain());
    EXPECT_EQ(one.count(), 200U);
    EXPECT_EQ(two.count(), 200U);
}
