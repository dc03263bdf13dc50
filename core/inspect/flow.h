// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace eventscope::core {

/// What is known of an event's cause.
enum class FlowCause {
    None,      ///< it names no cause: a beginning
    Request,   ///< it names the flow itself, which is no event here: the command that began it all
    InFlow,    ///< FlowNode::parent
    NotInFlow, ///< it names one that is not among these events
    Cycle,     ///< following the causes leads back to it: cut here
};

struct FlowNode {
    static constexpr std::size_t kNoParent = static_cast<std::size_t>(-1);

    LogRow row = 0;
    std::size_t parent = kNoParent; ///< an index into Flow::nodes, smaller than this one's
    std::uint32_t depth = 0;
    std::uint32_t lane = 0; ///< an index into Flow::lanes
    FlowCause cause = FlowCause::None;
};

/// The events of one stream of one source.
struct FlowLane {
    TextId source = 0, stream = 0;
    std::size_t events = 0;
};

/// Events that belong together, as a tree of causes and as lanes on an axis of time.
struct Flow {
    std::vector<FlowNode> nodes;     ///< causes first: each effect somewhere behind its cause, as a tree is printed
    std::vector<std::size_t> inTime; ///< the nodes' indexes by time, then by position
    std::vector<std::size_t> byRow;  ///< the nodes' indexes by row
    std::vector<FlowLane> lanes;     ///< in the order of their first events
    Timestamp from{}, to{};          ///< of the first and the last event that have a time
    std::size_t missingCauses = 0;
    std::size_t cycles = 0;

    /// The index of that event's node; nothing when the flow does not have it.
    std::optional<std::size_t> nodeOf(LogRow row) const;
};

/// Puts rows of the log (mostly those with one correlation id, of any number of sources) in order.
/// Effects of one cause, and beginnings, are ordered by time, then by position, then as they came. An
/// id that several events have is taken from the same source first. // any thread
Flow buildFlow(const EventLog& log, std::span<const LogRow> rows);

} // namespace eventscope::core
