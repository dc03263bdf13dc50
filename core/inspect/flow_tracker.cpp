// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/flow_tracker.h"

#include "inspect/filter/column_scan.h"
#include "inspect/log_storage.h"
#include "inspect/log_windows.h"

namespace eventscope::core {

namespace {

/// A flow up to this size is put in order at every slice; a larger one only at the log's end.
constexpr std::size_t kCheap = 500;

} // namespace

FlowTracker::Result FlowTracker::result() const
{
    const std::scoped_lock lock(m_mutex);
    return m_result;
}

bool FlowTracker::take(const EventLog& log, LogRow from, LogRow to)
{
    if (m_correlationId.empty()) {
        return false; // events without one do not belong together
    }
    if (!m_idKnown) {
        m_idKnown = log.findText(m_correlationId, m_id);
        if (!m_idKnown) {
            return false;
        }
    }
    forEachWindow(log, from, to, [&](LogRow begin, RowMask& rows) {
        const LogChunk& chunk = log.storage().chunkOf(begin);
        keepEqual(chunk.correlation.data() + begin % LogChunk::kRows, m_id, rows);
        rows.forEach([&](std::size_t row) { add(begin + row); });
        return true;
    });
    if (!m_dirty || (m_rows.size() > kCheap && to < log.size())) {
        return false;
    }
    m_dirty = false;
    auto flow = std::make_shared<const Flow>(buildFlow(log, m_rows));
    const std::scoped_lock lock(m_mutex);
    m_result = {std::move(flow), m_events};
    return true;
}

void FlowTracker::add(LogRow row)
{
    ++m_events;
    m_dirty = true;
    if (m_rows.size() < kMaxEvents) {
        m_rows.push_back(row);
    }
}

} // namespace eventscope::core
