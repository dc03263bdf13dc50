// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/bell.h"
#include "event/clock.h"
#include "inspect/connection.h"
#include "inspect/event_log.h"
#include "inspect/gauge_series.h"
#include "inspect/problem_log.h"
#include "inspect/throughput_series.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// All that one window (or one command) looks at: the event log, the connections that feed it, and
/// the log of what the program itself did. // any thread
class Workspace {
public:
    struct Options {
        EventLog::Options log;
        ConnectionTimings timings;
    };
    /// `clock` must outlive the workspace.
    explicit Workspace(Clock& clock) : Workspace(clock, Options{}) { }
    Workspace(Clock& clock, Options options);
    ~Workspace();
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;

    EventLog& log() { return m_log; }
    const EventLog& log() const { return m_log; }
    ProblemLog& problems() { return m_problems; }
    /// Counts of everything that came in, by time.
    const ThroughputSeries& throughput() const { return m_throughput; }
    /// Readings of the sources: "demo · dead letters", "demo · lag", "demo · outbox".
    const GaugeSeries& gauges() const { return m_gauges; }
    Clock& clock() { return m_clock; }

    /// Opens a connection in the background. InvalidArgument when the name is empty or taken.
    Result<std::shared_ptr<Connection>> add(ConnectionSpec spec);
    /// Stops the connection and waits for its thread; what it has delivered stays in the log.
    /// NotFound when there is none of that name.
    Status remove(std::string_view name);

    /// In the order they were added.
    std::vector<std::shared_ptr<Connection>> connections() const;
    std::shared_ptr<Connection> connection(std::string_view name) const; ///< or nullptr
    /// `wanted` itself, or with " 2", " 3", … when it is taken.
    std::string freeName(std::string_view wanted) const;

    /// Rings when a connection comes or goes.
    [[nodiscard]] std::shared_ptr<void> onConnectionsChanged(std::function<void()> bell);

private:
    void noteLimit();
    void recordGauges(const std::string& connection, const Probe& probe);

    Clock& m_clock;
    const ConnectionTimings m_timings;
    ProblemLog m_problems;
    EventLog m_log;
    std::atomic<LogLimit> m_limitNoted{LogLimit::None};
    ThroughputSeries m_throughput;
    GaugeSeries m_gauges;
    Bell m_bell;
    mutable std::mutex m_mutex;
    std::vector<std::shared_ptr<Connection>> m_connections; // last: they feed all of the above
};

} // namespace eventscope::core
