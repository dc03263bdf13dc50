// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/memory_order_read_model.h"
#include "sourcing/order_projection.h"

#include "order_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// What every OrderReadModel keeps to, alone and under the projection. A test program instantiates the
/// suite with a fixture type that has `core::OrderReadModel& model()`, empty at first:
///
///     INSTANTIATE_TYPED_TEST_SUITE_P(Memory, OrderReadModelContract, MemoryFixture);
namespace eventscope::test {

template <class Fixture>
class OrderReadModelContract : public ::testing::Test {
protected:
    static constexpr auto kLive = core::ProjectionTarget::Live;
    static constexpr auto kRebuild = core::ProjectionTarget::Rebuild;

    static core::OrderRow row(std::string id, std::string customer = "c1", int createdAfter = 0)
    {
        return {.orderId = std::move(id),
            .customerId = std::move(customer),
            .customerName = "Ann",
            .totalAmount = "38.00",
            .status = "pending",
            .items = "[]",
            .createdAt = OrderWriter::start() + std::chrono::seconds(createdAfter),
            .updatedAt = OrderWriter::start() + std::chrono::seconds(createdAfter)};
    }

    core::OrderReadModel& model() { return m_fixture.model(); }

    std::unique_ptr<core::OrderReadModel::Transaction> begin()
    {
        auto transaction = model().begin();
        EXPECT_TRUE(transaction) << transaction.error().message;
        return std::move(*transaction);
    }
    void put(const core::OrderRow& row)
    {
        const auto transaction = begin();
        ASSERT_TRUE(transaction->put(kLive, row));
        ASSERT_TRUE(transaction->commit());
    }
    std::optional<core::OrderRow> found(std::string_view id)
    {
        const auto row = model().find(id);
        EXPECT_TRUE(row) << row.error().message;
        return row.value_or(std::nullopt);
    }
    std::string statusOf(std::string_view id)
    {
        const auto row = found(id);
        return row ? row->status : "absent";
    }
    std::vector<std::string> idsOf(std::string_view customer, std::size_t limit = core::kNoLimit)
    {
        std::vector<std::string> ids;
        const auto rows = model().ofCustomer(customer, limit);
        EXPECT_TRUE(rows) << rows.error().message;
        for (const core::OrderRow& row : *rows)
            ids.push_back(row.orderId);
        return ids;
    }
    core::GlobalPosition checkpoint() { return projection.checkpoint(kLive).value(); }
    /// Everything that is stored, in one go.
    core::Status catchUp(core::ProjectionTarget target = core::ProjectionTarget::Live)
    {
        const auto events = store.readAll({.limit = core::kNoLimit}).value();
        return projection.apply(target, events, store.lastPosition().value());
    }
    /// What a model that has never seen anything else makes of the store.
    std::map<std::string, core::OrderRow> freshFold()
    {
        core::MemoryOrderReadModel fresh;
        core::OrderProjection folding(fresh, store, customers, upcasters);
        const auto events = store.readAll({.limit = core::kNoLimit}).value();
        EXPECT_TRUE(folding.apply(kLive, events, store.lastPosition().value()));
        return allRows(fresh, store);
    }

