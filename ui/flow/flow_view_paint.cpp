// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_format.h"
#include "flow/flow_view.h"
#include "flow_model.h"
#include "plain_text.h"
#include "theme/colours.h"
#include "theme/fonts.h"

#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>
#include <algorithm>
#include <array>
#include <cmath>

namespace eventscope::ui {

namespace {

constexpr double kRadius = FlowLayout::kRadius;
constexpr qsizetype kNameChars = 60;

/// A round length of time that gives marks at least `pixels` apart.
std::chrono::microseconds roundStep(std::chrono::microseconds whole, double width, double pixels)
{
    const double least = static_cast<double>(std::max<std::int64_t>(1, whole.count())) * pixels / std::max(1.0, width);
    const double power = std::pow(10.0, std::floor(std::log10(std::max(1.0, least))));
    for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
        if (power * factor >= least) {
            return std::chrono::microseconds(static_cast<std::int64_t>(power * factor));
        }
    }
    return std::chrono::microseconds(static_cast<std::int64_t>(power * 10));
}

} // namespace

void FlowView::paintEvent(QPaintEvent*)
{
    const Colours colours(palette());
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    paintLanes(painter, colours);
    paintAxis(painter, colours);
    painter.setClipRect(QRect(kLabelWidth, kAxisHeight, viewport()->width(), viewport()->height()));
    painter.translate(-offset());
    const std::vector<std::size_t> chain = causesOf(m_hovered ? m_hovered : currentNode());
    const QPointF origin(kLabelWidth + kInset, kAxisHeight);
    const QRectF seen = QRectF(QPointF(kLabelWidth, kAxisHeight) + offset() - origin,
        QSizeF(viewport()->width() - kLabelWidth, viewport()->height() - kAxisHeight))
                            .adjusted(-20, -20, 20, 20);
    const std::vector<std::size_t> arrows = m_layout.arrowsIn(seen);
    for (const bool strong : {false, true}) {
        painter.setPen(QPen(strong ? colours.accent : colours.faint, strong ? 1.8 : 1.2));
        for (const std::size_t node : arrows) {
            if (isOnChain(node, chain) == strong) {
                paintArrow(painter, place(flow().nodes[node].parent), place(node));
            }
        }
    }
    for (const std::size_t node : m_layout.dotsIn(seen)) {
        paintDot(painter, node, colours);
    }
}

/// A node and its causes, up to the beginning.
std::vector<std::size_t> FlowView::causesOf(std::optional<std::size_t> node) const
{
    std::vector<std::size_t> chain;
    for (std::size_t at = node.value_or(core::FlowNode::kNoParent); at != core::FlowNode::kNoParent;
         at = flow().nodes[at].parent) {
        chain.push_back(at);
    }
    return chain;
}

/// Whether its arrow leads from cause to cause up to that node, or from that node to an effect.
bool FlowView::isOnChain(std::size_t node, const std::vector<std::size_t>& chain) const
{
    if (chain.empty()) {
        return false;
    }
    // A cause stands before its effects, so the chain falls.
    return flow().nodes[node].parent == chain.front()
        || std::ranges::binary_search(chain, node, std::ranges::greater());
}

void FlowView::paintLanes(QPainter& painter, const Colours& colours) const
{
    const int top = kAxisHeight - verticalScrollBar()->value();
    for (std::size_t lane = 0; lane < flow().lanes.size(); ++lane) {
        const QRect area(0, top + static_cast<int>(lane) * kLaneHeight, viewport()->width(), kLaneHeight);
        if (area.bottom() < 0 || area.top() > viewport()->height()) {
            continue;
        }
        painter.fillRect(area, lane % 2 == 0 ? colours.base : colours.alternate);
        painter.setPen(colours.rowLine);
        painter.drawLine(kLabelWidth, area.center().y(), area.right(), area.center().y());
        const core::FlowLane& shown = flow().lanes[lane];
        const QRect text = area.adjusted(12, 0, kLabelWidth - area.width() - 8, 0);
        painter.setFont(fonts::data());
        painter.setPen(colours.text);
        painter.drawText(text.adjusted(0, 0, 0, -kLaneHeight / 2 + 3), Qt::AlignLeft | Qt::AlignBottom,
            painter.fontMetrics().elidedText(
                models::visibleText(m_log.text(shown.stream), kNameChars), Qt::ElideMiddle, text.width()));
        painter.setFont(fonts::small());
        painter.setPen(colours.muted);
        const QString source = models::visibleText(m_log.text(shown.source), kNameChars);
        const QString events
            = shown.events == 1 ? tr("1 event") : tr("%1 events").arg(models::formatCount(shown.events));
        painter.drawText(text.adjusted(0, kLaneHeight / 2 + 1, 0, 0), Qt::AlignLeft | Qt::AlignTop,
            painter.fontMetrics().elidedText(source + QStringLiteral(" · ") + events, Qt::ElideRight, text.width()));
    }
}

