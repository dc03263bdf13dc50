// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"
#include "sourcing/idempotency_store.h"
#include "sourcing/message_bus.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace eventscope::core {

/// "processed:<eventId>"; where several handlers share a store, "processed:<handler>:<eventId>", so
/// that each of them handles the event once ('%' and ':' of the handler's name are percent-encoded).
/// A store is used with one of the two forms, not with both.
std::string processedKey(std::string_view eventId, std::string_view handler = {});

struct IdempotentHandlerOptions {
    /// The subscription's name, where handlers share a store; empty where the store is this one's alone.
    std::string handler{};
    /// Longer than the handler ever takes: one that outlives its lease may find that somebody else
    /// handled the event as well.
    std::chrono::milliseconds lease{30'000};
    std::chrono::seconds retention = kProcessedRetention;
};

struct IdempotentHandlerStatistics {
    std::uint64_t handled = 0;
    std::uint64_t skipped = 0;    ///< handled before
    std::uint64_t held = 0;       ///< somebody else was at it
    std::uint64_t failed = 0;     ///< the handler failed and the claim was released
    std::uint64_t leasesLost = 0; ///< the handler outlived its lease: somebody else may have handled it too
    std::uint64_t unrecorded = 0; ///< handled, but the store did not take note at the first go
};

/// Makes a handler act once for each event id, however often and on however many threads or in
/// however many processes the event is delivered: claim with a lease, handle, complete; release when
/// the handler fails. It is an EventHandler itself; copies share their state. // any thread
///
/// The outcome for the bus: success when it was handled, now or before; HeldByOther while somebody
/// else is at it (the bus brings the event again and counts no attempt), and also when the event was
/// handled but the store could not record it: it comes again to be recorded, not to be handled. Any
/// failure of the handler, or of the store before the handler ran, is passed on.
///
/// A process that dies between the handler's effect and complete() handles the event a second time
/// after the lease. Where even that must not happen, the effect and the record of the event belong in
/// one transaction, as a projection writes its row and its checkpoint.
class IdempotentHandler {
public:
    IdempotentHandler(IdempotencyStore& store, EventHandler handler, IdempotentHandlerOptions options = {});

    Status operator()(const RecordedEvent& event) const;
    IdempotentHandlerStatistics statistics() const;

private:
    struct Private;
    std::shared_ptr<Private> d;
};

} // namespace eventscope::core
