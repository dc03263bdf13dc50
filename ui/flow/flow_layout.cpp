// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow/flow_layout.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace eventscope::ui {

using core::FlowNode;

FlowLayout::FlowLayout() : m_flow(std::make_shared<const core::Flow>()) { }

void FlowLayout::setFlow(std::shared_ptr<const core::Flow> flow, const core::EventLog& log)
{
    m_flow = std::move(flow);
    const std::size_t count = m_flow->nodes.size();
    m_since.resize(count);
    m_x.assign(count, 0);
    m_room.assign(count, 0);
    m_lanes.assign(m_flow->lanes.size(), {});
    for (const std::size_t node : m_flow->inTime) {
        m_since[node] = static_cast<double>((log.timeAt(m_flow->nodes[node].row) - m_flow->from).count());
        m_lanes[m_flow->nodes[node].lane].push_back(node);
    }
}

void FlowLayout::spread(double width, double rightSpace)
{
    const auto whole = static_cast<double>(std::max<std::int64_t>(1, (m_flow->to - m_flow->from).count()));
    double furthest = width;
    for (const std::vector<std::size_t>& lane : m_lanes) {
        double next = 0;
        for (std::size_t i = 0; i < lane.size(); ++i) {
            // Events of one moment stand beside each other, not on each other.
            const double x = std::max(std::clamp(m_since[lane[i]] / whole, 0.0, 1.0) * width, next);
            next = x + kSmallestGap;
            m_x[lane[i]] = x;
            if (i > 0) {
                m_room[lane[i - 1]] = x - m_x[lane[i - 1]] - 2 * kRadius;
            }
        }
        furthest = lane.empty() ? furthest : std::max(furthest, m_x[lane.back()]);
    }
    // What was pushed aside a little still fits into the space for the last names.
    m_width = std::max(width, furthest - rightSpace / 2);
    for (const std::vector<std::size_t>& lane : m_lanes) {
        if (!lane.empty()) {
            m_room[lane.back()] = m_width + rightSpace - m_x[lane.back()] - kRadius;
        }
    }
}

std::optional<std::size_t> FlowLayout::nearestIn(std::size_t lane, double x) const
{
    if (lane >= m_lanes.size() || m_lanes[lane].empty()) {
        return std::nullopt;
    }
    const std::vector<std::size_t>& nodes = m_lanes[lane];
    const auto behind = std::ranges::lower_bound(nodes, x, {}, [this](std::size_t node) { return m_x[node]; });
    if (behind == nodes.end()) {
        return nodes.back();
    }
    const bool isBefore = behind != nodes.begin() && x - m_x[*std::prev(behind)] < m_x[*behind] - x;
    return isBefore ? *std::prev(behind) : *behind;
}

std::optional<std::size_t> FlowLayout::dotAt(const QPointF& point, double reach) const
{
    const double lane = std::floor(point.y() / kLaneHeight);
    if (lane < 0) {
        return std::nullopt;
    }
    const auto node = nearestIn(static_cast<std::size_t>(lane), point.x());
    if (!node) {
        return std::nullopt;
    }
    const QPointF away = place(*node) - point;
    return QPointF::dotProduct(away, away) <= reach * reach ? node : std::nullopt;
}

std::pair<std::size_t, std::size_t> FlowLayout::lanesIn(const QRectF& area) const
{
    const auto at = [this](double y) {
        return static_cast<std::size_t>(
            std::clamp(std::floor(y / kLaneHeight), 0.0, static_cast<double>(m_lanes.size())));
    };
    return {at(area.top()), std::min(at(area.bottom()) + 1, m_lanes.size())};
}

std::vector<std::size_t> FlowLayout::dotsIn(const QRectF& area) const
{
    std::vector<std::size_t> dots;
    const auto [first, last] = lanesIn(area);
    const auto x = [this](std::size_t node) { return m_x[node]; };
    for (std::size_t lane = first; lane < last; ++lane) {
        const std::vector<std::size_t>& nodes = m_lanes[lane];
        auto from = std::ranges::lower_bound(nodes, area.left() - kRadius, {}, x);
        if (from != nodes.begin()) {
            --from; // its name may reach into the area
        }
        const auto to = std::ranges::upper_bound(nodes, area.right() + kRadius, {}, x);
        dots.insert(dots.end(), from, std::max(from, to));
    }
    return dots;
}

std::vector<std::size_t> FlowLayout::arrowsIn(const QRectF& area) const
{
    std::vector<std::size_t> arrows;
    std::unordered_set<std::uint64_t> drawn;
    const auto count = static_cast<std::uint64_t>(m_flow->nodes.size());
    const auto lanes = static_cast<std::uint64_t>(m_lanes.size());
    for (std::size_t node = 0; node < m_flow->nodes.size(); ++node) {
        const std::size_t parent = m_flow->nodes[node].parent;
        if (parent == FlowNode::kNoParent) {
            continue;
        }
        const double from = m_x[parent], to = m_x[node];
        if (std::max(from, to) < area.left() || std::min(from, to) > area.right()) {
            continue;
        }
        const std::uint64_t fromLane = m_flow->nodes[parent].lane, toLane = m_flow->nodes[node].lane;
        const double top = static_cast<double>(std::min(fromLane, toLane)) * kLaneHeight;
        const double bottom = static_cast<double>(std::max(fromLane, toLane) + 1) * kLaneHeight;
        if (bottom < area.top() || top > area.bottom()) {
            continue;
        }
        const bool endsHere = to >= area.left() && to <= area.right();
        const bool beginsHere = from >= area.left() && from <= area.right();
        if (!endsHere) {
            // It runs along the effect's lane to the edge: what begins at one dot, or before, looks the same.
            const std::uint64_t side = to > area.right() ? 1 : 0;
            const std::uint64_t origin = beginsHere ? parent : count + fromLane;
            if (!drawn.insert((origin * lanes + toLane) * 2 + side).second) {
                continue;
            }
        }
        arrows.push_back(node);
    }
    return arrows;
}

} // namespace eventscope::ui
