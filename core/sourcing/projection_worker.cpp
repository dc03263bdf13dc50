// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/projection_worker.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace eventscope::core {

namespace {

// Positions with nothing for the projection cost no transaction each; so much is read again after a crash.
constexpr std::int64_t kSaveEvery = 10'000;

} // namespace

ProjectionWorker::ProjectionWorker(
    EventStore& store, Clock& clock, Projection& projection, const ProjectionRunnerOptions& options)
    : m_store(store)
    , m_clock(clock)
    , m_projection(projection)
    , m_options(options)
    , m_category(projection.category())
    , m_status{.name = projection.name()}
    , m_sleep(clock)
    , m_bell(store.onAppended([this] { m_sleep.wake(); }))
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

ProjectionWorker::~ProjectionWorker()
{
    requestStop();
    join();
    m_bell.reset();
}

void ProjectionWorker::join()
{
    if (m_thread.joinable())
        m_thread.join();
}

void ProjectionWorker::requestStop()
{
    m_thread.request_stop();
}

void ProjectionWorker::requestRebuild()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_rebuildRequested = true;
        // At once, lest whoever asks and then waits takes the old model for the new one.
        m_status.rebuild = ProjectionStatus::Rebuild{};
    }
    m_sleep.wake();
}

ProjectionStatus ProjectionWorker::status() const
{
    const std::scoped_lock lock(m_mutex);
    return m_status;
}

bool ProjectionWorker::waitUntil(const std::function<bool(const ProjectionStatus&)>& condition) const
{
    std::unique_lock lock(m_mutex);
    bool holds = false;
    m_changed.wait(lock, [&] {
        holds = condition(m_status);
        return holds || m_status.phase == ProjectionStatus::Phase::Stopped;
    });
    return holds;
}

void ProjectionWorker::run(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        const bool moved = step();
        publish();
        if (!moved)
            m_sleep.sleepUntil(nextLook(), stop);
    }
    if (m_live.isOpen)
        (void)save(m_live); // a convenience: without it some events are looked at once more
    if (m_rebuild)
        (void)m_projection.abandonRebuild();
    m_rebuild.reset();
    publish(ProjectionStatus::Phase::Stopped);
}

/// False when there is nothing to do before nextLook().
bool ProjectionWorker::step()
{
    takeRebuildRequest();
    bool moved = attempt(m_live);
    if (!m_rebuild)
        return moved;
    moved = attempt(*m_rebuild) || moved;
    if (!isRebuilt())
        return moved;
    if (auto finished = finishRebuild(); !finished)
        noteFailure(*m_rebuild, finished.error());
    return true;
}

bool ProjectionWorker::attempt(Reader& reader)
{
    if (reader.failure && reader.failure->retryAt > m_clock.now())
        return false;
    Result<bool> moved = true;
    if (reader.isOpen)
        moved = advance(reader);
    else if (auto opened = open(reader); !opened)
        moved = std::unexpected(std::move(opened.error()));
    if (!moved) {
        noteFailure(reader, moved.error());
        return false;
    }
    reader.failure.reset();
    return *moved;
}

Status ProjectionWorker::open(Reader& reader)
{
    if (reader.target == ProjectionTarget::Rebuild) {
        if (auto begun = m_projection.beginRebuild(); !begun)
            return begun;
        // Whatever the live model was given by other ways than this worker (a bus) is stored by now, and
        // what comes by those ways from here on reaches both models; so one that holds everything up to
        // here is not behind the other.
        const auto head = m_store.lastPosition();
        if (!head)
            return std::unexpected(head.error());
        reader.goal = *head;
    } else {
        const auto checkpoint = m_projection.checkpoint(ProjectionTarget::Live);
        if (!checkpoint)
            return std::unexpected(checkpoint.error());
        // Of a process that died in the middle of it.
        if (auto abandoned = m_projection.abandonRebuild(); !abandoned)
            return abandoned;
        reader.at = reader.saved = *checkpoint;
    }
    reader.isOpen = true;
    return {};
}

void ProjectionWorker::takeRebuildRequest()
{
    const std::scoped_lock lock(m_mutex);
    if (!std::exchange(m_rebuildRequested, false))
        return;
    m_rebuild = Reader{.target = ProjectionTarget::Rebuild};
}

bool ProjectionWorker::isRebuilt() const
{
    const Reader& rebuild = *m_rebuild;
    return m_live.isOpen && rebuild.isOpen && !rebuild.failure && rebuild.at >= rebuild.goal && rebuild.at >= m_live.at;
}

