// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/flow.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace eventscope::core {

namespace {

constexpr std::size_t kNone = FlowNode::kNoParent;

/// Builds the tree over events in the order of time; their numbers here are not yet those of the nodes.
class FlowBuilder {
public:
    FlowBuilder(const EventLog& log, std::span<const LogRow> rows) : m_log(log)
    {
        m_events.reserve(rows.size());
        for (const LogRow row : rows) {
            addEvent(row);
        }
        std::ranges::stable_sort(m_events, [](const Event& a, const Event& b) {
            return std::tie(a.time, a.position, a.row) < std::tie(b.time, b.position, b.row);
        });
        for (std::size_t i = 0; i < m_events.size(); ++i) {
            if (!m_events[i].id.empty()) {
                m_byId[m_events[i].id].push_back(i);
            }
        }
    }

    Flow build()
    {
        for (std::size_t i = 0; i < m_events.size(); ++i) {
            findParent(i);
        }
        cutCycles();
        for (std::size_t i = 0; i < m_events.size(); ++i) {
            addToLane(m_events[i]);
            countCause(m_events[i]);
            const std::size_t parent = m_events[i].parent;
            (parent == kNone ? m_roots : m_events[parent].effects).push_back(i);
        }
        arrange();
        return std::move(m_flow);
    }

private:
    struct Event {
        LogRow row = 0;
        Timestamp time{};
        bool hasTime = true;
        std::int64_t position = 0;
        TextId source = 0, stream = 0;
        std::string id, causation;
        bool namesFlow = false;
        std::size_t parent = kNone;
        FlowCause cause = FlowCause::None;
        std::uint32_t lane = 0;
        std::vector<std::size_t> effects;
    };

    void addEvent(LogRow row)
    {
        const LogEvent kept = m_log.at(row);
        Event event{.row = row,
            .time = kept.time,
            .hasTime = kept.hasTime,
            .position = kept.position,
            .source = kept.source,
            .stream = kept.stream,
            .id = kept.id.toString(),
            .causation = kept.causationId.toString(),
            .namesFlow = kept.causationId == m_log.text(kept.correlation)};
        if (event.hasTime) {
            m_flow.from = m_hasTimes ? std::min(m_flow.from, event.time) : event.time;
            m_flow.to = m_hasTimes ? std::max(m_flow.to, event.time) : event.time;
            m_hasTimes = true;
        }
        m_events.push_back(std::move(event));
    }

    std::optional<std::size_t> find(const std::string& id, const Event& effect) const
    {
        const auto found = id.empty() ? m_byId.end() : m_byId.find(id);
        if (found == m_byId.end()) {
            return std::nullopt;
        }
        for (const std::size_t candidate : found->second) {
            if (m_events[candidate].source == effect.source) {
                return candidate;
            }
        }
        return found->second.front();
    }

    void findParent(std::size_t i)
    {
        Event& event = m_events[i];
        // Some systems let a beginning name itself.
        if (event.causation.empty() || event.causation == event.id) {
            return;
        }
        if (const auto parent = find(event.causation, event)) {
            event.parent = *parent;
            event.cause = FlowCause::InFlow;
        } else if (event.namesFlow) {
            event.cause = FlowCause::Request;
        } else {
            event.cause = FlowCause::NotInFlow;
        }
    }

    /// Walks up from every event; an event met again on the same walk closes a cycle, which is cut at
    /// its earliest event, so that it stays one tree.
    void cutCycles()
    {
        std::vector<std::size_t> walk(m_events.size(), kNone); // by which walk an event was met
        for (std::size_t start = 0; start < m_events.size(); ++start) {
            std::size_t at = start;
            while (at != kNone && walk[at] == kNone) {
                walk[at] = start;
                at = m_events[at].parent;
            }
            if (at == kNone || walk[at] != start) {
                continue;
            }
            std::size_t earliest = at;
            for (std::size_t next = m_events[at].parent; next != at; next = m_events[next].parent) {
                earliest = std::min(earliest, next);
            }
            m_events[earliest].parent = kNone;
            m_events[earliest].cause = FlowCause::Cycle;
        }
    }

    void addToLane(Event& event)
    {
        const auto [lane, isNew]
            = m_lanes.try_emplace({event.source, event.stream}, static_cast<std::uint32_t>(m_flow.lanes.size()));
        if (isNew) {
            m_flow.lanes.push_back({event.source, event.stream, 0});
        }
        event.lane = lane->second;
        ++m_flow.lanes[event.lane].events;
    }

    void countCause(const Event& event)
    {
        m_flow.missingCauses += event.cause == FlowCause::NotInFlow ? 1 : 0;
        m_flow.cycles += event.cause == FlowCause::Cycle ? 1 : 0;
    }

    /// The tree from the top, without recursion: a chain may be as long as the log.
    void arrange()
    {
        struct Visit {
            std::size_t event, parent;
            std::uint32_t depth;
        };
        std::vector<Visit> open;
        const auto push = [&open](const std::vector<std::size_t>& events, std::size_t parent, std::uint32_t depth) {
            for (auto event = events.rbegin(); event != events.rend(); ++event) {
                open.push_back({*event, parent, depth});
            }
        };
        push(m_roots, kNone, 0);
        m_flow.inTime.resize(m_events.size());
        m_flow.nodes.reserve(m_events.size());
        while (!open.empty()) {
            const Visit visit = open.back();
            open.pop_back();
            const Event& event = m_events[visit.event];
            m_flow.inTime[visit.event] = m_flow.nodes.size(); // events are in the order of time
            m_flow.nodes.push_back({event.row, visit.parent, visit.depth, event.lane, event.cause});
            push(event.effects, m_flow.nodes.size() - 1, visit.depth + 1);
        }
        m_flow.byRow = m_flow.inTime;
        std::ranges::sort(m_flow.byRow, {}, [this](std::size_t node) { return m_flow.nodes[node].row; });
    }

    const EventLog& m_log;
    std::vector<Event> m_events;
    std::unordered_map<std::string_view, std::vector<std::size_t>> m_byId;
    std::map<std::pair<TextId, TextId>, std::uint32_t> m_lanes;
    std::vector<std::size_t> m_roots;
    Flow m_flow;
    bool m_hasTimes = false;
};

} // namespace

std::optional<std::size_t> Flow::nodeOf(LogRow row) const
{
    const auto found = std::ranges::lower_bound(byRow, row, {}, [this](std::size_t node) { return nodes[node].row; });
    return found != byRow.end() && nodes[*found].row == row ? std::optional(*found) : std::nullopt;
}

Flow buildFlow(const EventLog& log, std::span<const LogRow> rows)
{
    return FlowBuilder(log, rows).build();
}

} // namespace eventscope::core
