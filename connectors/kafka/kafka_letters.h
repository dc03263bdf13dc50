// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster_state.h"
#include "dead_letter_family.h"
#include "event/clock.h"
#include "hidden_letters.h"
#include "inspect/dead_letter_queue.h"
#include "kafka_options.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace eventscope::kafka {

class Client;
class Cluster;
class KeyHistory;
class Producer;

struct KafkaLettersOptions {
    ConnectOptions connect;
    /// Dead-letter topics, or topics whose dead letters are wanted; empty: all there are.
    std::vector<std::string> topics{};
    std::filesystem::path hidden = HiddenLetters::defaultFile();
    /// Of the newest records of a topic, so many are listed at most.
    std::int64_t mostListed = 100'000;
};

/// The dead letters in Kafka's topics: those with a dead-letter topic's name, and of topics called
/// "errors" and the like the records that say so in their headers.
///
/// Nothing is ever taken from a topic: a requeued letter counts as done by the journal, a discarded one
/// is hidden on this machine. A requeue is one transaction with the original's bytes, key and headers,
/// less what the failure added, plus x-requeued-by, -at, -from and -id; the id is how a doubt is
/// settled: by looking for it at the target, after whatever was left open there was ended. The copy's
/// timestamp is now: with the original's it might be old enough to be deleted at once.
class KafkaLetters final : public core::DeadLetterQueue {
public:
    /// The clock outlives this.
    static core::Result<std::unique_ptr<KafkaLetters>> open(
        KafkaLettersOptions options, core::Clock& clock, std::stop_token stop);
    ~KafkaLetters() override;

    Capabilities capabilities() const override;
    core::Result<std::vector<core::DeadLetter>> list(std::string_view queue, std::stop_token stop) override;
    core::Status send(const core::Requeue& requeue) override;
    core::Status acknowledge(const core::DeadLetter& letter) override;
    core::Status discard(const core::DeadLetter& letter) override;
    core::Status restore(const core::DeadLetter& letter) override;
    core::Result<core::SendState> settle(std::string_view sendId, const core::DeadLetter& letter) override;
    core::Result<core::SendState> settleAt(
        std::string_view target, std::string_view sendId, const core::DeadLetter& letter) override;
    core::Result<std::optional<std::size_t>> newerOfSameKey(const core::DeadLetter& letter) override;
    std::string returnsTo(const core::DeadLetter& letter) const override;

private:
    /// What a DeadLetter cannot say of its original.
    struct Nulls {
        bool key = false, data = false;
    };
    using RecordVisitor = std::function<bool(const InRecord&)>; ///< false: no more

    KafkaLetters(KafkaLettersOptions options, core::Clock& clock, std::unique_ptr<Client> client);
    core::Result<std::vector<TopicPartition>> letterPartitions(std::string_view queue, std::stop_token stop);
    core::Status visit(const std::map<TopicPartition, std::pair<std::int64_t, std::int64_t>>& ranges,
        std::string_view isolation, const RecordVisitor& visitor, std::stop_token stop);
    core::Result<UnderstoodLetter> fetch(const LetterPlace& place);
    void completeFromOrigin(UnderstoodLetter& understood);
    core::Result<Nulls> nullsOf(const core::DeadLetter& letter);
    core::Result<int> partitionsOf(const std::string& topic);
    Producer& producerFor(const std::string& letterTopic);

    const KafkaLettersOptions m_options;
    core::Clock& m_clock;
    std::unique_ptr<Client> m_client;
    std::unique_ptr<Cluster> m_cluster;
    HiddenLetters m_hidden;
    std::unordered_map<std::string, Nulls> m_nulls;
    std::map<std::string, std::unique_ptr<Producer>> m_producers;
    std::map<std::string, int> m_partitions; ///< of targets, since the last listing
    std::unique_ptr<KeyHistory> m_keys;
};

} // namespace eventscope::kafka
