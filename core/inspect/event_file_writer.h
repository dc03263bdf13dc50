// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/timestamp.h"
#include "inspect/capture_format.h"
#include "inspect/event_export.h"
#include "inspect/source_event.h"

#include <memory>
#include <span>
#include <string>

namespace eventscope::core {

/// Writes events into a file, whole or not at all: without finish() nothing is left of it, and what was
/// there under that name before stays. // one thread at a time
class EventFileWriter {
public:
    virtual ~EventFileWriter() = default;
    virtual Status write(std::span<const SourceEvent> events) = 0;
    /// On the disk, under its own name. Nothing may be written after it.
    virtual Status finish() = 0;
};

struct EventFileOptions {
    ExportFormat format = ExportFormat::NdJson;
    CaptureSettings settings{}; ///< of a capture
    Timestamp savedAt{};        ///< of a capture
};

/// Io, ReadOnly or DiskFull with a sentence that names the file.
Result<std::unique_ptr<EventFileWriter>> openEventFile(const std::string& path, EventFileOptions options);

} // namespace eventscope::core
