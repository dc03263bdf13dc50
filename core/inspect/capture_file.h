// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "inspect/capture_format.h"
#include "sourcing/sqlite_connection.h"

#include <cstdint>
#include <memory>
#include <string>

namespace eventscope::core {

/// What a file is by its first bytes, whatever it is called. // any thread
enum class FileKind {
    Missing, ///< or it cannot be read
    Capture,
    Store, ///< an event store of ours
    Other,
};
FileKind kindOfFile(const std::string& path);

/// Opens a capture for looking: the file and what lies beside it stay as they are. In one sentence each:
/// there is no file (NotFound), it may not be read (Refused), it is something else (Unparsable), it is cut
/// short or damaged (Corrupt), a newer program wrote it (UnsupportedVersion).
Result<std::unique_ptr<SqliteConnection>> openCaptureFile(const std::string& path);

/// What a capture says about itself, without its events.
struct CaptureSummary {
    std::uint64_t events = 0;
    std::uint64_t marks = 0;
    CaptureSettings settings;
};
Result<CaptureSummary> readCaptureSummary(const std::string& path);

} // namespace eventscope::core
