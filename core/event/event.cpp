// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/event.h"

#include "event/json.h"
#include "event/metadata_json.h"
#include "event/raw_json.h"

#include <charconv>

namespace eventscope::core {

namespace {

Status readVersion(const std::vector<RawJsonMember>& members, StreamVersion& version)
{
    const RawJsonMember* member = findRaw(members, "version");
    if (!member || member->isNull())
        return {};
    const char* end = member->value.data() + member->value.size();
    const auto [stop, error] = std::from_chars(member->value.data(), end, version.value);
    if (error != std::errc{} || stop != end)
        return fail(ErrorCode::Unparsable, "the envelope's \"version\" must be an integer");
    return {};
}

std::string textOr(const std::vector<RawJsonMember>& members, std::string_view name, std::string otherwise)
{
    const RawJsonMember* member = findRaw(members, name);
    return member && !member->isNull() ? member->text() : std::move(otherwise);
}

} // namespace

std::string_view categoryOf(std::string_view stream)
{
    return stream.substr(0, stream.find('-'));
}

std::string_view aggregateIdOf(std::string_view stream)
{
    const std::size_t dash = stream.find('-');
    return dash == std::string_view::npos ? stream : stream.substr(dash + 1);
}

std::string eventToClassicJson(const RecordedEvent& event)
{
    const std::string_view aggregateId = aggregateIdOf(event.stream);
    std::string out = "{";
    appendTextMember(out, "eventId", event.id);
    appendTextMember(out, "eventType", event.type);
    appendTextMember(out, "timestamp", formatTimestamp(event.time));
    appendTextMember(out, "aggregateId", aggregateId);
    appendMemberName(out, "version");
    out += std::to_string(event.version.value);
    appendMemberName(out, "data");
    out += event.data.empty() ? "null" : event.data;
    appendMemberName(out, "metadata");
    appendMetadataJson(out, event.metadata, event.schemaVersion, EnvelopeIds::WhenKnown);
    if (aggregateId != event.stream)
        appendTextMember(out, "stream", event.stream);
    out.push_back('}');
    return out;
}

Result<RecordedEvent> eventFromClassicJson(std::string_view json)
{
    const Result<std::vector<RawJsonMember>> members = readRawObject(json);
    if (!members)
        return std::unexpected(members.error());
    Result<EnvelopeHead> head = readEnvelopeHead(*members, "eventId", "eventType");
    if (!head)
        return std::unexpected(std::move(head.error()));

    RecordedEvent event;
    event.id = std::move(head->id);
    event.type = std::move(head->type);
    event.time = head->time;
    if (Status status = readVersion(*members, event.version); !status)
        return std::unexpected(std::move(status.error()));
    if (const RawJsonMember* metadata = findRaw(*members, "metadata"))
        metadataFromJson(metadata->value, event.metadata, event.schemaVersion);
    if (const RawJsonMember* data = findRaw(*members, "data"))
        event.data = data->value;
    event.stream = textOr(*members, "stream", textOr(*members, "aggregateId", {}));
    return event;
}

} // namespace eventscope::core
