// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/base64.h"
#include "event/envelope/envelope_fields.h"

#include <fmt/core.h>

#include <array>

namespace eventscope::core {

namespace {

constexpr std::string_view kWhat = "CloudEvents";

/// "id" of ce_id, ce-id, cloudEvents:id and cloudEvents_id, whatever the case; empty for other headers.
std::string_view attributeOf(std::string_view header)
{
    static constexpr std::array<std::string_view, 4> kPrefixes = {"ce_", "ce-", "cloudevents:", "cloudevents_"};
    for (const std::string_view prefix : kPrefixes) {
        if (header.size() <= prefix.size()) {
            continue;
        }
        bool same = true;
        for (std::size_t i = 0; i < prefix.size() && same; ++i) {
            const char c = header[i];
            same = (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) == prefix[i];
        }
        if (same) {
            return header.substr(prefix.size());
        }
    }
    return {};
}

/// What to do with an attribute that is no id, source, type or data; false for an extension.
bool readAttribute(std::string_view name, std::string_view value, Envelope& envelope)
{
    const auto readInteger = [&](std::int64_t& field) {
        const std::optional<std::int64_t> number = integerOf(value);
        field = number.value_or(field);
        return number.has_value();
    };
    if (name == "time") {
        envelope.time = timeOf(value);
        if (!envelope.time) {
            addAttempt(envelope, kWhat, fmt::format("the attribute \"time\" is no RFC 3339 time: '{:.64}'", value));
        }
        return envelope.time.has_value();
    }
    if (name == "subject") {
        envelope.aggregateId = value;
        return true;
    }
    if (name == "correlationid") {
        envelope.correlationId = value;
        return true;
    }
    if (name == "causationid") {
        envelope.causationId = value;
        return true;
    }
    if (name == "version") {
        return readInteger(envelope.version);
    }
    if (name == "position") {
        return readInteger(envelope.position);
    }
    if (name == "partition") {
        return readInteger(envelope.partition);
    }
    return name == "specversion";
}

bool saysJson(std::string_view contentType)
{
    const std::string_view media = contentType.substr(0, contentType.find(';'));
    return media.empty() || media.ends_with("/json") || media.ends_with("+json");
}

/// The data of the structured form, with what the JSON format says of its types.
bool readData(const JsonMembers& members, std::string_view contentType, Envelope& envelope)
{
    if (const RawJsonMember* const encoded = findRaw(members, "data_base64"); encoded && !encoded->isNull()) {
        std::optional<std::string> bytes = decodeBase64(encoded->text());
        if (!encoded->isString() || !bytes) {
            addAttempt(envelope, kWhat, "\"data_base64\" is not valid base64");
            return false;
        }
        envelope.ownPayload = std::move(*bytes);
        envelope.payload = envelope.ownPayload;
        return true;
    }
    const RawJsonMember* const data = findRaw(members, "data");
    if (!data) {
        envelope.payload = {};
        envelope.payloadIsNull = true;
    } else if (data->isString() && !saysJson(contentType)) {
        envelope.ownPayload = data->text();
        envelope.payload = envelope.ownPayload;
    } else {
        envelope.payload = data->value;
    }
    return true;
}

} // namespace

bool readCloudEventHeaders(const EnvelopeInput& input, Envelope& envelope)
{
    std::string_view id;
    std::string_view type;
    std::string_view source;
    bool hasVersion = false;
    for (const HeaderView& header : input.headers) {
        const std::string_view name = attributeOf(header.name);
        if (name == "id") {
            id = header.value;
        } else if (name == "type") {
            type = header.value;
        } else if (name == "source") {
            source = header.value;
        }
        hasVersion = hasVersion || name == "specversion";
    }
    if (!hasVersion && (id.empty() || type.empty())) {
        return false;
    }
    if (id.empty() || type.empty() || source.empty()) {
        addAttempt(envelope, kWhat,
            fmt::format("its headers have no attribute \"{}\"",
                id.empty()         ? "id"
                    : type.empty() ? "type"
                                   : "source"));
        if (id.empty() && type.empty()) {
            return false;
        }
    }
    envelope.kind = EnvelopeKind::CloudEventsBinary;
    envelope.id = id;
    envelope.type = type;
    envelope.origin = source;
    for (const HeaderView& header : input.headers) {
        if (const std::string_view name = attributeOf(header.name); !name.empty()) {
            readAttribute(name, header.value, envelope);
        }
    }
    return true;
}

bool readCloudEvent(const JsonMembers& members, bool declared, Envelope& envelope)
{
    static constexpr std::array<std::string_view, 4> kRequired = {"specversion", "id", "source", "type"};
    for (const std::string_view name : kRequired) {
        if (isNonEmptyString(findRaw(members, name))) {
            continue;
        }
        if (declared) {
            addAttempt(envelope, kWhat,
                fmt::format("the attribute \"{}\" {}", name,
                    findRaw(members, name) ? "is no text, or an empty one" : "is missing"));
            envelope.undecodable = true;
        }
        return false;
    }
    const std::string contentType = scalarText(findRaw(members, "datacontenttype"));
    if (!readData(members, contentType, envelope)) {
        envelope.undecodable = true;
        return false;
    }
    envelope.kind = EnvelopeKind::CloudEventsStructured;
    envelope.id = findRaw(members, "id")->text();
    envelope.type = findRaw(members, "type")->text();
    envelope.origin = findRaw(members, "source")->text();
    for (const RawJsonMember& member : members) {
        const bool isOwn = member.name == "id" || member.name == "type" || member.name == "source"
            || member.name == "data" || member.name == "data_base64" || member.isNull();
        // All headers in one text is how this program writes those that cannot be attributes.
        const bool isHeaders
            = member.name == "headers" && member.isString() && readHeaderPairs(member.text(), envelope);
        if (!isOwn && !isHeaders && !readAttribute(member.name, member.text(), envelope)) {
            addAttribute(envelope, member.name, member);
        }
    }
    return true;
}

} // namespace eventscope::core
