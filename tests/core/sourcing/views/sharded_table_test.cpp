// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/views/sharded_table.h"

#include <gtest/gtest.h>

#include <map>
#include <thread>

using namespace eventscope::core;

TEST(ShardedTable, KeepsWhatFits)
{
    ShardedTable<int> table(4096);
    for (std::uint32_t key = 0; key < 1000; ++key)
        table.update(key, [&](int& value) { value += static_cast<int>(key); });
    for (std::uint32_t key = 0; key < 1000; ++key)
        EXPECT_EQ(table.find(key), static_cast<int>(key));
    EXPECT_EQ(table.find(1000), std::nullopt);
    EXPECT_EQ(table.displaced(), 0U);
}

TEST(ShardedTable, ForgetsTheLongestUnseenWhenItIsFull)
{
    ShardedTable<int> table(512);
    const std::size_t capacity = table.capacity();
    constexpr std::uint32_t kFaithful = 7;
    for (std::uint32_t key = 0; key < 20 * capacity; ++key) {
        table.update(key, [](int& value) { value = 1; });
        table.update(kFaithful, [](int& value) { value = 2; });
    }
    std::size_t kept = 0;
    table.visit([&](std::uint32_t, int) { ++kept; });
    EXPECT_EQ(kept, capacity);
    EXPECT_EQ(table.find(kFaithful), 2) << "what is seen all the time stays";
    EXPECT_EQ(table.displaced(), 20 * capacity - kept);
    EXPECT_EQ(table.find(0), std::nullopt);
}

TEST(ShardedTable, CountsEveryUpdateOfManyThreads)
{
    ShardedTable<int> table(1024);
    constexpr int kThreads = 4;
    constexpr std::uint32_t kKeys = 64;
    constexpr int kRounds = 500;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&] {
            for (int round = 0; round < kRounds; ++round) {
                for (std::uint32_t key = 0; key < kKeys; ++key)
                    table.update(key, [](int& value) { ++value; });
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    for (std::uint32_t key = 0; key < kKeys; ++key)
        EXPECT_EQ(table.find(key), kThreads * kRounds);
}
