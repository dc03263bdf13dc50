// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"

#include "event/clock.h"
#include "event/ids.h"
#include "redis_connection.h"
#include "redis_idempotency_store.h"
#include "sourcing/idempotent_handler.h"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

using namespace eventscope;
using namespace eventscope::bench;

namespace {

constexpr std::size_t kEvents = 8000;
constexpr std::size_t kThreads = 8;

// Eight workers, each event claimed, handled and completed.
Work handleAll(core::IdempotencyStore& store, const std::string& run)
{
    std::atomic<std::uint64_t> handled{0};
    const core::IdempotentHandler handler(store, [&](const core::RecordedEvent&) {
        ++handled;
        return core::Status();
    });
    {
        std::vector<std::jthread> workers;
        for (std::size_t w = 0; w < kThreads; ++w) {
            workers.emplace_back([&, w] {
                core::RecordedEvent event;
                event.type = "OrderPlaced";
                for (std::size_t i = w; i < kEvents; i += kThreads) {
                    event.id = run + std::to_string(i);
                    static_cast<void>(handler(event));
                }
            });
        }
    }
    return {static_cast<double>(kEvents), handled};
}

// The least that anybody needs: one round trip an event, and no record of whether it worked.
Work setAll(redis::RedisConnection& connection, const std::string& run)
{
    std::uint64_t set = 0;
    for (std::size_t i = 0; i < kEvents; ++i) {
        const redis::RedisCommand command{"SET", "bare:" + run + std::to_string(i), "1", "NX", "EX", "604800"};
        const auto replies = connection.run({&command, 1});
        set += replies && replies->front().kind == redis::RedisReply::Kind::Text ? 1 : 0;
    }
    return {static_cast<double>(kEvents), set};
}

} // namespace

EVENTSCOPE_BENCH(redis)
{
    const char* port = std::getenv("EVENTSCOPE_TEST_REDIS_PORT");
    if (!port)
        return report.failed("Redis", "EVENTSCOPE_TEST_REDIS_PORT is not set: run this through ./dev bench");
    redis::RedisOptions options;
    options.port = static_cast<std::uint16_t>(std::stoi(port));
    core::SystemClock clock;
    core::UuidV7Generator ids(clock);
    redis::RedisIdempotencyStore store(options, clock);
    const auto bare = redis::RedisConnection::open(options);
    if (!bare)
        return report.failed("Redis", bare.error().message);
    report.compare(
        {.what = "Redis: idempotent handling, eight workers",
            .unit = "events",
            .baselineName = "bare SET NX round trips",
            .note = "claim and complete, two steps an event"},
        [&] { return handleAll(store, ids.next()); }, [&] { return setAll(**bare, ids.next()); });
}
