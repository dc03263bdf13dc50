// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/bell.h"
#include "event/clock.h"
#include "event/error.h"
#include "inspect/kept_saga.h"
#include "inspect/source.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace eventscope::core {

class ProblemLog;

enum class ConnectionState {
    Connecting,
    Live,
    Reconnecting, ///< it was lost or could not be reached; the next attempt is waiting
    Failed,       ///< trying again would not help: see the sentence; retry() tries nevertheless
    Stopped,
};
/// "connecting", "live", "reconnecting", "failed" or "stopped".
std::string_view toString(ConnectionState state);

/// Opens the source. Called on the connection's thread, at the start and after every loss.
using SourceFactory = std::function<Result<std::unique_ptr<Source>>()>;

/// How people tell one connection from another at a glance.
struct ConnectionMark {
    std::string colour;      ///< "#c0392b", or empty
    bool production = false; ///< what is done here is done for real
    bool operator==(const ConnectionMark&) const = default;
};

struct ConnectionSpec {
    std::string name; ///< what people see, and SourceEvent::source; unique in a workspace
    std::string url;  ///< without any secret
    SourceFactory open;
    bool fromBeginning = true; ///< false: only what comes from now on
    /// Of what is there already, only about so many of the newest: for sources that may hold more than
    /// anybody wants to wait for, where they can read backward.
    std::optional<std::uint64_t> onlyLast{};
    ConnectionMark mark{};
};

struct ConnectionTimings {
    std::chrono::milliseconds refreshEvery{2000}; ///< catalog and probe; stretched when they are slow
    std::chrono::milliseconds firstRetry{250};    ///< doubled after each failure
    std::chrono::milliseconds lastRetry{30'000};
};

struct ConnectionStatus {
    ConnectionState state = ConnectionState::Connecting;
    std::string sentence; ///< for people: what is going on, or why it failed
    Timestamp since{};    ///< when this state began
    int attempts = 0;     ///< failed ones in a row
};

struct ConnectionCounters {
    std::uint64_t events = 0;
    std::uint64_t payloadBytes = 0;
    std::uint64_t batches = 0;
    std::uint64_t undecodable = 0;
    std::uint64_t reconnects = 0;
};

/// Takes what a connection delivers, on that connection's thread: the event log, the counters.
using IngestSink = std::function<void(std::span<const SourceEvent>)>;
/// Takes each reading of how the source is doing, on that connection's thread.
using ProbeSink = std::function<void(const Probe&)>;

/// One source with a thread of its own, which opens it, reads its catalog, follows it, looks how it
/// is doing now and then, and connects again with growing pauses when it is lost. The source never
/// leaves that thread. Everything here is looked at from any thread; the destructor asks the thread
/// to stop and waits for it.
class Connection {
public:
    using Catalog = std::vector<CatalogEntry>;
    using KeptSagas = std::vector<KeptSaga>;

    /// `clock`, `problems` and what `sink` refers to must outlive the connection.
    Connection(ConnectionSpec spec, IngestSink sink, Clock& clock, ProblemLog& problems, ConnectionTimings timings = {},
        ProbeSink probes = {});
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    const std::string& name() const { return m_spec.name; }
    const std::string& url() const { return m_spec.url; }
    const ConnectionMark& mark() const { return m_spec.mark; }

    ConnectionStatus status() const;
    Capabilities capabilities() const; ///< all false until the source was opened once
    ConnectionCounters counters() const;
    /// The latest; never null, empty before the first. Unreachable sources keep their last one.
    std::shared_ptr<const Catalog> catalog() const;
    std::optional<Probe> probe() const;
    /// Sagas that frameworks keep there as rows: the latest; never null.
    std::shared_ptr<const KeptSagas> keptSagas() const;

    /// A connection starts locked: nothing may be written through it until its user unlocks it.
    bool isUnlocked() const { return m_unlocked.load(std::memory_order_acquire); }
    void setUnlocked(bool unlocked);

    /// Tries at once instead of waiting for the next attempt.
    void retry();
    /// Refreshes catalog and probe at the next opportunity.
    void refresh();
    /// Runs `job` on the connection's thread, between batches, with the live source. False when it is
    /// not live; the job is then dropped, and so it is when the source is lost before its turn.
    bool post(std::function<void(Source&, std::stop_token)> job);
    void requestStop(); ///< does not wait
    void stop();        ///< waits; not from a job or a bell

    /// Rings on a change of state, capabilities, catalog, probe or lock; not for each batch.
    [[nodiscard]] std::shared_ptr<void> onChanged(std::function<void()> bell);

private:
    class FollowSink;
    using Job = std::function<void(Source&, std::stop_token)>;

    // The connection's thread.
    void run(std::stop_token stop);
    Status runOnce(std::stop_token stop);
    Status follow(Source& source, std::stop_token stop);
    Status readOnce(Source& source, std::stop_token stop);
    void ingest(std::span<const SourceEvent> batch);
    void refreshIfDue(Source& source, std::stop_token stop);
    Status refreshNow(Source& source, std::stop_token stop);
    void refreshKeptSagas(Source& source, std::stop_token stop);
    void runJobs(Source& source, std::stop_token stop);
    void dropJobs();
    void enter(ConnectionState state, std::string sentence);
    void waitAfter(const Error& error, std::stop_token stop);

    const ConnectionSpec m_spec;
    const IngestSink m_sink;
    const ProbeSink m_probes;
    Clock& m_clock;
    ProblemLog& m_problems;
    const ConnectionTimings m_timings;

    mutable std::mutex m_mutex;
    ConnectionStatus m_status;
    Capabilities m_capabilities;
    std::shared_ptr<const Catalog> m_catalog;
    std::optional<Probe> m_probe;
    std::shared_ptr<const KeptSagas> m_keptSagas;
    std::deque<Job> m_jobs;
    std::shared_ptr<std::stop_source> m_wake; // ends the present wait for the next attempt

    std::atomic<bool> m_unlocked{false};
    std::atomic<bool> m_refreshWanted{false};
    std::atomic<std::uint64_t> m_events{0}, m_payloadBytes{0}, m_batches{0}, m_undecodable{0}, m_reconnects{0};
    // The thread's own.
    std::optional<std::int64_t> m_lastPosition;
    std::string m_cursor; // the source's own way to say how far it got; empty: m_lastPosition says it
    Timestamp m_nextRefresh{};
    int m_failures = 0;
    bool m_wasLive = false;
    Bell m_bell;
    std::mutex m_joinMutex;
    std::jthread m_thread; // last: it uses everything above
};

} // namespace eventscope::core
