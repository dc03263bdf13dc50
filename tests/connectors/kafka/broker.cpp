// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <set>

#include <gtest/gtest.h>
#include <unistd.h>

namespace eventscope::test {

namespace {

constexpr int kPatienceMs = 60'000;

void expectOk(rd_kafka_resp_err_t error, std::string_view what)
{
    EXPECT_EQ(error, RD_KAFKA_RESP_ERR_NO_ERROR) << what << ": " << rd_kafka_err2str(error);
}

void expectOk(rd_kafka_error_t* error, std::string_view what)
{
    const kafka::ErrorHandle owner(error);
    EXPECT_EQ(error, nullptr) << what << ": " << rd_kafka_error_string(error);
}

void noteDelivery(rd_kafka_t*, const rd_kafka_message_t* message, void*)
{
    expectOk(message->err, "a delivery");
}

std::optional<std::string> textOf(const void* data, std::size_t size)
{
    return data ? std::optional(std::string(static_cast<const char*>(data), size)) : std::nullopt;
}

} // namespace

std::string kafkaVariable(const char* name)
{
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): set before the tests began
    EXPECT_NE(value, nullptr) << name << " is not set: run the tests with ./dev test kafka";
    return value ? value : "127.0.0.1:1";
}

kafka::ConnectOptions kafkaConnect(std::vector<kafka::Property> properties)
{
    return {.brokers = kafkaBrokers(), .properties = std::move(properties)};
}

std::string uniqueName(std::string_view what)
{
    static std::atomic<int> count{0};
    return std::string(what) + '-' + std::to_string(getpid()) + '-' + std::to_string(++count);
}

std::string kafkaTool(std::vector<std::string> arguments)
{
    std::vector<std::string> command{
        EVENTSCOPE_TESTS_DIR "/services/kafka/service", "tool", kafkaVariable("EVENTSCOPE_TEST_KAFKA_FOLDER")};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const Finished finished = runProgram(command);
    EXPECT_EQ(finished.exitCode, 0) << finished.output << finished.errors;
    return finished.output;
}

KafkaFriend::KafkaFriend(std::string brokers, std::vector<kafka::Property> properties)
    : m_brokers(std::move(brokers)), m_properties(std::move(properties)), m_producer(make(RD_KAFKA_PRODUCER, {}))
{
}

KafkaFriend::~KafkaFriend() = default;

KafkaFriend::Handle KafkaFriend::make(rd_kafka_type_t type, const std::vector<kafka::Property>& properties)
{
    kafka::Conf conf(rd_kafka_conf_new());
    std::array<char, 512> reason{};
    std::vector<kafka::Property> all{{"bootstrap.servers", m_brokers}, {"message.max.bytes", "150000000"},
        {"receive.message.max.bytes", "300000000"}};
    all.insert(all.end(), m_properties.begin(), m_properties.end());
    all.insert(all.end(), properties.begin(), properties.end());
    for (const auto& [name, value] : all) {
        EXPECT_EQ(
            rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), reason.data(), reason.size()), RD_KAFKA_CONF_OK)
            << reason.data();
    }
    rd_kafka_conf_set_log_cb(conf.get(), [](const rd_kafka_t*, int, const char*, const char*) {});
    if (type == RD_KAFKA_PRODUCER) {
        rd_kafka_conf_set_dr_msg_cb(conf.get(), &noteDelivery);
    }
    Handle handle(rd_kafka_new(type, conf.release(), reason.data(), reason.size()));
    EXPECT_TRUE(handle) << reason.data();
    return handle;
}

void KafkaFriend::makeTopic(
    const std::string& topic, int partitions, const std::vector<kafka::Property>& configuration, int replicas)
{
    std::array<char, 512> reason{};
    rd_kafka_NewTopic_t* wanted
        = rd_kafka_NewTopic_new(topic.c_str(), partitions, replicas, reason.data(), reason.size());
    ASSERT_NE(wanted, nullptr) << reason.data();
    for (const auto& [name, value] : configuration) {
        expectOk(rd_kafka_NewTopic_set_config(wanted, name.c_str(), value.c_str()), name);
    }
    const kafka::QueueHandle queue(rd_kafka_queue_new(m_producer.get()));
    rd_kafka_CreateTopics(m_producer.get(), &wanted, 1, nullptr, queue.get());
    const kafka::EventHandle event(rd_kafka_queue_poll(queue.get(), kPatienceMs));
    rd_kafka_NewTopic_destroy(wanted);
    ASSERT_TRUE(event);
    expectOk(rd_kafka_event_error(event.get()), "making a topic");
    std::size_t count = 0;
    const rd_kafka_topic_result_t** results
        = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
    for (std::size_t i = 0; i < count; ++i) {
        expectOk(rd_kafka_topic_result_error(results[i]), topic);
    }
}

void KafkaFriend::deleteTopic(const std::string& topic)
{
    rd_kafka_DeleteTopic_t* wanted = rd_kafka_DeleteTopic_new(topic.c_str());
    const kafka::QueueHandle queue(rd_kafka_queue_new(m_producer.get()));
    rd_kafka_DeleteTopics(m_producer.get(), &wanted, 1, nullptr, queue.get());
    const kafka::EventHandle event(rd_kafka_queue_poll(queue.get(), kPatienceMs));
    rd_kafka_DeleteTopic_destroy(wanted);
    ASSERT_TRUE(event);
    expectOk(rd_kafka_event_error(event.get()), "deleting a topic");
}

