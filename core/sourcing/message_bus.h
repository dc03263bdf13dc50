// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/event.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace eventscope::core {

/// How often a failing handler is tried again before its event is parked as a dead letter.
struct RetryPolicy {
    int maxRetries = 3; ///< beyond the first attempt
    std::chrono::milliseconds firstDelay{1000};
    double factor = 2.0; ///< 1 s, 2 s, 4 s
    std::chrono::milliseconds maxDelay{60'000};

    /// The delay before retry number `retry` (1 is the first).
    std::chrono::milliseconds delayBefore(int retry) const;
    static RetryPolicy none() { return {.maxRetries = 0}; }
};

/// Handles one event; an error (or an exception) counts as a failed attempt, but HeldByOther: that
/// one is no attempt, the event comes again after the first delay for as long as it takes. Runs inside
/// a MessageScope of the event, so what it creates carries the right correlation and causation.
using EventHandler = std::function<Status(const RecordedEvent&)>;

/// Calls the handler inside the event's scope; whatever it throws comes back as HandlerFailed with
/// the exception's type and text. For the implementations of a bus.
Status callHandler(const EventHandler& handler, const RecordedEvent& event);

/// For a catch block: the exception at hand as HandlerFailed, its type and causes as the stack.
Error errorOfCurrentException();

/// What became of the event with this index in its batch. Success: no crash of this process can lose
/// it any more. An error (Cancelled, InDoubt): it must be published again.
using SettledFunction = std::function<void(std::size_t index, const Status& outcome)>;

struct SubscriptionSpec {
    /// Who this is: the consumer group, queue or handler name. In process: shown with failures, and
    /// the address a dead letter goes back to. Unique on a bus.
    std::string name;
    /// Which events: a type ("OrderPlaced") or "*" in process; a topic or routing pattern on brokers.
    std::string pattern;
    EventHandler handler;
    RetryPolicy retry{};
};

/// Ends the subscription when it goes; returns only after a running handler call has finished
/// (unless it is called from within that handler).
class Subscription {
public:
    virtual ~Subscription() = default;
};

/// Publish and subscribe. Delivery is at least once; wrap handlers with IdempotentHandler where a
/// second delivery would do harm. // any thread
class MessageBus {
public:
    virtual ~MessageBus() = default;

    /// Success means that the bus is responsible for the event now: brokers have confirmed it, the
    /// in-process bus has queued it for (or run) every handler.
    virtual Status publish(const RecordedEvent& event) = 0;
    /// In order; on transports with transactions all or none.
    virtual Status publishBatch(std::span<const RecordedEvent> events) = 0;
    /// publishBatch() for a caller that keeps the events until they are safe (the outbox relay):
    /// `settled` is called once for each event, on any thread, possibly before this returns; never
    /// when this fails. A broker's confirmation settles an event; in process it is settled when every
    /// handler has handled or parked it. It must only take note: no publishing from within.
    virtual Status publishTracked(std::span<const RecordedEvent> events, SettledFunction settled);

    virtual Result<std::unique_ptr<Subscription>> subscribe(SubscriptionSpec spec) = 0;
};

} // namespace eventscope::core
