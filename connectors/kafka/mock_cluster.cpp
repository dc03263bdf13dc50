// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mock_cluster.h"

#include "kafka_error.h"
#include "kafka_handles.h"

#include <fmt/format.h>

#include <array>

#include <librdkafka/rdkafka_mock.h>

namespace eventscope::kafka {

using core::ErrorCode;

core::Result<std::unique_ptr<MockCluster>> MockCluster::start(int brokers)
{
    std::unique_ptr<MockCluster> mock(new MockCluster);
    std::array<char, 512> reason{};
    Conf conf(rd_kafka_conf_new());
    rd_kafka_conf_set_log_cb(conf.get(), [](const rd_kafka_t*, int, const char*, const char*) {});
    mock->m_client = rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), reason.data(), reason.size());
    if (!mock->m_client) {
        return fail(ErrorCode::Io, fmt::format("Kafka's client cannot start: {}.", reason.data()));
    }
    conf.release();
    mock->m_cluster = rd_kafka_mock_cluster_new(mock->m_client, brokers);
    if (!mock->m_cluster) {
        return fail(ErrorCode::Io, "The built-in Kafka cannot start: no port could be opened.");
    }
    mock->m_brokers = rd_kafka_mock_cluster_bootstraps(mock->m_cluster);
    return mock;
}

MockCluster::~MockCluster()
{
    if (m_cluster) {
        rd_kafka_mock_cluster_destroy(m_cluster);
    }
    if (m_client) {
        rd_kafka_destroy(m_client);
    }
}

core::Status MockCluster::makeTopic(const std::string& topic, int partitions)
{
    const auto error = rd_kafka_mock_topic_create(m_cluster, topic.c_str(), partitions, 1);
    return error == RD_KAFKA_RESP_ERR_NO_ERROR
        ? core::Status()
        : std::unexpected(toError(error, fmt::format("The topic {} cannot be made", topic)));
}

} // namespace eventscope::kafka
