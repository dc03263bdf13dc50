// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/saga_runner.h"

#include "event/message_context.h"
#include "sourcing/saga_events.h"
#include "sourcing/saga_retry.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <set>
#include <span>
#include <utility>

namespace eventscope::core {

Result<std::unique_ptr<SagaRunner>> SagaRunner::create(EventStore& store, Clock& clock, IdGenerator& ids,
    std::vector<SagaDefinition> definitions, SagaRunnerOptions options)
{
    for (const SagaDefinition& definition : definitions) {
        if (auto valid = definition.validate(); !valid)
            return std::unexpected(std::move(valid.error()));
        if (std::ranges::count(definitions, definition.type, &SagaDefinition::type) > 1)
            return fail(
                ErrorCode::InvalidArgument, fmt::format("There are two sagas of type \"{}\".", definition.type));
    }
    return std::unique_ptr<SagaRunner>(new SagaRunner(store, clock, ids, std::move(definitions), std::move(options)));
}

SagaRunner::SagaRunner(EventStore& store, Clock& clock, IdGenerator& ids, std::vector<SagaDefinition> definitions,
    SagaRunnerOptions options)
    : m_store(store)
    , m_clock(clock)
    , m_ids(ids)
    , m_definitions(std::move(definitions))
    , m_options(std::move(options))
    , m_timers(clock)
{
    for (int i = 0; i < std::max(1, m_options.workers); ++i)
        m_workers.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

SagaRunner::~SagaRunner()
{
    stop();
}

Result<SagaRunner::Start> SagaRunner::start(std::string_view type, std::string_view sagaId, const Json& input)
{
    const auto definition = std::ranges::find(m_definitions, type, &SagaDefinition::type);
    if (definition == m_definitions.end() || sagaId.empty())
        return fail(ErrorCode::InvalidArgument,
            sagaId.empty() ? std::string("A saga needs an id.")
                           : fmt::format("There is no saga of type \"{}\".", type));

    {
        const std::scoped_lock lock(m_mutex);
        if (m_stopped)
            return fail(ErrorCode::Cancelled, "The sagas are being stopped; start this one again later.");
    }
    const auto draft = saga_event::started(sagaId, *definition, input);
    NewEvent event{
        .id = m_ids.next(), .type = std::string(draft.type), .time = m_clock.now(), .metadata = {}, .data = draft.data};
    stampMetadata(event.metadata, event.id);

    const auto append = [&] {
        return m_store.append(SagaState::streamOf(sagaId), ExpectedVersion::noStream(), std::span(&event, 1));
    };
    auto appended = append();
    if (!appended && appended.error().code == ErrorCode::InDoubt)
        appended = append();
    if (appended) {
        const std::scoped_lock lock(m_mutex);
        m_figures.started++;
    } else if (appended.error().code != ErrorCode::WrongExpectedVersion) {
        return std::unexpected(std::move(appended.error()));
    } else if (auto same = checkSame(type, sagaId, input); !same) {
        return std::unexpected(std::move(same.error()));
    }
    takeUp(sagaId);
    return appended ? Start::Started : Start::AlreadyThere;
}

Status SagaRunner::checkSame(std::string_view type, std::string_view sagaId, const Json& input) const
{
    auto events = m_store.readStream(SagaState::streamOf(sagaId), {.limit = 1});
    if (!events)
        return std::unexpected(std::move(events.error()));
    const auto first = SagaState::fold(*events);
    if (!first)
        return std::unexpected(first.error());
    if (first->type() == type && Json::parse(first->input()) == input)
        return {};
    return fail(ErrorCode::IdempotencyConflict,
        fmt::format("The saga \"{}\" exists already, of another type or with another input.", sagaId));
}

Result<std::size_t> SagaRunner::resumeAll()
{
    std::set<std::string, std::less<>> unfinished;
    ReadAllOptions options{.category = SagaState::kCategory};
    while (true) {
        const auto page = m_store.visitAll(options, [&](const EventView& event) {
            if (!saga_event::endsSaga(event.type))
                unfinished.emplace(event.stream);
            else if (const auto found = unfinished.find(event.stream); found != unfinished.end())
                unfinished.erase(found);
            return true;
        });
        if (!page)
            return std::unexpected(page.error());
        if (page->endReached || page->count == 0)
            break;
        options.from = page->last.next();
    }
    std::size_t taken = 0;
    for (const std::string& stream : unfinished)
        taken += takeUp(aggregateIdOf(stream)) ? 1 : 0;
    return taken;
}

Status SagaRunner::retry(std::string_view sagaId, std::string_view step, std::string_view requestedBy)
{
    if (auto requested = requestSagaRetry(m_store, m_clock, m_ids, sagaId, step, requestedBy); !requested)
        return requested;
    takeUp(sagaId);
    return {};
}

void SagaRunner::crashNextWorker(std::chrono::milliseconds restartAfter)
{
    const std::scoped_lock lock(m_mutex);
    m_restartAfter = restartAfter;
    m_crashRequested = true;
}

bool SagaRunner::crashNow()
{
    return m_crashRequested.exchange(false);
}

void SagaRunner::stop()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stopped = true;
    }
    for (std::jthread& worker : m_workers)
        worker.request_stop();
    m_workers.clear();
    m_idle.notify_all();
}

