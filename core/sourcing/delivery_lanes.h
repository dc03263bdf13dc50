// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"
#include "event/timestamp.h"
#include "sourcing/dead_letter_store.h"
#include "sourcing/handler_failure.h"
#include "sourcing/message_bus.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace eventscope::core {

/// What became of an event, the worst of all its deliveries. In rising order.
enum class Fate : int { Handled, Parked, NotHandled };

/// An event on its way to its handlers, shared by its deliveries.
class BusEnvelope {
public:
    using SettledWithFate = std::function<void(std::size_t index, Fate fate)>;

    BusEnvelope(RecordedEvent event, std::shared_ptr<const SettledWithFate> settled, std::size_t index)
        : m_event(std::move(event)), m_settled(std::move(settled)), m_index(index)
    {
    }

    const RecordedEvent& event() const { return m_event; }
    RecordedEvent& event() { return m_event; } ///< before it is published only

    /// Everybody who opens closes once; the publisher's own opening is there from the start. The last
    /// one to close settles the event. // any thread
    void open() { m_open.fetch_add(1, std::memory_order_relaxed); }
    void close(Fate fate);

private:
    RecordedEvent m_event;
    std::shared_ptr<const SettledWithFate> m_settled;
    std::size_t m_index;
    std::atomic<std::size_t> m_open{1};
    std::atomic<int> m_worst{0};
};

/// An event on its way to one handler.
struct Delivery {
    std::shared_ptr<BusEnvelope> envelope;
    AttemptHistory history{};
    std::unique_ptr<ParkedEvent> letter{}; ///< given up on, but not parked yet: the store refused it
    int refusedParkings = 0;               ///< how often it did
};

class DeliveryLanes;
struct Subscriber;

/// The events of one stream for one handler: one is out at a time, the rest waits behind it.
struct Lane {
    Subscriber* subscriber = nullptr;
    std::string_view stream; ///< the key in the subscriber's lanes
    bool out = false;        ///< one of its deliveries is being handled
    std::list<Delivery> waiting{};
};

struct SubscriberCounters {
    std::atomic<std::uint64_t> delivered{0}, handled{0}, failed{0}, retried{0}, parked{0}, held{0};
};

struct Subscriber : std::enable_shared_from_this<Subscriber> {
    explicit Subscriber(SubscriptionSpec s) : spec(std::move(s)) { }

    const SubscriptionSpec spec;
    SubscriberCounters counters;

    // All of it under the bus's lock.
    DeliveryLanes* queue = nullptr;
    std::uint64_t route = 0; ///< in the dispatcher
    bool ended = false;
    std::size_t running = 0; ///< handler calls
    std::size_t waiting = 0; ///< deliveries, those that are being handled included

private:
    friend class DeliveryLanes;
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::unordered_map<std::string, Lane, Hash, std::equal_to<>> m_lanes;
};

/// Which delivery is next: a lane for each subscriber and stream, so that the events of one stream
/// reach a handler in order while other streams pass, even while one of them waits for its retry.
/// Passive and without a lock: its owner's lock guards it.
class DeliveryLanes {
public:
    void add(Subscriber& subscriber, Delivery delivery);

    bool hasReady() const { return !m_ready.empty(); }
    std::size_t ready() const { return m_ready.size(); }
    /// Takes the next delivery out; its lane is out too until finished() or again(). Only when hasReady().
    Lane& take(Delivery& delivery);
    /// The delivery is done with: the next one of its lane may go.
    void finished(Lane& lane);
    /// The delivery comes first in its lane again, from `due` on.
    void again(Lane& lane, Delivery delivery, Timestamp due);

    /// Makes the lanes ready that are due.
    void wake(Timestamp now);

    /// Takes out what the subscriber still had waiting, but not what is being handled.
    std::vector<Delivery> remove(Subscriber& subscriber);

    /// Deliveries waiting and being handled.
    std::size_t pending() const { return m_pending; }
    /// Of those the ones whose retry is not due yet.
    std::size_t sleeping() const { return m_sleepers.size(); }

private:
    struct Sleeper {
        Timestamp due;
        std::uint64_t order; // of two due at once the one that fell asleep first
        Lane* lane;
        bool operator>(const Sleeper& other) const { return due != other.due ? due > other.due : order > other.order; }
    };

    std::deque<Lane*> m_ready;
    std::vector<Sleeper> m_sleepers; // a heap, the earliest on top
    std::uint64_t m_fallenAsleep = 0;
    std::size_t m_pending = 0;
};

} // namespace eventscope::core
