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

constexpr double kRadius = FlowLayout::kRadius, kReach = 10, kMaxZoom = 200;

} // namespace

FlowView::FlowView(const core::EventLog& log, const models::FlowModel& model, QWidget* parent)
    : QAbstractScrollArea(parent), m_log(log), m_model(model)
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
    m_layout.setFlow(m_model.flow(), m_log);
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
    m_layout.spread(std::max(100.0, (viewport()->width() - kLabelWidth - kInset - kRightSpace) * m_zoom), kRightSpace);
    updateScrollBars();
}

void FlowView::updateScrollBars()
{
    const int height = kAxisHeight + static_cast<int>(flow().lanes.size()) * kLaneHeight;
    horizontalScrollBar()->setRange(0,
        std::max(0,
            static_cast<int>(std::ceil(m_layout.width())) + kLabelWidth + kInset + kRightSpace - viewport()->width()));
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

QPointF FlowView::place(std::size_t node) const
{
    return m_layout.place(node) + QPointF(kLabelWidth + kInset, kAxisHeight);
}

std::optional<std::size_t> FlowView::currentNode() const
{
    return m_current ? flow().nodeOf(*m_current) : std::nullopt;
}

std::optional<QPoint> FlowView::placeOf(core::LogRow row) const
{
    const std::optional<std::size_t> node = flow().nodeOf(row);
    return node ? std::optional((place(*node) - offset()).toPoint()) : std::nullopt;
}

std::optional<std::size_t> FlowView::dotAt(const QPoint& point) const
{
    if (point.x() < kLabelWidth) {
        return std::nullopt;
    }
    return m_layout.dotAt(point + offset() - QPointF(kLabelWidth + kInset, kAxisHeight), kReach);
}

void FlowView::setCurrent(std::optional<core::LogRow> row)
{
    if (row == m_current) {
        return;
    }
    m_current = row;
    setAccessibleDescription(row ? m_model.describe(*row) : QString());
    if (const auto node = currentNode()) {
        ensureVisible(place(*node));
    }
    viewport()->update();
}

void FlowView::choose(std::size_t node)
{
    const core::LogRow row = flow().nodes[node].row;
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
    const std::vector<std::size_t>& inTime = flow().inTime;
    const std::optional<std::size_t> current = currentNode();
    if (!current) {
        return choose(by > 0 ? inTime.front() : inTime.back());
    }
    const auto at = std::ranges::find(inTime, *current) - inTime.begin() + by;
    choose(inTime[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at, 0, std::ssize(inTime) - 1))]);
}

void FlowView::stepToLane(int by)
{
    const std::optional<std::size_t> current = currentNode();
    if (!current) {
        return choose(flow().inTime.front());
    }
    const auto lane = static_cast<std::int64_t>(flow().nodes[*current].lane) + by;
    if (lane >= 0) {
        if (const auto nearest = m_layout.nearestIn(static_cast<std::size_t>(lane), m_layout.place(*current).x())) {
            choose(*nearest);
        }
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
        Q_EMIT activated(flow().nodes[*node].row);
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
    if (flow().nodes.empty()) {
        return QAbstractScrollArea::keyPressEvent(event);
    }
    switch (event->key()) {
    case Qt::Key_Left: return stepInTime(-1);
    case Qt::Key_Right: return stepInTime(1);
    case Qt::Key_Up: return stepToLane(-1);
    case Qt::Key_Down: return stepToLane(1);
    case Qt::Key_Home: return choose(flow().inTime.front());
    case Qt::Key_End: return choose(flow().inTime.back());
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
            help->globalPos(), models::plainToolTip(m_model.describe(flow().nodes[*node].row)), viewport());
    } else {
        QToolTip::hideText();
    }
    return true;
}

} // namespace eventscope::ui
