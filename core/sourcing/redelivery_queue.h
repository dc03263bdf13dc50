// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/event.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// A parked event on its way back to the handler that refused it.
struct Redelivery {
    std::string id;    ///< of this sending; a second one with the same id is the same sending
    std::string queue; ///< the handler: SubscriptionSpec::name
    RecordedEvent event;
    int attempts = 0;               ///< handler calls before this one
    bool possibleDuplicate = false; ///< an earlier sending may have arrived
    bool operator==(const Redelivery&) const = default;
};

/// Redeliveries that are accepted but not yet handled. They outlive a crash like the outbox does,
/// so a requeue is confirmed as soon as it is in here. // any thread
class RedeliveryQueue {
public:
    virtual ~RedeliveryQueue() = default;

    /// Success, and nothing new, when this id was accepted before.
    virtual Status enqueue(const Redelivery& redelivery) = 0;
    /// Oldest first.
    virtual Result<std::vector<Redelivery>> pending(std::size_t limit) const = 0;
    /// The handler has succeeded, or has parked the event anew.
    virtual Status markHandled(std::string_view id) = 0;
    /// Whether this id was ever accepted.
    virtual Result<bool> isKnown(std::string_view id) const = 0;
};

} // namespace eventscope::core
