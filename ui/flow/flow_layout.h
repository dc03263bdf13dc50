// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/flow.h"

#include <QPointF>
#include <QRectF>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace eventscope::ui {

/// Where the events of a flow stand: along the time in the lane of their stream, none upon another.
/// Answers what is at a point and what can be seen in a rectangle without asking every event, so that
/// a flow of ten thousand is drawn as quickly as one of ten. // GUI thread
class FlowLayout {
public:
    static constexpr int kLaneHeight = 52;
    static constexpr double kRadius = 6;       ///< of a dot
    static constexpr double kSmallestGap = 22; ///< between the middles of two dots

    FlowLayout();

    /// `log` is where the times are; it is not kept.
    void setFlow(std::shared_ptr<const core::Flow> flow, const core::EventLog& log);
    const core::Flow& flow() const { return *m_flow; }

    /// Spreads the flow's time over `width`, and further where dots would stand upon each other. What
    /// is behind the last dot of a lane is `rightSpace` wide.
    void spread(double width, double rightSpace);

    double width() const { return m_width; } ///< to the last dot, or a little before it
    /// From the first moment and from the top of the first lane.
    QPointF place(std::size_t node) const { return {m_x[node], (m_flow->nodes[node].lane + 0.5) * kLaneHeight}; }
    /// Up to the next dot of the lane: room for its name.
    double room(std::size_t node) const { return m_room[node]; }

    /// The dot that is nearest to a point and not further away than `reach`.
    std::optional<std::size_t> dotAt(const QPointF& point, double reach) const;
    /// The dot of a lane that is nearest to a moment.
    std::optional<std::size_t> nearestIn(std::size_t lane, double x) const;
    /// Those whose dot or name lies in the area.
    std::vector<std::size_t> dotsIn(const QRectF& area) const;
    /// The effects whose arrows are to be drawn to fill the area. Of the many that would lie upon each
    /// other because they only pass through, or leave to the same side, one.
    std::vector<std::size_t> arrowsIn(const QRectF& area) const;

private:
    std::pair<std::size_t, std::size_t> lanesIn(const QRectF& area) const;

    std::shared_ptr<const core::Flow> m_flow;
    std::vector<double> m_since;                   ///< by node: microseconds since the beginning
    std::vector<std::vector<std::size_t>> m_lanes; ///< the nodes of each, in the order of time
    std::vector<double> m_x, m_room;               ///< by node
    double m_width = 0;
};

} // namespace eventscope::ui
