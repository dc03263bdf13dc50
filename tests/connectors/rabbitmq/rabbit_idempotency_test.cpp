// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_inbox.h"
#include "rabbit_server.h"
#include "redis_server.h"

#include "rabbit_bus.h"
#include "redis_idempotency_store.h"
#include "sourcing/idempotent_handler.h"

#include <fmt/format.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

using namespace eventscope;
using namespace eventscope::test;

// Eight handlers at a time, every event published twice, and a Redis that is killed again and again.
TEST(RabbitIdempotency, HasOneEffectForEachOfTenThousandEventsOverAFlakyRedis)
{
    constexpr std::size_t kEvents = 10'000, kKills = 5;
    OwnVhost vhost;
    OwnRedis redis;
    core::SystemClock clock;
    redis::RedisIdempotencyStore store(redis.options(), clock, {.whenGone = redis::WhenGone::Wait});
    const auto bus = rabbitmq::RabbitBus::open(
        vhost.options(), clock, {.prefetch = 400, .concurrency = 8, .window = 2000, .patience = kPatience});
    ASSERT_TRUE(bus) << bus.error().message;
    std::vector<std::atomic<int>> effects(kEvents);
    std::atomic<std::size_t> finished{0};
    const core::IdempotentHandler handler(store,
        [&](const core::RecordedEvent& event) {
            ++effects[static_cast<std::size_t>(std::stoul(event.id.substr(event.id.find('-') + 1)))];
            return core::Status();
        },
        {.lease = std::chrono::minutes(1)});
    auto subscription = (*bus)->subscribe({.name = "orders",
        .pattern = "order.placed",
        .handler = [&](const core::RecordedEvent& event) -> core::Status {
            core::Status outcome = handler(event);
            if (outcome) {
                ++finished;
                finished.notify_all();
            }
            return outcome;
        },
        .retry = {.maxRetries = 1000, .firstDelay = std::chrono::milliseconds(200), .factor = 1}});
    ASSERT_TRUE(subscription) << subscription.error().message;
    std::vector<core::RecordedEvent> events;
    for (std::size_t i = 0; i < kEvents; ++i)
        events.push_back(eventOf("OrderPlaced", fmt::format("id-{}", i), fmt::format("order-{}", i % 200)));
    const auto waitFor = [&](std::size_t count) {
        for (std::size_t now = finished; now < count; now = finished)
            finished.wait(now);
    };
    const std::jthread vandal([&] {
        for (std::size_t kill = 1; kill <= kKills; ++kill) {
            waitFor(kill * 2 * kEvents / (kKills + 1));
            redis.kill();
            redis.restart();
        }
    });
    for (int time = 0; time < 2; ++time)
        ASSERT_TRUE((*bus)->publishBatch(events));
    waitFor(2 * kEvents);
    std::size_t wrong = 0;
    for (const std::atomic<int>& effect : effects)
        wrong += effect == 1 ? 0 : 1;
    EXPECT_EQ(wrong, 0u);
    const core::IdempotentHandlerStatistics statistics = handler.statistics();
    EXPECT_EQ(statistics.handled, kEvents);
    EXPECT_EQ(statistics.leasesLost, 0u);
}
