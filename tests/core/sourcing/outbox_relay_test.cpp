// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/outbox_relay.h"

#include "fake_outbox.h"
#include "in_process_bus_fixture.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <random>

using namespace eventscope::core;
using namespace eventscope::test;
using namespace std::chrono_literals;

namespace {

/// A broker of which the test decides what it takes; every event it takes is safe at once.
class ScriptedBus final : public MessageBus {
public:
    using Verdict = std::function<Status(const RecordedEvent&)>;
    explicit ScriptedBus(Verdict verdict) : m_verdict(std::move(verdict)) { }

    Status publish(const RecordedEvent& event) override { return publishBatch({&event, 1}); }
    Status publishBatch(std::span<const RecordedEvent> events) override
    {
        for (const RecordedEvent& event : events) {
            if (Status verdict = m_verdict(event); !verdict)
                return verdict;
        }
        for (const RecordedEvent& event : events)
            taken.add(event);
        return {};
    }
    Result<std::unique_ptr<Subscription>> subscribe(SubscriptionSpec) override
    {
        return fail(ErrorCode::Unsupported, "only for publishing");
    }

    EventInbox taken;

private:
    Verdict m_verdict;
};

} // namespace

class OutboxRelayTest : public InProcessBusTest {
protected:
    void append(int count, const std::string& stream)
    {
        for (int i = 0; i < count; ++i) {
            const std::int64_t version = ++m_versions[stream];
            m_outbox.append(eventOf("T", stream + "." + std::to_string(version), stream, version));
        }
    }

    OutboxRelay& start(MessageBus& bus, OutboxRelayOptions options = {})
    {
        return m_relay.emplace(m_outbox, bus, m_deadLetters, m_clock, m_ids, options);
    }

    /// Lets time pass whenever the relay has nothing to do but wait for it.
    void runUntil(const std::function<bool()>& done)
    {
        while (!done()) {
            m_clock.waitForSleepers(1);
            if (const auto next = m_clock.nextWakeUp(); next && *next > m_clock.now())
                m_clock.set(*next);
        }
    }
    void runUntilEmpty()
    {
        runUntil([this] { return *m_outbox.backlog() == 0; });
    }

    static std::vector<std::string> ofStream(const std::vector<RecordedEvent>& events, const std::string& stream)
    {
        std::vector<std::string> ids;
        for (const RecordedEvent& event : events) {
            if (event.stream == stream)
                ids.push_back(event.id);
        }
        return ids;
    }

    std::map<std::string, std::int64_t> m_versions;
    FakeOutbox m_outbox;
    std::optional<OutboxRelay> m_relay;
};

TEST_F(OutboxRelayTest, PublishesWhatIsPendingInOrderAndMarksIt)
{
    EventInbox inbox;
    const auto subscription = subscribe("all", "*", inbox.handler());
    append(600, "order-1");
    OutboxRelay& relay = start(*m_bus);
    ASSERT_TRUE(relay.waitUntilEmpty());
    append(1, "order-1");
    relay.ring();
    ASSERT_TRUE(relay.waitUntilEmpty());
    ASSERT_EQ(inbox.count(), 601U);
    for (std::size_t i = 0; i < 601; ++i)
        ASSERT_EQ(inbox.events()[i].version.value, static_cast<std::int64_t>(i + 1));
    EXPECT_EQ(*relay.backlog(), 0U);
    EXPECT_EQ(relay.statistics().marked, 601U);
    EXPECT_EQ(relay.statistics().safe, 601U);
}

TEST_F(OutboxRelayTest, MarksNothingThatIsNotHandledYet)
{
    Gate gate;
    const auto subscription = subscribe("slow", "*", [&](const RecordedEvent&) -> Status {
        gate.pass();
        return {};
    });
    append(3, "order-1");
    OutboxRelay& relay = start(*m_bus);
    ASSERT_TRUE(gate.waitForWaiting(1));
    while (relay.statistics().underWay != 3)
        std::this_thread::yield();
    EXPECT_EQ(*relay.backlog(), 3U);
    gate.open();
    ASSERT_TRUE(relay.waitUntilEmpty());
    EXPECT_EQ(relay.statistics().published, 3U);
}

