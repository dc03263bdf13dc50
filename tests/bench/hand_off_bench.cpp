// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"

#include "sourcing/batch_queue.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <thread>
#include <vector>

using namespace eventscope::bench;
using namespace eventscope::core;

namespace {

constexpr std::size_t kRing = 1 << 14;
constexpr std::size_t kBatch = 256;

struct Item {
    std::uint64_t number, payload;
};

/// The baseline: the usual ring with cached indices, one item at a time, both sides spinning.
class SpinningRing {
public:
    void push(const Item& item)
    {
        const std::size_t tail = m_tail.load(std::memory_order_relaxed);
        while (tail - m_headSeen == kRing)
            m_headSeen = m_head.load(std::memory_order_acquire);
        m_items[tail % kRing] = item;
        m_tail.store(tail + 1, std::memory_order_release);
    }

    Item pop()
    {
        const std::size_t head = m_head.load(std::memory_order_relaxed);
        while (head == m_tailSeen)
            m_tailSeen = m_tail.load(std::memory_order_acquire);
        const Item item = m_items[head % kRing];
        m_head.store(head + 1, std::memory_order_release);
        return item;
    }

private:
    std::vector<Item> m_items{kRing};
    alignas(64) std::atomic<std::size_t> m_head{0};
    std::size_t m_tailSeen = 0;
    alignas(64) std::atomic<std::size_t> m_tail{0};
    std::size_t m_headSeen = 0;
};

Work spinningHandOff(std::size_t count)
{
    const auto ring = std::make_unique<SpinningRing>();
    std::thread sender([&] {
        for (std::uint64_t i = 0; i < count; ++i)
            ring->push({i, 3 * i});
    });
    std::uint64_t sum = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const Item item = ring->pop();
        sum += item.number ^ item.payload;
    }
    sender.join();
    return {static_cast<double>(count), sum};
}

Work batchedHandOff(std::size_t count)
{
    const auto queue = std::make_unique<BatchQueue<Item>>(kRing);
    std::thread sender([&] {
        std::vector<Item> batch(kBatch);
        for (std::uint64_t i = 0; i < count; i += kBatch) {
            for (std::uint64_t j = 0; j < kBatch; ++j)
                batch[j] = {i + j, 3 * (i + j)};
            queue->push(std::span(batch).first(std::min<std::size_t>(kBatch, count - i)));
        }
        queue->close();
    });
    std::uint64_t sum = 0;
    const auto add = [&](std::span<const Item> items) {
        for (const Item& item : items)
            sum += item.number ^ item.payload;
    };
    while (queue->receive(add) != 0) { }
    sender.join();
    return {static_cast<double>(count), sum};
}

/// Somebody else who wants a core for himself.
class Hog {
public:
    Hog()
        : m_thread([this] {
            while (!m_stop.load(std::memory_order_relaxed))
                keep(++m_turns);
        })
    {
    }
    ~Hog()
    {
        m_stop = true;
        m_thread.join();
    }

private:
    std::atomic<bool> m_stop{false};
    std::uint64_t m_turns = 0;
    std::thread m_thread;
};

} // namespace

EVENTSCOPE_BENCH(hand_off)
{
    constexpr std::size_t kQuiet = 20'000'000;
    constexpr std::size_t kLoaded = 4'000'000;
    report.compare(
        {.what = "hand-off in batches of 256, no load of ours",
            .unit = "events",
            .baselineName = "spinning ring, one at a time",
            .note = "quiet only as far as the machine is"},
        [] { return batchedHandOff(kQuiet); }, [] { return spinningHandOff(kQuiet); });
    const Hog hog;
    report.compare(
        {.what = "hand-off in batches of 256, one core loaded",
            .unit = "events",
            .baselineName = "spinning ring, one at a time",
            .target = 5.0},
        [] { return batchedHandOff(kLoaded); }, [] { return spinningHandOff(kLoaded); });
}