void FlowView::paintAxis(QPainter& painter, const Colours& colours) const
{
    painter.fillRect(QRect(0, 0, viewport()->width(), kAxisHeight), colours.chrome);
    painter.setPen(colours.line);
    painter.drawLine(0, kAxisHeight - 1, viewport()->width(), kAxisHeight - 1);
    const std::chrono::microseconds whole = flow().to - flow().from;
    const double timeWidth = std::max(100.0, (viewport()->width() - kLabelWidth - kInset - kRightSpace) * m_zoom);
    painter.setFont(fonts::small());
    if (whole.count() <= 0) {
        return;
    }
    const std::chrono::microseconds step = roundStep(whole, timeWidth, 90);
    const double shift = horizontalScrollBar()->value();
    const auto perStep = timeWidth * static_cast<double>(step.count()) / static_cast<double>(whole.count());
    auto mark = static_cast<std::int64_t>(std::max(0.0, std::floor(shift / perStep)));
    for (; step * mark <= whole; ++mark) {
        const double x = kLabelWidth + kInset + static_cast<double>(mark) * perStep - shift;
        if (x > viewport()->width()) {
            break;
        }
        if (x < kLabelWidth - 1) {
            continue;
        }
        painter.setPen(colours.rowLine);
        painter.drawLine(QPointF(x, kAxisHeight), QPointF(x, viewport()->height()));
        painter.setPen(colours.muted);
        painter.drawText(QRectF(x + 4, 0, perStep, kAxisHeight), Qt::AlignLeft | Qt::AlignVCenter,
            mark == 0 ? QStringLiteral("0") : QLatin1Char('+') + models::formatDuration(step * mark));
    }
}

void FlowView::paintArrow(QPainter& painter, const QPointF& from, const QPointF& to) const
{
    const bool sameLane = std::abs(from.y() - to.y()) < 1;
    const double side = sameLane ? kRadius + 1 : 0;
    const QPointF start = from + (sameLane ? QPointF(side, 0) : QPointF(0, to.y() > from.y() ? kRadius : -kRadius));
    const QPointF end = to - QPointF(kRadius + 1, 0);
    QPainterPath path(start);
    if (sameLane) {
        path.lineTo(end);
    } else {
        // Down or up first, then into the effect from the left.
        path.cubicTo(QPointF(start.x(), end.y()), QPointF(start.x(), end.y()), end);
    }
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
    painter.setBrush(painter.pen().color());
    const std::array<QPointF, 3> head{end, end + QPointF(-6, -3.2), end + QPointF(-6, 3.2)};
    painter.drawPolygon(head.data(), static_cast<int>(head.size()));
}

void FlowView::paintDot(QPainter& painter, std::size_t node, const Colours& colours) const
{
    const core::LogRow row = flow().nodes[node].row;
    const QPointF at = place(node);
    const std::string_view type = m_log.text(m_log.typeAt(row));
    const models::EventTone tone = m_model.toneOf(row);
    const bool failed = tone == models::EventTone::Failure;
    const QColor colour = failed             ? colours.negative
        : tone == models::EventTone::Warning ? colours.warning
                                             : colours.stable(type);
    if (m_current == row || m_hovered == node) {
        painter.setPen(QPen(m_current == row ? colours.accent : colours.muted, 2));
        painter.setBrush(colours.selection);
        painter.drawEllipse(at, kRadius + 4, kRadius + 4);
    }
    painter.setPen(QPen(colours.base, 1.5));
    painter.setBrush(colour);
    painter.drawEllipse(at, kRadius + (failed ? 1 : 0), kRadius + (failed ? 1 : 0));
    if (failed) {
        painter.setPen(QPen(legible(colours.base, colour, 3.0), 1.7));
        painter.drawLine(at + QPointF(-2.6, -2.6), at + QPointF(2.6, 2.6));
        painter.drawLine(at + QPointF(-2.6, 2.6), at + QPointF(2.6, -2.6));
    }
    constexpr double least = 36;
    if (m_layout.room(node) < least) {
        return;
    }
    painter.setFont(fonts::small());
    const QRectF label(at.x() - kRadius, at.y() - kLaneHeight / 2.0 + 2, m_layout.room(node), 14);
    const QString name = painter.fontMetrics().elidedText(
        models::visibleText(type, kNameChars), Qt::ElideRight, static_cast<int>(label.width()));
    // Arrows pass behind it.
    QRectF ground = label;
    ground.setWidth(painter.fontMetrics().horizontalAdvance(name));
    painter.fillRect(ground, flow().nodes[node].lane % 2 == 0 ? colours.base : colours.alternate);
    painter.setPen(failed ? colours.negative : m_current == row ? colours.text : colours.muted);
    painter.drawText(label, Qt::AlignLeft | Qt::AlignVCenter, name);
}

} // namespace eventscope::ui
