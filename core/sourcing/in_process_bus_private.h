// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/deliverer.h"
#include "sourcing/delivery_lanes.h"
#include "sourcing/due_timers.h"
#include "sourcing/event_dispatcher.h"
#include "sourcing/in_process_bus.h"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace eventscope::core {

/// An event for the fan-out by type.
struct Routed {
    TypeId type;
    const std::shared_ptr<BusEnvelope>* envelope;
};

/// The bus itself: in_process_bus.cpp publishes and subscribes, in_process_bus_threads.cpp delivers.
struct InProcessBus::Private {
    struct NamedMiddleware {
        std::string name;
        Middleware call;
    };
    using Chain = std::vector<NamedMiddleware>;
    using Envelopes = std::vector<std::shared_ptr<BusEnvelope>>;
    using SettledWithFate = BusEnvelope::SettledWithFate;

    Private(Clock& c, IdGenerator& ids, DeadLetterStore& deadLetters, InProcessBusOptions o)
        : clock(c)
        , options(o)
        , deliverer(c, ids, deadLetters, [this](RecordedEvent event) { return publishFailure(event); })
    {
        timers.emplace(clock);
    }

    // Publishing.
    Result<Envelopes> prepare(
        std::span<const RecordedEvent> events, const std::shared_ptr<const SettledWithFate>& settled);
    Status accept(std::span<const RecordedEvent> events, std::shared_ptr<const SettledWithFate> settled);
    Status publishFailure(const RecordedEvent& event) { return accept({&event, 1}, nullptr); }
    void route(const Envelopes& envelopes);
    void waitForRoom(std::unique_lock<std::mutex>& lock);

    // The bus's threads.
    void work();
    void workOne(std::unique_lock<std::mutex>& lock);
    void conclude(std::unique_lock<std::mutex>& lock, Lane& lane, Delivery delivery, const AttemptEnd& end);
    void wakeDue();
    void wakeWorkers(std::size_t ready);
    void tellOfProgress(); // under the lock

    Status subscribe(std::shared_ptr<Subscriber> subscriber);
    void unsubscribe(Subscriber& subscriber);
    std::shared_ptr<Subscriber> named(std::string_view name) const;
    std::uint64_t stop();

    Clock& clock;
    const InProcessBusOptions options;
    Deliverer deliverer;
    std::atomic<std::uint64_t> published{0}, refused{0}, unhandled{0};

    mutable std::mutex mutex; // guards what follows; never held while foreign code runs
    std::condition_variable workThere, roomThere, progress;
    DeliveryLanes lanes;
    TypeTable types;
    EventDispatcher<Routed> routes;
    std::vector<std::shared_ptr<Subscriber>> subscribers;
    std::shared_ptr<const Chain> chain = std::make_shared<Chain>();
    std::size_t publishersWaiting = 0;
    bool stopping = false;

    std::mutex stopMutex;
    std::optional<DueTimers> timers; // until the bus stops
    std::vector<std::thread> threads;
};

inline Status busStopped()
{
    return fail(ErrorCode::Cancelled, "the event bus has stopped and takes nothing more");
}

/// Settles what will not be handled here any more; never under the lock.
inline void closeUnhandled(const std::vector<Delivery>& deliveries)
{
    for (const Delivery& delivery : deliveries)
        delivery.envelope->close(Fate::NotHandled);
}

} // namespace eventscope::core
