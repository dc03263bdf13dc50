// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/metadata_json.h"

#include "event/bytes_json.h"
#include "event/json.h"
#include "event/utf8.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace eventscope::core {

namespace {

constexpr std::array<std::string_view, 5> kOwnNames
    = {"correlationId", "causationId", "userId", "schemaVersion", "headers"};

/// Whether every header can be a member under its own name and come back the same.
bool fitAsMembers(const std::vector<Header>& headers)
{
    std::vector<std::string_view> names;
    for (const Header& header : headers) {
        const bool isOwn = std::find(kOwnNames.begin(), kOwnNames.end(), header.name) != kOwnNames.end();
        if (isOwn || !isUtf8(header.name) || !isUtf8(header.value))
            return false;
        names.push_back(header.name);
    }
    std::sort(names.begin(), names.end());
    return std::adjacent_find(names.begin(), names.end()) == names.end();
}

void appendTextMember(std::string& out, std::string_view name, std::string_view text)
{
    appendMemberName(out, name);
    appendJsonString(out, text);
}

/// A text; what is none, as {"$base64":…}.
void appendBytesMember(std::string& out, std::string_view name, std::string_view bytes)
{
    appendMemberName(out, name);
    bytesToJson(bytes).dumpTo(out);
}

void appendHeaders(std::string& out, const std::vector<Header>& headers)
{
    if (fitAsMembers(headers)) {
        for (const Header& header : headers)
            appendTextMember(out, header.name, header.value);
        return;
    }
    appendMemberName(out, "headers");
    out.push_back('[');
    for (const Header& header : headers) {
        if (out.back() != '[')
            out.push_back(',');
        out.push_back('[');
        bytesToJson(header.name).dumpTo(out);
        out.push_back(',');
        bytesToJson(header.value).dumpTo(out);
        out.push_back(']');
    }
    out.push_back(']');
}

/// [["name","value"],…], bytes as {"$base64":…}, or nothing where it is something else.
std::optional<std::vector<Header>> readHeaderPairs(std::string_view json)
{
    const Result<Json> value = Json::parse(json);
    if (!value || !value->isArray())
        return std::nullopt;
    std::vector<Header> headers;
    for (const Json& pair : value->asArray()) {
        if (!pair.isArray() || pair.asArray().size() != 2)
            return std::nullopt;
        auto name = bytesFromJson(pair.asArray()[0]);
        auto text = bytesFromJson(pair.asArray()[1]);
        if (!name || !text)
            return std::nullopt;
        headers.push_back({std::move(*name), std::move(*text)});
    }
    return headers;
}

/// Takes an id that is not set yet from text or a number, or bytes as {"$base64":…}.
bool readId(const RawJsonMember& member, std::string& id)
{
    const char first = member.value.front();
    const bool isScalar = first == '"' || first == '-' || (first >= '0' && first <= '9');
    if (!id.empty() || !(isScalar || first == '{'))
        return false;
    if (isScalar) {
        id = member.text();
        return true;
    }
    const Result<Json> value = Json::parse(member.value);
    auto bytes = value ? bytesFromJson(*value) : std::nullopt;
    if (!bytes || bytes->empty())
        return false;
    id = std::move(*bytes);
    return true;
}

bool readSchemaVersion(const RawJsonMember& member, int& schemaVersion)
{
    int version = 0;
    const char* end = member.value.data() + member.value.size();
    const auto [stop, error] = std::from_chars(member.value.data(), end, version);
    if (error != std::errc{} || stop != end || version < 1)
        return false;
    schemaVersion = version;
    return true;
}

bool readOwnMember(const RawJsonMember& member, Metadata& metadata, int& schemaVersion)
{
    if (member.name == "correlationId")
        return member.isNull() || readId(member, metadata.correlationId);
    if (member.name == "causationId")
        return member.isNull() || readId(member, metadata.causationId);
    if (member.name == "userId")
        return member.isNull() || readId(member, metadata.userId);
    if (member.name == "schemaVersion")
        return readSchemaVersion(member, schemaVersion);
    if (member.name != "headers")
        return false;
    const std::optional<std::vector<Header>> headers = readHeaderPairs(member.value);
    if (headers)
        metadata.headers.insert(metadata.headers.end(), headers->begin(), headers->end());
    return headers.has_value();
}

Result<Timestamp> readEnvelopeTime(const RawJsonMember& member)
{
    if (member.isString())
        return parseTimestamp(member.text());
    std::int64_t milliseconds = 0;
    const char* end = member.value.data() + member.value.size();
    const auto [stop, error] = std::from_chars(member.value.data(), end, milliseconds);
    constexpr std::int64_t kYear9999 = 253'402'300'799'999;
    if (error != std::errc{} || stop != end || milliseconds > kYear9999 || milliseconds < -kYear9999)
        return fail(ErrorCode::Unparsable, fmt::format("\"{}\" must be an ISO 8601 time or milliseconds", member.name));
    return Timestamp(std::chrono::milliseconds(milliseconds));
}

Result<std::string> requiredText(const std::vector<RawJsonMember>& members, std::string_view name)
{
    const RawJsonMember* member = findRaw(members, name);
    if (!member)
        return fail(ErrorCode::Unparsable, fmt::format("the envelope has no \"{}\"", name));
    if (!member->isString() || member->value.size() == 2)
        return fail(ErrorCode::Unparsable, fmt::format("the envelope's \"{}\" must be a text that is not empty", name));
    return member->text();
}

} // namespace

