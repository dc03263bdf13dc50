// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/error.h"
#include "event/ids.h"

#include <chrono>
#include <memory>
#include <stop_token>
#include <thread>

namespace eventscope::core {

class DeadLetterStore;
class InProcessBus;
class RedeliveryQueue;
struct Redelivery;

/// Takes what waits in the redelivery queue to the handlers, on a thread of its own. An entry leaves
/// the queue once its handler has handled it or parked it anew; one for a handler that does not exist
/// is parked with that as its reason, so nothing waits for ever unseen. What the outbox relay parked
/// (kOutboxQueue), because no bus took it, is published again, to all handlers. After a crash everything not
/// yet settled is delivered again: handlers are idempotent for that reason.
class RedeliveryRelay {
public:
    /// All outlive the relay; stop the bus after it.
    RedeliveryRelay(RedeliveryQueue& queue, InProcessBus& bus, DeadLetterStore& letters, Clock& clock, IdGenerator& ids,
        std::chrono::milliseconds pollEvery = std::chrono::milliseconds(200));
    ~RedeliveryRelay();

    /// Delivers everything that waits now, and returns once it is settled; for tests and shutdowns.
    /// Not while the thread runs.
    Status deliverAll();
    void start();
    void stop();

private:
    struct InFlight;
    Status deliverNew();
    Status handOn(const Redelivery& redelivery);
    Status parkAgain(const Redelivery& redelivery, Error reason);
    void run(std::stop_token stop);

    RedeliveryQueue& m_queue;
    InProcessBus& m_bus;
    DeadLetterStore& m_letters;
    Clock& m_clock;
    IdGenerator& m_ids;
    const std::chrono::milliseconds m_pollEvery;
    std::shared_ptr<InFlight> m_inFlight; // shared with the bus's callbacks, which may come late
    std::jthread m_thread;
};

} // namespace eventscope::core
