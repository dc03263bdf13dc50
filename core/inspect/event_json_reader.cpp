// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/event_json_reader.h"

#include "event/base64.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace eventscope::core {

namespace {

constexpr std::array<std::string_view, 15> kNames = {"source", "stream", "position", "partition", "version", "id",
    "type", "time", "correlationId", "causationId", "headers", "data", "dataText", "late", "undecodable"};
constexpr std::array<std::string_view, 4> kMarks = {"type", "source", "stream", "position"};

template <class Number>
bool readNumber(const RawJsonMember& member, Number& number)
{
    std::string_view digits = member.value;
    if (member.isString()) {
        digits = digits.substr(1, digits.size() - 2);
    }
    const char* const end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, number);
    return error == std::errc{} && rest == end;
}

bool isTheirs(const std::vector<RawJsonMember>& members)
{
    bool hasData = false;
    bool hasMark = false;
    for (const RawJsonMember& member : members) {
        if (std::ranges::find(kNames, member.name) == kNames.end()) {
            return false;
        }
        hasData = hasData || member.name == "data";
        hasMark = hasMark || std::ranges::find(kMarks, member.name) != kMarks.end();
    }
    return hasData && hasMark;
}

/// The value of an object's only member when that has this name; it is a string.
std::optional<std::string_view> wrapped(std::string_view value, std::string_view name)
{
    if (value.size() < name.size() + 6 || value.front() != '{' || value.find(name) == std::string_view::npos) {
        return std::nullopt;
    }
    const auto members = readRawObject(value);
    const bool isIt = members && members->size() == 1 && members->front().name == name && members->front().isString();
    return isIt ? std::optional(members->front().value) : std::nullopt;
}

} // namespace

std::string_view EventJsonReader::keep(std::string text)
{
    m_texts.push_back(std::move(text));
    return m_texts.back();
}

/// A string, or {"$base64":…}.
bool EventJsonReader::readText(std::string_view value, std::string_view& text)
{
    if (value.front() == '"') {
        const bool isPlain = value.find('\\') == std::string_view::npos;
        text = isPlain ? value.substr(1, value.size() - 2) : keep(decodeJsonString(value));
        return true;
    }
    const auto encoded = wrapped(value, "$base64");
    std::optional<std::string> bytes = encoded ? decodeBase64(decodeJsonString(*encoded)) : std::nullopt;
    if (bytes) {
        text = keep(std::move(*bytes));
    }
    return bytes.has_value();
}

bool EventJsonReader::readHeaders(std::string_view value, SourceEvent& event)
{
    const auto pairs = readRawArray(value);
    if (!pairs) {
        return false;
    }
    for (const std::string_view pair : *pairs) {
        const auto texts = readRawArray(pair);
        HeaderView header;
        if (!texts || texts->size() != 2 || !readText((*texts)[0], header.name)
            || !readText((*texts)[1], header.value)) {
            return false;
        }
        m_headers.push_back(header);
    }
    event.headers = m_headers;
    return true;
}

bool EventJsonReader::readData(std::string_view value, SourceEvent& event)
{
    event.payloadIsNull = value == "null";
    event.payload = event.payloadIsNull ? std::string_view() : value;
    if (const auto text = wrapped(value, "$text")) {
        event.payload = keep(decodeJsonString(*text));
    } else if (const auto encoded = wrapped(value, "$base64")) {
        std::optional<std::string> bytes = decodeBase64(decodeJsonString(*encoded));
        if (!bytes) {
            return false;
        }
        event.payload = keep(std::move(*bytes));
    }
    return true;
}

bool EventJsonReader::readMember(const RawJsonMember& member, SourceEvent& event)
{
    const std::string_view name = member.name;
    if (name == "data") {
        return readData(member.value, event);
    }
    if (member.isNull()) {
        return true;
    }
    if (name == "position") {
        return readNumber(member, event.position);
    }
    if (name == "version") {
        return readNumber(member, event.version);
    }
    if (name == "partition") {
        return readNumber(member, event.partition) && event.partition >= 0;
    }
    if (name == "headers") {
        return readHeaders(member.value, event);
    }
    if (name == "time") {
        const Result<Timestamp> time = member.isString() ? parseTimestamp(member.text()) : Result<Timestamp>();
        event.hasTime = member.isString() && time.has_value();
        event.time = event.hasTime ? *time : Timestamp();
        return event.hasTime;
    }
    if (name == "dataText") {
        return true; // after the data
    }
    if (name == "late") {
        event.isLate = member.value == "true";
        return event.isLate || member.value == "false";
    }
    std::string_view& field = name == "source" ? event.source
        : name == "stream"                     ? event.stream
        : name == "id"                         ? event.id
        : name == "type"                       ? event.type
        : name == "correlationId"              ? event.correlationId
        : name == "causationId"                ? event.causationId
                                               : event.undecodable;
    return readText(member.value, field);
}

EventJsonReader::Outcome EventJsonReader::read(const std::vector<RawJsonMember>& members, SourceEvent& event)
{
    if (!isTheirs(members)) {
        return Outcome::NotAnEvent;
    }
    m_texts.clear();
    m_headers.clear();
    SourceEvent found = event;
    found.hasTime = false;
    const RawJsonMember* exact = nullptr;
    for (const RawJsonMember& member : members) {
        if (!readMember(member, found)) {
            m_why = fmt::format("the field \"{}\" makes no sense", member.name);
            return Outcome::Broken;
        }
        exact = member.name == "dataText" ? &member : exact;
    }
    if (exact && exact->isString()) {
        found.payload = keep(exact->text());
        found.payloadIsNull = false;
    }
    event = found;
    return Outcome::Read;
}

EventJsonReader::Outcome EventJsonReader::read(std::string_view json, SourceEvent& event)
{
    const auto members = readRawObject(json);
    return members ? read(*members, event) : Outcome::NotAnEvent;
}

} // namespace eventscope::core