TEST_F(OutboxRelayTest, TakesAParkedEventForSafe)
{
    const auto subscription = subscribe("failing", "T", failing());
    append(2, "order-1");
    ASSERT_TRUE(start(*m_bus).waitUntilEmpty());
    EXPECT_EQ(parked("failing").size(), 2U);
}

TEST_F(OutboxRelayTest, FindsByPollingWhatRangNoBell)
{
    EventInbox inbox;
    const auto subscription = subscribe("all", "*", inbox.handler());
    OutboxRelay& relay = start(*m_bus, {.pollInterval = 1s});
    ASSERT_TRUE(relay.waitUntilEmpty());
    append(1, "order-1");
    m_clock.waitForSleepers(1);
    EXPECT_EQ(inbox.count(), 0U);
    runUntilEmpty();
    EXPECT_EQ(inbox.count(), 1U);
}

TEST_F(OutboxRelayTest, TriesAnUnreachableBusWithGrowingDelaysUntilItIsBack)
{
    std::vector<std::chrono::microseconds> times;
    ScriptedBus bus([&](const RecordedEvent&) -> Status {
        times.push_back(m_clock.now() - kStart);
        if (times.size() <= 12)
            return fail(ErrorCode::Unreachable, "no broker");
        return {};
    });
    append(1, "order-1");
    OutboxRelay& relay
        = start(bus, {.pollInterval = 1h, .retry = {.maxRetries = 2, .firstDelay = 100ms, .maxDelay = 1s}});
    runUntilEmpty();
    relay.stop();
    ASSERT_EQ(times.size(), 13U);
    EXPECT_EQ(times[1] - times[0], 100ms);
    EXPECT_EQ(times[2] - times[1], 200ms);
    EXPECT_EQ(times[4] - times[3], 800ms);
    EXPECT_EQ(times[12] - times[11], 1s);
    EXPECT_TRUE(parked().empty()) << "it is not the event's fault";
    EXPECT_EQ(relay.statistics().lastError, "no broker");
}

TEST_F(OutboxRelayTest, ParksAPoisonEventWhichHoldsNoOtherStreamMeanwhile)
{
    std::atomic<int> tries{0};
    ScriptedBus bus([&](const RecordedEvent& event) -> Status {
        if (event.id == "poison.2") {
            ++tries;
            return fail(ErrorCode::Unparsable, "data is no JSON");
        }
        return {};
    });
    append(3, "poison");
    append(3, "healthy");
    OutboxRelay& relay = start(bus, {.retry = {.maxRetries = 2, .firstDelay = 100ms}});
    ASSERT_TRUE(bus.taken.waitFor(4));
    EXPECT_EQ(ofStream(bus.taken.events(), "healthy").size(), 3U);
    EXPECT_EQ(ofStream(bus.taken.events(), "poison"), (std::vector<std::string>{"poison.1"}));
    runUntilEmpty();
    relay.stop();
    EXPECT_EQ(ofStream(bus.taken.events(), "poison"), (std::vector<std::string>{"poison.1", "poison.3"}));
    ASSERT_EQ(parked(kOutboxQueue).size(), 1U);
    const ParkedEvent letter = parked(kOutboxQueue)[0];
    EXPECT_EQ(letter.original.id, "poison.2");
    EXPECT_EQ(letter.error.code, ErrorCode::Unparsable);
    EXPECT_EQ(letter.attempts, 3);
    EXPECT_EQ(tries, 4) << "once with its batch, then three times on its own";
}

TEST_F(OutboxRelayTest, WaitsOutAMissingRight)
{
    std::atomic<int> refusals{20};
    ScriptedBus bus([&](const RecordedEvent&) -> Status {
        if (refusals-- > 0)
            return fail(ErrorCode::Refused, "the connection is locked");
        return {};
    });
    append(1, "order-1");
    OutboxRelay& relay = start(bus, {.retry = {.maxRetries = 2, .firstDelay = 100ms}});
    runUntilEmpty();
    relay.stop();
    EXPECT_TRUE(parked().empty());
    EXPECT_EQ(bus.taken.count(), 1U);
}

TEST_F(OutboxRelayTest, KeepsAPoisonEventUntilItIsParked)
{
    ScriptedBus bus([](const RecordedEvent&) -> Status { return fail(ErrorCode::InvalidArgument, "never"); });
    m_deadLetters.refuseNext(3);
    append(1, "order-1");
    OutboxRelay& relay = start(bus, {.retry = {.maxRetries = 1, .firstDelay = 100ms}});
    runUntilEmpty();
    relay.stop();
    EXPECT_EQ(parked(kOutboxQueue).size(), 1U);
    EXPECT_EQ(relay.statistics().parked, 1U);
}

