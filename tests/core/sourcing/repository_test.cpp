// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/repository.h"

#include "event/message_context.h"
#include "order_stories.h"
#include "order_world.h"
#include "sourcing/snapshot_record.h"
#include "store_wrapper.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace eventscope::core;
using namespace eventscope::test;

namespace {

Decimal total()
{
    return Decimal::parse("38.00").value();
}

} // namespace

TEST(Repository, SavesWhatWasRaisedAndLoadsItAgain)
{
    OrderWorld world;
    Order order("1");
    ASSERT_TRUE(order.place("customer-1", OrderWorld::tea()));
    ASSERT_TRUE(order.confirmPayment("p", total()));
    ASSERT_TRUE(world.orders.save(order));
    EXPECT_TRUE(order.uncommitted().empty());
    EXPECT_EQ(order.committedVersion().value, 2);

    const auto loaded = world.orders.load("1");
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->state(), order.state());
    EXPECT_EQ(loaded->version().value, 2);
    EXPECT_TRUE(loaded->uncommitted().empty());
}

TEST(Repository, GivesEventsIdsTimeAndTheFlowTheyBelongTo)
{
    OrderWorld world;
    {
        const MessageScope scope({.messageId = "cmd-1", .correlationId = "flow-1", .userId = "ada"});
        ASSERT_TRUE(world.place("1"));
    }
    const auto events = world.stored("1");
    ASSERT_EQ(events.size(), 1u);
    EXPECT_TRUE(parseUuid(events[0].id));
    EXPECT_EQ(events[0].time, world.clock.now());
    EXPECT_EQ(events[0].schemaVersion, 2);
    EXPECT_EQ(events[0].metadata,
        (Metadata{.correlationId = "flow-1", .causationId = "cmd-1", .userId = "ada", .headers = {}}));
}

TEST(Repository, StartsOneFlowForOneSaveOutsideOfAnyHandler)
{
    OrderWorld world;
    Order order("1");
    ASSERT_TRUE(order.place("c", OrderWorld::tea()));
    ASSERT_TRUE(order.cancel("r"));
    ASSERT_TRUE(world.orders.save(order));
    const auto events = world.stored("1");
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].metadata.correlationId, events[0].id);
    EXPECT_EQ(events[1].metadata.correlationId, events[0].id);
}

TEST(Repository, KnowsNoAggregateWithoutEvents)
{
    OrderWorld world;
    EXPECT_EQ(world.orders.load("1").error().code, ErrorCode::NotFound);
    EXPECT_EQ(world.orders.update("1", [](Order&) { return Status(); }).error().code, ErrorCode::NotFound);
}

TEST(Repository, RefusesToSaveWhatIsStale)
{
    OrderWorld world;
    ASSERT_TRUE(world.place("1"));
    Order one = world.orders.load("1").value();
    Order other = world.orders.load("1").value();
    ASSERT_TRUE(one.cancel("one"));
    ASSERT_TRUE(world.orders.save(one));
    ASSERT_TRUE(other.cancel("other"));
    const Status saved = world.orders.save(other);
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, ErrorCode::WrongExpectedVersion);
    EXPECT_EQ(other.uncommitted().size(), 1u);
    EXPECT_EQ(world.stored("1").size(), 2u);
}

TEST(Repository, StoresASaveOnceWhoseOutcomeWasLost)
{
    MemoryEventStore inner;
    StoreWrapper store(inner);
    int losses = 2;
    store.afterAppend
        = [&]() -> Status { return losses-- > 0 ? fail(ErrorCode::InDoubt, "the connection broke") : Status(); };
    OrderWorld world(&store);
    Order order("1");
    ASSERT_TRUE(order.place("c", OrderWorld::tea()));
    EXPECT_EQ(world.orders.save(order).error().code, ErrorCode::InDoubt);
    EXPECT_EQ(order.uncommitted().size(), 1u);
    EXPECT_EQ(world.orders.save(order).error().code, ErrorCode::InDoubt);
    EXPECT_TRUE(world.orders.save(order));
    EXPECT_EQ(inner.readStream("order-1")->size(), 1u);

    losses = 3; // and the same within update()
    EXPECT_EQ(world.orders.update("1", [](Order& o) { return o.cancel("r"); })->value, 2);
    EXPECT_EQ(inner.readStream("order-1")->size(), 2u);
}

TEST(Repository, DecidesAgainWhenSomebodyElseWroteInBetween)
{
    OrderWorld world;
    ASSERT_TRUE(world.place("1"));
    int decisions = 0;
    const auto version = world.orders.update("1", [&](Order& order) {
        if (++decisions == 1)
            world.append("1", "NoteAdded", "{}");
        return order.cancel("r");
    });
    EXPECT_EQ(version->value, 3);
    EXPECT_EQ(decisions, 2);
}

