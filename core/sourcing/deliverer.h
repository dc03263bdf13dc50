// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/ids.h"
#include "sourcing/dead_letter_store.h"
#include "sourcing/delivery_lanes.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

namespace eventscope::core {

/// True on a thread that is delivering for an in-process bus: it must not wait for one.
bool isInsideHandler();
/// True when it is this one's handler.
bool isInsideHandlerOf(const Subscriber& subscriber);

/// How one attempt to deliver ended: finished for good, or to come again at a time.
struct AttemptEnd {
    Fate fate = Fate::Handled;
    std::optional<Timestamp> again{};
};

/// One attempt to deliver an event: calls the handler, decides between a retry and the dead letters,
/// parks. Holds no lock and knows no queue. // any thread
class Deliverer {
public:
    using PublishFailure = std::function<Status(RecordedEvent)>;

    struct Counters {
        std::atomic<std::uint64_t> failureEvents{0}, silencedFailures{0}, refusedParkings{0};
    };

    Deliverer(const Clock& clock, IdGenerator& ids, DeadLetterStore& deadLetters, PublishFailure publishFailure);

    AttemptEnd attempt(Subscriber& subscriber, Delivery& delivery);

    /// From now on a failure leaves the delivery as it is: it may be the shutdown that made it fail.
    void stop() { m_stopped = true; }
    const Counters& counters() const { return m_counters; }

private:
    AttemptEnd afterFailure(Subscriber& subscriber, Delivery& delivery, Error error);
    AttemptEnd park(Subscriber& subscriber, Delivery& delivery);
    void tellOf(const ParkedEvent& letter);

    const Clock& m_clock;
    IdGenerator& m_ids;
    DeadLetterStore& m_deadLetters;
    PublishFailure m_publishFailure;
    Counters m_counters;
    std::atomic<bool> m_stopped{false};
};

} // namespace eventscope::core
