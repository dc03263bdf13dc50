// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "redis_connection.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace eventscope::redis {

/// One connection for many threads: whoever comes while the line is busy goes with the next batch, so
/// that eight threads cost one round trip and not eight. Connects when it is first needed, and anew
/// after a loss. // any thread
class RedisPipeline {
public:
    explicit RedisPipeline(RedisOptions options) : m_options(std::move(options)) { }

    /// Blocks for the answer. An error: nobody knows whether the command was carried out.
    core::Result<RedisReply> run(RedisCommand command);

private:
    struct Request {
        RedisCommand command;
        std::optional<core::Result<RedisReply>> answer{};
    };

    core::Result<std::vector<RedisReply>> exchange(const std::vector<RedisCommand>& commands);

    const RedisOptions m_options;
    std::mutex m_mutex;
    std::condition_variable m_answered;
    std::vector<Request*> m_waiting;
    bool m_busy = false;                           // somebody serves
    std::unique_ptr<RedisConnection> m_connection; // of whoever serves
};

} // namespace eventscope::redis
