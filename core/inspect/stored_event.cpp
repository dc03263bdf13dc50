// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/stored_event.h"

#include <cstddef>

namespace eventscope::core {

namespace {

/// Reads the metadata that stores write nearly always: one object of plain strings without escapes,
/// and integers. Everything else is left to metadataFromJson, which knows all of JSON.
class PlainObject {
public:
    explicit PlainObject(std::string_view text) : m_text(text) { }

    bool take(char c)
    {
        if (m_at == m_text.size() || m_text[m_at] != c) {
            return false;
        }
        ++m_at;
        return true;
    }

    bool string(std::string_view& value)
    {
        if (!take('"')) {
            return false;
        }
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && isPlain(m_text[m_at])) {
            ++m_at;
        }
        value = m_text.substr(begin, m_at - begin);
        return take('"');
    }

    /// A number from 1 to 9999, without leading zeros.
    bool smallInteger(std::string_view& value)
    {
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && m_text[m_at] >= '0' && m_text[m_at] <= '9') {
            ++m_at;
        }
        value = m_text.substr(begin, m_at - begin);
        return !value.empty() && value.size() <= 4 && value.front() != '0';
    }

    bool atEnd() const { return m_at == m_text.size(); }

private:
    static bool isPlain(char c)
    {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\';
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

} // namespace

SourceEvent StoredEventReader::read(const EventView& row)
{
    SourceEvent event{.source = m_source,
        .stream = row.stream,
        .position = row.position.value,
        .version = row.version.value,
        .id = row.id,
        .type = row.type,
        .time = row.time,
        .payload = row.data};
    m_headers.clear();
    if (!row.metadata.empty() && !readPlain(row.metadata, event)) {
        readAny(row.metadata, event);
    }
    event.headers = m_headers;
    return event;
}

bool StoredEventReader::readPlain(std::string_view metadata, SourceEvent& event)
{
    PlainObject in(metadata);
    std::string_view user;
    std::string_view schemaVersion;
    std::string_view correlation;
    std::string_view causation;
    if (!in.take('{')) {
        return false;
    }
    bool more = !in.take('}');
    while (more) {
        std::string_view name;
        if (!in.string(name) || !in.take(':')) {
            return false;
        }
        std::string_view* const own = name == "correlationId" ? &correlation
            : name == "causationId"                           ? &causation
            : name == "userId"                                ? &user
            : name == "schemaVersion"                         ? &schemaVersion
                                                              : nullptr;
        if (name == "headers" || (own && !own->empty())) {
            return false;
        }
        std::string_view value;
        if (own == &schemaVersion ? !in.smallInteger(value) : !in.string(value)) {
            return false;
        }
        if (own) {
            *own = value;
        } else {
            m_headers.push_back({name, value});
        }
        more = in.take(',');
        if (!more && !in.take('}')) {
            return false;
        }
    }
    if (!in.atEnd()) {
        return false;
    }
    event.correlationId = correlation;
    event.causationId = causation;
    std::size_t first = 0;
    if (!user.empty()) {
        m_headers.insert(m_headers.begin(), {"userId", user});
        ++first;
    }
    if (!schemaVersion.empty() && schemaVersion != "1") {
        m_headers.insert(m_headers.begin() + static_cast<std::ptrdiff_t>(first), {"schemaVersion", schemaVersion});
    }
    return true;
}

void StoredEventReader::readAny(std::string_view metadata, SourceEvent& event)
{
    int schemaVersion = 1;
    metadataFromJson(metadata, m_metadata, schemaVersion);
    m_headers.clear();
    event.correlationId = m_metadata.correlationId;
    event.causationId = m_metadata.causationId;
    if (!m_metadata.userId.empty()) {
        m_headers.push_back({"userId", m_metadata.userId});
    }
    if (schemaVersion != 1) {
        m_schemaVersion = std::to_string(schemaVersion);
        m_headers.push_back({"schemaVersion", m_schemaVersion});
    }
    for (const Header& header : m_metadata.headers) {
        m_headers.push_back({header.name, header.value});
    }
}

} // namespace eventscope::core
