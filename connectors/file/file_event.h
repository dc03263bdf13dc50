// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/envelope_reader.h"
#include "inspect/event_json_reader.h"
#include "inspect/source_event.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::file {

/// Where the name that an event's source has comes from.
enum class SourceName {
    OfFile,  ///< as the file says, so that it reads back as it was written; the connection's where it is silent
    OfOwner, ///< the connection's; what the file says becomes a header "source"
};

/// Makes an event of one record of a file: as this program writes events, else of whatever envelope
/// it is, else the JSON itself. // one thread at a time
class FileEventReader {
public:
    FileEventReader(std::string owner, SourceName sourceName) : m_owner(std::move(owner)), m_sourceName(sourceName) { }

    /// `number` is the record's, and the event's position unless it has one of its own. `fault` says why
    /// it cannot be whole. A view that ends with `text` and with the next call.
    core::SourceEvent read(std::string_view text, std::int64_t number, std::string_view fault);

private:
    core::SourceEvent readEnvelope(std::string_view text, std::int64_t number);
    void nameSource(core::SourceEvent& event);

    const std::string m_owner;
    const SourceName m_sourceName;
    core::EventJsonReader m_json;
    core::EnvelopeReader m_envelope;
    std::vector<core::HeaderView> m_headers;
    std::string m_reason;
};

} // namespace eventscope::file
