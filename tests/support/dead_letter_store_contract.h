// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/dead_letter_store.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

/// What every place for parked events must keep to.
class DeadLetterStoreContract
    : public testing::TestWithParam<
          std::pair<const char*, std::function<std::shared_ptr<eventscope::core::DeadLetterStore>()>>> {
protected:
    using ParkedEvent = eventscope::core::ParkedEvent;

    void SetUp() override { store = GetParam().second(); }

    static ParkedEvent letter(int number, std::string queue = "notifications")
    {
        ParkedEvent parked;
        parked.id = "letter-" + std::to_string(number);
        parked.queue = std::move(queue);
        parked.original.id = "event-" + std::to_string(number);
        parked.original.type = "OrderPlaced";
        parked.original.schemaVersion = 2;
        parked.original.stream = "order-" + std::to_string(number);
        parked.original.version = {3};
        parked.original.position = {std::int64_t{1} << 40};
        parked.original.time = eventscope::core::Timestamp(std::chrono::days(20'000));
        parked.original.metadata = {"flow", "cause", "user", {{"tenant", "eu"}, {"tenant", "us"}}};
        parked.original.data = std::string("\xff{\0}", 4);
        parked.error = {eventscope::core::ErrorCode::Timeout, "no answer in 30 ms", "in notifications\nattempt 4"};
        parked.failedAt = eventscope::core::Timestamp(std::chrono::days(20'001) + std::chrono::seconds(number));
        parked.attempts = 4;
        return parked;
    }

    std::shared_ptr<eventscope::core::DeadLetterStore> store;
};

TEST_P(DeadLetterStoreContract, GivesLettersBackWhole)
{
    ASSERT_TRUE(store->park(letter(1)));
    const auto found = store->find("letter-1");
    ASSERT_TRUE(found && *found);
    EXPECT_EQ(**found, letter(1));
    EXPECT_FALSE(store->find("letter-2")->has_value());
}

TEST_P(DeadLetterStoreContract, ListsOldestFirstOfAllOrOneQueue)
{
    for (const int number : {3, 1, 2})
        ASSERT_TRUE(store->park(letter(number, number == 2 ? "search-index" : "notifications")));
    EXPECT_EQ(*store->list(), (std::vector{letter(1), letter(2, "search-index"), letter(3)}));
    EXPECT_EQ(*store->list("notifications"), (std::vector{letter(1), letter(3)}));
    EXPECT_TRUE(store->list("nobody")->empty());
    EXPECT_EQ(*store->count(), 3u);
}

TEST_P(DeadLetterStoreContract, RefusesASecondLetterOfTheSameId)
{
    ASSERT_TRUE(store->park(letter(1)));
    const auto again = store->park(letter(1));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, eventscope::core::ErrorCode::IdempotencyConflict);
    EXPECT_EQ(*store->count(), 1u);
}

TEST_P(DeadLetterStoreContract, TellsWhoRemovedALetterAndWhoCameTooLate)
{
    constexpr int kLetters = 50;
    for (int number = 0; number < kLetters; ++number)
        ASSERT_TRUE(store->park(letter(number)));
    std::atomic<int> removed = 0, tooLate = 0;
    {
        std::vector<std::jthread> removers;
        for (int i = 0; i < 4; ++i) {
            removers.emplace_back([&] {
                for (int number = 0; number < kLetters; ++number) {
                    const auto done = store->remove("letter-" + std::to_string(number));
                    if (done)
                        ++removed;
                    else if (done.error().code == eventscope::core::ErrorCode::NotFound)
                        ++tooLate;
                }
            });
        }
    }
    EXPECT_EQ(removed, kLetters);
    EXPECT_EQ(tooLate, 3 * kLetters);
    EXPECT_EQ(*store->count(), 0u);
}
