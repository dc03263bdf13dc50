// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/envelope.h"

#include "event/envelope/envelope_fields.h"
#include "event/envelope/payload_content.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace eventscope::core {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool sameLetters(std::string_view left, std::string_view right)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(left, right, {}, lower, lower);
}

/// What the transport says of the bytes, or a header; without parameters such as "; charset=utf-8".
std::string_view contentTypeOf(const EnvelopeInput& input)
{
    std::string_view type = input.contentType;
    for (const HeaderView& header : input.headers) {
        if (type.empty() && sameLetters(header.name, "content-type")) {
            type = header.value;
        }
    }
    type = type.substr(0, type.find(';'));
    while (type.ends_with(' ')) {
        type.remove_suffix(1);
    }
    return type;
}

bool startsWithLetters(std::string_view text, std::string_view beginning)
{
    return sameLetters(text.substr(0, beginning.size()), beginning);
}

bool endsWithLetters(std::string_view text, std::string_view end)
{
    return text.size() >= end.size() && sameLetters(text.substr(text.size() - end.size()), end);
}

struct Declared {
    bool json = false;
    bool cloudEvent = false;
    bool massTransit = false;

    explicit Declared(std::string_view contentType)
        : json(endsWithLetters(contentType, "/json") || endsWithLetters(contentType, "+json"))
        , cloudEvent(startsWithLetters(contentType, "application/cloudevents")
              && !startsWithLetters(contentType, "application/cloudevents-batch"))
        , massTransit(startsWithLetters(contentType, "application/vnd.masstransit"))
    {
    }
};

/// The envelopes that are one JSON object. `json` is valid.
void readObject(const JsonMembers& members, const Declared& declared, const EnvelopeInput& input, Envelope& envelope)
{
    if (readCloudEvent(members, declared.cloudEvent, envelope)
        || readMassTransit(members, declared.massTransit, envelope) || readDebezium(members, input, envelope)) {
        return;
    }
    const RawJsonMember* const inner = findRaw(members, "payload");
    if (isObject(inner) && isObject(findRaw(members, "schema"))) { // Kafka Connect's JSON with its schema
        const Result<JsonMembers> row = readRawObject(inner->value);
        if (row && readDebezium(*row, input, envelope)) {
            envelope.payload = inner->value;
            return;
        }
    }
    readClassic(members, envelope);
}

/// The value beside envelope fields that stand in the headers; the reason is kept when it is no JSON.
bool isJsonData(std::string_view bytes, Envelope& envelope)
{
    if (bytes.starts_with(kByteOrderMark)) {
        bytes.remove_prefix(kByteOrderMark.size());
    }
    const Status valid = checkJson(bytes);
    if (!valid) {
        addAttempt(envelope, "JSON", valid.error().message);
    }
    return valid.has_value();
}

/// False when it is no JSON; the reason is kept where it was to be expected.
bool readJson(std::string_view bytes, const Declared& declared, const EnvelopeInput& input, Envelope& envelope)
{
    if (bytes.starts_with(kByteOrderMark)) {
        bytes.remove_prefix(kByteOrderMark.size());
    }
    if (!declared.cloudEvent && !declared.massTransit && readPlainClassic(bytes, envelope)) {
        return true;
    }
    const std::size_t first = bytes.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos && bytes[first] == '{') {
        const Result<JsonMembers> members = readRawObject(bytes);
        if (members) {
            readObject(*members, declared, input, envelope);
            return true;
        }
        addAttempt(envelope, "JSON", members.error().message);
        return false;
    }
    return isJsonData(bytes, envelope);
}

bool beginsLikeJson(std::string_view bytes)
{
    if (bytes.starts_with(kByteOrderMark)) {
        bytes.remove_prefix(kByteOrderMark.size());
    }
    const std::size_t first = bytes.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos
        && std::string_view("{[\"-tfn0123456789").find(bytes[first]) != std::string_view::npos;
}

/// Broken only when the bytes look as if they were meant to be JSON: "no" is a text.
bool beginsLikeContainer(std::string_view bytes)
{
    const std::size_t first = bytes.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && (bytes[first] == '{' || bytes[first] == '[');
}

