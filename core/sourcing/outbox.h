// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/event.h"

#include <cstddef>
#include <span>
#include <vector>

namespace eventscope::core {

/// The events that are stored but not yet handed to the bus. A store with its outbox on writes the
/// entry in the very transaction that stores the event, so a crash between saving and publishing
/// loses nothing. // any thread
class Outbox {
public:
    virtual ~Outbox() = default;

    /// Oldest first; only those behind `after`, so that a relay with events under way asks for the
    /// next ones without reading those again.
    virtual Result<std::vector<RecordedEvent>> pending(std::size_t limit, GlobalPosition after = {}) const = 0;
    /// Forgets the entries at these positions; those that are no longer there are no error.
    virtual Status markPublished(std::span<const GlobalPosition> positions) = 0;
    virtual Result<std::size_t> backlog() const = 0;
};

} // namespace eventscope::core
