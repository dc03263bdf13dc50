// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/workspace.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace eventscope::core {

Workspace::Workspace(Clock& clock, Options options)
    : m_clock(clock), m_timings(options.timings), m_problems(clock), m_log(options.log)
{
}

Workspace::~Workspace()
{
    // All are asked before one is waited for.
    for (const auto& connection : m_connections) {
        connection->requestStop();
    }
    // Somebody may still hold one of them: its thread must not outlive the log it feeds.
    for (const auto& connection : m_connections) {
        connection->stop();
    }
}

Result<std::shared_ptr<Connection>> Workspace::add(ConnectionSpec spec)
{
    std::shared_ptr<Connection> added;
    {
        const std::scoped_lock lock(m_mutex);
        if (spec.name.empty()) {
            return fail(ErrorCode::InvalidArgument, "A connection needs a name.");
        }
        if (std::ranges::any_of(m_connections, [&](const auto& c) { return c->name() == spec.name; })) {
            return fail(ErrorCode::InvalidArgument,
                fmt::format("There is a connection named “{}” already; choose another name.", spec.name));
        }
        const IngestSink sink = [this](std::span<const SourceEvent> batch) {
            m_throughput.add(batch, m_clock.now());
            m_log.append(batch);
            noteLimit();
        };
        const ProbeSink probes = [this, name = spec.name](const Probe& probe) { recordGauges(name, probe); };
        added = std::make_shared<Connection>(std::move(spec), sink, m_clock, m_problems, m_timings, probes);
        m_connections.push_back(added);
    }
    m_bell.ring();
    return added;
}

/// Once for each limit that the log comes to, however many events that costs; the counts are in its usage.
void Workspace::noteLimit()
{
    const EventLog::Usage usage = m_log.usage();
    if (usage.refused + usage.dropped > 0 && m_limitNoted.exchange(usage.reached) != usage.reached) {
        m_problems.add(Severity::Problem, "log", m_log.limitReached());
    }
}

void Workspace::recordGauges(const std::string& connection, const Probe& probe)
{
    const auto record = [&](const char* what, const std::optional<std::int64_t>& value) {
        if (value) {
            m_gauges.record(fmt::format("{} · {}", connection, what), m_clock.now(), static_cast<double>(*value));
        }
    };
    record("dead letters", probe.deadLetters);
    record("lag", probe.lag);
    record("outbox", probe.outboxBacklog);
    for (const Probe::Gauge& gauge : probe.gauges) {
        m_gauges.record(fmt::format("{} · {}", connection, gauge.name), m_clock.now(), gauge.value);
    }
}

Status Workspace::remove(std::string_view name)
{
    std::shared_ptr<Connection> removed;
    {
        const std::scoped_lock lock(m_mutex);
        const auto found = std::ranges::find_if(m_connections, [&](const auto& c) { return c->name() == name; });
        if (found == m_connections.end()) {
            return fail(ErrorCode::NotFound, fmt::format("There is no connection named “{}”.", name));
        }
        removed = std::move(*found);
        m_connections.erase(found);
    }
    removed->stop();
    m_bell.ring();
    return {};
}

std::vector<std::shared_ptr<Connection>> Workspace::connections() const
{
    const std::scoped_lock lock(m_mutex);
    return m_connections;
}

std::shared_ptr<Connection> Workspace::connection(std::string_view name) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = std::ranges::find_if(m_connections, [&](const auto& c) { return c->name() == name; });
    return found == m_connections.end() ? nullptr : *found;
}

std::string Workspace::freeName(std::string_view wanted) const
{
    std::string name(wanted);
    for (int number = 2; connection(name); ++number) {
        name = fmt::format("{} {}", wanted, number);
    }
    return name;
}

std::shared_ptr<void> Workspace::onConnectionsChanged(std::function<void()> bell)
{
    return m_bell.listen(std::move(bell));
}

} // namespace eventscope::core
