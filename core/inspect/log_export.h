// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "inspect/event_file_writer.h"
#include "inspect/event_log.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace eventscope::core {

/// How far an export is, for whoever watches it from another thread.
struct ExportProgress {
    std::atomic<std::uint64_t> rows{0}; ///< that are to be written
    std::atomic<std::uint64_t> written{0};
};

struct ExportReceipt {
    std::uint64_t written = 0;
    std::uint64_t gone = 0; ///< rows that the log had dropped before their turn
};

/// Writes rows of a log into a file, in that order; nothing: all that the log holds now. Cancelled when
/// it was stopped, and then nothing is left of it; nor after any failure. // any thread, not the GUI's
Result<ExportReceipt> exportRows(const EventLog& log, const std::optional<std::vector<std::uint32_t>>& rows,
    const std::string& path, EventFileOptions options, ExportProgress& progress, const std::stop_token& stop);

} // namespace eventscope::core
