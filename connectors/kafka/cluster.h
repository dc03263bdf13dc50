// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster_state.h"
#include "event/error.h"
#include "event/timestamp.h"
#include "kafka_client.h"

#include <cstdint>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::kafka {

/// Questions to a cluster that change nothing there. On the client's thread; each waits for its answer.
class Cluster {
public:
    explicit Cluster(Client& client) : m_client(client) { }

    /// Every partition of every topic that is not Kafka's own ("__…"), or of those topics only.
    /// NotFound with a sentence when one of them is not there.
    core::Result<std::vector<TopicPartition>> partitions(std::span<const std::string> topics, std::stop_token stop);

    core::Result<std::map<TopicPartition, Watermarks>> watermarks(
        std::span<const TopicPartition> partitions, std::stop_token stop);

    /// The first offset of each partition whose record is of that time or later; its end when there is none.
    core::Result<std::map<TopicPartition, std::int64_t>> offsetsAt(
        std::span<const TopicPartition> partitions, core::Timestamp time, std::stop_token stop);

    /// All consumer groups, or those only, with what they have committed; groups that this user may not
    /// see are left out. Of named ones the state is not asked for, and what they have committed only in
    /// these partitions: some brokers cannot list all of it.
    core::Result<std::vector<GroupState>> groups(
        std::span<const std::string> names, std::span<const TopicPartition> partitions, std::stop_token stop);

    /// A topic's configuration, as far as it differs from the broker's default.
    core::Result<std::vector<Property>> configuration(const std::string& topic, std::stop_token stop);

private:
    enum class Edge : std::int64_t { End = -1, Beginning = -2 };
    core::Result<std::map<TopicPartition, std::int64_t>> listOffsets(
        std::span<const TopicPartition> partitions, std::int64_t time, std::stop_token stop);
    core::Result<EventHandle> answer(rd_kafka_queue_t& queue, std::string_view what, std::stop_token stop);
    core::Status readCommitted(GroupState& group, std::span<const TopicPartition> partitions, std::stop_token stop);

    Client& m_client;
};

PartitionList makePartitionList(std::span<const TopicPartition> partitions);

} // namespace eventscope::kafka
