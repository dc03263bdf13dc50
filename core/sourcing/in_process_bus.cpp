// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/in_process_bus.h"

#include "sourcing/in_process_bus_private.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace eventscope::core {

namespace {

using SettledWithFate = BusEnvelope::SettledWithFate;

void enqueue(void* context, std::span<const Routed> events)
{
    auto& subscriber = *static_cast<Subscriber*>(context);
    subscriber.counters.delivered.fetch_add(events.size(), std::memory_order_relaxed);
    for (const Routed& event : events) {
        (*event.envelope)->open();
        subscriber.queue->add(subscriber, Delivery{.envelope = *event.envelope});
    }
}

Status callMiddleware(const Middleware& middleware, RecordedEvent& event)
{
    try {
        return middleware(event);
    } catch (...) {
        return std::unexpected(errorOfCurrentException());
    }
}

unsigned workersFor(unsigned wanted)
{
    return wanted != 0 ? wanted : std::max(4U, std::thread::hardware_concurrency());
}

Status outcomeOf(Fate fate)
{
    if (fate != Fate::NotHandled)
        return {};
    return fail(ErrorCode::Cancelled, "the bus or a subscription ended before the event was handled: publish it again");
}

Redelivered redeliveredAs(Fate fate)
{
    switch (fate) {
    case Fate::Handled: return Redelivered::Handled;
    case Fate::Parked: return Redelivered::ParkedAgain;
    case Fate::NotHandled: break;
    }
    return Redelivered::NotHandled;
}

Status checked(const SubscriptionSpec& spec)
{
    if (spec.name.empty() || spec.pattern.empty() || !spec.handler)
        return fail(ErrorCode::InvalidArgument, "a subscription needs a name, a pattern and a handler");
    if (spec.retry.maxRetries < 0 || spec.retry.firstDelay.count() < 0)
        return fail(ErrorCode::InvalidArgument,
            fmt::format("the retry policy of \"{}\" is negative: use RetryPolicy::none() for no retries", spec.name));
    return {};
}

} // namespace

Result<InProcessBus::Private::Envelopes> InProcessBus::Private::prepare(
    std::span<const RecordedEvent> events, const std::shared_ptr<const SettledWithFate>& settled)
{
    std::shared_ptr<const Chain> middleware;
    {
        const std::scoped_lock lock(mutex);
        middleware = chain;
    }
    Envelopes envelopes;
    envelopes.reserve(events.size());
    for (const RecordedEvent& event : events) {
        envelopes.push_back(std::make_shared<BusEnvelope>(event, settled, envelopes.size()));
        for (const NamedMiddleware& step : *middleware) {
            if (Status status = callMiddleware(step.call, envelopes.back()->event()); !status) {
                refused.fetch_add(1, std::memory_order_relaxed);
                status.error().message
                    = fmt::format("\"{}\" refused {} {}: {}", step.name, event.type, event.id, status.error().message);
                return std::unexpected(std::move(status.error()));
            }
        }
    }
    return envelopes;
}

Status InProcessBus::Private::accept(
    std::span<const RecordedEvent> events, std::shared_ptr<const SettledWithFate> settled)
{
    const Result<Envelopes> envelopes = prepare(events, settled);
    if (!envelopes)
        return std::unexpected(envelopes.error());
    std::size_t ready = 0;
    {
        std::unique_lock lock(mutex);
        if (!settled) // who tracks knows what is under way, and holds back by himself
            waitForRoom(lock);
        if (stopping)
            return busStopped();
        route(*envelopes);
        ready = lanes.ready();
    }
    wakeWorkers(ready);
    published.fetch_add(events.size(), std::memory_order_relaxed);
    for (const auto& envelope : *envelopes)
        envelope->close(Fate::Handled);
    return {};
}

void InProcessBus::Private::route(const Envelopes& envelopes)
{
    std::vector<Routed> routed;
    routed.reserve(envelopes.size());
    for (const auto& envelope : envelopes)
        routed.push_back({types.find(envelope->event().type), &envelope});
    routes.dispatch(routed);
}

void InProcessBus::Private::waitForRoom(std::unique_lock<std::mutex>& lock)
{
    if (isInsideHandler())
        return;
    ++publishersWaiting;
    roomThere.wait(lock, [this] { return stopping || lanes.pending() < options.capacity; });
    --publishersWaiting;
}

Status InProcessBus::Private::subscribe(std::shared_ptr<Subscriber> subscriber)
{
    const std::scoped_lock lock(mutex);
    if (stopping)
        return busStopped();
    if (named(subscriber->spec.name))
        return fail(ErrorCode::InvalidArgument,
            fmt::format("\"{}\" is subscribed already: give each handler a name of its own", subscriber->spec.name));
    subscriber->queue = &lanes;
    if (subscriber->spec.pattern == "*") {
        subscriber->route = routes.addForAll(&enqueue, subscriber.get());
    } else {
        const TypeId type = types.intern(subscriber->spec.pattern);
        subscriber->route = routes.add({&type, 1}, &enqueue, subscriber.get());
    }
    subscribers.push_back(std::move(subscriber));
    return {};
}

void InProcessBus::Private::unsubscribe(Subscriber& subscriber)
{
    std::vector<Delivery> left;
    {
        std::unique_lock lock(mutex);
        subscriber.ended = true;
        routes.remove(subscriber.route);
        std::erase_if(subscribers, [&](const auto& other) { return other.get() == &subscriber; });
        left = lanes.remove(subscriber);
        tellOfProgress();
        if (!isInsideHandlerOf(subscriber))
            progress.wait(lock, [&] { return subscriber.running == 0; });
    }
    unhandled.fetch_add(left.size(), std::memory_order_relaxed);
    closeUnhandled(left);
}

