// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/ids.h"
#include "sourcing/dead_letter_store.h"
#include "sourcing/message_bus.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace eventscope::core {

struct InProcessBusOptions {
    /// Threads that run handlers: as many handlers of one event run at once. 0: one a core, at least 4.
    unsigned workers = 0;
    /// Deliveries (an event for one handler) that may wait before a publisher has to: it goes on once
    /// there are fewer. A batch is let in as a whole.
    std::size_t capacity = 8192;
};

/// May change or enrich an event on its way in; an error refuses it. Called on the publishing thread,
/// so on several at once.
using Middleware = std::function<Status(RecordedEvent& event)>;

/// What became of an event that was handed back.
enum class Redelivered {
    Handled,
    ParkedAgain, ///< as a new letter, with the attempts of both
    NotHandled,  ///< the bus or the subscription ended first: the letter is still needed
};
using RedeliveredFunction = std::function<void(Redelivered)>;

struct SubscriptionStatistics {
    std::string name;
    std::string pattern;
    std::uint64_t delivered = 0; ///< events that came in for it
    std::uint64_t handled = 0;
    std::uint64_t failed = 0; ///< calls that failed
    std::uint64_t retried = 0;
    std::uint64_t parked = 0;
    std::uint64_t held = 0;  ///< calls that found the event in somebody else's hands
    std::size_t waiting = 0; ///< now: queued, being handled or between two attempts
};

struct BusStatistics {
    std::uint64_t published = 0;
    std::uint64_t refused = 0;          ///< by the middleware
    std::uint64_t failureEvents = 0;    ///< EventHandlerFailed published
    std::uint64_t silencedFailures = 0; ///< failures to handle EventHandlerFailed, which cause no other one
    std::uint64_t refusedParkings = 0;  ///< the dead-letter store failed; tried again until it does not
    std::uint64_t unhandled = 0;        ///< deliveries given back because the bus or a subscription ended
    std::size_t pending = 0;            ///< deliveries queued, being handled or between two attempts, now
    std::size_t sleeping = 0;           ///< of those, between two attempts
    std::vector<SubscriptionStatistics> subscriptions;
};

/// Publish and subscribe within the process: patterns are an event type or "*". // any thread
///
/// Order. The handlers of one event run in parallel on the bus's threads. Events of one stream reach
/// a handler one after the other, in the order they were published; other streams pass meanwhile. A
/// failing event holds its stream, for this handler only, until it is handled or parked; its retries
/// wait on the clock, not on a thread.
///
/// Failure. One handler's failure touches no other. After its retries the event is parked in the
/// dead-letter store, and EventHandlerFailed (handler_failure.h) is published; when a handler of that
/// one fails, the event is parked and counted, and nothing more. While the dead-letter store refuses
/// a letter, the event holds its stream and the parking is tried again: it is never dropped.
///
/// Back-pressure. A publisher waits while `capacity` deliveries are pending; from within a handler
/// (of any such bus) publishing never waits, so handlers that publish cannot lock each other up, nor
/// does publishTracked(), whose caller knows how much is under way and is to keep that bounded.
///
/// The queue is memory: what must survive a crash goes through the outbox and publishTracked().
class InProcessBus final : public MessageBus {
public:
    /// The three must outlive the bus.
    InProcessBus(Clock& clock, IdGenerator& ids, DeadLetterStore& deadLetters, InProcessBusOptions options = {});
    ~InProcessBus() override; ///< stops

    /// Appends to the chain; `name` is told when it refuses.
    void use(std::string name, Middleware middleware);

    Status publish(const RecordedEvent& event) override;
    Status publishBatch(std::span<const RecordedEvent> events) override;
    Status publishTracked(std::span<const RecordedEvent> events, SettledFunction settled) override;

    /// InvalidArgument when the spec is incomplete or the name is taken, Cancelled after stop().
    Result<std::unique_ptr<Subscription>> subscribe(SubscriptionSpec spec) override;

    /// Hands a parked event to the one handler it failed in, past the middleware, behind what its
    /// stream has waiting there. NotFound when nobody of that name is subscribed. `done` is called
    /// once when this succeeds, on a thread of the bus.
    Status redeliver(const ParkedEvent& letter, RedeliveredFunction done);

    /// Waits until everything is handled or parked, retries and what handlers publish included.
    /// Cancelled when the bus stops meanwhile; InvalidArgument from within a handler.
    Status drain();

    /// Refuses what is new, lets the running handler calls end, and gives the rest back: settled as
    /// Cancelled and counted. Returns how many deliveries were never handled. Not from within a handler.
    std::uint64_t stop();

    BusStatistics statistics() const;

private:
    struct Private;
    class Handle;
    std::shared_ptr<Private> d; // shared with the subscriptions' handles, which may go later
};

} // namespace eventscope::core
