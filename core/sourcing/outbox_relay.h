// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/ids.h"
#include "sourcing/dead_letter_store.h"
#include "sourcing/event_store.h"
#include "sourcing/message_bus.h"
#include "sourcing/outbox.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace eventscope::core {

/// The queue of the letters that the relay parks: events that no bus takes. Requeue = publish again.
inline constexpr std::string_view kOutboxQueue = "outbox";

struct OutboxRelayOptions {
    std::size_t batch = 256; ///< events read and published at once
    /// Events published and not known to be safe yet; at the limit the relay waits.
    std::size_t window = 4096;
    /// How often the outbox is looked through from its beginning, for what rang no bell: appends of
    /// other processes, and a failure that may have passed.
    std::chrono::milliseconds pollInterval{1000};
    /// The delays while the bus cannot be reached, for ever; and those of an event that the bus
    /// refuses, which is parked after that many retries.
    RetryPolicy retry{.maxRetries = 8, .firstDelay = std::chrono::milliseconds(100)};
};

struct OutboxRelayStatistics {
    std::uint64_t published = 0; ///< handed to the bus, repetitions included
    std::uint64_t safe = 0;      ///< the bus answers for them
    std::uint64_t again = 0;     ///< came back unhandled, to be published again
    std::uint64_t refused = 0;   ///< publishing failed
    std::uint64_t parked = 0;    ///< refused for good
    std::uint64_t marked = 0;    ///< published, as far as the outbox knows
    std::size_t underWay = 0;    ///< now: published, not yet safe
    std::string lastError;       ///< the latest of the outbox, the bus or the dead letters
    Timestamp lastErrorAt{};
};

/// Carries events from the outbox to a bus, on a thread of its own: at least once, never lost, each
/// stream in its order. An event is marked as published only once the bus answers for it
/// (MessageBus::publishTracked), so whatever dies in between, it is published again; handlers that
/// must not act twice are IdempotentHandlers. One relay an outbox: two would break the order.
///
/// What fails. A bus that cannot be reached is tried again with growing delays, for ever. An event
/// that the bus refuses holds its own stream only; when it is the event's fault (it is invalid, a
/// middleware failed on it) it is parked after the retries, its stream goes on; a missing right or a
/// locked connection is waited out. Attempts are counted in memory: a restart begins anew.
///
/// Subscribe the handlers before the relay starts: an event without a handler is safe at once.
class OutboxRelay {
public:
    /// Starts at once. All of it must outlive the relay.
    OutboxRelay(Outbox& outbox, MessageBus& bus, DeadLetterStore& deadLetters, Clock& clock, IdGenerator& ids,
        OutboxRelayOptions options = {});
    ~OutboxRelay(); ///< stops

    /// Rings with every append of this store object, until the relay is gone. Call it once.
    void wakeOn(EventStore& store);
    /// There may be something new. // any thread
    void ring();

    /// Waits until the outbox is empty: all of it published, safe and marked. Cancelled when the relay
    /// stops meanwhile. Not from within a handler. // any thread
    Status waitUntilEmpty();

    /// Marks what is safe by now and ends. What is still under way stays in the outbox.
    void stop();

    /// What is not published yet, that under way included. // any thread
    Result<std::size_t> backlog() const;
    OutboxRelayStatistics statistics() const; // any thread

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace eventscope::core
