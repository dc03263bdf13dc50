// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "import_record.h"

#include "event/json.h"
#include "event_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace eventscope::kafka {

namespace {

/// Where a record's headers go: beside the value, or into its JSON.
enum class HeaderPlace { Record, Json };

struct Parts {
    std::optional<std::string> key; ///< what the event says of it
    std::vector<core::Header> headers;
};

Parts partsOf(const core::SourceEvent& event)
{
    Parts parts;
    for (const core::HeaderView& header : event.headers) {
        if (header.name == kKeyHeader) {
            parts.key = std::string(header.value);
        } else {
            parts.headers.push_back({std::string(header.name), std::string(header.value)});
        }
    }
    return parts;
}

/// A stream that is only a place, "orders/3": its record had no key.
bool isNamedByPartition(const core::SourceEvent& event)
{
    return event.partition >= 0 && event.stream.ends_with(fmt::format("/{}", event.partition));
}

std::optional<std::int64_t> millisecondsOf(const core::SourceEvent& event)
{
    return event.hasTime
        ? std::optional(std::chrono::floor<std::chrono::milliseconds>(event.time).time_since_epoch().count())
        : std::nullopt;
}

OutRecord plainRecord(const core::SourceEvent& event, Parts parts, const std::string& topic)
{
    std::optional<std::string> key = std::move(parts.key);
    if (!key && !event.stream.empty() && !isNamedByPartition(event)) {
        key = std::string(event.stream);
    }
    return {.topic = topic,
        .key = std::move(key),
        .value = event.payloadIsNull ? std::nullopt : std::optional(std::string(event.payload)),
        .headers = std::move(parts.headers),
        .milliseconds = millisecondsOf(event)};
}

OutRecord classicRecord(const core::SourceEvent& event, Parts parts, HeaderPlace place, const std::string& topic)
{
    core::RecordedEvent recorded;
    recorded.id = event.id;
    recorded.type = event.type;
    recorded.time = event.time;
    recorded.stream = event.stream;
    recorded.version.value = event.version == core::SourceEvent::kNone ? 0 : event.version;
    recorded.metadata.correlationId = event.correlationId;
    recorded.metadata.causationId = event.causationId;
    recorded.data = event.payload;
    if (place == HeaderPlace::Json) {
        recorded.metadata.headers = std::move(parts.headers);
    }
    OutRecord record = toRecord(recorded, topic);
    record.headers = std::move(parts.headers); // the JSON says the rest
    record.milliseconds = millisecondsOf(event);
    if (parts.key) {
        record.key = std::move(parts.key);
    }
    return record;
}

/// The envelope beside bytes that it cannot be written into.
void addEnvelope(const core::SourceEvent& event, OutRecord& record)
{
    const auto add = [&](const char* name, std::string value) {
        if (!value.empty() && std::ranges::find(record.headers, name, &core::Header::name) == record.headers.end()) {
            record.headers.push_back({name, std::move(value)});
        }
    };
    add("eventType", std::string(event.type));
    add("eventId", std::string(event.id));
    add("timestamp", event.hasTime ? core::formatTimestamp(event.time) : std::string());
    add("correlationId", std::string(event.correlationId));
    add("causationId", std::string(event.causationId));
    add("streamVersion", event.version == core::SourceEvent::kNone ? std::string() : std::to_string(event.version));
}

bool sameHeaders(std::span<const core::HeaderView> left, std::span<const core::HeaderView> right)
{
    return std::ranges::equal(left, right,
        [](const core::HeaderView& a, const core::HeaderView& b) { return a.name == b.name && a.value == b.value; });
}

} // namespace

OutRecord ImportRecord::make(const core::SourceEvent& event, const std::string& topic)
{
    const Parts parts = partsOf(event);
    OutRecord plain = plainRecord(event, parts, topic);
    if (readsBackAs(event, plain)) {
        return plain;
    }
    if (!event.payloadIsNull && core::isJson(event.payload)) {
        const bool wasRecord = event.partition >= 0; // its headers were a record's, where consumers look for them
        for (const HeaderPlace place : {wasRecord ? HeaderPlace::Record : HeaderPlace::Json,
                 wasRecord ? HeaderPlace::Json : HeaderPlace::Record}) {
            OutRecord classic = classicRecord(event, parts, place, topic);
            if (readsBackAs(event, classic)) {
                return classic;
            }
        }
    }
    addEnvelope(event, plain);
    return plain;
}

bool ImportRecord::readsBackAs(const core::SourceEvent& event, const OutRecord& record)
{
    m_headers.clear();
    for (const core::Header& header : record.headers) {
        m_headers.push_back({header.name, header.value});
    }
    const core::SourceEvent read = m_decoder.decode({.source = record.topic,
        .topic = record.topic,
        .partition = event.partition,
        .milliseconds = record.milliseconds.value_or(-1),
        .key = record.key ? std::string_view(*record.key) : std::string_view(),
        .keyIsNull = !record.key,
        .value = record.value ? std::string_view(*record.value) : std::string_view(),
        .valueIsNull = !record.value,
        .headers = m_headers});
    const bool sameStream = isNamedByPartition(event) ? !record.key : read.stream == event.stream;
    const bool sameTime = !event.hasTime || (read.hasTime && read.time == event.time);
    return sameStream && sameTime && read.id == event.id && read.type == event.type && read.version == event.version
        && read.correlationId == event.correlationId && read.causationId == event.causationId
        && read.payload == event.payload && read.payloadIsNull == event.payloadIsNull
        && sameHeaders(read.headers, event.headers);
}

} // namespace eventscope::kafka
