// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "redis_idempotency_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace eventscope::redis {

using core::Claim;
using core::ErrorCode;
using core::fail;

namespace {

// KEYS: the key, the holder's key. ARGV: the token, milliseconds (of the lease; of the retention),
// how long the holder is remembered beyond the lease.

constexpr std::string_view kClaim = R"(
local mine = 'lease:' .. ARGV[1]
if redis.call('SET', KEYS[1], mine, 'NX', 'PX', ARGV[2]) then
  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2] + ARGV[3])
  return {'acquired', 0}
end
local value = redis.call('GET', KEYS[1])
if value == mine then return {'acquired', 0} end
if string.sub(value, 1, 6) == 'lease:' then return {'held', redis.call('PTTL', KEYS[1])} end
return {'done', 0})";

constexpr std::string_view kComplete = R"(
local value = redis.call('GET', KEYS[1])
local done = 'done:' .. ARGV[1]
if value == done then return 1 end
if value ~= 'lease:' .. ARGV[1] and (value or redis.call('GET', KEYS[2]) ~= ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], done, 'PX', ARGV[2])
redis.call('DEL', KEYS[2])
return 1)";

constexpr std::string_view kRelease = R"(
if redis.call('GET', KEYS[1]) == 'lease:' .. ARGV[1] then redis.call('DEL', KEYS[1]) end
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
return 1)";

constexpr std::chrono::milliseconds kFirstPause{50};
constexpr std::chrono::milliseconds kLongestPause{2000};

bool isGone(ErrorCode code)
{
    return code == ErrorCode::Unreachable || code == ErrorCode::Timeout;
}

/// Redis answers these while it starts, saves or takes over: it is as good as gone.
bool isBusy(std::string_view error)
{
    return error.starts_with("LOADING") || error.starts_with("BUSY") || error.starts_with("MASTERDOWN")
        || error.starts_with("TRYAGAIN") || error.starts_with("CLUSTERDOWN");
}

} // namespace

RedisIdempotencyStore::RedisIdempotencyStore(RedisOptions redis, core::Clock& clock, RedisIdempotencyOptions options)
    : m_clock(clock), m_options(std::move(options)), m_tokens(clock), m_pipeline(std::move(redis))
{
}

core::Result<RedisReply> RedisIdempotencyStore::runScript(
    std::string_view script, std::string_view key, std::string_view token, std::int64_t milliseconds)
{
    const std::string name = m_options.prefix + std::string(key);
    const std::int64_t remembered = std::chrono::milliseconds(core::kLateCompletion).count();
    auto reply = m_pipeline.run({"EVAL", std::string(script), "2", name, '{' + name + "}:holder", std::string(token),
        std::to_string(milliseconds), std::to_string(remembered)});
    if (reply && reply->kind == RedisReply::Kind::Error) {
        return fail(isBusy(reply->text) ? ErrorCode::Unreachable : ErrorCode::Refused,
            fmt::format("Redis cannot keep note of '{}': {}", key, reply->text));
    }
    return reply;
}

core::Result<Claim> RedisIdempotencyStore::claim(std::string_view key, std::chrono::milliseconds lease)
{
    // One token for all attempts: the first may have arrived, only its answer did not.
    const std::string token = m_tokens.next();
    const std::int64_t milliseconds = std::max<std::int64_t>(lease.count(), 1);
    const core::Timestamp begin = m_clock.now();
    std::chrono::milliseconds pause = kFirstPause;
    for (;;) {
        const auto reply = runScript(kClaim, key, token, milliseconds);
        if (reply) {
            const bool isWhole = reply->items.size() == 2;
            const std::string_view state = isWhole ? std::string_view(reply->items[0].text) : "";
            if (state == "acquired")
                return Claim{.state = Claim::State::Acquired, .token = token, .leaseUntil = {}};
            if (state == "done")
                return Claim{.state = Claim::State::AlreadyDone, .token = {}, .leaseUntil = {}};
            if (state == "held") {
                const auto left = std::chrono::milliseconds(std::max<std::int64_t>(reply->items[1].integer, 1));
                return Claim{.state = Claim::State::HeldByOther, .token = {}, .leaseUntil = m_clock.now() + left};
            }
            return fail(ErrorCode::Corrupt, fmt::format("Redis answered the claim on '{}' with nonsense.", key));
        }
        const bool waits = isGone(reply.error().code) && m_options.whenGone == WhenGone::Wait
            && m_clock.now() + pause <= begin + m_options.patience;
        if (!waits)
            return std::unexpected(reply.error());
        if (!m_clock.sleepFor(pause, m_stop.get_token()))
            return fail(ErrorCode::Cancelled, "Stopped while Redis could not be reached.");
        pause = std::min(2 * pause, kLongestPause);
    }
}

core::Status RedisIdempotencyStore::complete(
    std::string_view key, std::string_view token, std::chrono::seconds retention)
{
    const std::int64_t milliseconds
        = std::max<std::int64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(retention).count(), 1);
    const auto reply = runScript(kComplete, key, token, milliseconds);
    if (!reply)
        return std::unexpected(reply.error());
    return reply->integer == 1 ? core::Status() : std::unexpected(core::claimLost(key));
}

core::Status RedisIdempotencyStore::release(std::string_view key, std::string_view token)
{
    const auto reply = runScript(kRelease, key, token, 0);
    return reply ? core::Status() : std::unexpected(reply.error());
}

} // namespace eventscope::redis
