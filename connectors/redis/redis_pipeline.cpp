// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "redis_pipeline.h"

#include <utility>

namespace eventscope::redis {

core::Result<RedisReply> RedisPipeline::run(RedisCommand command)
{
    Request request{.command = std::move(command)};
    std::unique_lock lock(m_mutex);
    m_waiting.push_back(&request);
    while (!request.answer) {
        if (m_busy) {
            m_answered.wait(lock, [&] { return request.answer || !m_busy; });
            continue;
        }
        m_busy = true;
        std::vector<Request*> batch = std::exchange(m_waiting, {});
        lock.unlock();
        std::vector<RedisCommand> commands;
        commands.reserve(batch.size());
        for (Request* each : batch)
            commands.push_back(std::move(each->command));
        auto replies = exchange(commands);
        lock.lock();
        for (std::size_t i = 0; i < batch.size(); ++i) {
            batch[i]->answer = replies ? core::Result<RedisReply>(std::move((*replies)[i]))
                                       : core::Result<RedisReply>(std::unexpected(replies.error()));
        }
        m_busy = false;
        m_answered.notify_all();
    }
    return std::move(*request.answer);
}

core::Result<std::vector<RedisReply>> RedisPipeline::exchange(const std::vector<RedisCommand>& commands)
{
    if (!m_connection) {
        auto opened = RedisConnection::open(m_options);
        if (!opened)
            return std::unexpected(opened.error());
        m_connection = std::move(*opened);
    }
    auto replies = m_connection->run(commands);
    if (!replies)
        m_connection.reset();
    return replies;
}

} // namespace eventscope::redis
