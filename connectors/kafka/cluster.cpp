// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster.h"

#include "kafka_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <thread>

namespace eventscope::kafka {

using core::ErrorCode;
using core::Result;
using core::Status;

namespace {

constexpr int kAnswerMs = static_cast<int>(kAnswerTime.count());

struct TopicDeleter {
    void operator()(rd_kafka_topic_t* topic) const noexcept { rd_kafka_topic_destroy(topic); }
};
using TopicHandle = std::unique_ptr<rd_kafka_topic_t, TopicDeleter>;

std::span<const rd_kafka_metadata_topic_t> topicsOf(const Metadata& metadata)
{
    return {metadata->topics, static_cast<std::size_t>(metadata->topic_cnt)};
}

void addPartitions(const rd_kafka_metadata_topic_t& topic, std::vector<TopicPartition>& partitions)
{
    for (int i = 0; i < topic.partition_cnt; ++i) {
        partitions.push_back({topic.topic, topic.partitions[i].id});
    }
}

} // namespace

PartitionList makePartitionList(std::span<const TopicPartition> partitions)
{
    PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
    for (const TopicPartition& partition : partitions) {
        rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.partition);
    }
    return list;
}

Result<std::vector<TopicPartition>> Cluster::partitions(std::span<const std::string> topics, std::stop_token stop)
{
    std::vector<TopicPartition> partitions;
    if (topics.empty()) {
        const auto metadata = m_client.metadata(nullptr, stop);
        if (!metadata) {
            return std::unexpected(metadata.error());
        }
        for (const rd_kafka_metadata_topic_t& topic : topicsOf(*metadata)) {
            if (!std::string_view(topic.topic).starts_with("__")) {
                addPartitions(topic, partitions);
            }
        }
    }
    for (const std::string& name : topics) {
        const TopicHandle handle(rd_kafka_topic_new(m_client.get(), name.c_str(), nullptr));
        if (!handle) {
            return std::unexpected(toError(rd_kafka_last_error(), fmt::format("The topic {} cannot be read", name)));
        }
        const auto metadata = m_client.metadata(handle.get(), stop);
        if (!metadata) {
            return std::unexpected(metadata.error());
        }
        for (const rd_kafka_metadata_topic_t& topic : topicsOf(*metadata)) {
            if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
                return std::unexpected(toError(topic.err, fmt::format("The topic {} cannot be read", name)));
            }
            addPartitions(topic, partitions);
        }
    }
    std::ranges::sort(partitions);
    return partitions;
}

Result<std::map<TopicPartition, std::int64_t>> Cluster::listOffsets(
    std::span<const TopicPartition> partitions, std::int64_t time, std::stop_token stop)
{
    const PartitionList list = makePartitionList(partitions);
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    for (int tries = 0; tries == 0 || (mayPass(error) && tries < kTries); ++tries) {
        if (stop.stop_requested()) {
            return fail(ErrorCode::Cancelled, "It was stopped.");
        }
        if (tries > 0) {
            std::this_thread::sleep_for(kSlice);
        }
        for (int i = 0; i < list->cnt; ++i) {
            list->elems[i].offset = time;
        }
        error = rd_kafka_offsets_for_times(m_client.get(), list.get(), kAnswerMs);
        m_client.poll();
    }
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return std::unexpected(m_client.explain(error, "The topics' offsets cannot be asked for"));
    }
    std::map<TopicPartition, std::int64_t> offsets;
    for (int i = 0; i < list->cnt; ++i) {
        const rd_kafka_topic_partition_t& element = list->elems[i];
        if (element.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return std::unexpected(m_client.explain(element.err,
                fmt::format("The offsets of {}, partition {}, cannot be asked for", element.topic, element.partition)));
        }
        offsets[{element.topic, element.partition}] = element.offset;
    }
    return offsets;
}