TEST_F(OutboxRelayTest, PublishesAgainWhatAnEndedSubscriptionGaveBack)
{
    Gate gate;
    EventInbox staying;
    auto leaving = subscribe("leaving", "*", [&](const RecordedEvent&) -> Status {
        gate.pass();
        return {};
    });
    const auto other = subscribe("staying", "*", staying.handler());
    append(3, "order-1");
    OutboxRelay& relay = start(*m_bus);
    ASSERT_TRUE(gate.waitForWaiting(1));
    ASSERT_TRUE(staying.waitFor(3));
    std::thread ender([&] { leaving.reset(); });
    while (m_bus->statistics().subscriptions.size() == 2)
        std::this_thread::yield();
    gate.open();
    ender.join();
    runUntilEmpty();
    relay.stop();
    EXPECT_EQ(
        staying.ids(), (std::vector<std::string>{"order-1.1", "order-1.2", "order-1.3", "order-1.2", "order-1.3"}));
    EXPECT_EQ(relay.statistics().again, 2U);
}

TEST_F(OutboxRelayTest, LetsOtherStreamsPassOneThatIsStuckInAHandler)
{
    Gate gate;
    EventInbox inbox;
    const auto subscription = subscribe("picky", "*", [&](const RecordedEvent& event) -> Status {
        if (event.stream == "stuck")
            gate.pass();
        inbox.add(event);
        return {};
    });
    append(1000, "stuck");
    append(50, "free");
    OutboxRelay& relay = start(*m_bus, {.batch = 32, .window = 256});
    ASSERT_TRUE(inbox.waitFor(50));
    EXPECT_EQ(ofStream(inbox.events(), "free").size(), 50U);
    gate.open();
    ASSERT_TRUE(relay.waitUntilEmpty());
    const std::vector<std::string> stuck = ofStream(inbox.events(), "stuck");
    ASSERT_EQ(stuck.size(), 1000U);
    for (std::size_t i = 0; i < stuck.size(); ++i)
        ASSERT_EQ(stuck[i], "stuck." + std::to_string(i + 1));
}

TEST_F(OutboxRelayTest, KeepsEveryStreamInOrderThroughRandomRefusals)
{
    std::mt19937 random(11);
    ScriptedBus bus([&](const RecordedEvent&) -> Status {
        switch (random() % 20) {
        case 0: return fail(ErrorCode::Unreachable, "gone for a moment");
        case 1: return fail(ErrorCode::Refused, "not now");
        case 2: return fail(ErrorCode::InvalidArgument, "a fault that passes");
        default: return {};
        }
    });
    constexpr int kStreams = 10;
    constexpr int kEvents = 40;
    for (int i = 0; i < kEvents; ++i) {
        for (int stream = 0; stream < kStreams; ++stream)
            append(1, "s" + std::to_string(stream));
    }
    OutboxRelay& relay = start(bus, {.batch = 16, .retry = {.maxRetries = 100, .firstDelay = 1ms, .maxDelay = 4ms}});
    runUntilEmpty();
    relay.stop();
    for (int stream = 0; stream < kStreams; ++stream) {
        const std::string name = "s" + std::to_string(stream);
        const std::vector<std::string> ids = ofStream(bus.taken.events(), name);
        ASSERT_EQ(ids.size(), static_cast<std::size_t>(kEvents)) << name;
        for (int i = 0; i < kEvents; ++i)
            EXPECT_EQ(ids[static_cast<std::size_t>(i)], name + "." + std::to_string(i + 1));
    }
}

TEST_F(OutboxRelayTest, SaysWhenItStoppedBeforeTheOutboxWasEmpty)
{
    ScriptedBus bus([](const RecordedEvent&) -> Status { return fail(ErrorCode::Unreachable, "no broker"); });
    append(1, "order-1");
    OutboxRelay& relay = start(bus);
    Status outcome;
    std::thread waiter([&] { outcome = relay.waitUntilEmpty(); });
    m_clock.waitForSleepers(1);
    relay.stop();
    waiter.join();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::Cancelled);
    EXPECT_EQ(*relay.backlog(), 1U);
}
