// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <memory>
#include <string>

typedef struct rd_kafka_s rd_kafka_t;
typedef struct rd_kafka_mock_cluster_s rd_kafka_mock_cluster_t;

namespace eventscope::kafka {

/// Brokers within this process, as librdkafka brings them for tests: real ports that any Kafka client
/// can connect to, everything in memory. A partition keeps its newest 5 MB only; groups can join and
/// commit, but not be listed. // any thread
class MockCluster {
public:
    static core::Result<std::unique_ptr<MockCluster>> start(int brokers);
    ~MockCluster();
    MockCluster(const MockCluster&) = delete;
    MockCluster& operator=(const MockCluster&) = delete;

    /// "127.0.0.1:port,…"
    const std::string& brokers() const { return m_brokers; }
    core::Status makeTopic(const std::string& topic, int partitions);
    rd_kafka_mock_cluster_t* handle() const { return m_cluster; }

private:
    MockCluster() = default;

    rd_kafka_t* m_client = nullptr; ///< whose threads the brokers run on
    rd_kafka_mock_cluster_t* m_cluster = nullptr;
    std::string m_brokers;
};

} // namespace eventscope::kafka
