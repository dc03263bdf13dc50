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
    const auto appendText = [&](std::string_view name, std::string_view text) {
        appendMemberName(out, name);
        appendJsonString(out, text);
    };
    appendText("messageId", message.id);
    appendText("messageType", message.type);
    appendText("timestamp", formatTimestamp(message.time));
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
    Result<std::string> id = requiredText(*members, "messageId");
    if (!id)
        return std::unexpected(std::move(id.error()));
    Result<std::string> type = requiredText(*members, "messageType");
    if (!type)
        return std::unexpected(std::move(type.error()));
    const RawJsonMember* timestamp = findRaw(*members, "timestamp");
    if (!timestamp)
        return fail(ErrorCode::Unparsable, "the envelope has no \"timestamp\"");
    const Result<Timestamp> time = readEnvelopeTime(*timestamp);
    if (!time)
        return std::unexpected(time.error());

    Message message{.id = std::move(*id), .type = std::move(*type), .time = *time};
    if (const RawJsonMember* payload = findRaw(*members, "payload"))
        message.payload = payload->value;
    if (const RawJsonMember* metadata = findRaw(*members, "metadata"))
        metadataFromJson(metadata->value, message.metadata, message.schemaVersion);
    return message;
}

} // namespace eventscope::core
