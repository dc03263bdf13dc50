// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"
#include "event/header_view.h"
#include "event/timestamp.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// What a transport delivered: a Kafka record, a message of a queue, a line of a file.
struct EnvelopeInput {
    std::string_view bytes;
    bool isNull = false; ///< no value at all (a tombstone); different from an empty one
    std::span<const HeaderView> headers{};
    std::string_view contentType{}; ///< where the transport keeps it apart (AMQP); else a header "content-type" counts
    std::string_view key{};         ///< of a Kafka record
};

/// Who wrote the fields around the data.
enum class EnvelopeKind {
    None,                  ///< nobody: the bytes are the payload, what is known comes from plain headers
    CloudEventsBinary,     ///< headers ce_… (Kafka) or cloudEvents:… (AMQP)
    CloudEventsStructured, ///< one JSON object with specversion, id, source and type
    Classic,               ///< {"eventId","eventType","timestamp","aggregateId","data","metadata"} and its cousins
    Debezium,              ///< {"before","after","source","op","ts_ms"}
    MassTransit,           ///< {"messageId","messageType":["urn:message:…"],"message"}
};
/// For people: "CloudEvents, structured", …
std::string_view toString(EnvelopeKind kind);

/// What the bytes are, as they came.
enum class PayloadFormat {
    Null,  ///< no value
    Empty, ///< a value without a byte
    Json,
    Xml,
    Yaml,
    MessagePack,
    Cbor,
    Protobuf, ///< without its schema: a guess that all bytes agree with
    AvroFile,
    AvroSingleObject,
    SchemaRegistry, ///< Confluent's or Glue's prefix before bytes that only a schema explains
    JavaObject,     ///< Java serialization
    Gzip,
    Zlib,
    Zstd,
    Lz4,
    Text,  ///< UTF-8
    Bytes, ///< none of these
};
/// For people: "JSON", "MessagePack", …
std::string_view toString(PayloadFormat format);

/// One way to read the bytes that failed, and why.
struct EnvelopeAttempt {
    std::string what;   ///< e.g. "JSON"
    std::string reason; ///< e.g. "not valid JSON at byte 12 (line 1, column 13): ':' is expected"
    bool operator==(const EnvelopeAttempt&) const = default;
};

/// What an envelope says. Texts are empty, numbers kNone, where it does not say.
struct Envelope {
    static constexpr std::int64_t kNone = INT64_MIN;

    EnvelopeKind kind = EnvelopeKind::None;
    PayloadFormat format = PayloadFormat::Null; ///< of all the bytes; of a compressed value its compression
    /// What was found inside the compression or behind the prefix; the same as `format` without one.
    PayloadFormat inner = PayloadFormat::Null;

    std::string id;
    std::string type;
    std::optional<Timestamp> time;
    std::string correlationId;
    std::string causationId;
    std::string stream;        ///< its name, when the envelope writes it out
    std::string aggregateId;   ///< aggregateId, entityId; the subject of a CloudEvent
    std::string aggregateType; ///< e.g. "order"
    std::string origin;        ///< the source attribute of a CloudEvent: who produced it
    std::int64_t version = kNone;
    std::int64_t position = kNone;
    std::int64_t partition = kNone;
    /// Everything else beside the data, in order: CloudEvents extensions, metadata, members that no
    /// field above takes. Texts as they are, other values as JSON text.
    std::vector<Header> attributes;

    /// The data: the part of the input's bytes that the envelope wraps, byte for byte, or all of them;
    /// of CloudEvents' data_base64 what it stands for, kept in `ownPayload`.
    std::string_view payload;
    bool payloadIsNull = false;
    std::string ownPayload;

    /// What was tried and failed, in order, also when something else worked in the end.
    std::vector<EnvelopeAttempt> attempts;
    /// True when the bytes are not what they were said to be or begin like, or nothing known at all.
    bool undecodable = false;

    /// `stream`, else "<aggregateType>-<aggregateId>", else the aggregate's id; empty when none is known.
    std::string streamName() const;
    /// One sentence an attempt, for SourceEvent::undecodable; empty when it could be decoded.
    std::string whyUndecodable() const;
    /// Empties it and keeps its memory.
    void clear();
};

/// Finds out what the bytes are and what the envelope around the data says, in the order: CloudEvents
/// headers, then the bytes' own marks (compression, schema prefix, JSON, XML, MessagePack, CBOR, …,
/// text, bytes), then plain headers such as eventType and correlation-id for what is still unknown.
/// Never fails, whatever the bytes; depends on nothing but its input; nested at most 1000 deep, unpacks
/// at most 64 MiB and 200 times the size. `envelope.payload` ends with `input.bytes` and with the
/// envelope. // any thread
void decodeEnvelope(const EnvelopeInput& input, Envelope& envelope);

} // namespace eventscope::core