Status ProjectionWorker::finishRebuild()
{
    if (auto saved = save(*m_rebuild); !saved)
        return saved;
    if (auto finished = m_projection.finishRebuild(); !finished)
        return finished;
    m_live.at = m_live.saved = m_rebuild->at;
    m_live.failure.reset();
    m_rebuild.reset();
    const std::scoped_lock lock(m_mutex);
    m_status.rebuilds++;
    return {};
}

Result<bool> ProjectionWorker::advance(Reader& reader)
{
    const auto head = m_store.lastPosition();
    if (!head)
        return std::unexpected(head.error());
    m_head = *head;
    if (reader.at >= *head)
        return false;

    const bool oneByOne = reader.at < reader.oneByOneUpTo;
    std::vector<RecordedEvent> events;
    const ReadAllOptions options{
        .from = reader.at.next(), .limit = oneByOne ? 1 : m_options.batch, .category = m_category};
    const auto end = m_store.visitAll(options, [&](const EventView& event) {
        if (m_projection.wants(event.type))
            events.push_back(event.toRecorded());
        return true;
    });
    if (!end)
        return std::unexpected(end.error());
    // Everything up to the head was there before the read began, so at its end nothing up to there is left.
    const GlobalPosition upTo = end->endReached ? std::max(end->last, *head) : end->last;
    if (auto applied = apply(reader, events, upTo); !applied)
        return std::unexpected(applied.error());
    return true;
}

Status ProjectionWorker::apply(Reader& reader, std::span<const RecordedEvent> events, GlobalPosition upTo)
{
    if (events.empty()) {
        reader.at = upTo;
        return upTo.value - reader.saved.value >= kSaveEvery ? save(reader) : Status();
    }
    auto applied = m_projection.apply(reader.target, events, upTo);
    const bool passOver = !applied && events.size() == 1 && mayPassOver(reader, applied.error());
    if (passOver)
        applied = m_projection.apply(reader.target, {}, upTo);
    if (!applied) {
        reader.oneByOneUpTo = std::max(reader.oneByOneUpTo, upTo);
        if (events.size() == 1) {
            // noteFailure() fills in the rest.
            reader.failure = reader.failure.value_or(ProjectionStatus::Failure{});
            reader.failure->event = events.front().position;
        }
        return applied;
    }
    reader.at = reader.saved = upTo;
    const std::scoped_lock lock(m_mutex);
    if (passOver)
        m_status.passedOver++;
    else if (reader.target == ProjectionTarget::Live)
        m_status.applied += events.size();
    return {};
}

Status ProjectionWorker::save(Reader& reader)
{
    if (reader.at == reader.saved)
        return {};
    if (auto saved = m_projection.apply(reader.target, {}, reader.at); !saved)
        return saved;
    reader.saved = reader.at;
    return {};
}

/// Only what is wrong with the event itself: a disk or a directory that fails heals.
bool ProjectionWorker::mayPassOver(const Reader& reader, const Error& error) const
{
    const bool isTheEvents = error.code == ErrorCode::Unparsable || error.code == ErrorCode::InvalidArgument
        || error.code == ErrorCode::UnsupportedVersion;
    const int failures = reader.failure ? reader.failure->count + 1 : 1;
    return isTheEvents && m_options.passOverAfter > 0 && failures >= m_options.passOverAfter;
}

void ProjectionWorker::noteFailure(Reader& reader, const Error& error)
{
    if (!reader.failure)
        reader.failure = ProjectionStatus::Failure{};
    reader.failure->error = error;
    reader.failure->count++;
    reader.failure->retryAt = m_clock.now() + m_options.backOff.delayBefore(reader.failure->count);
}

Timestamp ProjectionWorker::nextLook() const
{
    Timestamp next = m_clock.now() + m_options.pollInterval;
    if (m_live.failure)
        next = std::min(next, m_live.failure->retryAt);
    if (m_rebuild && m_rebuild->failure)
        next = std::min(next, m_rebuild->failure->retryAt);
    return next;
}

void ProjectionWorker::publish(std::optional<ProjectionStatus::Phase> phase)
{
    using Phase = ProjectionStatus::Phase;
    const Phase now = m_live.failure           ? Phase::Failing
        : m_live.isOpen && m_live.at >= m_head ? Phase::Live
                                               : Phase::CatchingUp;
    const std::scoped_lock lock(m_mutex);
    m_status.phase = phase.value_or(now);
    m_status.at = m_live.at;
    m_status.head = m_head;
    m_status.failure = m_live.failure;
    m_status.rebuild.reset();
    if (m_rebuild)
        m_status.rebuild = ProjectionStatus::Rebuild{m_rebuild->at, m_rebuild->goal, m_rebuild->failure};
    else if (m_rebuildRequested)
        m_status.rebuild = ProjectionStatus::Rebuild{};
    m_changed.notify_all();
}

} // namespace eventscope::core
