// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/redelivery_relay.h"

#include "sourcing/dead_letter_store.h"
#include "sourcing/in_process_bus.h"
#include "sourcing/outbox_relay.h"
#include "sourcing/redelivery_queue.h"

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace eventscope::core {

namespace {

constexpr std::size_t kBatch = 256;

ParkedEvent toParked(const Redelivery& redelivery)
{
    ParkedEvent parked;
    parked.id = redelivery.id;
    parked.queue = redelivery.queue;
    parked.original = redelivery.event;
    parked.attempts = redelivery.attempts;
    return parked;
}

} // namespace

struct RedeliveryRelay::InFlight {
    std::mutex mutex;
    std::condition_variable settled;
    std::set<std::string> ids;              // handed to the bus
    std::vector<std::string> done, dropped; // settled since the last look: to mark, to try again

    bool begin(const std::string& id)
    {
        const std::scoped_lock lock(mutex);
        return ids.insert(id).second;
    }
    void end(const std::string& id, bool handled)
    {
        {
            const std::scoped_lock lock(mutex);
            (handled ? done : dropped).push_back(id);
        }
        settled.notify_all();
    }
    std::vector<std::string> takeDone()
    {
        const std::scoped_lock lock(mutex);
        for (const std::string& id : std::exchange(dropped, {}))
            ids.erase(id);
        return std::exchange(done, {});
    }
    void forget(const std::string& id)
    {
        const std::scoped_lock lock(mutex);
        ids.erase(id);
    }
};

RedeliveryRelay::RedeliveryRelay(RedeliveryQueue& queue, InProcessBus& bus, DeadLetterStore& letters, Clock& clock,
    IdGenerator& ids, std::chrono::milliseconds pollEvery)
    : m_queue(queue)
    , m_bus(bus)
    , m_letters(letters)
    , m_clock(clock)
    , m_ids(ids)
    , m_pollEvery(pollEvery)
    , m_inFlight(std::make_shared<InFlight>())
{
}

RedeliveryRelay::~RedeliveryRelay()
{
    stop();
}

void RedeliveryRelay::start()
{
    m_thread = std::jthread([this](std::stop_token stop) { run(stop); });
}

void RedeliveryRelay::stop()
{
    m_thread.request_stop();
    if (m_thread.joinable())
        m_thread.join();
}

void RedeliveryRelay::run(std::stop_token stop)
{
    // A failing store is tried again at the next poll: what waits stays where it is.
    do {
        (void)deliverNew();
    } while (m_clock.sleepFor(m_pollEvery, stop));
    (void)deliverNew();
}

Status RedeliveryRelay::deliverAll()
{
    while (true) {
        if (Status delivered = deliverNew(); !delivered)
            return delivered;
        std::unique_lock lock(m_inFlight->mutex);
        if (m_inFlight->ids.empty())
            return {};
        m_inFlight->settled.wait(lock, [&] { return !m_inFlight->done.empty() || !m_inFlight->dropped.empty(); });
        if (!m_inFlight->dropped.empty())
            return fail(ErrorCode::Cancelled, "The bus ended before everything was redelivered; the rest waits.");
    }
}

/// Marks what was settled, then hands on what is not under way yet.
Status RedeliveryRelay::deliverNew()
{
    for (const std::string& id : m_inFlight->takeDone()) {
        if (Status marked = m_queue.markHandled(id); !marked) {
            m_inFlight->end(id, true); // again at the next look
            return marked;
        }
        m_inFlight->forget(id);
    }
    const auto pending = m_queue.pending(kBatch);
    if (!pending)
        return std::unexpected(pending.error());
    for (const Redelivery& redelivery : *pending) {
        if (!m_inFlight->begin(redelivery.id))
            continue;
        Status handed = handOn(redelivery);
        if (handed)
            continue;
        if (handed.error().code == ErrorCode::Cancelled) { // the bus has ended
            m_inFlight->forget(redelivery.id);
            return handed;
        }
        if (Status parked = parkAgain(redelivery, std::move(handed.error())); !parked) {
            m_inFlight->forget(redelivery.id);
            return parked;
        }
        m_inFlight->end(redelivery.id, true);
    }
    return {};
}

Status RedeliveryRelay::handOn(const Redelivery& redelivery)
{
    const auto end = [inFlight = m_inFlight, id = redelivery.id](bool handled) { inFlight->end(id, handled); };
    // What no bus took failed in no handler: it goes to all of them, as it would have then.
    if (redelivery.queue == kOutboxQueue)
        return m_bus.publishTracked(
            {&redelivery.event, 1}, [end](std::size_t, const Status& outcome) { end(outcome.has_value()); });
    return m_bus.redeliver(
        toParked(redelivery), [end](Redelivered outcome) { end(outcome != Redelivered::NotHandled); });
}

Status RedeliveryRelay::parkAgain(const Redelivery& redelivery, Error reason)
{
    ParkedEvent parked = toParked(redelivery);
    parked.id = m_ids.next();
    parked.failedAt = m_clock.now();
    if (redelivery.queue == kOutboxQueue)
        ++parked.attempts;
    parked.error = std::move(reason);
    if (parked.error.code == ErrorCode::NotFound && redelivery.queue != kOutboxQueue)
        parked.error.message = fmt::format("No handler is named \"{}\".", redelivery.queue);
    return m_letters.park(parked);
}

} // namespace eventscope::core
