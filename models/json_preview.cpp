// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_preview.h"

#include "plain_text.h"

#include <algorithm>
#include <cstddef>
#include <string>

namespace eventscope::models {

namespace {

constexpr std::size_t kLookAt = 8192;
constexpr std::size_t kTextChars = 80;

/// Walks through JSON text token by token; gives up at the first thing that is none.
class Scanner {
public:
    Scanner(std::string_view text, qsizetype maxChars)
        : m_text(text.substr(0, kLookAt)), m_cut(text.size() > kLookAt), m_maxChars(static_cast<std::size_t>(maxChars))
    {
    }

    /// False when this is no JSON object or array.
    bool run()
    {
        skipSpace();
        if (peek() == '{')
            object();
        else if (peek() == '[')
            array();
        else
            return false;
        return !m_broken;
    }
    const std::string& out() const { return m_out; }

private:
    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    bool stop() const { return m_broken || m_ended; }

    /// The text ran out: fine when only our look at it ended.
    void ranOut()
    {
        m_broken = !m_cut;
        m_ended = true;
    }
    void skipSpace()
    {
        while (m_at < m_text.size()
            && (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\t' || m_text[m_at] == '\r'))
            ++m_at;
        if (m_at == m_text.size())
            ranOut();
    }

    std::string_view string()
    {
        const std::size_t begin = m_at++;
        while (m_at < m_text.size() && m_text[m_at] != '"')
            m_at += m_text[m_at] == '\\' ? 2 : 1;
        if (m_at >= m_text.size()) {
            m_at = m_text.size();
            ranOut();
            return m_text.substr(begin);
        }
        return m_text.substr(begin, ++m_at - begin);
    }
    std::string_view scalar()
    {
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && std::string_view(",}] \n\r\t:").find(m_text[m_at]) == std::string_view::npos)
            ++m_at;
        if (m_at == begin)
            m_broken = true;
        return m_text.substr(begin, m_at - begin);
    }

    /// Steps over a nested object or array and counts its members.
    std::size_t nested()
    {
        std::size_t depth = 0, commas = 0;
        bool empty = true;
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c == '"') {
                string();
                empty = false;
                continue;
            }
            ++m_at;
            if (c == '{' || c == '[') {
                empty = empty && depth == 0;
                ++depth;
            } else if (c == '}' || c == ']') {
                if (--depth == 0)
                    return empty ? 0 : commas + 1;
            } else if (c == ',') {
                commas += depth == 1 ? 1 : 0;
            } else if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
                empty = false;
            }
        }
        ranOut();
        return commas + 1;
    }

    void value()
    {
        const char c = peek();
        if (c == '"') {
            const std::string_view text = string();
            m_out += text.substr(0, kTextChars);
            if (text.size() > kTextChars)
                m_out += "…\"";
        } else if (c == '[') {
            const std::size_t count = nested();
            m_out += '[' + (count == 0 ? std::string() : std::to_string(count)) + (stop() ? "…" : "") + ']';
        } else if (c == '{') {
            m_out += nested() == 0 ? "{}" : "{…}";
        } else {
            m_out += scalar();
        }
    }

    void object()
    {
        ++m_at;
        m_out += '{';
        for (bool first = true;; first = false) {
            skipSpace();
            if (stop() || peek() == '}')
                break;
            if (!first && !comma())
                break;
            if (peek() != '"') {
                m_broken = true;
                break;
            }
            const std::string_view quoted = string();
            skipSpace();
            if (stop() || peek() != ':') {
                m_broken = m_broken || !m_ended;
                break;
            }
            ++m_at;
            skipSpace();
            if (stop())
                break;
            m_out += quoted.substr(1, quoted.size() - 2);
            m_out += ": ";
            value();
            if (stop() || full())
                break;
        }
        m_out += stop() || full() ? "…" : "}";
    }

    void array()
    {
        ++m_at;
        m_out += '[';
        for (bool first = true;; first = false) {
            skipSpace();
            if (stop() || peek() == ']')
                break;
            if (!first && !comma())
                break;
            value();
            if (stop() || full())
                break;
        }
        m_out += stop() || full() ? "…" : "]";
    }

    bool comma()
    {
        if (peek() != ',') {
            m_broken = true;
            return false;
        }
        ++m_at;
        m_out += ", ";
        skipSpace();
        return !stop();
    }
    bool full() const { return m_out.size() > m_maxChars * 2; }

    std::string_view m_text;
    bool m_cut;
    std::size_t m_maxChars;
    std::size_t m_at = 0;
    std::string m_out;
    bool m_broken = false;
    bool m_ended = false;
};

bool looksBinary(std::string_view bytes)
{
    const std::string_view head = bytes.substr(0, 64);
    const auto odd = std::ranges::count_if(head, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 && byte != '\n' && byte != '\t' && byte != '\r';
    });
    return odd * 8 > static_cast<std::ptrdiff_t>(head.size());
}

QString hexPreview(std::string_view bytes)
{
    const auto head = bytes.substr(0, 32);
    const QByteArray hex = QByteArray::fromRawData(head.data(), static_cast<qsizetype>(head.size())).toHex(' ');
    return QStringLiteral("0x ") + QString::fromLatin1(hex).toUpper()
        + (bytes.size() > head.size() ? QStringLiteral(" …") : QString());
}

} // namespace

QString payloadPreview(std::string_view payload, bool isNull, qsizetype maxChars)
{
    if (isNull)
        return QStringLiteral("null (no payload)");
    if (payload.empty())
        return QStringLiteral("empty");
    Scanner scanner(payload, maxChars);
    if (scanner.run())
        return visibleText(scanner.out(), maxChars);
    return looksBinary(payload) ? hexPreview(payload) : visibleText(payload, maxChars);
}

} // namespace eventscope::models
