// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_idempotency_store.h"
#include "fake_outbox.h"
#include "scripted_dead_letters.h"

#include "event/clock.h"
#include "event/ids.h"
#include "event_inbox.h"
#include "sourcing/idempotent_handler.h"
#include "sourcing/in_process_bus.h"
#include "sourcing/outbox_relay.h"

#include <gtest/gtest.h>

#include <atomic>
#include <iostream>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <thread>

using namespace eventscope::core;
using namespace eventscope::test;
using namespace std::chrono_literals;

// Between "appended" and "marked as published" lies a row of arrows. Each test run lets the process
// die at the n-th of them, for every n: from then on nothing it does has an effect. A second life
// begins with what was durable: outbox, idempotency records, dead letters, and the effects.

namespace {

constexpr int kStreams = 3;
constexpr int kVersions = 4;
constexpr const char* kPoison = "s1.2"; // one handler never takes it

/// Counts the arrows and kills at one of them. // any thread
class Fate {
public:
    explicit Fate(int diesAt) : m_left(diesAt) { }

    bool isDead() const { return m_dead; }
    /// An arrow is passed; false when the process did not live to see it.
    bool survives()
    {
        if (--m_left == 0)
            m_dead = true;
        return !m_dead;
    }
    Status step() { return survives() ? Status{} : fail(ErrorCode::Cancelled, "dead"); }

private:
    std::atomic<int> m_left;
    std::atomic<bool> m_dead{false};
};

struct Durable {
    ManualClock leaseClock{Timestamp{1h}};
    FakeOutbox outbox;
    FakeIdempotencyStore processed{leaseClock};
    ScriptedDeadLetters deadLetters;

    std::mutex mutex;
    std::map<std::string, std::vector<std::string>> effects; // by handler
    std::set<std::string> cutShort;                          // effect done, death before the record
};

class MortalIdempotency final : public IdempotencyStore {
public:
    MortalIdempotency(Durable& durable, Fate& fate) : m_durable(durable), m_fate(fate) { }

    Result<Claim> claim(std::string_view key, std::chrono::milliseconds lease) override
    {
        if (!m_fate.survives())
            return fail(ErrorCode::HeldByOther, "dead");
        return m_durable.processed.claim(key, lease);
    }
    Status complete(std::string_view key, std::string_view token, std::chrono::seconds retention) override
    {
        if (!m_fate.survives()) {
            const std::scoped_lock lock(m_durable.mutex);
            m_durable.cutShort.insert(std::string(key));
            return fail(ErrorCode::Unreachable, "dead");
        }
        const Status completed = m_durable.processed.complete(key, token, retention);
        return m_fate.survives() ? completed : fail(ErrorCode::Unreachable, "dead");
    }
    Status release(std::string_view key, std::string_view token) override
    {
        return m_fate.survives() ? m_durable.processed.release(key, token) : fail(ErrorCode::Unreachable, "dead");
    }

private:
    Durable& m_durable;
    Fate& m_fate;
};

class MortalBus final : public MessageBus {
public:
    MortalBus(MessageBus& bus, Fate& fate) : m_bus(bus), m_fate(fate) { }

