// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "idempotency_store_contract.h"
#include "redis_server.h"

#include "event/clock.h"
#include "redis_idempotency_store.h"

#include <vector>

using namespace eventscope;
using namespace eventscope::test;

namespace {

/// Time goes by when the server's keys have that much less to live.
class RedisFixture {
public:
    RedisFixture() : m_prefix(core::UuidV7Generator(m_real).next() + '/') { }

    core::IdempotencyStore& store() { return m_store; }
    core::Timestamp now() { return m_clock.now(); }
    void pass(std::chrono::milliseconds time)
    {
        m_clock.advance(time);
        const redis::RedisCommand age{"EVAL",
            "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do "
            "redis.call('PEXPIRE', key, redis.call('PTTL', key) - ARGV[2]) end return 1",
            "0", '*' + m_prefix + '*', std::to_string(time.count())};
        auto connection = redis::RedisConnection::open(sharedRedis());
        ASSERT_TRUE(connection) << connection.error().message;
        const auto aged = (*connection)->run({&age, 1});
        ASSERT_TRUE(aged && aged->front().kind == redis::RedisReply::Kind::Integer);
    }

private:
    core::SystemClock m_real;
    std::string m_prefix;
    core::ManualClock m_clock{m_real.now()};
    redis::RedisIdempotencyStore m_store{sharedRedis(), m_clock, {.prefix = m_prefix}};
};

} // namespace

namespace eventscope::test {
INSTANTIATE_TYPED_TEST_SUITE_P(Redis, IdempotencyStoreContract, RedisFixture);
}
