// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"
#include "event/timestamp.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace eventscope::core {

/// What a relay knows of the events between the outbox and the bus: which are under way, which are
/// safe but not marked yet, and which streams have to wait. It holds positions, never events: what
/// has to go again is read again. // one thread at a time
class RelayProgress {
public:
    /// Events of one stream under way at most: a stream that is stuck in a handler leaves room for others.
    static constexpr std::size_t kPerStream = 64;

    /// Whether the event is to be published now. When its stream has to wait, it waits from this
    /// event on. Ask in the order of positions.
    bool mayGo(const RecordedEvent& event);

    void published(const RecordedEvent& event);
    /// The bus does not take the event: its stream waits until `due`.
    void refused(const RecordedEvent& event, Timestamp due);
    /// How often the stream's next event was refused in a row.
    int refusals(const RecordedEvent& event) const;
    /// It will not be published any more; to be marked as if it had been.
    void gaveUp(const RecordedEvent& event);

    void safe(GlobalPosition position);
    /// The event has to go again, not before `due`.
    void again(GlobalPosition position, Timestamp due);

    /// Lets the streams go on that need not wait any longer; the first position of theirs, to read from.
    std::optional<GlobalPosition> release(Timestamp now);
    /// When release() has something to do at the latest, as far as it is a matter of time.
    std::optional<Timestamp> nextDue() const;

    const std::vector<GlobalPosition>& toMark() const { return m_toMark; }
    void marked();

    std::size_t underWay() const { return m_underWay.size(); }
    /// Nothing under way, nothing to mark, nobody waiting.
    bool isIdle() const { return m_underWay.empty() && m_toMark.empty() && m_waiting.empty(); }

private:
    struct Stream {
        std::size_t underWay = 0;
        int refusals = 0;
        std::optional<GlobalPosition> waitsFrom{};
        std::optional<Timestamp> due{}; // when the bus refused; unset: too many were under way
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    using Streams = std::unordered_map<std::string, Stream, Hash, std::equal_to<>>;

    Stream& streamOf(const std::string& name);
    void wait(const std::string& name, Stream& stream, GlobalPosition from);
    Streams::iterator arrived(GlobalPosition position);
    void forgetIfIdle(Streams::iterator stream);

    Streams m_streams; // only those with something to remember
    std::set<std::string, std::less<>> m_waiting;
    std::unordered_map<GlobalPosition, std::string> m_underWay; // the stream of each
    std::vector<GlobalPosition> m_toMark;
    std::set<GlobalPosition> m_unmarked; // the same, to find them
};

} // namespace eventscope::core