    Status publish(const RecordedEvent& event) override { return m_bus.publish(event); }
    Status publishBatch(std::span<const RecordedEvent> events) override { return m_bus.publishBatch(events); }
    Status publishTracked(std::span<const RecordedEvent> events, SettledFunction settled) override
    {
        if (!m_fate.survives())
            return fail(ErrorCode::Cancelled, "dead");
        const Status published = m_bus.publishTracked(
            events, [&fate = m_fate, settled = std::move(settled)](std::size_t index, const Status& outcome) {
                if (fate.survives())
                    settled(index, outcome);
            });
        return m_fate.survives() ? published : fail(ErrorCode::Cancelled, "dead");
    }
    Result<std::unique_ptr<Subscription>> subscribe(SubscriptionSpec spec) override
    {
        return m_bus.subscribe(std::move(spec));
    }

private:
    MessageBus& m_bus;
    Fate& m_fate;
};

/// One life of the process, from start to death or to an empty outbox.
void live(Durable& durable, Fate& fate)
{
    SystemClock clock;
    UuidV7Generator ids(clock);
    durable.outbox.guard([&] { return fate.step(); }, [&] { return fate.step(); });
    MortalIdempotency processed(durable, fate);
    InProcessBus bus(clock, ids, durable.deadLetters, {.workers = 3});
    MortalBus mortalBus(bus, fate);
    std::vector<std::unique_ptr<Subscription>> subscriptions;
    for (const char* name : {"view", "mail"}) {
        const auto act = [&durable, &fate, name = std::string(name)](const RecordedEvent& event) -> Status {
            if (!fate.survives())
                return fail(ErrorCode::HeldByOther, "dead");
            if (name == "mail" && event.id == kPoison)
                return fail(ErrorCode::DomainRule, "no address");
            const std::scoped_lock lock(durable.mutex);
            durable.effects[name].push_back(event.id);
            return {};
        };
        auto subscription = bus.subscribe({.name = name,
            .pattern = "T",
            .handler = IdempotentHandler(processed, act, {.handler = name}),
            .retry = {.maxRetries = 1, .firstDelay = 1ms}});
        ASSERT_TRUE(subscription);
        subscriptions.push_back(std::move(*subscription));
    }
    OutboxRelay relay(durable.outbox, mortalBus, durable.deadLetters, clock, ids,
        {.batch = 4, .pollInterval = 5ms, .retry = {.maxRetries = 3, .firstDelay = 1ms, .maxDelay = 1ms}});
    while (!fate.isDead() && *durable.outbox.backlog() != 0)
        std::this_thread::yield();
    relay.stop();
    bus.stop();
    durable.outbox.guard({}, {});
}

void fill(Durable& durable)
{
    for (int version = 1; version <= kVersions; ++version) {
        for (int stream = 1; stream <= kStreams; ++stream) {
            const std::string name = "s" + std::to_string(stream);
            durable.outbox.append(eventOf("T", name + "." + std::to_string(version), name, version));
        }
    }
}

void expectAllHandledOnce(const Durable& durable, const std::string& handler)
{
    const auto effects = durable.effects.find(handler);
    ASSERT_NE(effects, durable.effects.end());
    std::map<std::string, int> count;
    std::map<std::string, int> lastVersion;
    for (const std::string& id : effects->second) {
        if (++count[id] > 1) {
            EXPECT_TRUE(durable.cutShort.contains(processedKey(id, handler))) << handler << " acted twice on " << id;
            continue;
        }
        const std::string stream = id.substr(0, 2);
        EXPECT_GT(std::stoi(id.substr(3)), lastVersion[stream]) << handler << " saw " << id << " out of order";
        lastVersion[stream] = std::stoi(id.substr(3));
    }
    const std::size_t refused = handler == "mail" ? 1 : 0;
    EXPECT_EQ(count.size(), static_cast<std::size_t>(kStreams * kVersions) - refused) << handler;
}

} // namespace

TEST(OutboxCrash, LosesNothingAndActsOnceWhereverTheProcessDies)
{
    int deaths = 0;
    for (int arrow = 1; deaths == arrow - 1; ++arrow) {
        SCOPED_TRACE("death at arrow " + std::to_string(arrow));
        Durable durable;
        fill(durable);
        Fate first(arrow);
        ASSERT_NO_FATAL_FAILURE(live(durable, first));
        deaths += first.isDead() ? 1 : 0;

        durable.leaseClock.advance(1h); // the dead one's claims run out
        Fate second(std::numeric_limits<int>::max());
        ASSERT_NO_FATAL_FAILURE(live(durable, second));
        EXPECT_EQ(*durable.outbox.backlog(), 0U);
        ASSERT_NO_FATAL_FAILURE(expectAllHandledOnce(durable, "view"));
        ASSERT_NO_FATAL_FAILURE(expectAllHandledOnce(durable, "mail"));
        EXPECT_LE(durable.cutShort.size(), 3U) << "at most what its threads were at";
        EXPECT_FALSE(durable.deadLetters.list("mail")->empty());
        if (HasFailure())
            return;
    }
    EXPECT_GT(deaths, 50);
    std::cout << deaths << " deaths survived\n";
}
