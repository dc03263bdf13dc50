// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"
#include "inspect/source_event.h"
#include "sourcing/event_store.h"

#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// Turns a store's rows into source events: what metadata says of correlation and causation becomes
/// columns, the rest headers ("userId" and a "schemaVersion" other than 1 first). Keeps its buffers
/// from one event to the next. // one thread at a time
class StoredEventReader {
public:
    explicit StoredEventReader(std::string source) : m_source(std::move(source)) { }

    /// A view: it ends with the row, and with the next call.
    SourceEvent read(const EventView& row);

private:
    bool readPlain(std::string_view metadata, SourceEvent& event);
    void readAny(std::string_view metadata, SourceEvent& event);

    const std::string m_source;
    std::vector<HeaderView> m_headers;
    Metadata m_metadata; // what readAny made
    std::string m_schemaVersion;
};

} // namespace eventscope::core
