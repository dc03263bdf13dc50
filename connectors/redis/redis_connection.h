// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct redisContext;

namespace eventscope::redis {

struct RedisOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 6379;
    std::string user;     ///< Redis 6 and later; empty: the default user
    std::string password; ///< empty: none; never shown
    int database = 0;
    std::chrono::milliseconds connectTimeout{2000};
    /// For one answer. A server that hangs is not dead: only this ends the wait for it.
    std::chrono::milliseconds answerTimeout{5000};
};

/// A command in its words, each any bytes.
using RedisCommand = std::vector<std::string>;

/// One answer of the server, copied out of the client library.
struct RedisReply {
    enum class Kind { Nil, Integer, Text, Array, Error };
    Kind kind = Kind::Nil;
    std::int64_t integer = 0;
    std::string text; ///< of Text and Error
    std::vector<RedisReply> items;
};

/// One connection to a Redis, with timeouts on everything. // one thread at a time
class RedisConnection {
public:
    /// Unreachable, Refused (password) or Timeout otherwise.
    static core::Result<std::unique_ptr<RedisConnection>> open(const RedisOptions& options);

    /// Sends all of them in one go and reads as many answers. An error means that the connection is no
    /// longer of use, and that nobody knows which of the commands were carried out.
    core::Result<std::vector<RedisReply>> run(std::span<const RedisCommand> commands);

private:
    struct Free {
        void operator()(redisContext* context) const noexcept;
    };
    using Handle = std::unique_ptr<redisContext, Free>;

    RedisConnection(Handle context, std::string address) : m_context(std::move(context)), m_address(std::move(address))
    {
    }
    core::Status logIn(const RedisOptions& options);
    std::unexpected<core::Error> lost() const;

    Handle m_context;
    std::string m_address;
};

} // namespace eventscope::redis
