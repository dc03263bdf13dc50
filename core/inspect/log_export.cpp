// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/log_export.h"

#include "inspect/log_events.h"

#include <algorithm>
#include <span>
#include <utility>

namespace eventscope::core {

namespace {

/// Held and written at once, so that the log can go on dropping between them.
constexpr std::uint64_t kSlice = 256;

} // namespace

Result<ExportReceipt> exportRows(const EventLog& log, const std::optional<std::vector<std::uint32_t>>& rows,
    const std::string& path, EventFileOptions options, ExportProgress& progress, const std::stop_token& stop)
{
    const LogRow first = rows ? 0 : log.firstRow();
    const std::uint64_t count = rows ? rows->size() : log.size() - first;
    progress.rows.store(count, std::memory_order_relaxed);
    auto file = openEventFile(path, std::move(options));
    if (!file) {
        return std::unexpected(file.error());
    }
    ExportReceipt receipt;
    LogEvents events(log);
    for (std::uint64_t at = 0; at < count; at += kSlice) {
        if (stop.stop_requested()) {
            return fail(ErrorCode::Cancelled, "It was cancelled; nothing was written.");
        }
        const EventLog::Hold hold = log.hold();
        const LogRow oldest = log.firstRow();
        for (std::uint64_t i = at; i < std::min(at + kSlice, count); ++i) {
            const LogRow row = rows ? (*rows)[i] : first + i;
            if (row < oldest) {
                ++receipt.gone;
                continue;
            }
            const SourceEvent event = events.at(row);
            if (const Status written = (*file)->write({&event, 1}); !written) {
                return std::unexpected(written.error());
            }
            ++receipt.written;
        }
        progress.written.store(std::min(at + kSlice, count), std::memory_order_relaxed);
    }
    if (const Status kept = (*file)->finish(); !kept) {
        return std::unexpected(kept.error());
    }
    return receipt;
}

} // namespace eventscope::core
