// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster_state.h"
#include "kafka_handles.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace eventscope::kafka {

/// Keeps a client fetching. librdkafka before 2.2 sleeps for up to a second once all of its queues are
/// full, however fast they are emptied then; any answer from the broker wakes it. So, when a good part of
/// a queue was taken, its broker is asked where the partition ends. Later versions have a property for it.
class FetchNudge {
public:
    /// The client must outlive this.
    explicit FetchNudge(rd_kafka_t* client);

    /// There is room in this partition's queue again. Never waits.
    void wake(const TopicPartition& partition);

    /// The property that makes it needless, where the library has it.
    static std::optional<std::pair<std::string, std::string>> property();

private:
    void run(const std::stop_token& stop);

    rd_kafka_t* const m_client;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::optional<TopicPartition> m_wanted;
    std::jthread m_thread; ///< none where it is needless
};

} // namespace eventscope::kafka
