// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/envelope/envelope_fields.h"

#include <algorithm>

namespace eventscope::core {

namespace {

/// The members that a classic envelope keeps its fields in; nullptr where it has none.
struct ClassicMembers {
    const RawJsonMember* id;
    const RawJsonMember* type;
    const RawJsonMember* data;
    const RawJsonMember* time;
    const RawJsonMember* stream;
    const RawJsonMember* aggregateId;
    const RawJsonMember* aggregateType;
    const RawJsonMember* version;
    const RawJsonMember* metadata;

    explicit ClassicMembers(const JsonMembers& members)
        : id(firstOf(members, {"eventId", "messageId", "commandId", "id"}))
        , type(firstOf(members, {"eventType", "messageType", "commandType", "type", "event", "name"}))
        , data(nullptr)
        , time(firstOf(members, {"timestamp", "occurredAt", "occurredOn", "createdAt", "time"}))
        , stream(firstOf(members, {"stream", "streamId"}))
        , aggregateId(firstOf(members, {"aggregateId", "entityId"}))
        , aggregateType(firstOf(members, {"aggregateType"}))
        , version(firstOf(members, {"version", "aggregateVersion", "sequence"}))
        , metadata(firstOf(members, {"metadata"}))
    {
        for (const std::string_view name : {"data", "payload", "body"}) { // null counts: an event without data
            data = data ? data : findRaw(members, name);
        }
    }

    bool take(const RawJsonMember& member) const
    {
        const RawJsonMember* const taken[]
            = {id, type, data, time, stream, aggregateId, aggregateType, version, metadata};
        return std::ranges::find(taken, &member) != std::end(taken);
    }
};

/// A field whose value cannot be used becomes an attribute instead.
void readOptional(const ClassicMembers& found, Envelope& envelope)
{
    const auto readText = [&](const RawJsonMember* member, std::string& field) {
        field = scalarText(member);
        if (member && field.empty()) {
            addAttribute(envelope, member->name, *member);
        }
    };
    readText(found.stream, envelope.stream);
    readText(found.aggregateId, envelope.aggregateId);
    readText(found.aggregateType, envelope.aggregateType);
    if (found.time) {
        envelope.time = timeOf(scalarText(found.time));
        if (!envelope.time) {
            addAttempt(envelope, "Classic envelope", "\"" + found.time->name + "\" is no time that is known");
            addAttribute(envelope, found.time->name, *found.time);
        }
    }
    if (found.version) {
        const std::optional<std::int64_t> version = integerOf(scalarText(found.version));
        envelope.version = version.value_or(Envelope::kNone);
        if (!version) {
            addAttribute(envelope, found.version->name, *found.version);
        }
    }
}

} // namespace

bool readClassic(const JsonMembers& members, Envelope& envelope)
{
    const ClassicMembers found(members);
    std::string id = scalarText(found.id);
    if (id.empty() || !isNonEmptyString(found.type) || !found.data) {
        return false;
    }
    envelope.kind = EnvelopeKind::Classic;
    envelope.id = std::move(id);
    envelope.type = found.type->text();
    envelope.payload = found.data->value;
    readOptional(found, envelope);
    for (const RawJsonMember& member : members) {
        if (found.take(member) || member.isNull()) {
            continue;
        }
        const KnownKey key = knownKey(member.name);
        std::string text = scalarText(&member);
        if (key == KnownKey::Correlation && envelope.correlationId.empty() && !text.empty()) {
            envelope.correlationId = std::move(text);
        } else if (key == KnownKey::Causation && envelope.causationId.empty() && !text.empty()) {
            envelope.causationId = std::move(text);
        } else {
            addAttribute(envelope, member.name, member);
        }
    }
    if (found.metadata) {
        readMetadata(*found.metadata, envelope);
    }
    return true;
}

} // namespace eventscope::core
