// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/connection.h"

#include "inspect/problem_log.h"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace eventscope::core {

namespace {

/// Whether the same attempt could succeed a little later.
bool mayPass(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Unreachable:
    case ErrorCode::Timeout:
    case ErrorCode::Io:
    case ErrorCode::Locked:
    case ErrorCode::DiskFull:
    case ErrorCode::InDoubt:
    case ErrorCode::Cancelled:
    case ErrorCode::HandlerFailed: return true;
    default: return false;
    }
}

std::string inWords(std::chrono::milliseconds delay)
{
    return delay < std::chrono::seconds{1} ? fmt::format("{} ms", delay.count())
                                           : fmt::format("{} s", delay.count() / 1000);
}

/// A refresh may take this share of the thread's time, no more.
constexpr int kRefreshShare = 20;

} // namespace

std::string_view toString(ConnectionState state)
{
    switch (state) {
    case ConnectionState::Connecting: return "connecting";
    case ConnectionState::Live: return "live";
    case ConnectionState::Reconnecting: return "reconnecting";
    case ConnectionState::Failed: return "failed";
    case ConnectionState::Stopped: return "stopped";
    }
    return "stopped";
}

/// What the source delivers to while it is followed; everything here runs on the connection's thread.
class Connection::FollowSink final : public EventSink {
public:
    FollowSink(Connection& connection, Source& source, std::stop_token stop)
        : m_connection(connection), m_source(source), m_stop(std::move(stop))
    {
    }

    bool deliver(std::span<const SourceEvent> batch) override
    {
        m_connection.ingest(batch);
        return !m_stop.stop_requested();
    }

    bool tick() override
    {
        m_connection.runJobs(m_source, m_stop);
        m_connection.refreshIfDue(m_source, m_stop);
        return !m_stop.stop_requested();
    }

    void notice(std::string_view sentence) override
    {
        m_connection.m_problems.add(Severity::Note, m_connection.name(), std::string(sentence));
    }

private:
    Connection& m_connection;
    Source& m_source;
    const std::stop_token m_stop;
};

Connection::Connection(ConnectionSpec spec, IngestSink sink, Clock& clock, ProblemLog& problems,
    ConnectionTimings timings, ProbeSink probes)
    : m_spec(std::move(spec))
    , m_sink(std::move(sink))
    , m_probes(std::move(probes))
    , m_clock(clock)
    , m_problems(problems)
    , m_timings(timings)
    , m_status{.sentence = "Connecting.", .since = clock.now()}
    , m_catalog(std::make_shared<const Catalog>())
    , m_keptSagas(std::make_shared<const KeptSagas>())
    , m_thread([this](std::stop_token stop) { run(std::move(stop)); })
{
}

Connection::~Connection() = default;

ConnectionStatus Connection::status() const
{
    const std::scoped_lock lock(m_mutex);
    return m_status;
}

Capabilities Connection::capabilities() const
{
    const std::scoped_lock lock(m_mutex);
    return m_capabilities;
}

ConnectionCounters Connection::counters() const
{
    return {.events = m_events.load(std::memory_order_relaxed),
        .payloadBytes = m_payloadBytes.load(std::memory_order_relaxed),
        .batches = m_batches.load(std::memory_order_relaxed),
        .undecodable = m_undecodable.load(std::memory_order_relaxed),
        .reconnects = m_reconnects.load(std::memory_order_relaxed)};
}

std::shared_ptr<const Connection::Catalog> Connection::catalog() const
{
    const std::scoped_lock lock(m_mutex);
    return m_catalog;
}

std::optional<Probe> Connection::probe() const
{
    const std::scoped_lock lock(m_mutex);
    return m_probe;
}

void Connection::setUnlocked(bool unlocked)
{
    if (m_unlocked.exchange(unlocked) == unlocked) {
        return;
    }
    m_problems.add(Severity::Note, m_spec.name,
        unlocked ? "Unlocked: writing through this connection is possible now."
                 : "Locked: this connection is read-only again.");
    m_bell.ring();
}

