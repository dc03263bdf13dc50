// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/json.h"

#include "event/json_scanner.h"
#include "event/utf8.h"

#include <fmt/core.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace eventscope::core {

namespace {

/// Printable ASCII without a meaning in a string.
bool isPlain(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\';
}

/// How many bytes from `from` on are plain; eight are looked at together.
std::size_t plainRun(std::string_view text, std::size_t from)
{
    constexpr std::uint64_t kEach = 0x0101'0101'0101'0101;
    constexpr std::uint64_t kHigh = 0x80 * kEach;
    const auto anyZero = [](std::uint64_t bytes) { return (bytes - kEach) & ~bytes & kHigh; };
    std::size_t pos = from;
    for (; pos + sizeof(std::uint64_t) <= text.size(); pos += sizeof(std::uint64_t)) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, text.data() + pos, sizeof bytes);
        const std::uint64_t control = (bytes - 0x20 * kEach) & ~bytes & kHigh;
        const std::uint64_t beyond = (bytes | (bytes + kEach)) & kHigh; // DEL too
        if ((control | beyond | anyZero(bytes ^ '"' * kEach) | anyZero(bytes ^ '\\' * kEach)) != 0)
            break;
    }
    while (pos < text.size() && isPlain(text[pos]))
        ++pos;
    return pos - from;
}

void appendEscape(std::string& out, unsigned codeUnit)
{
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", codeUnit);
}

void appendControl(std::string& out, char c)
{
    switch (c) {
    case '"': out += "\\\""; break;
    case '\\': out += "\\\\"; break;
    case '\b': out += "\\b"; break;
    case '\f': out += "\\f"; break;
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    default: appendEscape(out, static_cast<unsigned char>(c)); break;
    }
}

/// Three bytes that would be a surrogate's: the way a lone "\ud800" is kept in memory.
unsigned loneSurrogateAt(std::string_view text, std::size_t pos)
{
    if (pos + 2 >= text.size())
        return 0;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(text[pos + i])); };
    if (byte(0) != 0xED || byte(1) < 0xA0 || byte(1) > 0xBF || (byte(2) & 0xC0u) != 0x80u)
        return 0;
    return 0xD000u | ((byte(1) & 0x3Fu) << 6) | (byte(2) & 0x3Fu);
}

std::size_t appendBeyondAscii(std::string& out, std::string_view text, std::size_t pos)
{
    const std::size_t length = utf8SequenceAt(text, pos);
    if (length == 2 && text[pos] == '\xC2' && static_cast<unsigned char>(text[pos + 1]) < 0xA0) {
        appendEscape(out, static_cast<unsigned char>(text[pos + 1])); // C1 control characters
        return 2;
    }
    if (length > 0) {
        out.append(text, pos, length);
        return length;
    }
    if (const unsigned surrogate = loneSurrogateAt(text, pos)) {
        appendEscape(out, surrogate);
        return 3;
    }
    out += "\xEF\xBF\xBD"; // U+FFFD
    return 1;
}

/// Writes a value; indent < 0 is the one-line form.
class Writer {
public:
    Writer(std::string& out, int indent) : m_out(out), m_indent(indent) { }

    void write(const Json& value, int depth)
    {
        if (value.isNull())
            m_out += "null";
        else if (value.isBool())
            m_out += value.asBool() ? "true" : "false";
        else if (value.isNumber())
            m_out += value.numberText();
        else if (value.isString())
            appendJsonString(m_out, value.asString());
        else if (value.isArray())
            writeArray(value.asArray(), depth);
        else
            writeObject(value.asObject(), depth);
    }

private:
    void writeArray(const Json::Array& array, int depth)
    {
        m_out.push_back('[');
        for (std::size_t i = 0; i < array.size(); ++i) {
            if (i > 0)
                m_out.push_back(',');
            newLine(depth + 1);
            write(array[i], depth + 1);
        }
        if (!array.empty())
            newLine(depth);
        m_out.push_back(']');
    }

    void writeObject(const Json::Object& object, int depth)
    {
        m_out.push_back('{');
        for (std::size_t i = 0; i < object.size(); ++i) {
            if (i > 0)
                m_out.push_back(',');
            newLine(depth + 1);
            appendJsonString(m_out, object[i].first);
            m_out += m_indent < 0 ? ":" : ": ";
            write(object[i].second, depth + 1);
        }
        if (!object.empty())
            newLine(depth);
        m_out.push_back('}');
    }

    void newLine(int depth)
    {
        if (m_indent < 0)
            return;
        m_out.push_back('\n');
        m_out.append(static_cast<std::size_t>(m_indent) * static_cast<std::size_t>(depth), ' ');
    }

    std::string& m_out;
    int m_indent;
};

} // namespace

std::string Json::dump() const
{
    std::string out;
    dumpTo(out);
    return out;
}

void Json::dumpTo(std::string& out) const
{
    Writer(out, -1).write(*this, 0);
}

std::string Json::pretty(int indent) const
{
    std::string out;
    Writer(out, indent < 0 ? 0 : indent).write(*this, 0);
    return out;
}

void appendJsonString(std::string& out, std::string_view text)
{
    out.push_back('"');
    for (std::size_t pos = 0; pos < text.size();) {
        const std::size_t plain = plainRun(text, pos);
        out.append(text, pos, plain);
        pos += plain;
        if (pos == text.size())
            break;
        if (static_cast<unsigned char>(text[pos]) < 0x80)
            appendControl(out, text[pos++]);
        else
            pos += appendBeyondAscii(out, text, pos);
    }
    out.push_back('"');
}

bool isJson(std::string_view text)
{
    JsonScanner scanner(text);
    scanner.skipSpace();
    return scanner.skipValue() && scanner.end();
}

std::string minifyJson(std::string_view json)
{
    std::string out;
    out.reserve(json.size());
    bool inString = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (inString && c == '\\' && i + 1 < json.size()) {
            out.append(json, i, 2);
            ++i;
            continue;
        }
        if (c == '"')
            inString = !inString;
        if (inString || (c != ' ' && c != '\n' && c != '\r' && c != '\t'))
            out.push_back(c);
    }
    return out;
}

} // namespace eventscope::core
