// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"
#include "inspect/source_event.h"

#include <string>
#include <vector>

namespace eventscope::core {

/// Rows of a log as the events that they were when they came. Keeps its buffers from row to row. // one thread
class LogEvents {
public:
    /// `log` must outlive this.
    explicit LogEvents(const EventLog& log) : m_log(log) { }

    /// A view into the log and this object: until the next call, and while the log is held.
    SourceEvent at(LogRow row);

private:
    const EventLog& m_log;
    LogEvent m_event;
    std::vector<HeaderView> m_headers;
    std::string m_note;
};

} // namespace eventscope::core
