// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_relations.h"

#include <algorithm>
#include <chrono>

namespace eventscope::models {

namespace {

constexpr core::LogRow kSlice = 65'536;

/// The search for one event's relations, which can go on where it stopped.
class Search {
public:
    Search(const core::EventLog& log, core::LogRow row) : m_log(log), m_event(log.at(row))
    {
        m_found.row = row;
        // Without a correlation id every row's ids would have to be read: those near it must do.
        constexpr core::LogRow near = 200'000;
        m_next = m_event.correlation == 0 && row > near ? row - near : 0;
        m_end = m_event.correlation == 0 ? row + near : ~core::LogRow{0};
    }

    /// Looks at the next rows below `size`; false when it has seen them all.
    bool advance(core::LogRow size)
    {
        const core::LogRow stopAt = std::min({size, m_end, m_next + kSlice});
        for (; m_next < stopAt; ++m_next) {
            if (m_event.correlation == 0 || m_log.correlationAt(m_next) == m_event.correlation) {
                look(m_next);
            }
        }
        m_found.complete = m_next >= std::min(size, m_end);
        return !m_found.complete;
    }
    const Relations& found() const { return m_found; }

private:
    void look(core::LogRow row)
    {
        m_found.sameFlow += m_event.correlation == 0 ? 0 : 1;
        const core::LogEvent other = m_log.at(row);
        if (!m_event.causationId.empty() && other.id == m_event.causationId) {
            m_found.cause = row;
        }
        if (!m_event.id.empty() && other.causationId == m_event.id) {
            ++m_found.effectCount;
            if (m_found.effects.size() < EventRelations::kMaxEffects) {
                m_found.effects.push_back(row);
            }
        }
    }

    const core::EventLog& m_log;
    const core::LogEvent m_event;
    core::LogRow m_next = 0, m_end = 0;
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
        bool going = true;
        while (going && !stop.stop_requested()) {
            going = search->advance(m_log.size());
            const std::scoped_lock lock(m_mutex);
            if (request != m_request) {
                break;
            }
            if (!same(m_latest, search->found())) {
                m_latest = search->found();
                m_bell.ring();
            }
        }
    }
}

} // namespace eventscope::models
