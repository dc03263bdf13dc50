// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/order_projection.h"

#include "sourcing/in_process_bus.h"
#include "sourcing/memory_dead_letter_store.h"
#include "sourcing/memory_order_read_model.h"
#include "sourcing/projection_runner.h"
#include "sourcing/sqlite_order_read_model.h"

#include "dying_read_model.h"
#include "order_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace eventscope::test {

using namespace core;

namespace {

constexpr auto kLive = ProjectionTarget::Live;

int rank(std::string_view status)
{
    return status == "pending" ? 1 : status == "paid" ? 2 : 3;
}

struct Place {
    MemoryEventStore store;
    OrderWriter orders{store};
    SomeCustomers customers;
    UpcasterChain upcasters = orderUpcasters();

    OrderProjection projectionOn(OrderReadModel& model) { return {model, store, customers, upcasters}; }

    Status catchUp(OrderReadModel& model)
    {
        OrderProjection projection = projectionOn(model);
        const auto events = store.readAll({.limit = kNoLimit}).value();
        return projection.apply(kLive, events, store.lastPosition().value());
    }

    std::map<std::string, OrderRow> freshFold()
    {
        MemoryOrderReadModel fresh;
        EXPECT_TRUE(catchUp(fresh));
        return allRows(fresh, store);
    }
};

/// The rows agree with the checkpoint: either of both models is what a fold up to there gives.
void expectRowsOfCheckpoint(Place& place, OrderReadModel& model)
{
    OrderProjection projection = place.projectionOn(model);
    const auto checkpoint = projection.checkpoint(kLive).value();
    MemoryOrderReadModel fresh;
    OrderProjection folding = place.projectionOn(fresh);
    auto events = place.store.readAll({.limit = kNoLimit}).value();
    std::erase_if(events, [&](const RecordedEvent& event) { return event.position > checkpoint; });
    ASSERT_TRUE(folding.apply(kLive, events, checkpoint));
    EXPECT_EQ(allRows(model, place.store), allRows(fresh, place.store)) << "at checkpoint " << checkpoint.value;
}

/// Dies at every step of a catch-up, a rebuild and a delivery in turn.
void expectToSurviveEveryDeath(const std::function<std::unique_ptr<OrderReadModel>()>& makeModel)
{
    int steps = 1;
    for (int death = 1; death <= steps; ++death) {
        SCOPED_TRACE("death at step " + std::to_string(death));
        Place place;
        const auto model = makeModel();
        place.orders.place("1");
        place.orders.pay("1");
        place.orders.place("2", "c2");
        const auto events = place.store.readAll().value();
        {
            DyingReadModel dying(*model, death);
            OrderProjection projection = place.projectionOn(dying);
            (void)(projection.apply(kLive, std::span(events).first(2), {2})
                && projection.apply(kLive, std::span(events).subspan(1), {3}) && projection.beginRebuild()
                && projection.apply(ProjectionTarget::Rebuild, events, {3}) && projection.finishRebuild());
            steps = dying.isDead() ? death + 1 : death;
        }
        expectRowsOfCheckpoint(place, *model);
        ASSERT_TRUE(place.projectionOn(*model).abandonRebuild());
        ASSERT_TRUE(place.catchUp(*model));
        EXPECT_EQ(allRows(*model, place.store), place.freshFold());
    }
    EXPECT_GT(steps, 30);
}

/// Orders change on one thread, their events come from a bus on another in odd order and twice, a runner
/// follows the store, and the model is rebuilt over and over; a reader sees no order vanish or go back.
void rebuildUnderFire(OrderReadModel& model)
{
    constexpr int kOrders = 60;
    constexpr int kRebuilds = 5;
    Place place;
    OrderProjection projection = place.projectionOn(model);
    SystemClock clock;
    ProjectionRunner runner(place.store, clock, {.batch = 7});
    ASSERT_TRUE(runner.add(projection));

    std::atomic<bool> writing = true;
    std::atomic<bool> looking = true;
    std::jthread writer([&] {
        std::mt19937 random(7);
        std::vector<RecordedEvent> late;
        const auto deliver = [&](const RecordedEvent& event) {
            late.push_back(event);
            if (random() % 3 == 0) {
                std::ranges::shuffle(late, random);
                for (const RecordedEvent& again : late)
                    EXPECT_TRUE(projection.deliver(again));
                if (late.size() > 6)
                    late.clear();
            }
        };
        for (int i = 0; i < kOrders; ++i) {
            const std::string id = std::to_string(i);
            deliver(place.orders.place(id, i % 2 == 0 ? "c1" : "c2"));
            deliver(place.orders.pay(id));
            deliver(i % 5 == 0 ? place.orders.cancel(id) : place.orders.ship(id));
        }
        writing = false;
    });
    std::jthread reader([&] {
        std::map<std::string, int> seen;
        while (looking) {
            for (const auto& [id, before] : seen) {
                const auto row = model.find(id).value();
                ASSERT_TRUE(row) << "order " << id << " vanished";
                EXPECT_GE(rank(row->status), before) << "order " << id << " went back";
            }
            for (const std::string_view customer : {"c1", "c2"}) {
                const auto rows = model.ofCustomer(customer, 5).value();
                for (const OrderRow& row : rows)
                    seen[row.orderId] = std::max(seen[row.orderId], rank(row.status));
            }
        }
    });
    int rebuilds = 0;
    while (writing || rebuilds < kRebuilds) {
        ASSERT_TRUE(runner.rebuild(projection.name()));
        ASSERT_TRUE(runner.waitUntil(
            projection.name(), [](const ProjectionStatus& status) { return !status.rebuild.has_value(); }));
        ++rebuilds;
    }
    writer.join();
    ASSERT_TRUE(runner.waitUntilLive(projection.name()));
    looking = false;
    reader.join();
    EXPECT_GE(runner.status().front().rebuilds, static_cast<std::uint64_t>(kRebuilds));
    EXPECT_EQ(allRows(model, place.store), place.freshFold());
    EXPECT_EQ(model.count(), static_cast<std::size_t>(kOrders));
}

} // namespace

