// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/story.h"

#include "demo/shop.h"
#include "event/ids.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

using namespace eventscope::app;
using namespace eventscope;

TEST(Story, IsTheSameForTheSameSeed)
{
    for (std::uint64_t index = 0; index < 500; ++index) {
        EXPECT_EQ(planOrder(7, index, 0.3), planOrder(7, index, 0.3));
    }
    EXPECT_NE(planOrder(7, 3, 0.3), planOrder(8, 3, 0.3));
}

TEST(Story, StaysTheSameOnEveryPlatform)
{
    const OrderPlan plan = planOrder(kDefaultSeed, 0, kDefaultFailureShare);
    EXPECT_EQ(plan.orderId, "dd686db1");
    EXPECT_EQ(plan.commandId, "35a78fc4-35c1-83d3-b656-7c136a74ffad");
    EXPECT_EQ(plan.customerId, "customer-26");
    EXPECT_EQ(plan.totalAmount.toString(), "34.00");
}

TEST(Story, NeverRepeatsAnId)
{
    std::set<std::string> orders, commands;
    for (std::uint64_t index = 0; index < 20'000; ++index) {
        const OrderPlan plan = planOrder(kDefaultSeed, index, 0.2);
        orders.insert(plan.orderId);
        commands.insert(plan.commandId);
        ASSERT_TRUE(core::parseUuid(plan.commandId)) << plan.commandId;
    }
    EXPECT_EQ(orders.size(), 20'000U);
    EXPECT_EQ(commands.size(), 20'000U);
}

TEST(Story, AddsUpExactly)
{
    for (std::uint64_t index = 0; index < 2000; ++index) {
        const OrderPlan plan = planOrder(1, index, 1);
        core::Decimal total;
        for (const core::OrderItem& item : plan.items) {
            EXPECT_GT(item.quantity, 0);
            total = total + item.price * core::Decimal(item.quantity);
        }
        EXPECT_EQ(plan.totalAmount, total);
        EXPECT_FALSE(plan.items.empty());
        EXPECT_NE(findCustomer(plan.customerId), nullptr);
        EXPECT_GE(plan.gap, 0.4);
        EXPECT_LT(plan.gap, 1.6);
    }
}

TEST(Story, KeepsToTheFailureShare)
{
    int wrong = 0, poisoned = 0;
    constexpr int kOrders = 20'000;
    for (std::uint64_t index = 100; index < 100 + kOrders; ++index) {
        const OrderPlan plan = planOrder(3, index, 0.25);
        wrong += plan.ending != Ending::Shipped ? 1 : 0;
        poisoned += plan.poison != Poison::None ? 1 : 0;
    }
    EXPECT_NEAR(wrong, kOrders * 0.25, kOrders * 0.02);
    EXPECT_NEAR(poisoned, kOrders * 0.25 * 0.15, kOrders * 0.01);
}

TEST(Story, HasNoTroubleWithoutAFailureShareAndNothingElseWithAFullOne)
{
    for (std::uint64_t index = 0; index < 1000; ++index) {
        const OrderPlan good = planOrder(5, index, 0);
        EXPECT_EQ(good.ending, Ending::Shipped);
        EXPECT_EQ(good.poison, Poison::None);
        if (index >= 100) {
            EXPECT_NE(planOrder(5, index, 1).ending, Ending::Shipped);
        }
    }
}

TEST(Story, ShowsEveryKindOfEndingSoon)
{
    std::map<Ending, int> endings;
    std::map<Poison, int> poisons;
    for (std::uint64_t index = 0; index < 20; ++index) {
        const OrderPlan plan = planOrder(kDefaultSeed, index, kDefaultFailureShare);
        ++endings[plan.ending];
        ++poisons[plan.poison];
    }
    EXPECT_EQ(endings.size(), 7U);
    EXPECT_EQ(poisons.size(), 4U);
}

TEST(Story, TurnsOnRequest)
{
    OrderPlan plan = planOrder(kDefaultSeed, 40, 0);
    const core::Decimal before = plan.totalAmount;
    turn(plan, Ending::PaymentDeclined);
    EXPECT_EQ(plan.cardToken, card::kInsufficientFunds);
    turn(plan, Poison::UnknownSku);
    EXPECT_EQ(plan.items.back().sku, productMissingFromCatalogue().sku);
    EXPECT_EQ(plan.totalAmount, before + core::Decimal(1));
    EXPECT_EQ(findProduct(plan.items.back().sku), nullptr);
}

TEST(Story, GivesEachPieceOfWorkItsTime)
{
    for (int i = 0; i < 1000; ++i) {
        const auto time = workingTime("payment", std::to_string(i), 1);
        EXPECT_GE(time.count(), 80);
        EXPECT_LE(time.count(), 400);
        EXPECT_EQ(time, workingTime("payment", std::to_string(i), 1));
    }
    EXPECT_NE(workingTime("payment", "1", 1), workingTime("payment", "1", 2));
}