Result<std::map<TopicPartition, Watermarks>> Cluster::watermarks(
    std::span<const TopicPartition> partitions, std::stop_token stop)
{
    std::map<TopicPartition, Watermarks> marks;
    if (partitions.empty()) {
        return marks;
    }
    const auto low = listOffsets(partitions, static_cast<std::int64_t>(Edge::Beginning), stop);
    if (!low) {
        return std::unexpected(low.error());
    }
    const auto high = listOffsets(partitions, static_cast<std::int64_t>(Edge::End), stop);
    if (!high) {
        return std::unexpected(high.error());
    }
    for (const auto& [partition, offset] : *low) {
        marks[partition] = {offset, high->at(partition)};
    }
    return marks;
}

Result<std::map<TopicPartition, std::int64_t>> Cluster::offsetsAt(
    std::span<const TopicPartition> partitions, core::Timestamp time, std::stop_token stop)
{
    // Kafka counts milliseconds: what lies within the given one is looked at by the reader.
    const std::int64_t ms
        = std::max<std::int64_t>(std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count(), 0);
    auto offsets = listOffsets(partitions, ms, stop);
    if (!offsets) {
        return offsets;
    }
    const auto ends = listOffsets(partitions, static_cast<std::int64_t>(Edge::End), stop);
    if (!ends) {
        return std::unexpected(ends.error());
    }
    for (auto& [partition, offset] : *offsets) {
        offset = offset < 0 ? ends->at(partition) : offset;
    }
    return offsets;
}

Result<EventHandle> Cluster::answer(rd_kafka_queue_t& queue, std::string_view what, std::stop_token stop)
{
    const auto deadline = std::chrono::steady_clock::now() + kAnswerTime + std::chrono::seconds(1);
    while (!stop.stop_requested() && std::chrono::steady_clock::now() < deadline) {
        EventHandle event(rd_kafka_queue_poll(&queue, static_cast<int>(kSlice.count())));
        m_client.poll();
        if (!event) {
            continue;
        }
        if (const rd_kafka_resp_err_t error = rd_kafka_event_error(event.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return std::unexpected(m_client.explain(error, what));
        }
        return event;
    }
    return fail(stop.stop_requested() ? ErrorCode::Cancelled : ErrorCode::Timeout,
        fmt::format("{}: the broker did not answer in time.", what));
}

Result<std::vector<GroupState>> Cluster::groups(
    std::span<const std::string> names, std::span<const TopicPartition> partitions, std::stop_token stop)
{
    if (!names.empty()) {
        std::vector<GroupState> named;
        for (const std::string& name : names) {
            GroupState group{.name = name, .state = {}, .members = 0, .next = {}};
            if (readCommitted(group, partitions, stop)) {
                named.push_back(std::move(group));
            }
        }
        return named;
    }
    const rd_kafka_group_list* list = nullptr;
    const rd_kafka_resp_err_t error = rd_kafka_list_groups(m_client.get(), nullptr, &list, kAnswerMs);
    m_client.poll();
    const auto destroy = [](const rd_kafka_group_list* gone) { rd_kafka_group_list_destroy(gone); };
    const std::unique_ptr<const rd_kafka_group_list, decltype(destroy)> owner(list, destroy);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR && error != RD_KAFKA_RESP_ERR__PARTIAL) {
        return std::unexpected(m_client.explain(error, "The consumer groups cannot be listed"));
    }
    std::vector<GroupState> groups;
    for (int i = 0; list && i < list->group_cnt; ++i) {
        const rd_kafka_group_info& info = list->groups[i];
        if (info.err != RD_KAFKA_RESP_ERR_NO_ERROR
            || (info.protocol_type && *info.protocol_type && std::string_view(info.protocol_type) != "consumer")) {
            continue;
        }
        GroupState group{
            .name = info.group, .state = info.state ? info.state : "", .members = info.member_cnt, .next = {}};
        if (const Status read = readCommitted(group, {}, stop); read) {
            groups.push_back(std::move(group));
        } else if (read.error().code == ErrorCode::Cancelled) {
            return std::unexpected(read.error());
        }
    }
    std::ranges::sort(groups, {}, &GroupState::name);
    return groups;
}

