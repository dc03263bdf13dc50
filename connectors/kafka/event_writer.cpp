// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_writer.h"

#include "event/clock.h"
#include "event/ids.h"
#include "event/json.h"
#include "event_record.h"
#include "record_batch.h"

#include <vector>

namespace eventscope::kafka {

namespace {

std::string newTransactionalId()
{
    core::SystemClock clock;
    return "eventscope-import-" + core::UuidV7Generator(clock).next();
}

core::RecordedEvent recordedOf(const core::SourceEvent& event)
{
    core::RecordedEvent recorded;
    recorded.id = event.id;
    recorded.type = event.type;
    recorded.time = event.time;
    recorded.stream = event.stream;
    recorded.version.value = event.version == core::SourceEvent::kNone ? 0 : event.version;
    recorded.metadata.correlationId = event.correlationId;
    recorded.metadata.causationId = event.causationId;
    for (const core::HeaderView& header : event.headers) {
        if (header.name != kKeyHeader) {
            recorded.metadata.headers.push_back({std::string(header.name), std::string(header.value)});
        }
    }
    recorded.data = event.payload;
    return recorded;
}

/// Bytes that no JSON can hold: the envelope travels beside them.
OutRecord rawRecordOf(const core::RecordedEvent& event, bool isNull, std::string topic)
{
    OutRecord record{.topic = std::move(topic),
        .key = {},
        .value = isNull ? std::nullopt : std::optional(event.data),
        .headers = event.metadata.headers};
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) {
            record.headers.push_back({name, value});
        }
    };
    add("eventType", event.type);
    add("eventId", event.id);
    add("correlationId", event.metadata.correlationId);
    add("causationId", event.metadata.causationId);
    return record;
}

} // namespace

EventWriter::EventWriter(ConnectOptions connect, std::string topic)
    : m_topic(std::move(topic))
    , m_producer(std::move(connect), {.transactionalId = newTransactionalId(), .lingerMs = 5})
{
}

OutRecord EventWriter::recordOf(const core::SourceEvent& event, const std::string& topic)
{
    const core::RecordedEvent recorded = recordedOf(event);
    const bool isClassic
        = !event.payloadIsNull && !event.id.empty() && !event.type.empty() && core::isJson(event.payload);
    OutRecord record = toRecord(recorded, topic);
    if (isClassic) {
        record.headers.clear(); // the JSON says it all, and what is imported reads back with what it had
    } else {
        std::optional<std::string> key = std::move(record.key);
        record = rawRecordOf(recorded, event.payloadIsNull, topic);
        record.key = std::move(key);
    }
    if (event.hasTime) {
        record.milliseconds = std::chrono::floor<std::chrono::milliseconds>(event.time).time_since_epoch().count();
    } else {
        record.milliseconds.reset();
    }
    for (const core::HeaderView& header : event.headers) {
        if (header.name == kKeyHeader) {
            record.key = std::string(header.value);
        }
    }
    return record;
}

bool EventWriter::deliver(std::span<const core::SourceEvent> batch)
{
    std::vector<OutRecord> records;
    records.reserve(batch.size());
    for (const core::SourceEvent& event : batch) {
        records.push_back(recordOf(event, m_topic));
    }
    m_status = m_producer.send(records);
    m_written += m_status ? batch.size() : 0;
    return m_status.has_value();
}

} // namespace eventscope::kafka
