// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/regex_literal.h"

#include <cstddef>
#include <utility>

namespace eventscope::core {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isLetterOrDigit(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Reads the pattern's top level from the left; runs of plain characters are the candidates.
class LiteralReader {
public:
    explicit LiteralReader(std::string_view pattern) : m_pattern(pattern) { }

    RegexLiteral read()
    {
        // Flags may make letters match others; quoting and numbers of characters are not worth the trouble.
        if (m_pattern.find("(?") != std::string_view::npos)
            return {};
        while (m_at < m_pattern.size()) {
            if (!readOne())
                return {};
        }
        endRun();
        return std::move(m_best);
    }

private:
    /// False: nothing is certain about this pattern.
    bool readOne()
    {
        switch (const char c = m_pattern[m_at]) {
        case '|': return false;
        case '\\': return readEscape();
        case '(': endRun(); return skipGroup();
        case '[': endRun(); return skipClass();
        case '.':
        case '^':
        case '$':
            endRun();
            ++m_at;
            return true;
        case '*':
        case '?':
            dropLast();
            endRun();
            ++m_at;
            return true;
        case '+':
            endRun();
            ++m_at;
            return true;
        case '{':
            if (const std::size_t size = repetitionSize(); size > 0) {
                dropLast();
                endRun();
                m_at += size;
                return true;
            }
            [[fallthrough]];
        default:
            m_run += c;
            ++m_at;
            return true;
        }
    }

    bool readEscape()
    {
        if (m_at + 1 >= m_pattern.size())
            return false;
        const char c = m_pattern[m_at + 1];
        if (isLetterOrDigit(c)) {
            constexpr std::string_view kOfOneLetter = "dDwWsSbBAz";
            if (kOfOneLetter.find(c) == std::string_view::npos)
                return false;
            endRun();
        } else {
            m_run += c;
        }
        m_at += 2;
        return true;
    }

    bool skipGroup()
    {
        int depth = 0;
        while (m_at < m_pattern.size()) {
            const char c = m_pattern[m_at];
            if (c == '[') {
                if (!skipClass())
                    return false;
                continue;
            }
            if (c == '\\') {
                if (m_at + 1 < m_pattern.size() && m_pattern[m_at + 1] == 'Q')
                    return false;
                m_at += 2;
                continue;
            }
            ++m_at;
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0)
                return true;
        }
        return false;
    }

    bool skipClass()
    {
        ++m_at;
        if (m_at < m_pattern.size() && m_pattern[m_at] == '^')
            ++m_at;
        if (m_at < m_pattern.size() && m_pattern[m_at] == ']')
            ++m_at; // first in a class it is a character
        while (m_at < m_pattern.size() && m_pattern[m_at] != ']') {
            if (m_pattern.substr(m_at, 2) == "[:") {
                const std::size_t end = m_pattern.find(":]", m_at + 2);
                if (end == std::string_view::npos)
                    return false;
                m_at = end + 2;
            } else {
                m_at += m_pattern[m_at] == '\\' ? 2 : 1;
            }
        }
        ++m_at;
        return m_at <= m_pattern.size();
    }

    /// Of "{2}", "{2,}" and "{2,5}" here; 0 when the brace is a character.
    std::size_t repetitionSize() const
    {
        std::size_t at = m_at + 1;
        const std::size_t digits = at;
        while (at < m_pattern.size() && isDigit(m_pattern[at]))
            ++at;
        if (at == digits)
            return 0;
        if (at < m_pattern.size() && m_pattern[at] == ',') {
            ++at;
            while (at < m_pattern.size() && isDigit(m_pattern[at]))
                ++at;
        }
        return at < m_pattern.size() && m_pattern[at] == '}' ? at + 1 - m_at : 0;
    }

    /// The last character may be missing, all its bytes.
    void dropLast()
    {
        const auto isFollowing = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; };
        while (!m_run.empty() && isFollowing(m_run.back()))
            m_run.pop_back();
        if (!m_run.empty())
            m_run.pop_back();
    }

    void endRun()
    {
        if (m_run.size() > m_best.text.size())
            m_best = {m_run, m_first};
        m_first = false;
        m_run.clear();
    }

    std::string_view m_pattern;
    std::size_t m_at = 0;
    std::string m_run;
    bool m_first = true;
    RegexLiteral m_best;
};

} // namespace

RegexLiteral literalOfRegex(std::string_view pattern)
{
    return LiteralReader(pattern).read();
}

} // namespace eventscope::core
