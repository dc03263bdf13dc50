// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_relations.h"

#include "inspect/log_index.h"

#include <chrono>

namespace eventscope::models {

namespace {

/// The search for one event's relations, which can go on where it stopped.
class Search {
public:
    Search(const core::EventLog& log, core::LogRow row) : m_log(log), m_event(log.at(row)) { m_found.row = row; }

    /// Looks at the rows that came since the last time.
    void advance(const std::stop_token& stop)
    {
        const core::LogRow size = m_log.size();
        core::LogIndex& index = m_log.index();
        index.withId(
            m_event.causationId.view(),
            [&](core::LogRow row) {
                if (row < size && isOfFlow(row))
                    m_found.cause = row;
                return row < size;
            },
            m_next, stop);
        index.causedBy(
            m_event.id.view(),
            [&](core::LogRow row) {
                if (row < size && isOfFlow(row))
                    addEffect(row);
                return row < size;
            },
            m_next, stop);
        index.ofFlow(
            m_event.correlation,
            [&](core::LogRow row) {
                m_found.sameFlow += row < size ? 1 : 0;
                return row < size;
            },
            m_next, stop);
        m_next = size;
        m_found.complete = !stop.stop_requested();
    }
    const Relations& found() const { return m_found; }

private:
    bool isOfFlow(core::LogRow row) const
    {
        return m_event.correlation == 0 || m_log.correlationAt(row) == m_event.correlation;
    }

    void addEffect(core::LogRow row)
    {
        ++m_found.effectCount;
        if (m_found.effects.size() < EventRelations::kMaxEffects)
            m_found.effects.push_back(row);
    }

    const core::EventLog& m_log;
    const core::LogEvent m_event;
    core::LogRow m_next = 0;
    Relations m_found;
};

bool same(const Relations& a, const Relations& b)
{
    return a.row == b.row && a.cause == b.cause && a.effectCount == b.effectCount && a.sameFlow == b.sameFlow
        && a.complete == b.complete;
}

} // namespace

EventRelations::EventRelations(core::EventLog& log, QObject* parent)
    : QObject(parent), m_log(log), m_bell(std::chrono::milliseconds(50))
{
    connect(&m_bell, &FrameBell::rang, this, &EventRelations::changed);
    m_listening = log.onAppended([this] {
        {
            const std::scoped_lock lock(m_mutex);
            m_more = m_wanted.has_value();
        }
        m_wake.notify_one();
    });
    m_thread = std::jthread([this](std::stop_token stop) { run(stop); });
}

EventRelations::~EventRelations()
{
    m_listening.reset();
}

void EventRelations::lookFor(core::LogRow row)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_wanted = row;
        ++m_request;
        m_more = true;
        m_latest = Relations{};
        m_latest.row = row;
    }
    m_wake.notify_one();
}

void EventRelations::stopLooking()
{
    const std::scoped_lock lock(m_mutex);
    m_wanted.reset();
    ++m_request;
    m_more = false;
    m_latest = Relations{};
}

Relations EventRelations::latest() const
{
    const std::scoped_lock lock(m_mutex);
    return m_latest;
}

void EventRelations::run(std::stop_token stop)
{
    std::optional<Search> search;
    std::uint64_t request = 0;
    while (true) {
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [this] { return m_more; })) {
                return;
            }
            m_more = false;
            if (!m_wanted) {
                continue;
            }
            if (!search || request != m_request) {
                request = m_request;
                search.emplace(m_log, *m_wanted);
            }
        }
        search->advance(stop);
        const std::scoped_lock lock(m_mutex);
        if (request == m_request && !same(m_latest, search->found())) {
            m_latest = search->found();
            m_bell.ring();
        }
    }
}

} // namespace eventscope::models