/// In these partitions; without any in all there are.
Status Cluster::readCommitted(GroupState& group, std::span<const TopicPartition> partitions, std::stop_token stop)
{
    const PartitionList wanted = partitions.empty() ? nullptr : makePartitionList(partitions);
    const QueueHandle queue(rd_kafka_queue_new(m_client.get()));
    const auto destroy
        = [](rd_kafka_ListConsumerGroupOffsets_t* gone) { rd_kafka_ListConsumerGroupOffsets_destroy(gone); };
    std::unique_ptr<rd_kafka_ListConsumerGroupOffsets_t, decltype(destroy)> request(
        rd_kafka_ListConsumerGroupOffsets_new(group.name.c_str(), wanted.get()), destroy);
    rd_kafka_ListConsumerGroupOffsets_t* const requests[] = {request.get()};
    AdminOptions options(rd_kafka_AdminOptions_new(m_client.get(), RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS));
    rd_kafka_ListConsumerGroupOffsets(
        m_client.get(), const_cast<rd_kafka_ListConsumerGroupOffsets_t**>(requests), 1, options.get(), queue.get());
    const auto event = answer(*queue, fmt::format("The offsets of the group {} cannot be asked for", group.name), stop);
    if (!event) {
        return std::unexpected(event.error());
    }
    std::size_t count = 0;
    const rd_kafka_group_result_t** results = rd_kafka_ListConsumerGroupOffsets_result_groups(
        rd_kafka_event_ListConsumerGroupOffsets_result(event->get()), &count);
    for (std::size_t i = 0; i < count; ++i) {
        if (const rd_kafka_error_t* error = rd_kafka_group_result_error(results[i])) {
            return std::unexpected(toError(rd_kafka_error_code(error), "The offsets of a group cannot be read"));
        }
        const rd_kafka_topic_partition_list_t* committed = rd_kafka_group_result_partitions(results[i]);
        for (int p = 0; committed && p < committed->cnt; ++p) {
            if (committed->elems[p].offset >= 0) {
                group.next[{committed->elems[p].topic, committed->elems[p].partition}] = committed->elems[p].offset;
            }
        }
    }
    return {};
}

Result<std::vector<Property>> Cluster::configuration(const std::string& topic, std::stop_token stop)
{
    const QueueHandle queue(rd_kafka_queue_new(m_client.get()));
    const auto destroy = [](rd_kafka_ConfigResource_t* gone) { rd_kafka_ConfigResource_destroy(gone); };
    std::unique_ptr<rd_kafka_ConfigResource_t, decltype(destroy)> resource(
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()), destroy);
    rd_kafka_ConfigResource_t* requests[] = {resource.get()};
    AdminOptions options(rd_kafka_AdminOptions_new(m_client.get(), RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS));
    rd_kafka_DescribeConfigs(m_client.get(), requests, 1, options.get(), queue.get());
    const std::string what = fmt::format("The configuration of the topic {} cannot be asked for", topic);
    const auto event = answer(*queue, what, stop);
    if (!event) {
        return std::unexpected(event.error());
    }
    std::size_t count = 0;
    const rd_kafka_ConfigResource_t** results
        = rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event->get()), &count);
    std::vector<Property> configuration;
    for (std::size_t i = 0; i < count; ++i) {
        if (const auto error = rd_kafka_ConfigResource_error(results[i]); error != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return std::unexpected(toError(error, what));
        }
        std::size_t entries = 0;
        const rd_kafka_ConfigEntry_t** entry = rd_kafka_ConfigResource_configs(results[i], &entries);
        for (std::size_t e = 0; e < entries; ++e) {
            if (const char* value = rd_kafka_ConfigEntry_value(entry[e]); value
                && rd_kafka_ConfigEntry_is_sensitive(entry[e]) == 0 && rd_kafka_ConfigEntry_is_default(entry[e]) == 0) {
                configuration.emplace_back(rd_kafka_ConfigEntry_name(entry[e]), value);
            }
        }
    }
    return configuration;
}

} // namespace eventscope::kafka
