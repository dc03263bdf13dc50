// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/message.h"

#include "event/json.h"
#include "event/metadata_json.h"
#include "event/raw_json.h"

namespace eventscope::core {

Message toMessage(const RecordedEvent& event)
{
    return {.id = event.id,
        .type = event.type,
        .time = event.time,
        .payload = event.data,
        .metadata = event.metadata,
        .schemaVersion = event.schemaVersion};
}

Message toMessage(const Command& command)
{
    return {.id = command.id,
        .type = command.type,
        .time = command.time,
        .payload = command.data,
        .metadata = command.metadata};
}

std::string messageToJson(const Message& message)
{
    std::string out = "{";
    appendTextMember(out, "messageId", message.id);
    appendTextMember(out, "messageType", message.type);
    appendTextMember(out, "timestamp", formatTimestamp(message.time));
    appendMemberName(out, "payload");
    out += message.payload.empty() ? "null" : message.payload;
    appendMemberName(out, "metadata");
    appendMetadataJson(out, message.metadata, message.schemaVersion, EnvelopeIds::Always);
    out.push_back('}');
    return out;
}

Result<Message> messageFromJson(std::string_view json)
{
    const Result<std::vector<RawJsonMember>> members = readRawObject(json);
    if (!members)
        return std::unexpected(members.error());
    Result<EnvelopeHead> head = readEnvelopeHead(*members, "messageId", "messageType");
    if (!head)
        return std::unexpected(std::move(head.error()));

    Message message{.id = std::move(head->id), .type = std::move(head->type), .time = head->time};
    if (const RawJsonMember* payload = findRaw(*members, "payload"))
        message.payload = payload->value;
    if (const RawJsonMember* metadata = findRaw(*members, "metadata"))
        metadataFromJson(metadata->value, message.metadata, message.schemaVersion);
    return message;
}

} // namespace eventscope::core