void Connection::retry()
{
    const std::scoped_lock lock(m_mutex);
    m_wake->request_stop();
}

void Connection::refresh()
{
    m_refreshWanted.store(true);
}

std::shared_ptr<const Connection::KeptSagas> Connection::keptSagas() const
{
    const std::scoped_lock lock(m_mutex);
    return m_keptSagas;
}

bool Connection::post(std::function<void(Source&, std::stop_token)> job)
{
    const std::scoped_lock lock(m_mutex);
    if (m_status.state != ConnectionState::Live) {
        return false;
    }
    m_jobs.push_back(std::move(job));
    return true;
}

void Connection::requestStop()
{
    m_thread.request_stop();
}

void Connection::stop()
{
    m_thread.request_stop();
    const std::scoped_lock lock(m_joinMutex);
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

std::shared_ptr<void> Connection::onChanged(std::function<void()> bell)
{
    return m_bell.listen(std::move(bell));
}

// --- The connection's thread ----------------------------------------------------------------------

void Connection::run(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        const Status ended = runOnce(stop);
        dropJobs();
        if (stop.stop_requested()) {
            break;
        }
        const Error error = ended ? Error{ErrorCode::Unreachable, "The source ended by itself."} : ended.error();
        waitAfter(error, stop);
    }
    enter(ConnectionState::Stopped, "Stopped.");
}

Status Connection::runOnce(std::stop_token stop)
try {
    Result<std::unique_ptr<Source>> opened = m_spec.open();
    if (!opened) {
        return std::unexpected(std::move(opened.error()));
    }
    Source& source = **opened;
    const Capabilities capabilities = source.capabilities();
    {
        const std::scoped_lock lock(m_mutex);
        m_capabilities = capabilities;
    }
    if (Status loaded = refreshNow(source, stop); !loaded) {
        return loaded;
    }
    if (std::exchange(m_wasLive, true)) {
        m_reconnects.fetch_add(1, std::memory_order_relaxed);
    }
    m_failures = 0;
    m_problems.add(Severity::Note, m_spec.name, "Connected.");
    enter(ConnectionState::Live, "Live.");
    return capabilities.follow ? follow(source, stop) : readOnce(source, stop);
} catch (const std::exception& exception) {
    return fail(ErrorCode::Io, fmt::format("The source failed: {}.", exception.what()));
}

Status Connection::follow(Source& source, std::stop_token stop)
{
    FollowSink sink(*this, source, stop);
    FollowStart start(m_lastPosition.value_or(m_spec.fromBeginning ? Source::kBeginning : SourceEvent::kNone));
    start.cursor = m_cursor;
    if (!m_lastPosition) {
        start.last = m_spec.onlyLast;
    }
    Status ended = source.follow(start, sink, stop);
    m_cursor = source.cursor();
    return ended;
}

Status Connection::readOnce(Source& source, std::stop_token stop)
{
    FollowSink sink(*this, source, stop);
    if (!m_lastPosition) {
        const Result<ScanReceipt> receipt = source.read({}, sink, stop);
        if (!receipt) {
            return std::unexpected(receipt.error());
        }
        m_lastPosition = m_lastPosition.value_or(Source::kBeginning);
    }
    while (sink.tick() && m_clock.sleepFor(std::chrono::seconds{1}, stop)) { }
    return {};
}

void Connection::ingest(std::span<const SourceEvent> batch)
{
    if (batch.empty()) {
        return;
    }
    std::uint64_t bytes = 0;
    std::uint64_t undecodable = 0;
    for (const SourceEvent& event : batch) {
        bytes += event.payload.size();
        undecodable += event.undecodable.empty() ? 0 : 1;
    }
    if (batch.back().position != SourceEvent::kNone) {
        m_lastPosition = batch.back().position;
    }
    m_events.fetch_add(batch.size(), std::memory_order_relaxed);
    m_payloadBytes.fetch_add(bytes, std::memory_order_relaxed);
    m_batches.fetch_add(1, std::memory_order_relaxed);
    m_undecodable.fetch_add(undecodable, std::memory_order_relaxed);
    m_sink(batch); // last: who sees the events in the log sees them counted
}

