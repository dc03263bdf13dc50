// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/timestamp.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace eventscope::core {

/// Writes one JSON object member by member, on one line, straight into a text. What is absent is
/// left out; a text that is not valid UTF-8 is written as {"$base64":"…"} so that nothing is lost.
class JsonFields {
public:
    explicit JsonFields(std::string& out) : m_out(out) { m_out.push_back('{'); }
    void end() { m_out.push_back('}'); }

    /// Begins a member; the caller appends its value. `name` is plain ASCII.
    std::string& member(std::string_view name);

    void text(std::string_view name, std::string_view value); ///< even when it is empty
    void textUnlessEmpty(std::string_view name, std::string_view value);
    void integer(std::string_view name, std::int64_t value);
    void integerText(std::string_view name, std::int64_t value); ///< as a decimal string: 64 bits survive JavaScript
    void time(std::string_view name, Timestamp value);

private:
    std::string& m_out;
    bool m_first = true;
};

void appendTextValue(std::string& out, std::string_view text);
void appendInteger(std::string& out, std::int64_t value);

/// [["name","value"],…] of Header or HeaderView.
template <class Headers>
void appendHeadersJson(std::string& out, const Headers& headers)
{
    out.push_back('[');
    for (const auto& header : headers) {
        out += out.back() == '[' ? "[" : ",[";
        appendTextValue(out, header.name);
        out.push_back(',');
        appendTextValue(out, header.value);
        out.push_back(']');
    }
    out.push_back(']');
}

} // namespace eventscope::core
