// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kafka_stage.h"

#include "event/clock.h"
#include "event/ids.h"

#include <array>
#include <chrono>
#include <cstdlib>
#include <stdexcept>

#include <fmt/format.h>

namespace eventscope::bench {

namespace {

constexpr int kPatienceMs = 60'000;
constexpr std::size_t kStreams = 5000;
constexpr std::size_t kRecordBytes = 300;
constexpr std::int64_t kBegin = 1'700'000'000'000;

void countFailed(rd_kafka_t*, const rd_kafka_message_t* message, void* failed)
{
    *static_cast<std::uint64_t*>(failed) += message->err == RD_KAFKA_RESP_ERR_NO_ERROR ? 0 : 1;
}

char* bytesOf(const std::optional<std::string>& text)
{
    return text ? const_cast<char*>(text->data()) : nullptr; // librdkafka copies them
}

} // namespace

BareKafka::BareKafka(std::string brokers, const std::vector<kafka::Property>& properties)
{
    kafka::Conf conf(rd_kafka_conf_new());
    std::array<char, 512> reason{};
    const auto set = [&](const std::string& name, const std::string& value) {
        if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), reason.data(), reason.size())
            != RD_KAFKA_CONF_OK)
            throw std::runtime_error(reason.data());
    };
    set("bootstrap.servers", brokers);
    for (const auto& [name, value] : properties)
        set(name, value);
    rd_kafka_conf_set_log_cb(conf.get(), [](const rd_kafka_t*, int, const char*, const char*) {});
    rd_kafka_conf_set_opaque(conf.get(), &m_failed);
    rd_kafka_conf_set_dr_msg_cb(conf.get(), &countFailed);
    m_handle.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf.release(), reason.data(), reason.size()));
    if (!m_handle)
        throw std::runtime_error(reason.data());
}

BareKafka::~BareKafka() = default;

std::string BareKafka::makeTopic(const std::string& what, int partitions)
{
    core::SystemClock clock;
    const std::string topic = what + '-' + core::UuidV7Generator(clock).next();
    std::array<char, 512> reason{};
    rd_kafka_NewTopic_t* wanted = rd_kafka_NewTopic_new(topic.c_str(), partitions, 1, reason.data(), reason.size());
    const kafka::QueueHandle queue(rd_kafka_queue_new(m_handle.get()));
    rd_kafka_CreateTopics(m_handle.get(), &wanted, 1, nullptr, queue.get());
    const kafka::EventHandle event(rd_kafka_queue_poll(queue.get(), kPatienceMs));
    rd_kafka_NewTopic_destroy(wanted);
    if (!event || rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
        throw std::runtime_error("the broker makes no topic");
    return topic;
}

void BareKafka::produce(const kafka::OutRecord& record)
{
    kafka::HeadersHandle headers(record.headers.empty() ? nullptr : rd_kafka_headers_new(record.headers.size()));
    for (const core::Header& header : record.headers)
        rd_kafka_header_add(headers.get(), header.name.data(), static_cast<ssize_t>(header.name.size()),
            header.value.data(), static_cast<ssize_t>(header.value.size()));
    std::array<rd_kafka_vu_t, 7> arguments{};
    arguments[0].vtype = RD_KAFKA_VTYPE_TOPIC;
    arguments[0].u.cstr = record.topic.c_str();
    arguments[1].vtype = RD_KAFKA_VTYPE_PARTITION;
    arguments[1].u.i32 = record.partition;
    arguments[2].vtype = RD_KAFKA_VTYPE_KEY;
    arguments[2].u.mem = {bytesOf(record.key), record.key ? record.key->size() : 0};
    arguments[3].vtype = RD_KAFKA_VTYPE_VALUE;
    arguments[3].u.mem = {bytesOf(record.value), record.value ? record.value->size() : 0};
    arguments[4].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    arguments[4].u.i = RD_KAFKA_MSG_F_COPY; // F_BLOCK waits for reports that only this thread would take
    arguments[5].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
    arguments[5].u.i64 = record.milliseconds.value_or(0);
    arguments[6].vtype = RD_KAFKA_VTYPE_HEADERS;
    arguments[6].u.headers = headers.get();
    const std::size_t count = headers ? 7 : 6;
    while (rd_kafka_error_t* error = rd_kafka_produceva(m_handle.get(), arguments.data(), count)) {
        const bool isFull = rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR__QUEUE_FULL;
        const std::string reason = rd_kafka_error_string(error);
        rd_kafka_error_destroy(error);
        if (!isFull)
            throw std::runtime_error(reason);
        rd_kafka_poll(m_handle.get(), 100);
    }
    headers.release();
    rd_kafka_poll(m_handle.get(), 0);
}

void BareKafka::flush()
{
    if (rd_kafka_flush(m_handle.get(), kPatienceMs) != RD_KAFKA_RESP_ERR_NO_ERROR || m_failed > 0)
        throw std::runtime_error("the broker did not take all of it");
}

std::optional<std::string> benchBrokers()
{
    const char* brokers = std::getenv("EVENTSCOPE_TEST_KAFKA");
    return brokers ? std::optional<std::string>(brokers) : std::nullopt;
}

core::RecordedEvent benchEvent(std::size_t number)
{
    core::RecordedEvent event;
    event.id = fmt::format("0190b6f0-7c1a-7000-8000-{:012x}", number);
    event.type = "OrderPlaced";
    event.stream = fmt::format("order-{:06}", number % kStreams);
    event.version = {static_cast<std::int64_t>(number / kStreams) + 1};
    event.time = core::Timestamp(std::chrono::microseconds(kBegin * 1000 + static_cast<std::int64_t>(number) * 10));
    event.data = fmt::format(R"({{"orderId":"{:06}","totalAmount":38.00}})", number % kStreams);
    const std::size_t bare = core::eventToClassicJson(event).size();
    constexpr std::string_view kNote = R"(,"note":"")";
    if (bare + kNote.size() <= kRecordBytes)
        event.data.insert(event.data.size() - 1,
            fmt::format(R"(,"note":"{}")", std::string(kRecordBytes - bare - kNote.size(), 'x')));
    return event;
}

std::string fillTopic(const std::string& brokers, std::size_t records, int partitions)
{
    BareKafka producer(
        brokers, {{"linger.ms", "20"}, {"batch.num.messages", "10000"}, {"queue.buffering.max.messages", "200000"}});
    const std::string topic = producer.makeTopic("bench", partitions);
    for (std::size_t i = 0; i < records; ++i) {
        kafka::OutRecord record = kafka::toRecord(benchEvent(i), topic);
        record.headers.clear(); // the JSON says the same
        record.partition = static_cast<std::int32_t>(i % kStreams % static_cast<std::size_t>(partitions));
        record.milliseconds = kBegin + static_cast<std::int64_t>(i / 100);
        producer.produce(record);
    }
    producer.flush();
    return topic;
}

} // namespace eventscope::bench