void appendMemberName(std::string& out, std::string_view name)
{
    if (out.back() != '{')
        out.push_back(',');
    appendJsonString(out, name);
    out.push_back(':');
}

void appendMetadataJson(std::string& out, const Metadata& metadata, int schemaVersion, EnvelopeIds ids)
{
    const auto appendId = [&](std::string_view name, const std::string& id) {
        if (!id.empty()) {
            appendBytesMember(out, name, id);
        } else if (ids == EnvelopeIds::Always) {
            appendMemberName(out, name);
            out += "null";
        }
    };
    out.push_back('{');
    appendId("correlationId", metadata.correlationId);
    appendId("causationId", metadata.causationId);
    if (!metadata.userId.empty())
        appendBytesMember(out, "userId", metadata.userId);
    if (schemaVersion != 1) {
        appendMemberName(out, "schemaVersion");
        out += std::to_string(schemaVersion);
    }
    appendHeaders(out, metadata.headers);
    out.push_back('}');
}

std::string metadataToJson(const Metadata& metadata, int schemaVersion)
{
    std::string out;
    appendMetadataJson(out, metadata, schemaVersion, EnvelopeIds::WhenKnown);
    return out;
}

void metadataFromJson(std::string_view json, Metadata& metadata, int& schemaVersion)
{
    metadata = {};
    schemaVersion = 1;
    if (json.empty() || json == "null")
        return;
    const Result<std::vector<RawJsonMember>> members = readRawObject(json);
    if (!members) {
        metadata.headers.push_back({"metadata", std::string(json)});
        return;
    }
    for (const RawJsonMember& member : *members) {
        if (!readOwnMember(member, metadata, schemaVersion))
            metadata.headers.push_back({member.name, member.text()});
    }
}

void appendTextMember(std::string& out, std::string_view name, std::string_view text)
{
    appendMemberName(out, name);
    appendJsonString(out, text);
}

Result<EnvelopeHead> readEnvelopeHead(
    const std::vector<RawJsonMember>& members, std::string_view idName, std::string_view typeName)
{
    Result<std::string> id = requiredText(members, idName);
    if (!id)
        return std::unexpected(std::move(id.error()));
    Result<std::string> type = requiredText(members, typeName);
    if (!type)
        return std::unexpected(std::move(type.error()));
    const RawJsonMember* timestamp = findRaw(members, "timestamp");
    if (!timestamp)
        return fail(ErrorCode::Unparsable, "the envelope has no \"timestamp\"");
    const Result<Timestamp> time = readEnvelopeTime(*timestamp);
    if (!time)
        return std::unexpected(time.error());
    return EnvelopeHead{std::move(*id), std::move(*type), *time};
}

} // namespace eventscope::core
