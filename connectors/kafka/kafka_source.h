// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster_state.h"
#include "inspect/source.h"
#include "kafka_options.h"

#include <cstdint>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::kafka {

class Client;
class Cluster;
class PartitionFeed;
struct LaneStart;

struct KafkaSourceOptions {
    std::string name; ///< of the connection
    ConnectOptions connect;
    std::vector<std::string> topics{}; ///< only these; empty: all but Kafka's own
    /// The consumer groups whose lag is wanted; empty: all that can be listed.
    std::vector<std::string> groups{};
    /// To look for a stream that is no topic, every record has to be read: refused beyond so many
    /// unless `topics` says where to look.
    std::int64_t mostToSearch = 5'000'000;
};

/// A Kafka cluster to look at. It reads by assign() with a client of its own for each reading, so it
/// never joins a group, never commits and never makes a topic; the broker sees metadata, offset and
/// fetch requests only.
///
/// An event's source is "<connection>/<topic>", its position the offset in its partition, its stream
/// "<aggregate type>-<aggregate id>", else the record's key, else "<topic>/<partition>". `stream` of a
/// range is a topic, a partition as "<topic>/<number>", or such a stream. Times of a range are those of
/// the records, which Kafka keeps an index of. // one thread at a time
class KafkaSource final : public core::Source {
public:
    /// Waits until a broker answers; a sentence says why none does.
    static core::Result<std::unique_ptr<KafkaSource>> open(KafkaSourceOptions options, std::stop_token stop);
    ~KafkaSource() override;

    const std::string& name() const override { return m_options.name; }
    core::Capabilities capabilities() const override;
    core::Result<std::vector<core::CatalogEntry>> catalog(std::stop_token stop) override;
    core::Result<core::ScanReceipt> read(
        const core::ReadRange& range, core::EventSink& sink, std::stop_token stop) override;
    core::Status follow(const core::FollowStart& start, core::EventSink& sink, std::stop_token stop) override;
    std::string cursor() const override { return m_cursor; }
    core::Result<core::Probe> probe(std::stop_token stop) override;

    /// The consumer groups that this user may see and that have a place in the topics that are looked at.
    core::Result<std::vector<GroupLag>> groups(std::stop_token stop);
    /// A topic's configuration, as far as it differs from the broker's default: names and values.
    core::Result<std::vector<Property>> configuration(const std::string& topic, std::stop_token stop);

private:
    /// What a name means here.
    struct Selection {
        std::vector<TopicPartition> partitions;
        std::map<TopicPartition, Watermarks> marks;
        std::string stream; ///< only events of this one; empty: all
        std::string topic;  ///< the one topic or partition that is meant; empty: all that are looked at
    };

    KafkaSource(KafkaSourceOptions options, std::unique_ptr<Client> client);
    core::Result<std::vector<TopicPartition>> lookedAt(std::stop_token stop);
    core::Result<Selection> select(const std::string& stream, std::stop_token stop);
    core::Result<std::vector<GroupLag>> lagsIn(const std::map<TopicPartition, Watermarks>& marks, std::stop_token stop);
    core::Result<std::vector<LaneStart>> startsOf(
        const Selection& selection, const core::ReadRange& range, std::stop_token stop);
    core::Result<std::vector<LaneStart>> startsOf(
        const Selection& selection, const core::FollowStart& start, std::stop_token stop);
    core::Status noticeChanges(
        PartitionFeed& feed, const Selection& selection, core::EventSink& sink, std::stop_token stop);
    void giveUpIfGone(
        const std::string& topic, PartitionFeed& feed, core::EventSink& sink, const std::stop_token& stop);
    core::Result<core::ScanReceipt> scan(const Selection& selection, std::vector<LaneStart> starts,
        const core::ReadRange& range, core::EventSink& sink, std::stop_token stop);

    const KafkaSourceOptions m_options;
    std::unique_ptr<Client> m_client;
    std::unique_ptr<Cluster> m_cluster;
    std::string m_cursor;
};

/// Topics that are dead letters by their name: "orders.dead-letter", "orders.DLT", "error.orders.billing".
/// Bare "error" topics are none without a look at their headers.
bool isDeadLetterTopic(std::string_view topic);

} // namespace eventscope::kafka
