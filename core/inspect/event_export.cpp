// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/event_export.h"

#include "event/base64.h"
#include "event/json.h"
#include "event/utf8.h"
#include "inspect/event_json.h"
#include "inspect/json_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <set>

namespace eventscope::core {

namespace {

// --- NDJSON ---------------------------------------------------------------------------------------

void appendNdJson(std::string& out, const SourceEvent& event)
{
    appendEventJson(out, event);
    // "null" alone says that there is no payload.
    const bool mayDiffer = !event.payload.empty()
        && (event.payload == "null" || event.payload.find_first_of("\r\n") != std::string_view::npos
            || std::string_view(" \t").find(event.payload.front()) != std::string_view::npos
            || std::string_view(" \t").find(event.payload.back()) != std::string_view::npos);
    if (mayDiffer && isJson(event.payload)) {
        out.back() = ','; // instead of the closing brace
        out += "\"dataText\":";
        appendJsonString(out, event.payload);
        out.push_back('}');
    }
    out.push_back('\n');
}

// --- CloudEvents ----------------------------------------------------------------------------------

constexpr std::array<std::string_view, 15> kTakenNames = {"specversion", "id", "source", "type", "subject", "time",
    "data", "data_base64", "dataschema", "version", "position", "partition", "correlationid", "causationid", "headers"};
constexpr std::size_t kLongestName = 20;

/// Lower-case letters and digits, as CloudEvents wants attributes to be named, and none of ours.
bool isAttributeName(std::string_view name)
{
    const bool isPlain
        = std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
    return isPlain && !name.empty() && name.size() <= kLongestName
        && (name == "dataschema" || std::ranges::find(kTakenNames, name) == kTakenNames.end());
}

bool fitAsAttributes(std::span<const HeaderView> headers)
{
    std::set<std::string_view> names;
    return std::ranges::all_of(headers, [&names](const HeaderView& header) {
        // A content type that says other than JSON would change what the data means.
        const bool isSafe = header.name != "datacontenttype" || header.value.ends_with("json");
        return isSafe && isAttributeName(header.name) && isUtf8(header.value) && names.insert(header.name).second;
    });
}

void appendHeaders(JsonFields& fields, std::span<const HeaderView> headers)
{
    if (headers.empty()) {
        return;
    }
    if (fitAsAttributes(headers)) {
        for (const HeaderView& header : headers) {
            fields.text(header.name, header.value);
        }
        return;
    }
    std::string json;
    appendHeadersJson(json, headers);
    fields.text("headers", json);
}

std::string madeUpId(const SourceEvent& event)
{
    std::string id = fmt::format("{}/{}", event.source, event.stream);
    if (event.partition >= 0) {
        id += fmt::format("/{}", event.partition);
    }
    return event.position == SourceEvent::kNone ? id : id + fmt::format("/{}", event.position);
}

/// CloudEvents' integers have 32 bits; what is larger is a text.
void appendNumber(JsonFields& fields, std::string_view name, std::int64_t number)
{
    if (number >= std::numeric_limits<std::int32_t>::min() && number <= std::numeric_limits<std::int32_t>::max()) {
        fields.integer(name, number);
    } else {
        fields.integerText(name, number);
    }
}

void appendCloudEvent(std::string& out, const SourceEvent& event)
{
    JsonFields fields(out);
    fields.text("specversion", "1.0");
    fields.text("id", event.id.empty() ? madeUpId(event) : std::string(event.id));
    fields.text("source", event.source.empty() ? "unknown" : event.source);
    fields.text("type", event.type.empty() ? "unknown" : event.type);
    fields.textUnlessEmpty("subject", event.stream);
    if (event.hasTime) {
        fields.time("time", event.time);
    }
    if (event.version != SourceEvent::kNone) {
        appendNumber(fields, "version", event.version);
    }
    if (event.position != SourceEvent::kNone) {
        fields.integerText("position", event.position);
    }
    if (event.partition >= 0) {
        fields.integer("partition", event.partition);
    }
    fields.textUnlessEmpty("correlationid", event.correlationId);
    fields.textUnlessEmpty("causationid", event.causationId);
    appendHeaders(fields, event.headers);
    if (!event.payloadIsNull && isJson(event.payload)) {
        appendPayloadJson(fields.member("data"), event.payload, false);
    } else if (!event.payloadIsNull) {
        std::string& value = fields.member("data_base64");
        value.push_back('"');
        appendBase64(value, event.payload);
        value.push_back('"');
    }
    fields.end();
    out.push_back('\n');
}

// --- CSV ------------------------------------------------------------------------------------------

constexpr std::string_view kCsvHead
    = "source,stream,position,partition,version,id,type,time,correlationId,causationId,headers,data,undecodable\r\n";

/// Quoted where RFC 4180 asks for it; a text that a spreadsheet would run gets an apostrophe in front.
void appendCsvField(std::string& out, std::string_view text)
{
    const bool isFormula
        = !text.empty() && std::string_view("=+-@\t\r\0", 7).find(text.front()) != std::string_view::npos;
    const bool needsQuotes = isFormula || text.find_first_of("\",\r\n") != std::string_view::npos
        || (!text.empty() && (text.front() == ' ' || text.back() == ' '));
    if (!needsQuotes) {
        out += text;
        return;
    }
    out.push_back('"');
    if (isFormula) {
        out.push_back('\'');
    }
    for (const char c : text) {
        if (c == '"') {
            out.push_back('"');
        }
        out.push_back(c);
    }
    out.push_back('"');
}

void appendCsv(std::string& out, const SourceEvent& event)
{
    const auto text = [&out](std::string_view value) {
        appendCsvField(out, isUtf8(value) ? std::string(value) : fmt::format("base64:{}", [&] {
            std::string encoded;
            appendBase64(encoded, value);
            return encoded;
        }()));
        out.push_back(',');
    };
    const auto number = [&out](std::int64_t value, bool isKnown) {
        if (isKnown) {
            appendInteger(out, value);
        }
        out.push_back(',');
    };
    text(event.source);
    text(event.stream);
    number(event.position, event.position != SourceEvent::kNone);
    number(event.partition, event.partition >= 0);
    number(event.version, event.version != SourceEvent::kNone);
    text(event.id);
    text(event.type);
    text(event.hasTime ? formatTimestamp(event.time) : std::string());
    text(event.correlationId);
    text(event.causationId);
    std::string json;
    if (!event.headers.empty()) {
        appendHeadersJson(json, event.headers);
    }
    text(json);
    json.clear();
    appendPayloadJson(json, event.payload, event.payloadIsNull);
    text(json);
    appendCsvField(out, event.undecodable);
    out += "\r\n";
}

} // namespace

std::string_view toString(ExportFormat format)
{
    switch (format) {
    case ExportFormat::NdJson: break;
    case ExportFormat::CloudEvents: return "cloudevents";
    case ExportFormat::Csv: return "csv";
    case ExportFormat::Capture: return "capture";
    }
    return "ndjson";
}

std::optional<ExportFormat> exportFormatOf(std::string_view name)
{
    for (const ExportFormat format :
        {ExportFormat::NdJson, ExportFormat::CloudEvents, ExportFormat::Csv, ExportFormat::Capture}) {
        if (toString(format) == name) {
            return format;
        }
    }
    return std::nullopt;
}

std::string_view exportHead(ExportFormat format)
{
    return format == ExportFormat::Csv ? kCsvHead : std::string_view();
}

void appendExported(std::string& out, const SourceEvent& event, ExportFormat format)
{
    switch (format) {
    case ExportFormat::NdJson: appendNdJson(out, event); break;
    case ExportFormat::CloudEvents: appendCloudEvent(out, event); break;
    case ExportFormat::Csv: appendCsv(out, event); break;
    case ExportFormat::Capture: break; // an EventFileWriter of its own
    }
}

} // namespace eventscope::core