    Fixture m_fixture;
    core::MemoryEventStore store;
    OrderWriter orders{store};
    SomeCustomers customers;
    core::UpcasterChain upcasters = core::orderUpcasters();
    core::OrderProjection projection{m_fixture.model(), store, customers, upcasters};
};
TYPED_TEST_SUITE_P(OrderReadModelContract);

TYPED_TEST_P(OrderReadModelContract, IsEmptyAtFirst)
{
    EXPECT_EQ(this->found("1"), std::nullopt);
    EXPECT_EQ(this->idsOf("c1"), std::vector<std::string>{});
    EXPECT_EQ(this->model().count(), 0u);
    EXPECT_EQ(this->checkpoint(), core::GlobalPosition{0});
}

TYPED_TEST_P(OrderReadModelContract, KeepsARowExactlyAsItWasPut)
{
    core::OrderRow row = this->row("7f3a");
    row.customerName = "Ann \"O'Hara\" \xC3\x98; DROP TABLE x --";
    row.totalAmount = "12345678901234567890.10";
    row.items = R"([{"sku":"a\u0000b","price":1.0}])";
    row.updatedAt += std::chrono::microseconds(7);
    this->put(row);
    EXPECT_EQ(this->found("7f3a"), row);
    EXPECT_EQ(this->model().count(), 1u);
}

TYPED_TEST_P(OrderReadModelContract, ReplacesTheRowOfTheSameOrder)
{
    this->put(this->row("1"));
    core::OrderRow paid = this->row("1", "c2");
    paid.status = "paid";
    this->put(paid);
    EXPECT_EQ(this->found("1"), paid);
    EXPECT_EQ(this->idsOf("c1"), std::vector<std::string>{});
    EXPECT_EQ(this->idsOf("c2"), std::vector<std::string>{"1"});
}

TYPED_TEST_P(OrderReadModelContract, FindsACustomersOrdersNewestFirst)
{
    this->put(this->row("b", "c1", 10));
    this->put(this->row("a", "c1", 10));
    this->put(this->row("old", "c1", 1));
    this->put(this->row("new", "c1", 20));
    this->put(this->row("other", "c2", 15));
    EXPECT_EQ(this->idsOf("c1"), (std::vector<std::string>{"new", "b", "a", "old"}));
    EXPECT_EQ(this->idsOf("c1", 2), (std::vector<std::string>{"new", "b"}));
    EXPECT_EQ(this->idsOf("c1", 0), std::vector<std::string>{});
    EXPECT_EQ(this->idsOf("c3"), std::vector<std::string>{});
}

TYPED_TEST_P(OrderReadModelContract, UndoesWhatIsNotCommitted)
{
    this->put(this->row("1"));
    {
        const auto transaction = this->begin();
        core::OrderRow changed = this->row("1");
        changed.status = "paid";
        ASSERT_TRUE(transaction->put(this->kLive, changed));
        ASSERT_TRUE(transaction->put(this->kLive, this->row("2")));
        ASSERT_TRUE(transaction->setVersion(this->kLive, "1", {2}));
        ASSERT_TRUE(transaction->setCheckpoint(this->kLive, {9}));
        ASSERT_TRUE(transaction->beginRebuild());
        ASSERT_TRUE(transaction->put(this->kRebuild, this->row("3")));
        ASSERT_TRUE(transaction->swapRebuild());
        EXPECT_EQ(transaction->find(this->kLive, "3").value(), this->row("3"));
    }
    EXPECT_EQ(this->found("1"), this->row("1"));
    EXPECT_EQ(this->found("2"), std::nullopt);
    EXPECT_EQ(this->found("3"), std::nullopt);
    const auto transaction = this->begin();
    EXPECT_EQ(transaction->version(this->kLive, "1"), core::StreamVersion{0});
    EXPECT_EQ(transaction->checkpoint(this->kLive), core::GlobalPosition{0});
    EXPECT_EQ(transaction->isRebuilding(), false);
}

TYPED_TEST_P(OrderReadModelContract, BuildsASecondModelBesideTheFirstAndSwapsThem)
{
    this->put(this->row("old"));
    for (int round = 1; round <= 3; ++round) {
        SCOPED_TRACE(round);
        const std::string id = "new" + std::to_string(round);
        {
            const auto transaction = this->begin();
            ASSERT_TRUE(transaction->beginRebuild());
            EXPECT_EQ(transaction->find(this->kRebuild, "old").value(), std::nullopt);
            ASSERT_TRUE(transaction->put(this->kRebuild, this->row(id)));
            ASSERT_TRUE(transaction->setVersion(this->kRebuild, id, {4}));
            ASSERT_TRUE(transaction->setCheckpoint(this->kRebuild, {40 + round}));
            ASSERT_TRUE(transaction->commit());
        }
        EXPECT_EQ(this->found(id), std::nullopt) << "it is not live yet";
        EXPECT_EQ(this->model().count(), 1u);
        {
            const auto transaction = this->begin();
            ASSERT_EQ(transaction->isRebuilding(), true);
            ASSERT_TRUE(transaction->swapRebuild());
            ASSERT_TRUE(transaction->commit());
        }
        EXPECT_EQ(this->found(id), this->row(id));
        EXPECT_EQ(this->idsOf("c1"), std::vector<std::string>{id});
        EXPECT_EQ(this->checkpoint(), (core::GlobalPosition{40 + round}));
        const auto transaction = this->begin();
        EXPECT_EQ(transaction->version(this->kLive, id), core::StreamVersion{4});
        EXPECT_EQ(transaction->isRebuilding(), false);
    }
}

TYPED_TEST_P(OrderReadModelContract, DropsARebuild)
{
    {
        const auto transaction = this->begin();
        ASSERT_TRUE(transaction->dropRebuild()) << "without one there is nothing to do";
        ASSERT_TRUE(transaction->beginRebuild());
        ASSERT_TRUE(transaction->put(this->kRebuild, this->row("1")));
        ASSERT_TRUE(transaction->beginRebuild()) << "once more from nothing";
        EXPECT_EQ(transaction->find(this->kRebuild, "1").value(), std::nullopt);
        ASSERT_TRUE(transaction->dropRebuild());
        ASSERT_TRUE(transaction->commit());
    }
    EXPECT_EQ(this->begin()->isRebuilding(), false);
}

TYPED_TEST_P(OrderReadModelContract, FollowsAnOrder)
{
    this->orders.place("1", "c1", "38.00");
    ASSERT_TRUE(this->catchUp());
    const auto placed = this->found("1");
    ASSERT_TRUE(placed);
    EXPECT_EQ(placed->customerId, "c1");
    EXPECT_EQ(placed->customerName, "Ann \"O'Hara\" Ødegård");
    EXPECT_EQ(placed->totalAmount, "38.00");
    EXPECT_EQ(placed->status, "pending");
    EXPECT_EQ(placed->items, R"([{"sku":"lamp","quantity":1}])");
    EXPECT_EQ(placed->createdAt, OrderWriter::start() + std::chrono::seconds(1));
    EXPECT_EQ(placed->updatedAt, placed->createdAt);

    this->orders.pay("1");
    ASSERT_TRUE(this->catchUp());
    EXPECT_EQ(this->statusOf("1"), "paid");
    EXPECT_EQ(this->found("1")->updatedAt, OrderWriter::start() + std::chrono::seconds(2));
    EXPECT_EQ(this->found("1")->createdAt, placed->createdAt);
    this->orders.ship("1");
    this->orders.place("2");
    this->orders.cancel("2");
    ASSERT_TRUE(this->catchUp());
    EXPECT_EQ(this->statusOf("1"), "shipped");
    EXPECT_EQ(this->statusOf("2"), "cancelled");
    EXPECT_EQ(this->checkpoint(), core::GlobalPosition{5});
}

TYPED_TEST_P(OrderReadModelContract, ReadsOrdersOfTheFirstSchemaVersion)
{
    this->orders.write("1", "OrderPlaced", 1, R"({"orderId":"1","customerId":"c2","amount":12.50})");
    ASSERT_TRUE(this->catchUp());
    EXPECT_EQ(this->found("1")->totalAmount, "12.50");
    EXPECT_EQ(this->found("1")->items, "[]");
    EXPECT_EQ(this->found("1")->customerName, "Bob");
}

TYPED_TEST_P(OrderReadModelContract, LeavesTheNameOfAnUnknownCustomerEmpty)
{
    this->orders.place("1", "stranger");
    ASSERT_TRUE(this->catchUp());
    EXPECT_EQ(this->found("1")->customerName, "");
}

TYPED_TEST_P(OrderReadModelContract, ChangesNothingWhileTheDirectoryIsDown)
{
    this->orders.place("1");
    this->customers.isDown = true;
    EXPECT_EQ(this->catchUp().error().code, core::ErrorCode::Unreachable);
    EXPECT_EQ(this->found("1"), std::nullopt);
    EXPECT_EQ(this->checkpoint(), core::GlobalPosition{0});
    this->customers.isDown = false;
    EXPECT_TRUE(this->catchUp());
    EXPECT_EQ(this->statusOf("1"), "pending");
}

TYPED_TEST_P(OrderReadModelContract, AppliesABatchAsAWholeOrNotAtAll)
{
    this->orders.place("1");
    this->orders.place("2");
    this->orders.write("3", "OrderPlaced", 2, R"({"totalAmount":"much","items":[]})");
    EXPECT_EQ(this->catchUp().error().code, core::ErrorCode::Unparsable);
    EXPECT_EQ(this->model().count(), 0u);
    EXPECT_EQ(this->checkpoint(), core::GlobalPosition{0});
}

TYPED_TEST_P(OrderReadModelContract, CountsAnEventOnceHoweverOftenItIsGiven)
{
    this->orders.place("1");
    this->orders.pay("1");
    ASSERT_TRUE(this->catchUp());
    this->orders.ship("1");
    const auto events = this->store.readAll().value();
    ASSERT_TRUE(this->projection.apply(this->kLive, std::span(events).subspan(1), {3}));
    ASSERT_TRUE(this->projection.apply(this->kLive, std::span(events).first(2), {2}));
    EXPECT_EQ(this->statusOf("1"), "shipped");
    EXPECT_EQ(this->checkpoint(), core::GlobalPosition{3});
    EXPECT_EQ(allRows(this->model(), this->store), this->freshFold());
}

TYPED_TEST_P(OrderReadModelContract, TakesWhatTheBusBringsInAnyOrderAndAnyNumber)
{
    this->orders.place("1");
    this->orders.pay("1");
    this->orders.write("1", "OrderNoteAdded", 1, "{}");
    this->orders.ship("1");
    const auto events = this->store.readStream("order-1").value();
    std::vector<std::size_t> order{0, 1, 2, 3};
    int round = 0;
    do {
        SCOPED_TRACE("round " + std::to_string(round));
        const auto transaction = this->begin();
        ASSERT_TRUE(transaction->beginRebuild());
        ASSERT_TRUE(transaction->swapRebuild()); // empty again
        ASSERT_TRUE(transaction->commit());
        for (std::size_t i = 0; i < order.size(); ++i) {
            ASSERT_TRUE(this->projection.deliver(events[order[i]]));
            ASSERT_TRUE(this->projection.deliver(events[order[i]]));
            if (round % 3 == 0 && i == 1) {
                ASSERT_TRUE(this->catchUp()) << "the store's way may come in between";
            }
        }
        ASSERT_TRUE(this->projection.deliver(events[0]));
        EXPECT_EQ(allRows(this->model(), this->store), this->freshFold());
        ++round;
    } while (std::ranges::next_permutation(order).found);
    EXPECT_EQ(round, 24);
}

TYPED_TEST_P(OrderReadModelContract, ShowsAtOnceWhatTheBusBringsAndLeavesTheCheckpointToTheStore)
{
    const auto placed = this->orders.place("1");
    ASSERT_TRUE(this->projection.deliver(placed));
    EXPECT_EQ(this->statusOf("1"), "pending");
    EXPECT_EQ(this->checkpoint(), core::GlobalPosition{0});
    ASSERT_TRUE(this->catchUp());
    EXPECT_EQ(this->checkpoint(), core::GlobalPosition{1});
}

TYPED_TEST_P(OrderReadModelContract, AsksForAnEventAgainThatIsAheadOfTheStore)
{
    core::MemoryEventStore ahead;
    OrderWriter writer(ahead);
    writer.place("1");
    const auto paid = writer.pay("1");
    EXPECT_EQ(this->projection.deliver(paid).error().code, core::ErrorCode::HeldByOther);
    EXPECT_EQ(this->found("1"), std::nullopt);
    core::RecordedEvent unversioned = paid;
    unversioned.version = {};
    EXPECT_EQ(this->projection.deliver(unversioned).error().code, core::ErrorCode::InvalidArgument);
}

TYPED_TEST_P(OrderReadModelContract, KeepsBothModelsInStepWithTheBusDuringARebuild)
{
    this->orders.place("1");
    ASSERT_TRUE(this->catchUp());
    ASSERT_TRUE(this->projection.beginRebuild());
    ASSERT_TRUE(this->projection.deliver(this->orders.pay("1")));
    EXPECT_EQ(this->statusOf("1"), "paid");
    EXPECT_EQ(this->projection.finishRebuild().error().code, core::ErrorCode::Refused)
        << "the live model is ahead: nothing it shows may be lost";
    ASSERT_TRUE(
        this->projection.apply(this->kRebuild, this->store.readAll({.limit = 1}).value(), core::GlobalPosition{1}));
    ASSERT_TRUE(this->projection.finishRebuild());
    EXPECT_EQ(this->statusOf("1"), "paid");
    EXPECT_EQ(this->projection.finishRebuild().error().code, core::ErrorCode::NotFound);
    EXPECT_EQ(allRows(this->model(), this->store), this->freshFold());
}

TYPED_TEST_P(OrderReadModelContract, IgnoresWhatHappensToOrdersThatWereNeverPlaced)
{
    this->orders.pay("1");
    this->orders.ship("1");
    ASSERT_TRUE(this->catchUp());
    EXPECT_EQ(this->found("1"), std::nullopt);
    EXPECT_EQ(this->checkpoint(), core::GlobalPosition{2});
}

REGISTER_TYPED_TEST_SUITE_P(OrderReadModelContract, IsEmptyAtFirst, KeepsARowExactlyAsItWasPut,
    ReplacesTheRowOfTheSameOrder, FindsACustomersOrdersNewestFirst, UndoesWhatIsNotCommitted,
    BuildsASecondModelBesideTheFirstAndSwapsThem, DropsARebuild, FollowsAnOrder, ReadsOrdersOfTheFirstSchemaVersion,
    LeavesTheNameOfAnUnknownCustomerEmpty, ChangesNothingWhileTheDirectoryIsDown, AppliesABatchAsAWholeOrNotAtAll,
    CountsAnEventOnceHoweverOftenItIsGiven, TakesWhatTheBusBringsInAnyOrderAndAnyNumber,
    ShowsAtOnceWhatTheBusBringsAndLeavesTheCheckpointToTheStore, AsksForAnEventAgainThatIsAheadOfTheStore,
    KeepsBothModelsInStepWithTheBusDuringARebuild, IgnoresWhatHappensToOrdersThatWereNeverPlaced);

} // namespace eventscope::test
