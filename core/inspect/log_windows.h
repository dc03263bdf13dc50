// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"
#include "inspect/filter/row_mask.h"
#include "inspect/log_chunk.h"

#include <algorithm>
#include <cstddef>

namespace eventscope::core {

/// Goes through [from, to) in windows that lie in one chunk each: calls take(first row, mask of the rows
/// that are still there), under a hold. It ends where take returns false; then false, unless that was
/// the last window. // any thread
template <class Take>
bool forEachWindow(const EventLog& log, LogRow from, LogRow to, Take take)
{
    while (from < to) {
        const EventLog::Hold hold = log.hold();
        const LogRow first = log.firstRow();
        const LogRow chunkEnd = (from / LogChunk::kRows + 1) * LogChunk::kRows;
        const LogRow end = std::min({to, from + RowMask::kRows, chunkEnd});
        RowMask rows = RowMask::all(static_cast<std::size_t>(end - from));
        for (LogRow row = from; row < std::min(first, end); ++row)
            rows.remove(static_cast<std::size_t>(row - from));
        if (!take(from, rows) && end < to)
            return false;
        from = end;
    }
    return true;
}

} // namespace eventscope::core
