// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/source_url.h"
#include "event/clock.h"
#include "event/error.h"
#include "inspect/event_import.h"
#include "inspect/source.h"

#include <cstdint>
#include <memory>

namespace eventscope::app {

/// Where imported events go. // one thread
class ImportTarget {
public:
    struct Figures {
        std::uint64_t written = 0, alreadyThere = 0;
        std::uint64_t idsMade = 0, timesMade = 0; ///< for events that had none
    };

    virtual ~ImportTarget() = default;
    virtual core::EventSink& sink() = 0;
    /// Writes the rest. Why it stopped, where it did; what came before is written.
    virtual core::Status finish() = 0;
    virtual Figures figures() const = 0;
    /// A second run recognises what the first one wrote.
    virtual bool knowsWhatIsThere() const { return true; }
};

/// The event store or topic at that URL, opened to be written. Unsupported for what cannot take events.
/// The clock outlives it.
core::Result<std::unique_ptr<ImportTarget>> openImportTarget(
    const SourceUrl& url, core::EventImport::Versions versions, core::Clock& clock);

} // namespace eventscope::app
