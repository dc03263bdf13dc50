// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow/flow_view.h"

#include "flow_model.h"
#include "plain_text.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>
#include <cmath>

namespace eventscope::ui {

namespace {

constexpr double kRadius = 6, kReach = 10, kSmallestGap = 22, kMaxZoom = 200;

} // namespace

FlowView::FlowView(const core::EventLog& log, const models::FlowModel& model, QWidget* parent)
    : QAbstractScrollArea(parent), m_log(log), m_model(model), m_flow(model.flow())
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumWidth(kLabelWidth + kInset + kRightSpace);
    viewport()->setMouseTracking(true);
    viewport()->setBackgroundRole(QPalette::Base);
    setAccessibleName(tr("Flow over time"));
}

void FlowView::refresh()
{
    m_flow = m_model.flow();
    m_hovered.reset();
    arrange();
    viewport()->update();
}

void FlowView::setZoom(double zoom)
{
    m_zoom = std::clamp(zoom, 1.0, kMaxZoom);
    arrange();
    viewport()->update();
}

void FlowView::arrange()
{
    const core::Flow& flow = *m_flow;
    m_places.assign(flow.nodes.size(), {});
    m_room.assign(flow.nodes.size(), 0);
    m_inTime.resize(flow.nodes.size());
    for (std::size_t i = 0; i < flow.nodes.size(); ++i) {
        m_inTime[i] = i;
    }
    std::ranges::stable_sort(m_inTime, [&](std::size_t a, std::size_t b) {
        return m_log.timeAt(flow.nodes[a].row) < m_log.timeAt(flow.nodes[b].row);
    });
    const double width = std::max(100.0, (viewport()->width() - kLabelWidth - kInset - kRightSpace) * m_zoom);
    const auto whole = static_cast<double>(std::max<std::int64_t>(1, (flow.to - flow.from).count()));
    std::vector<double> next(flow.lanes.size(), 0);
    std::vector<std::size_t> last(flow.lanes.size(), core::FlowNode::kNoParent);
    m_width = width;
    double furthest = width;
    for (const std::size_t node : m_inTime) {
        const std::uint32_t lane = flow.nodes[node].lane;
        const auto since = static_cast<double>((m_log.timeAt(flow.nodes[node].row) - flow.from).count());
        // Events of one moment stand beside each other, not on each other.
        const double x = std::max(std::clamp(since / whole, 0.0, 1.0) * width, next[lane]);
        next[lane] = x + kSmallestGap;
        furthest = std::max(furthest, x);
        m_places[node] = {kLabelWidth + kInset + x, kAxisHeight + (lane + 0.5) * kLaneHeight};
        if (last[lane] != core::FlowNode::kNoParent) {
            m_room[last[lane]] = m_places[node].x() - m_places[last[lane]].x() - 2 * kRadius;
        }
        last[lane] = node;
    }
    // What was pushed aside a little still fits into the space for the last names.
    m_width = std::max(width, furthest - kRightSpace / 2.0);
    for (const std::size_t node : last) {
        if (node != core::FlowNode::kNoParent) {
            m_room[node] = kLabelWidth + kInset + m_width + kRightSpace - m_places[node].x() - kRadius;
        }
    }
    updateScrollBars();
}

void FlowView::updateScrollBars()
{
    const int height = kAxisHeight + static_cast<int>(m_flow->lanes.size()) * kLaneHeight;
    horizontalScrollBar()->setRange(0,
        std::max(0, static_cast<int>(std::ceil(m_width)) + kLabelWidth + kInset + kRightSpace - viewport()->width()));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(40);
    verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(kLaneHeight / 2);
}

QPointF FlowView::offset() const
{
    return QPointF(horizontalScrollBar()->value(), verticalScrollBar()->value());
}

std::optional<std::size_t> FlowView::nodeOf(core::LogRow row) const
{
    const auto found = std::ranges::find(m_flow->nodes, row, &core::FlowNode::row);
    return found == m_flow->nodes.end() ? std::nullopt
                                        : std::optional(static_cast<std::size_t>(found - m_flow->nodes.begin()));
}

std::optional<QPoint> FlowView::placeOf(core::LogRow row) const
{
    const std::optional<std::size_t> node = nodeOf(row);
    return node ? std::optional((m_places[*node] - offset()).toPoint()) : std::nullopt;
}

std::optional<std::size_t> FlowView::dotAt(const QPoint& point) const
{
    if (point.x() < kLabelWidth) {
        return std::nullopt;
    }
    const QPointF at = point + offset();
    std::optional<std::size_t> nearest;
    double best = kReach * kReach;
    for (std::size_t node = 0; node < m_places.size(); ++node) {
        const QPointF away = m_places[node] - at;
        if (const double distance = QPointF::dotProduct(away, away); distance <= best) {
            best = distance;
            nearest = node;
        }
    }
    return nearest;
}