/// What packed or binary bytes say once they are JSON. Its data lies in no part of the input's bytes,
/// so the payload stays all of them.
void readUnpacked(
    const PayloadContent& content, const Declared& declared, const EnvelopeInput& input, Envelope& envelope)
{
    if (content.json.empty()) {
        return;
    }
    readJson(content.json, declared, input, envelope);
    envelope.payload = input.bytes;
    envelope.payloadIsNull = false;
    envelope.ownPayload.clear();
}

void readBinary(const Declared& declared, const EnvelopeInput& input, Envelope& envelope)
{
    PayloadContent content = readPayloadContent(input.bytes, input.headers);
    envelope.format = content.format;
    envelope.inner = content.inner;
    std::ranges::move(content.attempts, std::back_inserter(envelope.attempts));
    if (content.prefixSize > 0 && !content.json.empty()) {
        const std::string_view data = input.bytes.substr(content.prefixSize);
        envelope.payload = data;
        readJson(data, declared, input, envelope);
        return;
    }
    envelope.undecodable = envelope.undecodable || !content.isKnown;
    readUnpacked(content, declared, input, envelope);
}

} // namespace

std::string_view toString(EnvelopeKind kind)
{
    switch (kind) {
    case EnvelopeKind::None: break;
    case EnvelopeKind::CloudEventsBinary: return "CloudEvents, in headers";
    case EnvelopeKind::CloudEventsStructured: return "CloudEvents, structured";
    case EnvelopeKind::Classic: return "classic event";
    case EnvelopeKind::Debezium: return "Debezium change";
    case EnvelopeKind::MassTransit: return "MassTransit message";
    }
    return "none";
}

std::string Envelope::streamName() const
{
    if (!stream.empty()) {
        return stream;
    }
    return aggregateType.empty() || aggregateId.empty() ? aggregateId : aggregateType + '-' + aggregateId;
}

std::string Envelope::whyUndecodable() const
{
    if (!undecodable) {
        return {};
    }
    std::string sentence;
    for (const EnvelopeAttempt& attempt : attempts) {
        sentence += fmt::format("{}{}: {}", sentence.empty() ? "" : "; ", attempt.what, attempt.reason);
    }
    return sentence.empty() ? "the bytes are in no known format" : sentence;
}

void Envelope::clear()
{
    kind = EnvelopeKind::None;
    format = PayloadFormat::Null;
    inner = PayloadFormat::Null;
    for (std::string* const text :
        {&id, &type, &correlationId, &causationId, &stream, &aggregateId, &aggregateType, &origin, &ownPayload}) {
        text->clear();
    }
    time.reset();
    version = kNone;
    position = kNone;
    partition = kNone;
    attributes.clear();
    payload = {};
    payloadIsNull = false;
    attempts.clear();
    undecodable = false;
}

void decodeEnvelope(const EnvelopeInput& input, Envelope& envelope)
{
    envelope.clear();
    envelope.payload = input.bytes;
    envelope.payloadIsNull = input.isNull;
    const Declared declared(contentTypeOf(input));
    const bool isInHeaders = readCloudEventHeaders(input, envelope);
    if (input.isNull || input.bytes.empty()) {
        envelope.format = input.isNull ? PayloadFormat::Null : PayloadFormat::Empty;
        envelope.inner = envelope.format;
    } else if (beginsLikeJson(input.bytes)
        && (isInHeaders ? isJsonData(input.bytes, envelope) : readJson(input.bytes, declared, input, envelope))) {
        envelope.format = PayloadFormat::Json;
        envelope.inner = PayloadFormat::Json;
    } else {
        if (declared.json && !beginsLikeJson(input.bytes)) {
            isJsonData(input.bytes, envelope);
        }
        envelope.undecodable = declared.json || beginsLikeContainer(input.bytes);
        if (isInHeaders) {
            PayloadContent content = readPayloadContent(input.bytes, input.headers);
            envelope.format = content.format;
            envelope.inner = content.inner;
            std::ranges::move(content.attempts, std::back_inserter(envelope.attempts));
        } else {
            readBinary(declared, input, envelope);
        }
    }
    readPlainHeaders(input, envelope);
}

} // namespace eventscope::core
