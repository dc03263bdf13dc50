// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "redis_pipeline.h"

#include "event/clock.h"
#include "event/ids.h"
#include "sourcing/idempotency_store.h"

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

namespace eventscope::redis {

/// What a claim does while Redis cannot be reached. In neither case does a handler run unclaimed.
enum class WhenGone {
    Wait,   ///< until it is back, or `patience` is over
    Refuse, ///< an error at once: the bus brings the event again later
};

struct RedisIdempotencyOptions {
    WhenGone whenGone = WhenGone::Refuse;
    std::chrono::milliseconds patience{30'000}; ///< how long Wait waits
    std::string prefix{};                       ///< before each key, where several systems share a Redis
};

/// Who handles what, and what was handled, in a Redis that several processes share.
///
/// `<key>` holds "lease:<token>" while somebody is at it (SET NX PX) and "done:<token>" afterwards, for
/// the retention (7 days). `{<key>}:holder` remembers the last token for a day beyond its lease, so
/// that a late completion can tell whether somebody else came in between. All three steps are scripts:
/// none of them can be torn apart, and each may be repeated with the same token after an answer that
/// got lost. What it cannot see is a Redis that lost its memory: run it with appendonly. // any thread
class RedisIdempotencyStore final : public core::IdempotencyStore {
public:
    /// The clock outlives the store; it only dates `leaseUntil` and paces the waiting.
    RedisIdempotencyStore(RedisOptions redis, core::Clock& clock, RedisIdempotencyOptions options = {});
    ~RedisIdempotencyStore() override { stop(); }

    core::Result<core::Claim> claim(std::string_view key, std::chrono::milliseconds lease) override;
    core::Status complete(std::string_view key, std::string_view token,
        std::chrono::seconds retention = core::kProcessedRetention) override;
    core::Status release(std::string_view key, std::string_view token) override;

    /// Ends every wait for a Redis that is gone.
    void stop() { m_stop.request_stop(); }

private:
    core::Result<RedisReply> runScript(
        std::string_view script, std::string_view key, std::string_view token, std::int64_t milliseconds);

    core::Clock& m_clock;
    const RedisIdempotencyOptions m_options;
    core::UuidV7Generator m_tokens;
    RedisPipeline m_pipeline;
    std::stop_source m_stop;
};

} // namespace eventscope::redis
