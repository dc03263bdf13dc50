// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "child_process.h"
#include "event/event.h"
#include "kafka_handles.h"
#include "kafka_options.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eventscope::test {

/// What tests/services/kafka/service left in the environment; a test whose variable is missing fails.
std::string kafkaVariable(const char* name);
inline std::string kafkaBrokers()
{
    return kafkaVariable("EVENTSCOPE_TEST_KAFKA");
}
kafka::ConnectOptions kafkaConnect(std::vector<kafka::Property> properties = {});

/// A name that no other test has: "<what>-<process>-<number>".
std::string uniqueName(std::string_view what);

/// One of Kafka's own command-line tools on the test's broker: its standard output.
std::string kafkaTool(std::vector<std::string> arguments);

/// A record as another client writes or reads it.
struct TestRecord {
    std::optional<std::string> key, value;
    std::vector<core::Header> headers{};
    std::int64_t milliseconds = 0;
    std::int32_t partition = 0;
    std::int64_t offset = -1;
    bool operator==(const TestRecord&) const = default;
};

/// Another client beside ours, straight on librdkafka: makes topics, writes and reads records. What
/// fails fails the test.
class KafkaFriend {
public:
    explicit KafkaFriend(std::string brokers = kafkaBrokers(), std::vector<kafka::Property> properties = {});
    ~KafkaFriend();

    void makeTopic(const std::string& topic, int partitions = 1, const std::vector<kafka::Property>& configuration = {},
        int replicas = 1);
    void deleteTopic(const std::string& topic);
    /// As retention does: what stands before that offset is gone.
    void deleteRecordsBefore(const std::string& topic, std::int32_t partition, std::int64_t offset);

    /// Written and confirmed. A partition below 0: by the key.
    void write(const std::string& topic, const std::vector<TestRecord>& records, std::int32_t partition = 0);
    /// As one transaction, committed or aborted.
    void writeInTransaction(const std::string& topic, const std::vector<TestRecord>& records, bool commit);

    /// Everything that is there, by partition and offset.
    std::vector<TestRecord> readAll(const std::string& topic, std::string_view isolation = "read_committed");

    /// Stores offsets for a group, as a consumer would.
    void commitOffset(const std::string& group, const std::string& topic, std::int32_t partition, std::int64_t offset);

private:
    using Handle = std::unique_ptr<rd_kafka_t, kafka::Deleter<&rd_kafka_destroy>>;
    Handle make(rd_kafka_type_t type, const std::vector<kafka::Property>& properties);
    void produce(rd_kafka_t& producer, const std::string& topic, const TestRecord& record, std::int32_t partition);

    const std::string m_brokers;
    const std::vector<kafka::Property> m_properties;
    Handle m_producer;
};

} // namespace eventscope::test
