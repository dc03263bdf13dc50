// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "layout_reader.h"

#include "event/event.h"
#include "event/ids.h"
#include "event/json.h"
#include "event/raw_json.h"
#include "event/timestamp.h"
#include "event_rows.h"

#include <algorithm>

#include <fmt/format.h>

namespace eventscope::postgres {

using core::SourceEvent;

namespace {

constexpr std::string_view kSignature("PGCOPY\n\377\r\n\0", 11);

/// jsonb prints an object's members with one space behind ':' and ','; json and text as they were written.
class FlatObject {
public:
    explicit FlatObject(std::string_view text) : m_text(text) { }

    bool begin()
    {
        skip();
        return take('{');
    }
    bool atEnd()
    {
        skip();
        return take('}') && (skip(), m_at == m_text.size());
    }
    /// The next member; false when it is nested, escaped or no member: somebody else reads the object then.
    bool member(std::string_view& name, std::string_view& value, bool& isText)
    {
        skip();
        if (!string(name) || (skip(), !take(':')))
            return false;
        skip();
        isText = m_at < m_text.size() && m_text[m_at] == '"';
        return isText ? string(value) : scalar(value);
    }
    bool comma()
    {
        skip();
        return take(',');
    }

private:
    void skip()
    {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\t'))
            ++m_at;
    }
    bool take(char c)
    {
        if (m_at == m_text.size() || m_text[m_at] != c)
            return false;
        ++m_at;
        return true;
    }
    bool string(std::string_view& value)
    {
        if (!take('"'))
            return false;
        // By hand: find_first_of() asks memchr about every single character.
        std::size_t end = m_at;
        while (end < m_text.size() && m_text[end] != '"' && m_text[end] != '\\')
            ++end;
        if (end == m_text.size() || m_text[end] != '"')
            return false;
        value = m_text.substr(m_at, end - m_at);
        m_at = end + 1;
        return true;
    }
    bool scalar(std::string_view& value)
    {
        const std::size_t end = std::min(m_text.find_first_of(",}[]{\" \n\t", m_at), m_text.size());
        value = m_text.substr(m_at, end - m_at);
        m_at = end;
        return !value.empty();
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

} // namespace

bool cutCopyRow(std::string_view message, std::size_t columns, WireRow& row)
{
    if (message.starts_with(kSignature)) {
        constexpr std::size_t kHead = 19; // with flags and the length of an extension
        if (message.size() < kHead)
            return false;
        const auto extension = static_cast<std::size_t>(bigEndian(message.substr(15, 4)));
        message.remove_prefix(std::min(message.size(), kHead + extension));
    }
    if (message.size() < 2 || bigEndian(message.substr(0, 2)) != static_cast<std::int64_t>(columns))
        return false;
    message.remove_prefix(2);
    for (std::size_t i = 0; i < columns; ++i) {
        if (message.size() < 4)
            return false;
        const std::int64_t length = bigEndian(message.substr(0, 4));
        message.remove_prefix(4);
        if (length < 0) {
            row[i].reset();
            continue;
        }
        row[i] = message.substr(0, static_cast<std::size_t>(length));
        message.remove_prefix(std::min(message.size(), static_cast<std::size_t>(length)));
    }
    return true;
}

LayoutReader::LayoutReader(const StoreLayout& layout, std::string source)
    : m_layout(layout), m_source(std::move(source)), m_keys(layout.correlationKeys, layout.causationKeys)
{
    for (std::size_t i = 0; i < kEventFields; ++i)
        m_place[i] = layout.fields[i].sql.empty() ? kEventFields : m_columns++;
}

const SourceEvent& LayoutReader::read(const PgRows& rows, int row)
{
    WireRow wire;
    for (std::size_t i = 0; i < m_columns; ++i) {
        const int column = static_cast<int>(i);
        if (!rows.isNull(row, column))
            wire[i] = rows.bytes(row, column);
    }
    return read(wire);
}

std::string_view LayoutReader::textOf(EventField field, std::string_view bytes, std::string& scratch) const
{
    switch (m_layout.field(field).wire) {
    case WireType::Uuid:
        if (core::Uuid uuid{}; bytes.size() == uuid.size()) {
            std::ranges::copy(bytes, uuid.begin());
            scratch = core::formatUuid(uuid);
        }
        return scratch;
    case WireType::Jsonb: return bytes.empty() ? bytes : bytes.substr(1);
    case WireType::Integer: scratch = std::to_string(bigEndian(bytes)); return scratch;
    default: return bytes;
    }
}

void LayoutReader::complain(std::string_view what)
{
    m_problem += m_problem.empty() ? "" : " ";
    m_problem += what;
}

const SourceEvent& LayoutReader::read(const WireRow& row)
{
    const auto of = [&](EventField field) -> const std::optional<std::string_view>* {
        const std::size_t place = m_place[static_cast<std::size_t>(field)];
        return place == kEventFields ? nullptr : &row[place];
    };
    const auto text = [&](EventField field, std::string& scratch) -> std::string_view {
        const auto* bytes = of(field);
        return bytes != nullptr && *bytes ? textOf(field, **bytes, scratch) : std::string_view();
    };
    const auto number = [&](EventField field) {
        const auto* bytes = of(field);
        return bytes != nullptr && *bytes ? bigEndian(**bytes) : SourceEvent::kNone;
    };
    m_event = SourceEvent{};
    m_event.source = m_source;
    m_headers.clear();
    m_texts.clear();
    m_problem.clear();
    m_event.position = number(EventField::Position);
    m_event.version = number(EventField::Version);
    m_event.stream = text(EventField::Stream, m_stream);
    m_event.id = text(EventField::Id, m_id);
    std::string unused;
    m_event.type = text(EventField::Type, unused);
    m_event.correlationId = text(EventField::Correlation, m_correlation);
    m_event.causationId = text(EventField::Causation, m_causation);
    if (const auto* stream = of(EventField::Stream); stream != nullptr && !*stream)
        complain("Its stream is NULL.");
    if (const auto* type = of(EventField::Type); type != nullptr && !*type)
        complain("Its type is NULL.");

    if (const auto* time = of(EventField::Time); time != nullptr && *time)
        readTime(**time);
    else
        m_event.hasTime = false;

    if (const auto* data = of(EventField::Data); data != nullptr && *data)
        m_event.payload = textOf(EventField::Data, **data, unused);
    else
        m_event.payloadIsNull = true;
    if (const auto* metadata = of(EventField::Metadata); metadata != nullptr && *metadata)
        readMetadata(textOf(EventField::Metadata, **metadata, unused));
    m_event.headers = m_headers;
    m_event.undecodable = m_problem;
    return m_event;
}

void LayoutReader::readTime(std::string_view bytes)
{
    std::optional<core::Timestamp> time;
    if (m_layout.field(EventField::Time).wire == WireType::Timestamp)
        time = timestampOf(bytes);
    else if (const auto parsed = core::parseTimestamp(bytes); parsed)
        time = *parsed;
    m_event.hasTime = time.has_value();
    m_event.time = time.value_or(core::Timestamp{});
}

void LayoutReader::readMetadata(std::string_view json)
{
    const auto keep = [&](std::string_view name, std::string_view value) {
        switch (m_keys.roleOf(name)) {
        case MetadataRole::Correlation:
            if (m_event.correlationId.empty()) {
                m_event.correlationId = value;
                return;
            }
            break;
        case MetadataRole::Causation:
            if (m_event.causationId.empty()) {
                m_event.causationId = value;
                return;
            }
            break;
        case MetadataRole::Header: break;
        }
        m_headers.push_back({name, value});
    };

    FlatObject flat(json);
    bool plain = flat.begin();
    if (plain && flat.atEnd())
        return;
    std::string_view name, value;
    for (bool isText = false; plain;) {
        plain = flat.member(name, value, isText) && !(m_layout.asWritten && (name == "headers" || name == "asWritten"));
        if (!plain)
            break;
        if (isText || value != "null")
            keep(name, value);
        if (!flat.comma()) {
            plain = flat.atEnd();
            break;
        }
    }
    if (!plain) {
        m_event.correlationId = m_layout.has(EventField::Correlation) ? m_event.correlationId : std::string_view();
        m_event.causationId = m_layout.has(EventField::Causation) ? m_event.causationId : std::string_view();
        m_headers.clear();
        if (m_layout.asWritten) {
            readOurs(json);
            return;
        }
        const auto members = core::readRawObject(json);
        if (!members) {
            m_headers.push_back({"metadata", json});
            return;
        }
        m_texts.reserve(2 * members->size()); // views into it must stay
        for (const core::RawJsonMember& member : *members) {
            if (member.isNull())
                continue;
            const std::string& kept = m_texts.emplace_back(member.name);
            keep(kept, m_texts.emplace_back(member.text()));
        }
        return;
    }
    if (m_layout.asWritten) {
        // As everywhere: the user, then the schema's version, then the others.
        const auto rank = [](const core::HeaderView& header) {
            return header.name == "userId" ? 0 : header.name == "schemaVersion" ? 1 : 2;
        };
        std::ranges::stable_sort(m_headers, {}, rank);
    }
}

void LayoutReader::readOurs(std::string_view json)
{
    m_written = asWrittenOf(json);
    if (m_written) {
        m_event.id = m_written->id ? std::string_view(*m_written->id) : m_event.id;
        m_event.payload = m_written->data ? std::string_view(*m_written->data) : m_event.payload;
        m_event.payloadIsNull = m_event.payloadIsNull && !m_written->data;
        json = m_written->metadata;
    }
    int schemaVersion = 1;
    core::metadataFromJson(json, m_ours, schemaVersion);
    m_event.correlationId = m_ours.correlationId;
    m_event.causationId = m_ours.causationId;
    if (!m_ours.userId.empty())
        m_headers.push_back({"userId", m_ours.userId});
    if (schemaVersion != 1) {
        m_texts.assign(1, std::to_string(schemaVersion));
        m_headers.push_back({"schemaVersion", m_texts.front()});
    }
    for (const core::Header& header : m_ours.headers)
        m_headers.push_back({header.name, header.value});
}

} // namespace eventscope::postgres
