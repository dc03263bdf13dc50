// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "redis_server.h"

#include "event/clock.h"
#include "redis_idempotency_store.h"
#include "sourcing/idempotent_handler.h"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

using namespace eventscope;
using namespace eventscope::test;
using redis::RedisIdempotencyStore;
using redis::WhenGone;

namespace {

constexpr std::chrono::milliseconds kLease{60'000};

std::string textOf(redis::RedisConnection& connection, redis::RedisCommand command)
{
    const auto replies = connection.run({&command, 1});
    EXPECT_TRUE(replies) << replies.error().message;
    return replies ? replies->front().text : std::string();
}

std::int64_t numberOf(redis::RedisConnection& connection, redis::RedisCommand command)
{
    const auto replies = connection.run({&command, 1});
    EXPECT_TRUE(replies) << replies.error().message;
    return replies ? replies->front().integer : -1;
}

core::RecordedEvent eventOf(std::size_t number)
{
    core::RecordedEvent event;
    event.id = "event-" + std::to_string(number);
    event.type = "OrderPlaced";
    return event;
}

} // namespace

TEST(RedisIdempotencyStore, KeepsAHandledEventForSevenDaysUnderTheKeyThatOthersKnow)
{
    OwnRedis server;
    core::SystemClock clock;
    RedisIdempotencyStore store(server.options(), clock);
    const core::IdempotentHandler handler(store, [](const core::RecordedEvent&) { return core::Status(); });
    ASSERT_TRUE(handler(eventOf(1)));
    auto connection = redis::RedisConnection::open(server.options());
    ASSERT_TRUE(connection);
    EXPECT_TRUE(textOf(**connection, {"GET", "processed:event-1"}).starts_with("done:"));
    const std::int64_t left = numberOf(**connection, {"TTL", "processed:event-1"});
    EXPECT_GT(left, 604'700);
    EXPECT_LE(left, 604'800);
}

TEST(RedisIdempotencyStore, RefusesAtOnceWhileRedisIsGone)
{
    OwnRedis server;
    core::SystemClock clock;
    RedisIdempotencyStore store(server.options(), clock, {.whenGone = WhenGone::Refuse});
    server.kill();
    int effects = 0;
    const core::IdempotentHandler handler(store, [&](const core::RecordedEvent&) {
        ++effects;
        return core::Status();
    });
    const core::Status refused = handler(eventOf(1));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, core::ErrorCode::Unreachable);
    EXPECT_NE(refused.error().message.find("127.0.0.1"), std::string::npos) << refused.error().message;
    EXPECT_EQ(effects, 0);
    server.restart();
    EXPECT_TRUE(handler(eventOf(1)));
    EXPECT_TRUE(handler(eventOf(1)));
    EXPECT_EQ(effects, 1);
}

TEST(RedisIdempotencyStore, WaitsForARedisThatComesBack)
{
    OwnRedis server;
    core::ManualClock clock(core::Timestamp(std::chrono::days(20'000)));
    RedisIdempotencyStore store(server.options(), clock, {.whenGone = WhenGone::Wait});
    server.kill();
    core::Result<core::Claim> claimed = core::fail(core::ErrorCode::Io, "not asked yet");
    {
        const std::jthread waiting([&] { claimed = store.claim("k", kLease); });
        clock.waitForSleepers();
        server.restart();
        clock.advance(std::chrono::seconds(1));
    }
    ASSERT_TRUE(claimed) << claimed.error().message;
    EXPECT_EQ(claimed->state, core::Claim::State::Acquired);
}

TEST(RedisIdempotencyStore, GivesUpWaitingWhenItsPatienceIsOverOrItIsStopped)
{
    OwnRedis server;
    core::ManualClock clock(core::Timestamp(std::chrono::days(20'000)));
    RedisIdempotencyStore impatient(
        server.options(), clock, {.whenGone = WhenGone::Wait, .patience = std::chrono::milliseconds(10)});
    RedisIdempotencyStore stopped(server.options(), clock, {.whenGone = WhenGone::Wait});
    server.kill();
    const auto late = impatient.claim("k", kLease);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, core::ErrorCode::Unreachable);
    core::Result<core::Claim> claimed;
    {
        const std::jthread waiting([&] { claimed = stopped.claim("k", kLease); });
        clock.waitForSleepers();
        stopped.stop();
    }
    ASSERT_FALSE(claimed);
    EXPECT_EQ(claimed.error().code, core::ErrorCode::Cancelled);
}

TEST(RedisIdempotencyStore, DoesNotWaitForEverForAServerThatHangs)
{
    OwnRedis server;
    core::SystemClock clock;
    RedisIdempotencyStore store(server.options(), clock);
    ASSERT_TRUE(store.claim("before", kLease));
    server.signal(SIGSTOP);
    const auto hung = store.claim("k", kLease);
    server.signal(SIGCONT);
    ASSERT_FALSE(hung);
    EXPECT_EQ(hung.error().code, core::ErrorCode::Timeout) << hung.error().message;
}

TEST(RedisIdempotencyStore, KeepsWhatWasDoneWhenTheServerIsKilledAndStartsAgain)
{
    OwnRedis server;
    server.writeAtOnce();
    core::SystemClock clock;
    RedisIdempotencyStore store(server.options(), clock, {.whenGone = WhenGone::Wait});
    const auto claim = store.claim("k", kLease);
    ASSERT_TRUE(claim);
    ASSERT_TRUE(store.complete("k", claim->token));
    server.kill();
    server.restart();
    const auto again = store.claim("k", kLease);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->state, core::Claim::State::AlreadyDone);
}

TEST(RedisIdempotencyStore, SaysWhatIsWrongWithThePassword)
{
    redis::RedisOptions options = sharedRedis();
    options.password = "canary-4711";
    core::SystemClock clock;
    RedisIdempotencyStore store(options, clock);
    const auto refused = store.claim("k", kLease);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, core::ErrorCode::Refused);
    EXPECT_EQ(refused.error().message.find("canary"), std::string::npos) << refused.error().message;
}

// Eight workers get every event from a bus that delivers at least once, while Redis is killed and
// comes back again and again: in the end each of the events has had its one effect.
TEST(RedisIdempotencyStore, HasOneEffectForEachOfTenThousandEventsOverAFlakyRedis)
{
    constexpr std::size_t kEvents = 10'000, kWorkers = 8, kKills = 5;
    OwnRedis server;
    core::SystemClock clock;
    RedisIdempotencyStore store(server.options(), clock, {.whenGone = WhenGone::Wait});
    std::vector<std::atomic<int>> effects(kEvents);
    std::atomic<std::size_t> finished{0};
    const core::IdempotentHandler handler(store,
        [&](const core::RecordedEvent& event) {
            ++effects[static_cast<std::size_t>(event.version.value)];
            return core::Status();
        },
        {.lease = kLease});
    {
        std::vector<std::jthread> workers;
        for (std::size_t w = 0; w < kWorkers; ++w) {
            workers.emplace_back([&, w] {
                // Each event comes to two of the workers, from both ends.
                for (std::size_t i = 0; i < kEvents; ++i) {
                    const std::size_t number = w % 2 == 0 ? i : kEvents - 1 - i;
                    if ((number / 2) % (kWorkers / 2) != w / 2)
                        continue;
                    core::RecordedEvent event = eventOf(number);
                    event.version = {static_cast<std::int64_t>(number)};
                    while (!handler(event))
                        std::this_thread::yield();
                    ++finished;
                }
            });
        }
        const std::jthread vandal([&] {
            for (std::size_t kill = 1; kill <= kKills; ++kill) {
                while (finished < kill * 2 * kEvents / (kKills + 1))
                    std::this_thread::yield();
                server.kill();
                server.restart();
            }
        });
    }
    std::size_t wrong = 0;
    for (const std::atomic<int>& effect : effects)
        wrong += effect == 1 ? 0 : 1;
    EXPECT_EQ(wrong, 0u);
    const core::IdempotentHandlerStatistics statistics = handler.statistics();
    EXPECT_EQ(statistics.handled, kEvents);
    EXPECT_EQ(statistics.leasesLost, 0u);
}
