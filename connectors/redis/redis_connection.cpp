// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "redis_connection.h"

#include <fmt/format.h>
#include <hiredis/hiredis.h>
#include <sys/time.h>

#include <cerrno>
#include <utility>

namespace eventscope::redis {

using core::ErrorCode;
using core::fail;

namespace {

constexpr int kDeepest = 8; // our scripts answer two levels deep

struct ReplyFree {
    void operator()(redisReply* reply) const noexcept { freeReplyObject(reply); }
};
using ReplyHandle = std::unique_ptr<redisReply, ReplyFree>;

timeval toTimeval(std::chrono::milliseconds time)
{
    timeval value{};
    value.tv_sec = static_cast<decltype(value.tv_sec)>(time.count() / 1000);
    value.tv_usec = static_cast<decltype(value.tv_usec)>(time.count() % 1000 * 1000);
    return value;
}

RedisReply copyOf(const redisReply& reply, int depth = 0)
{
    RedisReply copy;
    switch (reply.type) {
    case REDIS_REPLY_INTEGER:
        copy.kind = RedisReply::Kind::Integer;
        copy.integer = reply.integer;
        break;
    case REDIS_REPLY_STATUS:
    case REDIS_REPLY_STRING:
        copy.kind = RedisReply::Kind::Text;
        copy.text.assign(reply.str, static_cast<std::size_t>(reply.len));
        break;
    case REDIS_REPLY_ERROR:
        copy.kind = RedisReply::Kind::Error;
        copy.text.assign(reply.str, static_cast<std::size_t>(reply.len));
        break;
    case REDIS_REPLY_ARRAY:
        copy.kind = RedisReply::Kind::Array;
        for (std::size_t i = 0; depth < kDeepest && i < static_cast<std::size_t>(reply.elements); ++i)
            copy.items.push_back(copyOf(*reply.element[i], depth + 1));
        break;
    default: break;
    }
    return copy;
}

} // namespace

void RedisConnection::Free::operator()(redisContext* context) const noexcept
{
    redisFree(context);
}

core::Result<std::unique_ptr<RedisConnection>> RedisConnection::open(const RedisOptions& options)
{
    const std::string address = fmt::format("{}:{}", options.host, options.port);
    Handle context(redisConnectWithTimeout(options.host.c_str(), options.port, toTimeval(options.connectTimeout)));
    if (!context || context->err != 0) {
        return fail(ErrorCode::Unreachable,
            fmt::format("Redis at {} cannot be reached: {}; check that it runs and that host and port are right.",
                address, context ? context->errstr : "out of memory"));
    }
    redisSetTimeout(context.get(), toTimeval(options.answerTimeout));
    redisEnableKeepAlive(context.get());
    std::unique_ptr<RedisConnection> connection(new RedisConnection(std::move(context), address));
    if (core::Status ready = connection->logIn(options); !ready)
        return std::unexpected(ready.error());
    return connection;
}

core::Status RedisConnection::logIn(const RedisOptions& options)
{
    std::vector<RedisCommand> commands;
    if (!options.password.empty()) {
        RedisCommand& login = commands.emplace_back(RedisCommand{"AUTH"});
        if (!options.user.empty())
            login.push_back(options.user);
        login.push_back(options.password);
    }
    commands.push_back({"SELECT", std::to_string(options.database)});
    const auto replies = run(commands);
    if (!replies)
        return std::unexpected(replies.error());
    for (const RedisReply& reply : *replies) {
        if (reply.kind == RedisReply::Kind::Error)
            return fail(ErrorCode::Refused, fmt::format("Redis at {} refused us: {}.", m_address, reply.text));
    }
    return {};
}

std::unexpected<core::Error> RedisConnection::lost() const
{
    // hiredis says EAGAIN when its timeout ran out.
    const bool late = m_context->err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK);
    return fail(late ? ErrorCode::Timeout : ErrorCode::Unreachable,
        late ? fmt::format("Redis at {} did not answer in time; it may hang.", m_address)
             : fmt::format("The connection to Redis at {} was lost: {}.", m_address, m_context->errstr));
}

core::Result<std::vector<RedisReply>> RedisConnection::run(std::span<const RedisCommand> commands)
{
    std::vector<const char*> words;
    std::vector<std::size_t> sizes;
    for (const RedisCommand& command : commands) {
        words.clear();
        sizes.clear();
        for (const std::string& word : command) {
            words.push_back(word.data());
            sizes.push_back(word.size());
        }
        if (redisAppendCommandArgv(m_context.get(), static_cast<int>(words.size()), words.data(), sizes.data())
            != REDIS_OK)
            return lost();
    }
    std::vector<RedisReply> replies;
    replies.reserve(commands.size());
    while (replies.size() < commands.size()) {
        void* raw = nullptr;
        errno = 0;
        if (redisGetReply(m_context.get(), &raw) != REDIS_OK)
            return lost();
        const ReplyHandle reply(static_cast<redisReply*>(raw));
        replies.push_back(copyOf(*reply));
    }
    return replies;
}

} // namespace eventscope::redis
