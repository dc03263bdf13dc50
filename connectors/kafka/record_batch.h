// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_record.h"
#include "inspect/envelope_reader.h"
#include "inspect/source_event.h"
#include "kafka_handles.h"

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::kafka {

/// The header, shown but not in the record, that carries a key which nothing else of the event tells.
inline constexpr std::string_view kKeyHeader = "kafkakey";

/// A record as it lies in the client's buffer.
struct RecordView {
    std::string_view source; ///< the connection's name and the topic's: "kafka@host/orders"
    std::string_view topic;
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    std::int64_t milliseconds = -1; ///< of the record's timestamp; -1: it has none
    std::string_view key;
    bool keyIsNull = true;
    std::string_view value;
    bool valueIsNull = true;
    std::span<const core::HeaderView> headers;
};

/// Turns one record into an event: a pure function over its bytes, with the buffers that it needs.
class RecordDecoder {
public:
    /// Views into the record and into this, until the next call.
    core::SourceEvent decode(const RecordView& record);

private:
    core::EnvelopeReader m_reader;
    std::vector<core::HeaderView> m_headers;
    std::string m_stream;
};

/// Records as events, delivered together: the records stay where the client received them until they
/// are cleared, nothing is copied on the way. // one thread at a time
class RecordBatch {
public:
    /// `source` must outlive the batch.
    const core::SourceEvent& add(MessageHandle message, std::string_view source);
    /// Takes the record that came last out again.
    MessageHandle takeLast();
    void dropLast() { takeLast(); }
    std::span<const core::SourceEvent> events() const { return m_events; }
    std::size_t size() const { return m_events.size(); }
    bool empty() const { return m_events.empty(); }
    std::size_t payloadBytes() const { return m_payloadBytes; }
    void clear();

private:
    struct Slot {
        MessageHandle message;
        RecordDecoder decoder;
        std::vector<core::HeaderView> headers;
    };
    std::deque<Slot> m_slots; ///< used again
    std::vector<core::SourceEvent> m_events;
    std::size_t m_payloadBytes = 0;
};

/// A message's headers as views.
void readHeaders(const rd_kafka_message_t& message, std::vector<core::HeaderView>& headers);

/// A message's bytes, kept.
InRecord toInRecord(const rd_kafka_message_t& message);

} // namespace eventscope::kafka
