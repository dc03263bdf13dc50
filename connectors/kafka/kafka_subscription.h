// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster_state.h"
#include "handler_lanes.h"
#include "kafka_bus.h"
#include "offset_tracker.h"
#include "producer.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include <librdkafka/rdkafka.h>

namespace eventscope::kafka {

class Client;

/// A member of a consumer group: a thread that polls, threads that handle, and offsets that are
/// committed behind them. Ends with its handle.
class KafkaSubscription {
public:
    /// `letters`, `clock` and `options` must outlive it. Waits for the first assignment.
    static core::Result<std::unique_ptr<KafkaSubscription>> open(
        core::SubscriptionSpec spec, const KafkaBusOptions& options, Producer& letters, core::Clock& clock);
    ~KafkaSubscription();

    /// Leaves the group after the running handler calls; from within a handler it does not wait for that one.
    void close();

private:
    KafkaSubscription(
        core::SubscriptionSpec spec, const KafkaBusOptions& options, Producer& letters, core::Clock& clock);

    core::Status join();
    void run(const std::stop_token& stop);
    void take(rd_kafka_message_t& message);
    void regulate();

    // On the polling thread, while it polls.
    static void onRebalance(rd_kafka_t*, rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t*, void* client);
    void assign(rd_kafka_topic_partition_list_t& partitions);
    void revoke(rd_kafka_topic_partition_list_t& partitions, bool isLost);
    core::Status findBeginnings(rd_kafka_topic_partition_list_t& partitions);
    void commit(bool wait);

    // On the handlers' threads.
    bool handle(const InRecord& record, std::stop_token stop);
    bool park(const OutRecord& letter, std::stop_token stop);
    void done(const LaneWork& work, bool isHandled);
    bool sleep(std::chrono::milliseconds time, const std::stop_token& stop);
    void say(std::string_view sentence) const;

    const core::SubscriptionSpec m_spec;
    const KafkaBusOptions& m_options;
    Producer& m_letters;
    core::Clock& m_clock;
    std::unique_ptr<Client> m_client;

    std::mutex m_mutex;
    std::condition_variable_any m_firstAssignment;
    core::Status m_assigned;
    bool m_isAssigned = false;
    std::map<TopicPartition, OffsetTracker> m_offsets;
    std::map<TopicPartition, std::int64_t> m_committed;
    std::shared_ptr<std::stop_source> m_assignment;

    bool m_isPaused = false;       // the polling thread's own
    std::int64_t m_nextCommit = 0; // ditto, steady milliseconds
    std::unique_ptr<HandlerLanes> m_lanes;
    std::jthread m_thread;
};

} // namespace eventscope::kafka