std::shared_ptr<Subscriber> InProcessBus::Private::named(std::string_view name) const
{
    const auto found = std::ranges::find_if(subscribers, [&](const auto& other) { return other->spec.name == name; });
    return found == subscribers.end() ? nullptr : *found;
}

/// Ends its subscription, also when the bus is already gone.
class InProcessBus::Handle final : public Subscription {
public:
    Handle(std::shared_ptr<Private> bus, std::shared_ptr<Subscriber> subscriber)
        : m_bus(std::move(bus)), m_subscriber(std::move(subscriber))
    {
    }
    ~Handle() override { m_bus->unsubscribe(*m_subscriber); }

private:
    std::shared_ptr<Private> m_bus;
    std::shared_ptr<Subscriber> m_subscriber;
};

InProcessBus::InProcessBus(Clock& clock, IdGenerator& ids, DeadLetterStore& deadLetters, InProcessBusOptions options)
    : d(std::make_shared<Private>(clock, ids, deadLetters, options))
{
    for (unsigned i = 0; i < workersFor(options.workers); ++i)
        d->threads.emplace_back(&Private::work, d.get());
}

InProcessBus::~InProcessBus()
{
    d->stop();
}

void InProcessBus::use(std::string name, Middleware middleware)
{
    const std::scoped_lock lock(d->mutex);
    auto longer = std::make_shared<Private::Chain>(*d->chain);
    longer->push_back({std::move(name), std::move(middleware)});
    d->chain = std::move(longer);
}

Status InProcessBus::publish(const RecordedEvent& event)
{
    return d->accept({&event, 1}, nullptr);
}

Status InProcessBus::publishBatch(std::span<const RecordedEvent> events)
{
    return d->accept(events, nullptr);
}

Status InProcessBus::publishTracked(std::span<const RecordedEvent> events, SettledFunction settled)
{
    return d->accept(events,
        std::make_shared<SettledWithFate>(
            [settled = std::move(settled)](std::size_t i, Fate fate) { settled(i, outcomeOf(fate)); }));
}

Result<std::unique_ptr<Subscription>> InProcessBus::subscribe(SubscriptionSpec spec)
{
    if (Status status = checked(spec); !status)
        return std::unexpected(std::move(status.error()));
    auto subscriber = std::make_shared<Subscriber>(std::move(spec));
    if (Status status = d->subscribe(subscriber); !status)
        return std::unexpected(std::move(status.error()));
    return std::make_unique<Handle>(d, std::move(subscriber));
}

Status InProcessBus::redeliver(const ParkedEvent& letter, RedeliveredFunction done)
{
    auto envelope = std::make_shared<BusEnvelope>(letter.original,
        std::make_shared<SettledWithFate>(
            [done = std::move(done)](std::size_t, Fate fate) { done(redeliveredAs(fate)); }),
        0);
    std::unique_lock lock(d->mutex);
    d->waitForRoom(lock);
    if (d->stopping)
        return busStopped();
    const std::shared_ptr<Subscriber> subscriber = d->named(letter.queue);
    if (!subscriber)
        return fail(ErrorCode::NotFound,
            fmt::format(
                "nobody named \"{}\" is subscribed: start that handler, then hand the event back", letter.queue));
    subscriber->counters.delivered.fetch_add(1, std::memory_order_relaxed);
    // The publisher's own opening is the delivery's.
    d->lanes.add(*subscriber, Delivery{.envelope = std::move(envelope), .history = {.earlier = letter.attempts}});
    d->wakeWorkers(d->lanes.ready());
    return {};
}

Status InProcessBus::drain()
{
    if (isInsideHandler())
        return fail(ErrorCode::InvalidArgument, "a handler cannot wait for the bus to finish: it is what the bus does");
    std::unique_lock lock(d->mutex);
    d->progress.wait(lock, [this] { return d->stopping || d->lanes.pending() == 0; });
    return d->stopping ? busStopped() : Status{};
}

std::uint64_t InProcessBus::stop()
{
    return d->stop();
}

BusStatistics InProcessBus::statistics() const
{
    const auto value
        = [](const std::atomic<std::uint64_t>& counter) { return counter.load(std::memory_order_relaxed); };
    const Deliverer::Counters& delivering = d->deliverer.counters();
    BusStatistics all{.published = value(d->published),
        .refused = value(d->refused),
        .failureEvents = value(delivering.failureEvents),
        .silencedFailures = value(delivering.silencedFailures),
        .refusedParkings = value(delivering.refusedParkings),
        .unhandled = value(d->unhandled),
        .pending = 0,
        .sleeping = 0,
        .subscriptions = {}};
    const std::scoped_lock lock(d->mutex);
    all.pending = d->lanes.pending();
    all.sleeping = d->lanes.sleeping();
    for (const auto& subscriber : d->subscribers) {
        const SubscriberCounters& of = subscriber->counters;
        all.subscriptions.push_back({.name = subscriber->spec.name,
            .pattern = subscriber->spec.pattern,
            .delivered = value(of.delivered),
            .handled = value(of.handled),
            .failed = value(of.failed),
            .retried = value(of.retried),
            .parked = value(of.parked),
            .held = value(of.held),
            .waiting = subscriber->waiting});
    }
    return all;
}

} // namespace eventscope::core
