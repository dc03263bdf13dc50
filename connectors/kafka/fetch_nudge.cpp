// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch_nudge.h"

#include <string>
#include <utility>

namespace eventscope::kafka {

namespace {

constexpr int kHasProperty = 0x02020000;
constexpr int kAnswerMs = 500;

} // namespace

std::optional<std::pair<std::string, std::string>> FetchNudge::property()
{
    return rd_kafka_version() >= kHasProperty
        ? std::optional(std::pair<std::string, std::string>("fetch.queue.backoff.ms", "1"))
        : std::nullopt;
}

FetchNudge::FetchNudge(rd_kafka_t* client) : m_client(client)
{
    if (!property()) {
        m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
}

void FetchNudge::wake(const TopicPartition& partition)
{
    if (!m_thread.joinable()) {
        return;
    }
    {
        const std::scoped_lock lock(m_mutex);
        m_wanted = partition;
    }
    m_changed.notify_one();
}

void FetchNudge::run(const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    while (m_changed.wait(lock, stop, [this] { return m_wanted.has_value(); })) {
        const TopicPartition partition = *std::exchange(m_wanted, std::nullopt);
        lock.unlock();
        std::int64_t low = 0, high = 0; // the answer itself is of no interest
        rd_kafka_query_watermark_offsets(
            m_client, partition.topic.c_str(), partition.partition, &low, &high, kAnswerMs);
        lock.lock();
    }
}

} // namespace eventscope::kafka