TEST(OrderProjection, SurvivesADeathAtEveryStepInMemory)
{
    expectToSurviveEveryDeath([] { return std::make_unique<MemoryOrderReadModel>(); });
}

TEST(OrderProjection, SurvivesADeathAtEveryStepOnSqlite)
{
    expectToSurviveEveryDeath([] { return SqliteOrderReadModel::open(SqliteDatabase::temporary().value()).value(); });
}

TEST(OrderProjection, EqualsAFreshFoldAfterRebuildsUnderFireInMemory)
{
    MemoryOrderReadModel model;
    rebuildUnderFire(model);
}

TEST(OrderProjection, EqualsAFreshFoldAfterRebuildsUnderFireOnSqlite)
{
    const auto model = SqliteOrderReadModel::open(SqliteDatabase::temporary().value()).value();
    rebuildUnderFire(*model);
}

TEST(OrderProjection, IsFedByABus)
{
    Place place;
    MemoryOrderReadModel model;
    OrderProjection projection = place.projectionOn(model);
    SystemClock clock;
    UuidV7Generator ids(clock);
    MemoryDeadLetterStore letters;
    InProcessBus bus(clock, ids, letters);
    {
        const auto subscriptions = subscribeOrderProjection(bus, projection);
        ASSERT_TRUE(subscriptions) << subscriptions.error().message;
        ASSERT_TRUE(bus.publish(place.orders.place("1")));
        ASSERT_TRUE(bus.publish(place.orders.pay("1")));
        ASSERT_TRUE(bus.publish(place.orders.write("1", "OrderNoteAdded", 1, "{}")));
        ASSERT_TRUE(bus.publish(place.orders.ship("1")));
        ASSERT_TRUE(bus.drain());
    }
    EXPECT_EQ(model.find("1").value()->status, "shipped");
    EXPECT_EQ(allRows(model, place.store), place.freshFold());
    EXPECT_EQ(letters.count(), 0u);
}

} // namespace eventscope::test
