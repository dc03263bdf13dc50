// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/source_url.h"
#include "event/error.h"
#include "sourcing/event_store.h"

#include <memory>

namespace eventscope::app {

/// The event store at that URL, opened to be written; one that can be made is made when it is not
/// there. Unsupported for what is no event store.
core::Result<std::shared_ptr<core::EventStore>> openStoreForWriting(const SourceUrl& url);

} // namespace eventscope::app
