// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/outbox_relay.h"

#include "sourcing/relay_progress.h"
#include "sourcing/relay_signals.h"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace eventscope::core {

namespace {

/// Whose fault it is that an event could not be published.
enum class Fault {
    Bus,        ///< all events have to wait
    Permission, ///< this one has to wait, perhaps others too
    Event,      ///< this one will never go
};

Fault faultOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Unreachable:
    case ErrorCode::Timeout:
    case ErrorCode::Cancelled:
    case ErrorCode::InDoubt:
    case ErrorCode::Io:
    case ErrorCode::DiskFull:
    case ErrorCode::Locked: return Fault::Bus;
    case ErrorCode::Refused:
    case ErrorCode::ReadOnly:
    case ErrorCode::HeldByOther: return Fault::Permission;
    default: return Fault::Event;
    }
}

} // namespace

struct OutboxRelay::Private {
    void run(const std::stop_token& stop);
    void round();
    void collect();
    void mark();
    void decideWhereToLook();
    void look();
    void publish(const std::vector<RecordedEvent>& events);
    bool publishOne(const RecordedEvent& event);
    Status handOver(std::span<const RecordedEvent> events);
    void refusedByBus(const Error& error, GlobalPosition from);
    void refusedEvent(const RecordedEvent& event, const Error& error);
    void park(const RecordedEvent& event, const Error& error);
    void answerQuestions();

    bool mayPublish() const { return progress.underWay() < options.window && clock.now() >= resume; }
    Timestamp nextWake() const;
    void lookFrom(GlobalPosition position);
    void waitAfter(const Error& error);
    void note(const Error& error);

    Outbox& outbox;
    MessageBus& bus;
    DeadLetterStore& deadLetters;
    Clock& clock;
    IdGenerator& ids;
    const OutboxRelayOptions options;

    // The relay's thread only.
    RelayProgress progress{};
    GlobalPosition after{}; // where the next look begins
    bool more = true;       // there may be something behind it
    int failures = 0;       // of the bus or the outbox, in a row
    Timestamp resume{};     // not before, after a failure
    Timestamp nextPoll{};
    std::uint64_t asked = 0, answered = 0;

    const std::shared_ptr<RelaySignals> signals = std::make_shared<RelaySignals>();
    mutable std::mutex mutex{}; // guards the statistics
    OutboxRelayStatistics statistics{};
    std::shared_ptr<void> bell{};
    std::jthread thread{}; // last: it uses all of the above
};

void OutboxRelay::Private::run(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        round();
        signals->sleep(clock, nextWake(), stop);
    }
    collect();
    mark();
}

void OutboxRelay::Private::round()
{
    collect();
    decideWhereToLook();
    if (clock.now() >= resume)
        mark();
    if (more && mayPublish())
        look();
    answerQuestions();
}

void OutboxRelay::Private::collect()
{
    const std::vector<RelaySignals::Outcome> outcomes = signals->takeOutcomes();
    std::uint64_t again = 0;
    for (const RelaySignals::Outcome& outcome : outcomes) {
        if (outcome.safe) {
            progress.safe(outcome.position);
        } else {
            progress.again(outcome.position, clock.now() + options.retry.delayBefore(1));
            ++again;
        }
    }
    const std::scoped_lock lock(mutex);
    statistics.safe += outcomes.size() - again;
    statistics.again += again;
    statistics.underWay = progress.underWay();
}

void OutboxRelay::Private::mark()
{
    if (progress.toMark().empty())
        return;
    if (const Status marked = outbox.markPublished(progress.toMark()); !marked) {
        waitAfter(marked.error());
        return;
    }
    {
        const std::scoped_lock lock(mutex);
        statistics.marked += progress.toMark().size();
    }
    progress.marked();
}

void OutboxRelay::Private::decideWhereToLook()
{
    const Timestamp now = clock.now();
    more = signals->takeMore() || more;
    if (const std::uint64_t asking = signals->asked(); now >= nextPoll || asking != asked) {
        asked = asking;
        nextPoll = now + options.pollInterval;
        lookFrom({1});
    }
    if (const auto position = progress.release(now))
        lookFrom(*position);
}

void OutboxRelay::Private::look()
{
    const std::size_t limit = std::min(options.batch, options.window - progress.underWay());
    const Result<std::vector<RecordedEvent>> pending = outbox.pending(limit, after);
    if (!pending) {
        waitAfter(pending.error());
        return;
    }
    more = pending->size() >= limit;
    if (pending->empty())
        return;
    after = pending->back().position;
    publish(*pending);
}

void OutboxRelay::Private::publish(const std::vector<RecordedEvent>& events)
{
    // What was refused before goes alone, so that it takes no other down with it.
    std::vector<RecordedEvent> together;
    for (const RecordedEvent& event : events) {
        if (!progress.mayGo(event))
            continue;
        if (progress.refusals(event) == 0) {
            together.push_back(event);
        } else if (!publishOne(event)) {
            lookFrom(events.front().position);
            return;
        }
    }
    if (together.empty())
        return;
    const Status all = handOver(together);
    if (all)
        return;
    if (faultOf(all.error().code) == Fault::Bus)
        refusedByBus(all.error(), together.front().position);
    else if (together.size() == 1)
        refusedEvent(together.front(), all.error());
    else
        static_cast<void>(std::ranges::all_of(together, [this](const auto& event) { return publishOne(event); }));
}

