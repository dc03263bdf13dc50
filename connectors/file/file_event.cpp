// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_event.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace eventscope::file {

using core::SourceEvent;

SourceEvent FileEventReader::read(std::string_view text, std::int64_t number, std::string_view fault)
{
    SourceEvent event{.source = m_owner, .position = number, .hasTime = false, .payload = text};
    if (!fault.empty()) {
        event.undecodable = fault;
        return event;
    }
    switch (m_json.read(text, event)) {
    case core::EventJsonReader::Outcome::Read: break;
    case core::EventJsonReader::Outcome::NotAnEvent: event = readEnvelope(text, number); break;
    case core::EventJsonReader::Outcome::Broken:
        m_reason = m_json.why();
        event.undecodable = m_reason;
        return event;
    }
    nameSource(event);
    return event;
}

SourceEvent FileEventReader::readEnvelope(std::string_view text, std::int64_t number)
{
    SourceEvent event = m_envelope.read(
        {.source = m_owner, .position = number, .hasTime = false, .payload = text}, "application/json");
    const core::Envelope& envelope = m_envelope.envelope();
    if (envelope.kind != core::EnvelopeKind::CloudEventsStructured) {
        return event;
    }
    if (envelope.position != core::Envelope::kNone) {
        event.position = envelope.position;
    }
    if (envelope.partition >= 0 && envelope.partition <= std::numeric_limits<std::int32_t>::max()) {
        event.partition = static_cast<std::int32_t>(envelope.partition);
    }
    event.source = envelope.origin;
    m_headers.assign(event.headers.begin(), event.headers.end());
    std::erase_if(m_headers, [&](const core::HeaderView& header) {
        return header.name == "source" && header.value.data() == envelope.origin.data();
    });
    event.headers = m_headers;
    return event;
}

void FileEventReader::nameSource(SourceEvent& event)
{
    if (m_sourceName == SourceName::OfFile || event.source == m_owner) {
        return;
    }
    if (event.headers.data() != m_headers.data()) {
        m_headers.assign(event.headers.begin(), event.headers.end());
    }
    m_headers.push_back({"source", event.source});
    event.headers = m_headers;
    event.source = m_owner;
}

} // namespace eventscope::file
