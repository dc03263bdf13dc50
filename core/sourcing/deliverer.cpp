// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/deliverer.h"

#include <algorithm>
#include <utility>

namespace eventscope::core {

namespace {

thread_local const Subscriber* t_handling = nullptr;

class HandlingMark {
public:
    explicit HandlingMark(const Subscriber& subscriber) { t_handling = &subscriber; }
    ~HandlingMark() { t_handling = nullptr; }
    HandlingMark(const HandlingMark&) = delete;
    HandlingMark& operator=(const HandlingMark&) = delete;
};

/// A delay of zero would turn waiting for somebody else into spinning.
constexpr std::chrono::milliseconds kLeastWait{1};

void count(std::atomic<std::uint64_t>& counter)
{
    counter.fetch_add(1, std::memory_order_relaxed);
}

} // namespace

bool isInsideHandler()
{
    return t_handling != nullptr;
}

bool isInsideHandlerOf(const Subscriber& subscriber)
{
    return t_handling == &subscriber;
}

Deliverer::Deliverer(const Clock& clock, IdGenerator& ids, DeadLetterStore& deadLetters, PublishFailure publishFailure)
    : m_clock(clock), m_ids(ids), m_deadLetters(deadLetters), m_publishFailure(std::move(publishFailure))
{
}

AttemptEnd Deliverer::attempt(Subscriber& subscriber, Delivery& delivery)
{
    const HandlingMark mark(subscriber);
    if (delivery.letter)
        return park(subscriber, delivery);
    Status handled = callHandler(subscriber.spec.handler, delivery.envelope->event());
    if (!handled)
        return afterFailure(subscriber, delivery, std::move(handled.error()));
    count(subscriber.counters.handled);
    return {Fate::Handled};
}

AttemptEnd Deliverer::afterFailure(Subscriber& subscriber, Delivery& delivery, Error error)
{
    const Timestamp now = m_clock.now();
    const RetryPolicy& retry = subscriber.spec.retry;
    if (error.code == ErrorCode::HeldByOther) {
        count(subscriber.counters.held);
        return {Fate::NotHandled, now + std::max(retry.delayBefore(1), kLeastWait)};
    }
    count(subscriber.counters.failed);
    if (m_stopped)
        return {Fate::NotHandled, now};
    delivery.history.add({now, std::move(error)});
    if (delivery.history.tries <= retry.maxRetries) {
        count(subscriber.counters.retried);
        return {Fate::NotHandled, now + retry.delayBefore(delivery.history.tries)};
    }

    delivery.letter = std::make_unique<ParkedEvent>();
    ParkedEvent& letter = *delivery.letter;
    letter.id = m_ids.next();
    letter.queue = subscriber.spec.name;
    letter.original = delivery.envelope->event();
    letter.error = delivery.history.kept.back().error;
    letter.error.stack = failureStack(subscriber.spec.name, letter.original, delivery.history);
    letter.failedAt = now;
    letter.attempts = delivery.history.attempts();
    return park(subscriber, delivery);
}

AttemptEnd Deliverer::park(Subscriber& subscriber, Delivery& delivery)
{
    if (const Status parked = m_deadLetters.park(*delivery.letter); !parked) {
        count(m_counters.refusedParkings);
        return {Fate::NotHandled, m_clock.now() + RetryPolicy{}.delayBefore(++delivery.refusedParkings)};
    }
    count(subscriber.counters.parked);
    tellOf(*delivery.letter);
    return {Fate::Parked};
}

void Deliverer::tellOf(const ParkedEvent& letter)
{
    if (letter.original.type == kEventHandlerFailed) {
        count(m_counters.silencedFailures);
        return;
    }
    if (m_publishFailure(handlerFailedEvent(letter, m_ids.next())))
        count(m_counters.failureEvents);
}

} // namespace eventscope::core
