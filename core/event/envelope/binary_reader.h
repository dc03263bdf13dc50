// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/envelope/byte_reader.h"
#include "event/error.h"

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace eventscope::core {

/// What the readers of binary formats that are written as JSON have in common; see binary_json.h.
class BinaryReader {
protected:
    static constexpr int kDeepest = 200;

    explicit BinaryReader(std::string_view bytes) : m_in(bytes) { }

    /// The JSON, when `read` and no byte is left; else what was wrong where.
    Result<std::string> finished(bool read)
    {
        if (read && !m_in.atEnd()) {
            m_what = "more bytes follow the value";
        }
        if (m_what.empty()) {
            return std::move(m_out);
        }
        return fail(ErrorCode::Unparsable, fmt::format("at byte {}: {}", m_in.position(), m_what));
    }

    bool fault(std::string_view what)
    {
        m_what = what;
        return false;
    }
    bool cutShort() { return fault("the bytes end inside a value"); }

    bool write(std::string_view text)
    {
        m_out += text;
        return true;
    }

    /// Writes a member's name with its colon: what `value` writes. Numbers and the like get quotes; what would need
    /// escaping again is refused.
    template <class Value>
    bool key(Value value)
    {
        const std::size_t begin = m_out.size();
        if (!value()) {
            return false;
        }
        if (m_out[begin] == '{' || m_out[begin] == '[') {
            return fault("a key that is neither text nor number");
        }
        if (m_out[begin] != '"') {
            m_out.insert(begin, 1, '"');
            m_out.push_back('"');
        }
        m_out.push_back(':');
        return true;
    }

    ByteReader m_in;
    std::string m_out;

private:
    std::string m_what;
};

} // namespace eventscope::core
