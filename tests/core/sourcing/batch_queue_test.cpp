// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/batch_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <random>
#include <thread>

using namespace eventscope::core;

namespace {

std::vector<int> range(int from, int count)
{
    std::vector<int> numbers(static_cast<std::size_t>(count));
    std::iota(numbers.begin(), numbers.end(), from);
    return numbers;
}

} // namespace

TEST(BatchQueue, GivesEverythingOutAtOnceAcrossItsSeam)
{
    BatchQueue<int> queue(8);
    EXPECT_EQ(queue.capacity(), 8U);
    std::vector<int> got;
    const auto take = [&](std::span<const int> items) { got.insert(got.end(), items.begin(), items.end()); };
    EXPECT_EQ(queue.push(range(0, 6)), 6U);
    EXPECT_EQ(queue.receive(take), 6U);
    EXPECT_EQ(queue.push(range(6, 7)), 7U);
    EXPECT_EQ(queue.receive(take), 7U);
    EXPECT_EQ(got, range(0, 13));
}

TEST(BatchQueue, GivesOutWhatIsLeftAfterItIsClosed)
{
    BatchQueue<int> queue(8);
    EXPECT_EQ(queue.push(range(0, 3)), 3U);
    queue.close();
    EXPECT_EQ(queue.push(range(3, 1)), 0U);
    int sum = 0;
    const auto add = [&](std::span<const int> items) { sum = std::accumulate(items.begin(), items.end(), sum); };
    EXPECT_EQ(queue.receive(add), 3U);
    EXPECT_EQ(queue.receive(add), 0U);
    EXPECT_EQ(sum, 3);
}

TEST(BatchQueue, FreesAWaitingSenderWhenItIsClosed)
{
    BatchQueue<int> queue(4);
    std::size_t pushed = 0;
    std::thread sender([&] { pushed = queue.push(range(0, 100)); });
    std::thread closer([&] { queue.close(); });
    sender.join();
    closer.join();
    EXPECT_LE(pushed, 4U);
}

TEST(BatchQueue, FreesAWaitingReceiverWhenItIsClosed)
{
    BatchQueue<int> queue(4);
    std::size_t received = 1;
    std::thread receiver([&] { received = queue.receive([](std::span<const int>) {}); });
    queue.close();
    receiver.join();
    EXPECT_EQ(received, 0U);
}

TEST(BatchQueue, HandsEverythingOverOnceAndInOrder)
{
    for (const auto& [capacity, itemCount] : {std::pair{2, 10'000}, {16, 50'000}, {1024, 500'000}}) {
        BatchQueue<int> queue(static_cast<std::size_t>(capacity));
        std::thread sender([&queue, total = itemCount] {
            std::mt19937 random(3);
            for (int sent = 0; sent < total;) {
                const int count = std::min<int>(total - sent, 1 + static_cast<int>(random() % 300));
                ASSERT_EQ(queue.push(range(sent, count)), static_cast<std::size_t>(count));
                sent += count;
            }
            queue.close();
        });
        int expected = 0;
        std::size_t most = 0;
        const auto check = [&expected](std::span<const int> items) {
            for (const int item : items) {
                if (item == expected)
                    ++expected; // after a mistake it never moves again
            }
        };
        while (const std::size_t count = queue.receive(check))
            most = std::max(most, count);
        sender.join();
        EXPECT_EQ(expected, itemCount);
        EXPECT_LE(most, queue.capacity());
    }
}