void KafkaFriend::deleteRecordsBefore(const std::string& topic, std::int32_t partition, std::int64_t offset)
{
    const kafka::PartitionList list(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = offset;
    rd_kafka_DeleteRecords_t* wanted = rd_kafka_DeleteRecords_new(list.get());
    const kafka::QueueHandle queue(rd_kafka_queue_new(m_producer.get()));
    rd_kafka_DeleteRecords(m_producer.get(), &wanted, 1, nullptr, queue.get());
    const kafka::EventHandle event(rd_kafka_queue_poll(queue.get(), kPatienceMs));
    rd_kafka_DeleteRecords_destroy(wanted);
    ASSERT_TRUE(event);
    expectOk(rd_kafka_event_error(event.get()), "deleting records");
}

void KafkaFriend::produce(
    rd_kafka_t& producer, const std::string& topic, const TestRecord& record, std::int32_t partition)
{
    rd_kafka_headers_t* headers = rd_kafka_headers_new(record.headers.size());
    for (const core::Header& header : record.headers) {
        rd_kafka_header_add(headers, header.name.data(), static_cast<ssize_t>(header.name.size()), header.value.data(),
            static_cast<ssize_t>(header.value.size()));
    }
    const auto data = [](const std::optional<std::string>& text) {
        return text ? const_cast<char*>(text->data()) : nullptr; // librdkafka copies
    };
    const std::size_t keySize = record.key ? record.key->size() : 0;
    const std::size_t valueSize = record.value ? record.value->size() : 0;
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR__QUEUE_FULL;
    while (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        error = rd_kafka_producev(&producer, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(partition),
            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(data(record.key), keySize),
            RD_KAFKA_V_VALUE(data(record.value), valueSize), RD_KAFKA_V_TIMESTAMP(record.milliseconds),
            RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
        rd_kafka_poll(&producer, error == RD_KAFKA_RESP_ERR__QUEUE_FULL ? 50 : 0);
    }
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_headers_destroy(headers);
    }
    expectOk(error, "producing");
}

void KafkaFriend::write(const std::string& topic, const std::vector<TestRecord>& records, std::int32_t partition)
{
    for (const TestRecord& record : records) {
        produce(*m_producer, topic, record, partition < 0 ? RD_KAFKA_PARTITION_UA : partition);
    }
    expectOk(rd_kafka_flush(m_producer.get(), kPatienceMs), "flushing");
}

void KafkaFriend::writeInTransaction(const std::string& topic, const std::vector<TestRecord>& records, bool commit)
{
    const Handle producer = make(RD_KAFKA_PRODUCER, {{"transactional.id", uniqueName("friend")}});
    expectOk(rd_kafka_init_transactions(producer.get(), kPatienceMs), "beginning to write in transactions");
    expectOk(rd_kafka_begin_transaction(producer.get()), "beginning a transaction");
    for (const TestRecord& record : records) {
        produce(*producer, topic, record, record.partition);
    }
    expectOk(rd_kafka_flush(producer.get(), kPatienceMs), "flushing");
    if (commit) {
        expectOk(rd_kafka_commit_transaction(producer.get(), kPatienceMs), "committing");
    } else {
        expectOk(rd_kafka_abort_transaction(producer.get(), kPatienceMs), "aborting");
    }
}

std::vector<TestRecord> KafkaFriend::readAll(const std::string& topic, std::string_view isolation)
{
    const Handle consumer = make(RD_KAFKA_CONSUMER,
        {{"group.id", uniqueName("friend")}, {"enable.auto.commit", "false"}, {"enable.partition.eof", "true"},
            {"auto.offset.reset", "earliest"}, {"fetch.wait.max.ms", "10"},
            {"isolation.level", std::string(isolation)}});
    rd_kafka_poll_set_consumer(consumer.get());
    const rd_kafka_metadata_t* raw = nullptr;
    expectOk(rd_kafka_metadata(consumer.get(), 1, nullptr, &raw, kPatienceMs), "metadata");
    const kafka::Metadata metadata(raw);
    const kafka::PartitionList list(rd_kafka_topic_partition_list_new(8));
    for (int i = 0; raw && i < raw->topic_cnt; ++i) {
        for (int p = 0; topic == raw->topics[i].topic && p < raw->topics[i].partition_cnt; ++p) {
            rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), p)->offset = RD_KAFKA_OFFSET_BEGINNING;
        }
    }
    rd_kafka_assign(consumer.get(), list.get());
    std::vector<TestRecord> records;
    for (int ends = 0; ends < list->cnt;) {
        const kafka::MessageHandle message(rd_kafka_consumer_poll(consumer.get(), kPatienceMs));
        if (!message) {
            ADD_FAILURE() << topic << " brings nothing";
            break;
        }
        if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            ends += message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF ? 1 : 0;
            continue;
        }
        TestRecord record{
            .key = textOf(message->key, message->key_len), .value = textOf(message->payload, message->len)};
        record.milliseconds = rd_kafka_message_timestamp(message.get(), nullptr);
        record.partition = message->partition;
        record.offset = message->offset;
        rd_kafka_headers_t* headers = nullptr;
        if (rd_kafka_message_headers(message.get(), &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
            const char* name = nullptr;
            const void* value = nullptr;
            std::size_t size = 0;
            for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == 0; ++i) {
                record.headers.push_back({name, std::string(static_cast<const char*>(value), size)});
            }
        }
        records.push_back(std::move(record));
    }
    std::ranges::sort(records, {}, [](const TestRecord& r) { return std::pair(r.partition, r.offset); });
    return records;
}

void KafkaFriend::commitOffset(
    const std::string& group, const std::string& topic, std::int32_t partition, std::int64_t offset)
{
    const Handle consumer = make(RD_KAFKA_CONSUMER, {{"group.id", group}, {"enable.auto.commit", "false"}});
    const kafka::PartitionList list(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = offset;
    expectOk(rd_kafka_commit(consumer.get(), list.get(), 0), "committing an offset");
}

} // namespace eventscope::test
