// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/source_url.h"
#include "event/error.h"
#include "inspect/source.h"
#include "sourcing/dead_letter_store.h"
#include "sourcing/event_store.h"

#include <memory>
#include <stop_token>
#include <string>

namespace eventscope::app {

/// A source opened for a command, and what else of it some command can look at.
struct OpenedSource {
    std::unique_ptr<core::Source> source;
    std::shared_ptr<core::EventStore> events;           ///< nullptr where there is no event store
    std::shared_ptr<core::DeadLetterStore> deadLetters; ///< nullptr where there are none to list
    std::shared_ptr<void> behind;                       ///< what must live as long
};

/// What of the demo is looked at; the same for all other sources.
enum class DemoPace {
    Told, ///< the first seconds of its story, over when the source is there
    Live, ///< a system that runs, from its beginning on
};

/// The name that the source's events carry: the URL's own, "demo", "orders@db.example", or of a path its
/// last part without the extension.
std::string nameOf(const SourceUrl& url);

/// Opens it to look at only. `stop` cuts short what takes its time.
core::Result<OpenedSource> openSource(const SourceUrl& url, DemoPace pace, std::stop_token stop);

} // namespace eventscope::app