TEST(Repository, GivesUpWhenItNeverGetsThrough)
{
    MemoryEventStore inner;
    StoreWrapper store(inner);
    OrderWorld world(&store);
    ASSERT_TRUE(world.place("1"));
    int attempts = 0;
    store.beforeAppend = [&] { return ++attempts, Status(fail(ErrorCode::WrongExpectedVersion, "elsewhere")); };
    const auto version = world.orders.update("1", [](Order& order) { return order.cancel("r"); });
    EXPECT_EQ(version.error().code, ErrorCode::WrongExpectedVersion);
    EXPECT_EQ(attempts, 10);
}

TEST(Repository, LosesNoDecisionOfSeveralThreads)
{
    OrderWorld world;
    ASSERT_TRUE(world.place("1"));
    std::vector<int> paid(4);
    {
        std::vector<std::jthread> threads;
        for (int& mine : paid) {
            threads.emplace_back([&world, &mine] {
                mine
                    = world.orders.update("1", [](Order& order) { return order.confirmPayment("p", total()); }) ? 1 : 0;
            });
        }
    }
    EXPECT_EQ(paid[0] + paid[1] + paid[2] + paid[3], 1);
    EXPECT_EQ(world.stored("1").size(), 2u);
}

TEST(Repository, ReadsOldEventsThroughTheUpcasters)
{
    OrderWorld world;
    world.append("1", "OrderPlaced", R"({"orderId":"1","customerId":"c","amount":38.00})");
    world.append("1", "PaymentConfirmed", R"({"orderId":"1","paymentId":"p","amount":38})");
    const auto order = world.orders.load("1");
    ASSERT_TRUE(order);
    EXPECT_EQ(order->status(), OrderStatus::Paid);
    EXPECT_EQ(order->totalAmount().toString(), "38.00");
    EXPECT_EQ(order->currency(), "USD");
}

TEST(Repository, SaysWhichEventItCannotUnderstand)
{
    OrderWorld world;
    ASSERT_TRUE(world.place("1"));
    world.append("1", "PaymentConfirmed", R"({"paymentId":"p"})");
    const auto order = world.orders.load("1");
    ASSERT_FALSE(order);
    EXPECT_EQ(order.error().code, ErrorCode::Unparsable);
    EXPECT_EQ(order.error().message, "order-1 version 2: the \"amount\" of PaymentConfirmed is missing");

    world.append("2", "OrderPlaced", R"({"totalAmount":1})", 7);
    EXPECT_EQ(world.orders.load("2").error().code, ErrorCode::UnsupportedVersion);
}

// Snapshots.

namespace {

void addNotes(OrderWorld& world, std::string_view id, int count)
{
    for (int i = 0; i < count; ++i)
        world.append(id, "NoteAdded", "{}");
}

std::uint64_t replayedBy(OrderWorld& world, const std::function<void()>& action)
{
    const std::uint64_t before = world.aggregates.counters().eventsReplayed;
    action();
    return world.aggregates.counters().eventsReplayed - before;
}

} // namespace

TEST(RepositorySnapshots, KeepTheCostOfALoadFromGrowingWithTheStream)
{
    OrderWorld world(10);
    ASSERT_TRUE(world.place("1"));
    for (int round = 0; round < 30; ++round) {
        addNotes(world, "1", 7);
        EXPECT_LE(replayedBy(world, [&] { ASSERT_TRUE(world.orders.load("1")); }), 10u + 7u);
    }
    EXPECT_EQ(world.stored("1").size(), 211u);
    EXPECT_GT(world.aggregates.counters().snapshotsUsed, 20u);
}

TEST(RepositorySnapshots, AreTakenEveryNEventsOfSaves)
{
    OrderWorld world(2);
    ASSERT_TRUE(world.place("1"));
    EXPECT_EQ(world.aggregates.counters().snapshotsSaved, 0u);
    ASSERT_TRUE(world.orders.update("1", [](Order& order) { return order.confirmPayment("p", total()); }));
    EXPECT_EQ(world.aggregates.counters().snapshotsSaved, 1u);
    EXPECT_EQ((*world.snapshots.load("order-1"))->version.value, 2);
    EXPECT_EQ(replayedBy(world, [&] { EXPECT_EQ(world.orders.load("1")->status(), OrderStatus::Paid); }), 0u);
}

