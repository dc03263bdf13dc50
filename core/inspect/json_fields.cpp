// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/json_fields.h"

#include "event/base64.h"
#include "event/json.h"
#include "event/utf8.h"

#include <array>
#include <charconv>

namespace eventscope::core {

namespace {

/// Most texts are ids and names, which go through as they are.
bool isPlainText(std::string_view text)
{
    bool plain = true;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        plain = plain && byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\';
    }
    return plain;
}

} // namespace

void appendTextValue(std::string& out, std::string_view text)
{
    if (isPlainText(text)) {
        out.push_back('"');
        out.append(text);
        out.push_back('"');
    } else if (isUtf8(text)) {
        appendJsonString(out, text);
    } else {
        out += R"({"$base64":")";
        appendBase64(out, text);
        out += R"("})";
    }
}

void appendInteger(std::string& out, std::int64_t value)
{
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
}

std::string& JsonFields::member(std::string_view name)
{
    if (!m_first) {
        m_out.push_back(',');
    }
    m_first = false;
    m_out.push_back('"');
    m_out.append(name);
    m_out.append("\":");
    return m_out;
}

void JsonFields::text(std::string_view name, std::string_view value)
{
    appendTextValue(member(name), value);
}

void JsonFields::textUnlessEmpty(std::string_view name, std::string_view value)
{
    if (!value.empty()) {
        text(name, value);
    }
}

void JsonFields::integer(std::string_view name, std::int64_t value)
{
    appendInteger(member(name), value);
}

void JsonFields::integerText(std::string_view name, std::int64_t value)
{
    member(name).push_back('"');
    appendInteger(m_out, value);
    m_out.push_back('"');
}

void JsonFields::time(std::string_view name, Timestamp value)
{
    member(name).push_back('"');
    appendTimestamp(m_out, value);
    m_out.push_back('"');
}

} // namespace eventscope::core