void SagaRunner::waitUntilIdle() const
{
    std::unique_lock lock(m_mutex);
    m_idle.wait(lock, [this] { return m_stopped || isIdle(); });
}

bool SagaRunner::isIdle() const
{
    const Timestamp now = m_clock.now();
    return m_figures.active == 0 && std::ranges::all_of(m_entries, [now](const auto& entry) {
        return entry.second.stage == Entry::Stage::Waiting && entry.second.due > now;
    });
}

SagaRunnerFigures SagaRunner::figures() const
{
    const std::scoped_lock lock(m_mutex);
    SagaRunnerFigures figures = m_figures;
    figures.queued = m_queue.size();
    figures.waiting = m_entries.size() - figures.queued - figures.active;
    return figures;
}

bool SagaRunner::takeUp(std::string_view sagaId)
{
    const std::scoped_lock lock(m_mutex);
    if (m_stopped)
        return false;
    const auto [entry, isNew] = m_entries.try_emplace(std::string(sagaId));
    if (!isNew) {
        entry->second.again = entry->second.stage == Entry::Stage::Active;
        return false;
    }
    m_queue.emplace_back(sagaId);
    m_work.notify_one();
    return true;
}

void SagaRunner::work(const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    while (m_work.wait(lock, stop, [this] { return !m_queue.empty(); }) && !stop.stop_requested()) {
        const std::string sagaId = std::move(m_queue.front());
        m_queue.pop_front();
        Entry& entry = m_entries.at(sagaId);
        entry.stage = Entry::Stage::Active;
        const auto leaveIfMovedFrom = std::exchange(entry.leaveIfMovedFrom, std::nullopt);
        m_figures.active++;
        lock.unlock();

        SagaProcess process({.store = m_store,
                                .clock = m_clock,
                                .ids = m_ids,
                                .definitions = m_definitions,
                                .crashNow = [this](const SagaState&) { return crashNow(); }},
            sagaId);
        const SagaPause pause = process.run(stop, leaveIfMovedFrom);
        const bool trouble = pause.kind == SagaPause::Kind::Trouble || pause.kind == SagaPause::Kind::Broken;
        if (trouble && m_options.onProblem)
            m_options.onProblem(sagaId, pause.error);
        StreamVersion seen;
        if (pause.kind == SagaPause::Kind::Overtaken)
            seen = m_store.streamVersion(SagaState::streamOf(sagaId)).value_or(StreamVersion{});

        lock.lock();
        m_figures.active--;
        settle(sagaId, process, pause, seen);
        m_idle.notify_all();
    }
}

void SagaRunner::settle(
    const std::string& sagaId, const SagaProcess& process, const SagaPause& pause, StreamVersion seen)
{
    Entry& entry = m_entries.at(sagaId);
    switch (pause.kind) {
    case SagaPause::Kind::Ended: countEnd(process.state().status()); break;
    case SagaPause::Kind::Waiting: waitUntil(sagaId, pause.until); return;
    case SagaPause::Kind::Overtaken:
        m_figures.overtaken++;
        entry.leaveIfMovedFrom = seen;
        waitUntil(sagaId, m_clock.now() + m_options.takeOverAfter);
        return;
    case SagaPause::Kind::Crashed:
        m_figures.crashes++;
        waitUntil(sagaId, m_clock.now() + m_restartAfter);
        return;
    case SagaPause::Kind::Trouble:
        m_figures.problems++;
        waitUntil(sagaId, m_clock.now() + m_options.troubleDelay);
        return;
    case SagaPause::Kind::Broken: m_figures.problems++; break;
    case SagaPause::Kind::Stopped: break;
    }
    if (entry.again && pause.kind == SagaPause::Kind::Ended) {
        entry = {};
        m_queue.push_back(sagaId);
        m_work.notify_one();
    } else {
        m_entries.erase(sagaId);
    }
}

void SagaRunner::waitUntil(const std::string& sagaId, Timestamp due)
{
    Entry& entry = m_entries.at(sagaId);
    entry.stage = Entry::Stage::Waiting;
    entry.due = due;
    m_timers.at(due, [this, sagaId] {
        const std::scoped_lock lock(m_mutex);
        m_entries.at(sagaId).stage = Entry::Stage::Queued;
        m_queue.push_back(sagaId);
        m_work.notify_one();
    });
}

void SagaRunner::countEnd(SagaStatus status)
{
    switch (status) {
    case SagaStatus::Completed: m_figures.completed++; break;
    case SagaStatus::Failed: m_figures.failed++; break;
    case SagaStatus::Compensated: m_figures.compensated++; break;
    case SagaStatus::Stuck: m_figures.stuck++; break;
    case SagaStatus::Running:
    case SagaStatus::Compensating: break;
    }
}

} // namespace eventscope::core
