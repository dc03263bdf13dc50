// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "record_batch.h"

#include "event/event.h"

#include <fmt/format.h>

#include <iterator>

namespace eventscope::kafka {

namespace {

std::string_view bytesOf(const void* data, std::size_t size)
{
    return data ? std::string_view(static_cast<const char*>(data), size) : std::string_view();
}

} // namespace

void readHeaders(const rd_kafka_message_t& message, std::vector<core::HeaderView>& headers)
{
    headers.clear();
    rd_kafka_headers_t* list = nullptr;
    if (rd_kafka_message_headers(&message, &list) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return;
    }
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0; rd_kafka_header_get_all(list, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
        headers.push_back({name, bytesOf(value, size)});
    }
}

InRecord toInRecord(const rd_kafka_message_t& message)
{
    InRecord record{.topic = rd_kafka_topic_name(message.rkt),
        .partition = message.partition,
        .offset = message.offset,
        .milliseconds = rd_kafka_message_timestamp(&message, nullptr),
        .keyIsNull = message.key == nullptr,
        .key = std::string(bytesOf(message.key, message.key_len)),
        .value = std::string(bytesOf(message.payload, message.len)),
        .headers = {},
        .valueIsNull = message.payload == nullptr};
    std::vector<core::HeaderView> headers;
    readHeaders(message, headers);
    for (const core::HeaderView& header : headers) {
        record.headers.push_back({std::string(header.name), std::string(header.value)});
    }
    return record;
}

core::SourceEvent RecordDecoder::decode(const RecordView& record)
{
    core::SourceEvent event{.source = record.source,
        .position = record.offset,
        .partition = record.partition,
        .headers = record.headers,
        .payload = record.value,
        .payloadIsNull = record.valueIsNull};
    event.hasTime = record.milliseconds >= 0;
    if (event.hasTime) {
        event.time = core::Timestamp(std::chrono::milliseconds(record.milliseconds));
    }
    event = m_reader.read(event, {}, record.key);
    if (event.stream.empty() && !record.keyIsNull && !record.key.empty()) {
        event.stream = record.key;
    }
    if (event.stream.empty()) {
        m_stream.clear();
        fmt::format_to(std::back_inserter(m_stream), "{}/{}", record.topic, record.partition);
        event.stream = m_stream;
    }
    const bool isKnown
        = record.key == event.stream || record.key == core::aggregateIdOf(event.stream) || record.key == event.id;
    if (!record.keyIsNull && !isKnown) {
        m_headers.assign(event.headers.begin(), event.headers.end());
        m_headers.push_back({kKeyHeader, record.key});
        event.headers = m_headers;
    }
    return event;
}

const core::SourceEvent& RecordBatch::add(MessageHandle message, std::string_view source)
{
    if (m_events.size() == m_slots.size()) {
        m_slots.emplace_back();
    }
    Slot& slot = m_slots[m_events.size()];
    slot.message = std::move(message);
    const rd_kafka_message_t& raw = *slot.message;
    readHeaders(raw, slot.headers);
    m_events.push_back(slot.decoder.decode({.source = source,
        .topic = source.substr(source.rfind('/') + 1),
        .partition = raw.partition,
        .offset = raw.offset,
        .milliseconds = rd_kafka_message_timestamp(&raw, nullptr),
        .key = bytesOf(raw.key, raw.key_len),
        .keyIsNull = raw.key == nullptr,
        .value = bytesOf(raw.payload, raw.len),
        .valueIsNull = raw.payload == nullptr,
        .headers = slot.headers}));
    m_payloadBytes += raw.len;
    return m_events.back();
}

MessageHandle RecordBatch::takeLast()
{
    Slot& slot = m_slots[m_events.size() - 1];
    m_payloadBytes -= slot.message->len;
    m_events.pop_back();
    return std::move(slot.message);
}

void RecordBatch::clear()
{
    for (std::size_t i = 0; i < m_events.size(); ++i) {
        m_slots[i].message.reset();
    }
    m_events.clear();
    m_payloadBytes = 0;
}

} // namespace eventscope::kafka
