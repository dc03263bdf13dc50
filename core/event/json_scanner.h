// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace eventscope::core {

/// Nesting beyond this is refused, so that no text can exhaust a thread's stack.
inline constexpr int kMaxJsonDepth = 1000;

/// The tokens of strict JSON (RFC 8259) in UTF-8, one after another. The one place that knows the
/// grammar: Json::parse, isJson and the raw readers stand on it. simdjson is not used here because
/// its DOM refuses numbers that fit no machine type and its on-demand front leaves errors in the
/// parts it skips unnoticed.
///
/// Every function that returns bool returns false at the first fault and leaves the fault in error().
class JsonScanner {
public:
    explicit JsonScanner(std::string_view text) : m_text(text) { }

    std::size_t position() const { return m_pos; }
    std::string_view slice(std::size_t from) const { return m_text.substr(from, m_pos - from); }

    void skipSpace();
    /// The next byte, or 0 at the end; a 0 byte in the text is an error of whoever reads on.
    char peek() const { return m_pos < m_text.size() ? m_text[m_pos] : '\0'; }
    bool atEnd() const { return m_pos == m_text.size(); }
    /// Takes that byte when it is the next one; no error otherwise.
    bool take(char byte);

    /// A string with its quotes; decoded into `out` unless that is nullptr.
    bool string(std::string* out);
    /// A number; its text is slice(position before).
    bool number();
    bool literal(std::string_view word);
    /// Any value, checked to its end.
    bool skipValue(int depth = 0);
    /// Only white space may follow.
    bool end();

    /// Calls `member(name)` in front of each value; it must read that value and return true.
    template <class MemberReader>
    bool object(MemberReader member);
    template <class ElementReader>
    bool array(ElementReader element);

    bool fault(std::string what);              ///< remembers the fault at the present position; always false
    bool expectedFault(std::string_view what); ///< ditto: what was expected instead of what is there
    Error error() const;

private:
    bool escape(std::string* out);
    bool hex4(std::uint32_t& unit);
    bool digits();

    std::string_view m_text;
    std::size_t m_pos = 0;
    std::string m_what;
    std::size_t m_faultAt = 0;
};

template <class MemberReader>
bool JsonScanner::object(MemberReader member)
{
    ++m_pos; // '{'
    skipSpace();
    if (take('}'))
        return true;
    std::string name;
    while (true) {
        if (peek() != '"')
            return expectedFault("a member's name in double quotes");
        name.clear();
        if (!string(&name))
            return false;
        skipSpace();
        if (!take(':'))
            return expectedFault("':' after the member's name");
        skipSpace();
        if (!member(name))
            return false;
        skipSpace();
        if (take('}'))
            return true;
        if (!take(','))
            return expectedFault("',' or '}'");
        skipSpace();
    }
}

template <class ElementReader>
bool JsonScanner::array(ElementReader element)
{
    ++m_pos; // '['
    skipSpace();
    if (take(']'))
        return true;
    while (true) {
        if (!element())
            return false;
        skipSpace();
        if (take(']'))
            return true;
        if (!take(','))
            return expectedFault("',' or ']'");
        skipSpace();
    }
}

} // namespace eventscope::core