void FlowView::setCurrent(std::optional<core::LogRow> row)
{
    if (row == m_current) {
        return;
    }
    m_current = row;
    setAccessibleDescription(row ? m_model.describe(*row) : QString());
    if (const auto node = row ? nodeOf(*row) : std::nullopt) {
        ensureVisible(m_places[*node]);
    }
    viewport()->update();
}

void FlowView::choose(std::size_t node)
{
    const core::LogRow row = m_flow->nodes[node].row;
    if (m_current != row) {
        setCurrent(row);
        Q_EMIT currentChanged(row);
    }
}

void FlowView::ensureVisible(const QPointF& place)
{
    const QPointF seen = place - offset();
    if (seen.x() < kLabelWidth + kRadius || seen.x() > viewport()->width() - kRadius) {
        horizontalScrollBar()->setValue(static_cast<int>(place.x()) - (viewport()->width() + kLabelWidth) / 2);
    }
    if (seen.y() < kAxisHeight + kRadius || seen.y() > viewport()->height() - kRadius) {
        verticalScrollBar()->setValue(static_cast<int>(place.y()) - viewport()->height() / 2);
    }
}

void FlowView::stepInTime(int by)
{
    const std::optional<std::size_t> current = m_current ? nodeOf(*m_current) : std::nullopt;
    if (!current) {
        return choose(by > 0 ? m_inTime.front() : m_inTime.back());
    }
    const auto at = std::ranges::find(m_inTime, *current) - m_inTime.begin() + by;
    choose(m_inTime[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at, 0, std::ssize(m_inTime) - 1))]);
}

void FlowView::stepToLane(int by)
{
    const std::optional<std::size_t> current = m_current ? nodeOf(*m_current) : std::nullopt;
    if (!current) {
        return choose(m_inTime.front());
    }
    const auto lane = static_cast<std::int64_t>(m_flow->nodes[*current].lane) + by;
    std::optional<std::size_t> nearest;
    for (std::size_t node = 0; node < m_places.size(); ++node) {
        const auto away = [&](std::size_t other) { return std::abs(m_places[other].x() - m_places[*current].x()); };
        if (m_flow->nodes[node].lane == lane && (!nearest || away(node) < away(*nearest))) {
            nearest = node;
        }
    }
    if (nearest) {
        choose(*nearest);
    }
}

void FlowView::resizeEvent(QResizeEvent*)
{
    arrange();
}

void FlowView::mouseMoveEvent(QMouseEvent* event)
{
    if (const auto hovered = dotAt(event->pos()); hovered != m_hovered) {
        m_hovered = hovered;
        viewport()->setCursor(hovered ? Qt::PointingHandCursor : Qt::ArrowCursor);
        viewport()->update();
    }
}

void FlowView::leaveEvent(QEvent*)
{
    m_hovered.reset();
    viewport()->update();
}

void FlowView::mousePressEvent(QMouseEvent* event)
{
    if (const auto node = dotAt(event->pos()); node && event->button() == Qt::LeftButton) {
        choose(*node);
    }
}

void FlowView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (const auto node = dotAt(event->pos())) {
        Q_EMIT activated(m_flow->nodes[*node].row);
    }
}

void FlowView::wheelEvent(QWheelEvent* event)
{
    if (event->modifiers() & Qt::ControlModifier) {
        setZoom(m_zoom * std::pow(1.0015, event->angleDelta().y()));
        event->accept();
    } else {
        QAbstractScrollArea::wheelEvent(event);
    }
}

void FlowView::keyPressEvent(QKeyEvent* event)
{
    if (m_flow->nodes.empty()) {
        return QAbstractScrollArea::keyPressEvent(event);
    }
    switch (event->key()) {
    case Qt::Key_Left: return stepInTime(-1);
    case Qt::Key_Right: return stepInTime(1);
    case Qt::Key_Up: return stepToLane(-1);
    case Qt::Key_Down: return stepToLane(1);
    case Qt::Key_Home: return choose(m_inTime.front());
    case Qt::Key_End: return choose(m_inTime.back());
    case Qt::Key_Plus:
    case Qt::Key_Equal: return setZoom(m_zoom * 1.4);
    case Qt::Key_Minus: return setZoom(m_zoom / 1.4);
    case Qt::Key_0: return setZoom(1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current) {
            Q_EMIT activated(*m_current);
        }
        return;
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

bool FlowView::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) {
        return QAbstractScrollArea::viewportEvent(event);
    }
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const auto node = dotAt(help->pos())) {
        QToolTip::showText(
            help->globalPos(), models::plainToolTip(m_model.describe(m_flow->nodes[*node].row)), viewport());
    } else {
        QToolTip::hideText();
    }
    return true;
}

} // namespace eventscope::ui
