// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/raw_json.h"
#include "inspect/source_event.h"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// Reads events as appendEventJson() writes them, byte for byte. Keeps its buffers from one event to
/// the next. // one thread at a time
class EventJsonReader {
public:
    enum class Outcome {
        Read,
        NotAnEvent, ///< JSON of another form
        Broken,     ///< this form with a field that makes no sense: see why()
    };
    /// `event` is a view into `json` and this reader; it ends with the next call. What the text does not
    /// name is left as it is in `event`.
    Outcome read(std::string_view json, SourceEvent& event);
    /// The same of an object whose members were found already.
    Outcome read(const std::vector<RawJsonMember>& members, SourceEvent& event);
    const std::string& why() const { return m_why; }

private:
    bool readMember(const RawJsonMember& member, SourceEvent& event);
    bool readText(std::string_view value, std::string_view& text);
    bool readHeaders(std::string_view value, SourceEvent& event);
    bool readData(std::string_view value, SourceEvent& event);
    std::string_view keep(std::string text);

    std::deque<std::string> m_texts;
    std::vector<HeaderView> m_headers;
    std::string m_why;
};

} // namespace eventscope::core