void Connection::refreshIfDue(Source& source, std::stop_token stop)
{
    if (m_clock.now() < m_nextRefresh && !m_refreshWanted.exchange(false)) {
        return;
    }
    if (const Status refreshed = refreshNow(source, std::move(stop)); !refreshed) {
        m_problems.add(Severity::Warning, m_spec.name, refreshed.error().message);
    }
}

Status Connection::refreshNow(Source& source, std::stop_token stop)
{
    const Timestamp begin = m_clock.now();
    Result<Catalog> catalog = source.catalog(stop);
    const Result<Probe> probe = catalog ? source.probe(stop) : std::unexpected(catalog.error());
    if (probe) {
        refreshKeptSagas(source, stop);
    }
    const auto cost = m_clock.now() - begin;
    m_nextRefresh = m_clock.now() + std::max<std::chrono::microseconds>(m_timings.refreshEvery, cost * kRefreshShare);
    if (stop.stop_requested()) {
        return {};
    }
    if (!probe) {
        return std::unexpected(probe.error());
    }
    {
        const std::scoped_lock lock(m_mutex);
        m_catalog = std::make_shared<const Catalog>(std::move(*catalog));
        m_probe = *probe;
    }
    if (m_probes) {
        m_probes(*probe);
    }
    m_bell.ring();
    return {};
}

/// A table of them that cannot be read is no reason to do without the events.
void Connection::refreshKeptSagas(Source& source, std::stop_token stop)
{
    Result<KeptSagas> kept = source.keptSagas(std::move(stop));
    if (!kept) {
        m_problems.add(Severity::Warning, m_spec.name, kept.error().message);
        return;
    }
    const std::scoped_lock lock(m_mutex);
    if (*kept != *m_keptSagas) {
        m_keptSagas = std::make_shared<const KeptSagas>(std::move(*kept));
    }
}

void Connection::runJobs(Source& source, std::stop_token stop)
{
    while (!stop.stop_requested()) {
        Job job;
        {
            const std::scoped_lock lock(m_mutex);
            if (m_jobs.empty()) {
                return;
            }
            job = std::move(m_jobs.front());
            m_jobs.pop_front();
        }
        job(source, stop);
    }
}

void Connection::dropJobs()
{
    std::deque<Job> dropped; // destroyed without the lock: a job may hold anything
    const std::scoped_lock lock(m_mutex);
    dropped.swap(m_jobs);
    // From here on none is taken any more.
    m_status.state = ConnectionState::Reconnecting;
}

void Connection::enter(ConnectionState state, std::string sentence)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_status = {state, std::move(sentence), m_clock.now(), m_failures};
    }
    m_bell.ring();
}

void Connection::waitAfter(const Error& error, std::stop_token stop)
{
    // The token before the state is seen, so that nobody's retry() gets lost in between.
    const auto wake = std::make_shared<std::stop_source>();
    {
        const std::scoped_lock lock(m_mutex);
        m_wake = wake;
    }
    const std::stop_callback alsoStop(stop, [&] { wake->request_stop(); });
    ++m_failures;
    if (!mayPass(error.code)) {
        m_problems.add(Severity::Problem, m_spec.name, error.message);
        enter(ConnectionState::Failed, error.message);
        m_clock.sleepUntil(Timestamp::max(), wake->get_token());
        return;
    }
    const int doublings = std::min(m_failures - 1, 20);
    const auto delay = std::min(m_timings.lastRetry, m_timings.firstRetry * (1 << doublings));
    if (m_failures == 1) {
        m_problems.add(Severity::Warning, m_spec.name, error.message);
    }
    enter(ConnectionState::Reconnecting, fmt::format("{} Trying again in {}.", error.message, inWords(delay)));
    m_clock.sleepFor(delay, wake->get_token());
}

} // namespace eventscope::core