TEST(RepositorySnapshots, ThatAreOddAreRefusedAndReplacedByAFullReplay)
{
    const auto good = [](OrderWorld& world) { return (*world.snapshots.load("order-1")).value(); };
    const std::function<void(OrderWorld&, Snapshot&)> harms[] = {
        [](OrderWorld&, Snapshot& s) { s.fingerprint = "order-state 0|"; },
        [](OrderWorld&, Snapshot& s) { s.state = "no json"; },
        [](OrderWorld&, Snapshot& s) { s.state = "{}"; },
        [](OrderWorld&, Snapshot& s) {
            s.state.replace(s.state.find("pending"), 7, "shipped");
        }, // the sum is wrong now
        [](OrderWorld&, Snapshot& s) {
            s.state = SnapshotRecord{.lastEventId = "x", .state = Json::Object()}.toJson();
        },
        [](OrderWorld&, Snapshot& s) { s.version = {99}; }, // beyond the stream's end
        [](OrderWorld&, Snapshot& s) { s.version = {2}; },  // of another event
        [](OrderWorld&, Snapshot& s) { s.version = {0}; },
        [](OrderWorld& w, Snapshot& s) {
            s.state = SnapshotRecord{.lastEventId = w.stored("1")[3].id, .state = Json("no order")}.toJson();
        },
    };
    for (const auto& harm : harms) {
        OrderWorld world(4);
        ASSERT_TRUE(world.place("1"));
        addNotes(world, "1", 3);
        ASSERT_TRUE(world.orders.load("1"));
        const Json expected = world.orders.load("1")->state();
        Snapshot snapshot = good(world);
        ASSERT_EQ(snapshot.version.value, 4);
        harm(world, snapshot);
        ASSERT_TRUE(world.snapshots.remove("order-1"));
        ASSERT_TRUE(world.snapshots.save("order-1", snapshot));

        const std::uint64_t refused = world.aggregates.counters().snapshotsRefused;
        std::uint64_t replayed = replayedBy(world, [&] { EXPECT_EQ(world.orders.load("1")->state(), expected); });
        EXPECT_EQ(replayed, 4u);
        EXPECT_EQ(world.aggregates.counters().snapshotsRefused, refused + 1);
        replayed = replayedBy(world, [&] { EXPECT_EQ(world.orders.load("1")->state(), expected); });
        EXPECT_EQ(replayed, 0u) << "a good one has taken its place";
    }
}

TEST(RepositorySnapshots, OfAStreamThatIsGoneAreNotBelieved)
{
    OrderWorld world;
    ASSERT_TRUE(world.snapshots.save("order-1",
        {.version = {3},
            .fingerprint = "order-state 1|OrderPlaced:1>2;",
            .state
            = SnapshotRecord{.lastEventId = "e", .state = Json::parse(R"({"status":"paid","totalAmount":1})").value()}
                  .toJson()}));
    EXPECT_EQ(world.orders.load("1").error().code, ErrorCode::NotFound);
    EXPECT_EQ(world.aggregates.counters().snapshotsRefused, 1u);
}

TEST(RepositorySnapshots, ThatFailToBeStoredHarmNothing)
{
    class BrokenStore final : public SnapshotStore {
    public:
        Result<std::optional<Snapshot>> load(std::string_view) const override { return fail(ErrorCode::Io, "broken"); }
        Status save(std::string_view, const Snapshot&) override { return fail(ErrorCode::DiskFull, "full"); }
        Status remove(std::string_view) override { return fail(ErrorCode::Io, "broken"); }
    };
    OrderWorld world;
    BrokenStore broken;
    AggregateStore aggregates(world.events, world.upcasters, world.clock, world.ids, {.store = &broken, .every = 1});
    Repository<Order> orders(aggregates);
    Order order("1");
    ASSERT_TRUE(order.place("c", OrderWorld::tea()));
    EXPECT_TRUE(orders.save(order));
    EXPECT_EQ(orders.load("1")->state(), order.state());
    EXPECT_GE(aggregates.counters().snapshotsNotSaved, 1u);
    EXPECT_EQ(aggregates.counters().snapshotsRefused, 1u);
}

TEST(RepositorySnapshots, PlusTheRestGiveTheStateOfAFullReplay)
{
    OrderStories stories(31);
    for (int round = 0; round < 60; ++round) {
        OrderWorld world(1000);
        AggregateStore plain(world.events, world.upcasters, world.clock, world.ids);
        std::vector<StoryEvent> story = round % 2 == 0 ? stories.lawful() : stories.wild(12);
        // Only what an order can be rebuilt from.
        Order filter("1");
        std::erase_if(story, [&](const StoryEvent& event) {
            const auto data = world.upcasters.upcast(event.type, event.schemaVersion, event.data);
            return !data || !filter.replay(event.type, *data);
        });
        for (const StoryEvent& event : story)
            world.append("1", event.type, event.data, event.schemaVersion);
        if (story.empty())
            continue;
        Order full("1");
        ASSERT_TRUE(plain.load(full, "order-1"));
        EXPECT_EQ(full.state(), filter.state());

        Order prefix("1");
        for (std::size_t point = 1; point <= story.size(); ++point) {
            const StoryEvent& event = story[point - 1];
            ASSERT_TRUE(
                prefix.replay(event.type, world.upcasters.upcast(event.type, event.schemaVersion, event.data).value()));
            ASSERT_TRUE(world.snapshots.remove("order-1"));
            ASSERT_TRUE(world.snapshots.save("order-1",
                {.version = {static_cast<std::int64_t>(point)},
                    .fingerprint = "order-state 1|" + world.upcasters.fingerprint(),
                    .state = SnapshotRecord{.lastEventId = world.stored("1")[point - 1].id, .state = prefix.state()}
                                 .toJson()}));
            const std::uint64_t used = world.aggregates.counters().snapshotsUsed;
            const auto loaded = world.orders.load("1");
            ASSERT_TRUE(loaded);
            ASSERT_EQ(loaded->state(), full.state()) << "snapshot at " << point;
            ASSERT_EQ(loaded->version(), full.version());
            ASSERT_EQ(world.aggregates.counters().snapshotsUsed, used + 1);
        }
    }
}
