// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/json_scanner.h"

#include "event/json_plain.h"
#include "event/utf8.h"

#include <fmt/core.h>

#include <algorithm>

namespace eventscope::core {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isHighSurrogate(std::uint32_t unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

bool isLowSurrogate(std::uint32_t unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

} // namespace

void JsonScanner::skipSpace()
{
    while (m_pos < m_text.size()) {
        const char c = m_text[m_pos];
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            return;
        ++m_pos;
    }
}

bool JsonScanner::take(char byte)
{
    if (m_pos >= m_text.size() || m_text[m_pos] != byte)
        return false;
    ++m_pos;
    return true;
}

bool JsonScanner::string(std::string* out)
{
    ++m_pos; // the opening quote
    while (true) {
        const std::size_t from = m_pos;
        m_pos = plainJsonEnd(m_text, m_pos);
        if (out)
            out->append(m_text, from, m_pos - from);
        if (atEnd())
            return fault("the string has no closing quote");
        const char c = m_text[m_pos];
        if (c == '"') {
            ++m_pos;
            return true;
        }
        if (c == '\\') {
            if (!escape(out))
                return false;
            continue;
        }
        if (static_cast<unsigned char>(c) < 0x20)
            return fault("a control character in a string must be escaped");
        const std::size_t length = utf8SequenceAt(m_text, m_pos);
        if (length == 0)
            return fault("the bytes are not valid UTF-8");
        if (out)
            out->append(m_text, m_pos, length);
        m_pos += length;
    }
}

bool JsonScanner::escape(std::string* out)
{
    static constexpr std::string_view kLetters = "\"\\/bfnrt";
    static constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    ++m_pos; // the backslash
    const std::size_t simple = atEnd() ? std::string_view::npos : kLetters.find(m_text[m_pos]);
    if (simple != std::string_view::npos) {
        ++m_pos;
        if (out)
            out->push_back(kMeanings[simple]);
        return true;
    }
    if (!take('u'))
        return fault("no such escape in a string");
    std::uint32_t unit = 0;
    if (!hex4(unit))
        return false;
    if (isHighSurrogate(unit) && m_text.substr(m_pos, 2) == "\\u") {
        const std::size_t back = m_pos;
        m_pos += 2;
        std::uint32_t low = 0;
        if (!hex4(low))
            return false;
        if (isLowSurrogate(low))
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        else
            m_pos = back; // a lone surrogate; what follows is an escape of its own
    }
    if (out)
        appendUtf8(*out, unit);
    return true;
}

bool JsonScanner::hex4(std::uint32_t& unit)
{
    unit = 0;
    for (int i = 0; i < 4; ++i) {
        const char c = peek();
        std::uint32_t digit = 0;
        if (isDigit(c))
            digit = static_cast<std::uint32_t>(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = static_cast<std::uint32_t>(c - 'a') + 10;
        else if (c >= 'A' && c <= 'F')
            digit = static_cast<std::uint32_t>(c - 'A') + 10;
        else
            return fault("\\u needs four hexadecimal digits");
        unit = unit * 16 + digit;
        ++m_pos;
    }
    return true;
}

bool JsonScanner::digits()
{
    if (!isDigit(peek()))
        return expectedFault("a digit");
    while (isDigit(peek()))
        ++m_pos;
    return true;
}

bool JsonScanner::number()
{
    take('-');
    if (take('0')) {
        if (isDigit(peek()))
            return fault("a number must not begin with 0");
    } else if (!digits()) {
        return false;
    }
    if (take('.') && !digits())
        return false;
    if (take('e') || take('E')) {
        if (!take('+'))
            take('-');
        return digits();
    }
    return true;
}

bool JsonScanner::literal(std::string_view word)
{
    if (m_text.substr(m_pos, word.size()) != word)
        return expectedFault("a value");
    m_pos += word.size();
    return true;
}

bool JsonScanner::skipValue(int depth)
{
    switch (peek()) {
    case '{':
    case '[':
        if (depth >= kMaxJsonDepth)
            return fault(fmt::format("the nesting is deeper than {}", kMaxJsonDepth));
        return peek() == '{' ? object([&](const std::string&) { return skipValue(depth + 1); })
                             : array([&] { return skipValue(depth + 1); });
    case '"': return string(nullptr);
    case 't': return literal("true");
    case 'f': return literal("false");
    case 'n': return literal("null");
    default: return peek() == '-' || isDigit(peek()) ? number() : expectedFault("a value");
    }
}

bool JsonScanner::end()
{
    skipSpace();
    return atEnd() || fault("more text follows the JSON value");
}

bool JsonScanner::fault(std::string what)
{
    m_what = std::move(what);
    m_faultAt = m_pos;
    return false;
}

bool JsonScanner::expectedFault(std::string_view what)
{
    if (atEnd())
        return fault(fmt::format("the text ends where {} should be", what));
    return fault(fmt::format("{} is expected", what));
}

Error JsonScanner::error() const
{
    const std::string_view before = m_text.substr(0, m_faultAt);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t lineStart = before.rfind('\n');
    const std::size_t column = lineStart == std::string_view::npos ? m_faultAt + 1 : m_faultAt - lineStart;
    return {ErrorCode::Unparsable,
        fmt::format("not valid JSON at byte {} (line {}, column {}): {}", m_faultAt, line, column, m_what)};
}

} // namespace eventscope::core
