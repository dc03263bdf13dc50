// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_form.h"

#include "event/ids.h"
#include "event/json.h"
#include "event/metadata_json.h"
#include "event/raw_json.h"
#include "sha1.h"

#include <algorithm>
#include <utility>

namespace eventscope::postgres {

namespace {

constexpr std::string_view kAsWritten = "asWritten";
constexpr int kMaxDepth = 200;

/// Reads the one form in which jsonb prints a value.
class JsonbForm {
public:
    explicit JsonbForm(std::string_view text) : m_text(text) { }

    bool isWhole() { return value(0) && m_pos == m_text.size(); }

private:
    char peek() const { return m_pos < m_text.size() ? m_text[m_pos] : '\0'; }
    bool take(std::string_view token)
    {
        if (!m_text.substr(m_pos).starts_with(token))
            return false;
        m_pos += token.size();
        return true;
    }

    bool value(int depth)
    {
        if (depth > kMaxDepth)
            return false;
        switch (peek()) {
        case '{': return object(depth);
        case '[': return array(depth);
        case '"': return string();
        case 't': return take("true");
        case 'f': return take("false");
        case 'n': return take("null");
        default: return number();
        }
    }

    bool object(int depth)
    {
        ++m_pos;
        if (take("}"))
            return true;
        std::string_view before;
        for (bool first = true;; first = false) {
            const std::size_t begin = m_pos;
            if (peek() != '"' || !string())
                return false;
            const std::string_view name = m_text.substr(begin, m_pos - begin);
            const bool follows = before.size() != name.size() ? before.size() < name.size() : before < name;
            if (name.find('\\') != std::string_view::npos || (!first && !follows))
                return false;
            before = name;
            if (!take(": ") || !value(depth + 1))
                return false;
            if (take("}"))
                return true;
            if (!take(", "))
                return false;
        }
    }

    bool array(int depth)
    {
        ++m_pos;
        if (take("]"))
            return true;
        while (value(depth + 1)) {
            if (take("]"))
                return true;
            if (!take(", "))
                return false;
        }
        return false;
    }

    bool string()
    {
        ++m_pos;
        for (; m_pos < m_text.size(); ++m_pos) {
            const char c = m_text[m_pos];
            if (c == '"') {
                ++m_pos;
                return true;
            }
            if (static_cast<unsigned char>(c) < 0x20)
                return false;
            if (c == '\\') {
                ++m_pos;
                if (std::string_view("\"\\bfnrt").find(peek()) == std::string_view::npos || peek() == '\0')
                    return false;
            }
        }
        return false;
    }

    bool digits()
    {
        const std::size_t begin = m_pos;
        while (peek() >= '0' && peek() <= '9')
            ++m_pos;
        return m_pos > begin;
    }

    bool number()
    {
        const std::size_t begin = m_pos;
        const bool negative = take("-");
        const bool zero = peek() == '0';
        if (!digits() || (zero && m_text[begin + (negative ? 1 : 0)] == '0' && m_pos - begin > (negative ? 2U : 1U)))
            return false;
        if (take(".") && !digits())
            return false;
        const std::string_view text = m_text.substr(begin, m_pos - begin);
        // There is no negative zero, and an exponent is written out.
        const bool isNegativeZero = negative && text.find_first_not_of("-0.") == std::string_view::npos;
        return !isNegativeZero && peek() != 'e' && peek() != 'E';
    }

    std::string_view m_text;
    std::size_t m_pos = 0;
};

/// jsonb sorts an object's members; headers that this would reorder go into an array.
bool keepTheirOrder(const std::vector<core::Header>& headers)
{
    const auto follows = [](const core::Header& a, const core::Header& b) {
        return a.name.size() != b.name.size() ? a.name.size() < b.name.size() : a.name < b.name;
    };
    const auto isOurs = [](const core::Header& header) { return header.name == kAsWritten; };
    return std::ranges::is_sorted(headers, follows) && std::ranges::none_of(headers, isOurs);
}

std::string metadataOf(const core::NewEvent& event)
{
    if (keepTheirOrder(event.metadata.headers))
        return core::metadataToJson(event.metadata, event.schemaVersion);
    core::Metadata ids = event.metadata;
    ids.headers.clear();
    std::string out = core::metadataToJson(ids, event.schemaVersion);
    out.pop_back();
    core::appendMemberName(out, "headers");
    out += '[';
    for (const core::Header& header : event.metadata.headers) {
        out += out.back() == '[' ? "[" : ",[";
        core::appendJsonString(out, header.name);
        out += ',';
        core::appendJsonString(out, header.value);
        out += ']';
    }
    out += "]}";
    return out;
}

} // namespace

bool isJsonbText(std::string_view json)
{
    return JsonbForm(json).isWhole();
}

std::string uuidOf(std::string_view id)
{
    if (core::parseUuid(id))
        return std::string(id);
    // RFC 9562, version 5, in the name space of URLs.
    static constexpr core::Uuid kUrls{
        0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
    std::string name(kUrls.begin(), kUrls.end());
    name += "eventscope:event:";
    name += id;
    const Sha1Digest digest = sha1(name);
    core::Uuid uuid{};
    std::copy_n(digest.begin(), uuid.size(), uuid.begin());
    uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0f) | 0x50);
    uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3f) | 0x80);
    return core::formatUuid(uuid);
}

EventForm formOf(const core::NewEvent& event)
{
    EventForm form{.uuid = uuidOf(event.id), .data = event.data.empty() ? "null" : event.data, .metadata = {}};
    std::string metadata = metadataOf(event);
    const bool otherId = form.uuid != event.id;
    const bool otherData = form.data != event.data || !isJsonbText(event.data);
    if (otherId || otherData) {
        metadata.pop_back();
        core::appendMemberName(metadata, kAsWritten);
        metadata += '{';
        if (otherId) {
            core::appendMemberName(metadata, "id");
            core::appendJsonString(metadata, event.id);
        }
        if (otherData) {
            core::appendMemberName(metadata, "data");
            core::appendJsonString(metadata, event.data);
        }
        metadata += "}}";
    }
    if (metadata != "{}")
        form.metadata = std::move(metadata);
    return form;
}

std::optional<AsWritten> asWrittenOf(std::string_view metadata)
{
    if (metadata.find("\"asWritten\"") == std::string_view::npos)
        return std::nullopt;
    const auto members = core::readRawObject(metadata);
    if (!members)
        return std::nullopt;
    const core::RawJsonMember* ours = core::findRaw(*members, kAsWritten);
    if (ours == nullptr || !ours->value.starts_with('{'))
        return std::nullopt;
    const auto kept = core::readRawObject(ours->value);
    if (!kept)
        return std::nullopt;
    AsWritten written;
    if (const core::RawJsonMember* id = core::findRaw(*kept, "id"); id != nullptr && id->isString())
        written.id = id->text();
    if (const core::RawJsonMember* data = core::findRaw(*kept, "data"); data != nullptr && data->isString())
        written.data = data->text();
    if (!written.id && !written.data)
        return std::nullopt;
    if (members->size() > 1) {
        written.metadata = "{";
        for (const core::RawJsonMember& member : *members) {
            if (&member == ours)
                continue;
            core::appendMemberName(written.metadata, member.name);
            written.metadata += member.value;
        }
        written.metadata += '}';
    }
    return written;
}

} // namespace eventscope::postgres