bool OutboxRelay::Private::publishOne(const RecordedEvent& event)
{
    if (!progress.mayGo(event))
        return true;
    const Status one = handOver({&event, 1});
    if (one)
        return true;
    if (faultOf(one.error().code) == Fault::Bus) {
        refusedByBus(one.error(), event.position);
        return false;
    }
    refusedEvent(event, one.error());
    return true;
}

Status OutboxRelay::Private::handOver(std::span<const RecordedEvent> events)
{
    std::vector<GlobalPosition> positions;
    positions.reserve(events.size());
    for (const RecordedEvent& event : events)
        positions.push_back(event.position);
    const Status taken = bus.publishTracked(
        events, [signals = signals, positions = std::move(positions)](std::size_t index, const Status& outcome) {
            signals->settled(positions[index], outcome.has_value());
        });
    if (!taken)
        return taken;
    failures = 0;
    for (const RecordedEvent& event : events)
        progress.published(event);
    const std::scoped_lock lock(mutex);
    statistics.published += events.size();
    statistics.underWay = progress.underWay();
    return {};
}

void OutboxRelay::Private::refusedByBus(const Error& error, GlobalPosition from)
{
    {
        const std::scoped_lock lock(mutex);
        ++statistics.refused;
    }
    lookFrom(from);
    waitAfter(error);
}

void OutboxRelay::Private::refusedEvent(const RecordedEvent& event, const Error& error)
{
    {
        const std::scoped_lock lock(mutex);
        ++statistics.refused;
    }
    note(error);
    const int refusals = progress.refusals(event) + 1;
    if (faultOf(error.code) == Fault::Event && refusals > options.retry.maxRetries)
        park(event, error);
    else
        progress.refused(event, clock.now() + options.retry.delayBefore(refusals));
}

void OutboxRelay::Private::park(const RecordedEvent& event, const Error& error)
{
    ParkedEvent letter;
    letter.id = ids.next();
    letter.queue = kOutboxQueue;
    letter.original = event;
    letter.error = error;
    letter.error.stack
        = fmt::format("the bus refused {} {} ({}, version {}) {} times; the last time: {}: {}", event.type, event.id,
            event.stream, event.version.value, progress.refusals(event) + 1, toString(error.code), error.message);
    letter.failedAt = clock.now();
    letter.attempts = progress.refusals(event) + 1;
    if (const Status parked = deadLetters.park(letter); !parked) {
        note(parked.error());
        progress.refused(event, clock.now() + options.retry.delayBefore(letter.attempts));
        return;
    }
    progress.gaveUp(event);
    const std::scoped_lock lock(mutex);
    ++statistics.parked;
}

void OutboxRelay::Private::answerQuestions()
{
    if (asked == answered)
        return;
    if (const Result<std::size_t> left = outbox.backlog(); left && *left == 0) {
        answered = asked;
        signals->answer(asked);
    }
}

Timestamp OutboxRelay::Private::nextWake() const
{
    const Timestamp now = clock.now();
    if (now < resume)
        return std::min(resume, nextPoll);
    if ((more && progress.underWay() < options.window) || !progress.toMark().empty())
        return now;
    return std::min(nextPoll, progress.nextDue().value_or(nextPoll));
}

void OutboxRelay::Private::lookFrom(GlobalPosition position)
{
    after = std::min(after, GlobalPosition{position.value - 1});
    more = true;
}

void OutboxRelay::Private::waitAfter(const Error& error)
{
    resume = clock.now() + options.retry.delayBefore(++failures);
    note(error);
}

void OutboxRelay::Private::note(const Error& error)
{
    const std::scoped_lock lock(mutex);
    statistics.lastError = error.message;
    statistics.lastErrorAt = clock.now();
}

OutboxRelay::OutboxRelay(Outbox& outbox, MessageBus& bus, DeadLetterStore& deadLetters, Clock& clock, IdGenerator& ids,
    OutboxRelayOptions options)
    : d(new Private{
        .outbox = outbox, .bus = bus, .deadLetters = deadLetters, .clock = clock, .ids = ids, .options = options})
{
    d->thread = std::jthread([relay = d.get()](const std::stop_token& stop) { relay->run(stop); });
}

OutboxRelay::~OutboxRelay()
{
    stop();
}

void OutboxRelay::wakeOn(EventStore& store)
{
    d->bell = store.onAppended([signals = d->signals] { signals->ring(); });
}

void OutboxRelay::ring()
{
    d->signals->ring();
}

Status OutboxRelay::waitUntilEmpty()
{
    if (!d->signals->ask())
        return fail(ErrorCode::Cancelled, "the outbox relay stopped before everything was published");
    return {};
}

void OutboxRelay::stop()
{
    d->bell.reset();
    d->thread.request_stop();
    if (d->thread.joinable())
        d->thread.join();
    d->signals->end();
}

Result<std::size_t> OutboxRelay::backlog() const
{
    return d->outbox.backlog();
}

OutboxRelayStatistics OutboxRelay::statistics() const
{
    const std::scoped_lock lock(d->mutex);
    return d->statistics;
}

} // namespace eventscope::core
