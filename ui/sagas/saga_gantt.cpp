// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sagas/saga_gantt.h"

#include "theme/colours.h"
#include "theme/fonts.h"
#include "theme/icons.h"

#include "plain_text.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

namespace eventscope::ui {

using models::SagaBar;
using models::SagaLine;

namespace {

constexpr int kRow = 32, kTrack = 18, kBar = 14, kSide = 14, kIcon = 13;
constexpr int kLabelWidth = 160, kRightWidth = 92, kSmallestBar = 4;

QColor colourOf(SagaBar::Kind kind, const Colours& colours)
{
    switch (kind) {
    case SagaBar::Kind::Done: return colours.positive;
    case SagaBar::Kind::Running: return colours.accent;
    case SagaBar::Kind::Failed: return colours.negative;
    case SagaBar::Kind::FailedBefore: return blend(colours.base, colours.negative, 0.6);
    case SagaBar::Kind::Compensation: return colours.warning;
    case SagaBar::Kind::Unknown: return colours.faint;
    }
    return colours.faint;
}

} // namespace

SagaGantt::SagaGantt(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Steps of the saga over time"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

void SagaGantt::setTimeline(models::SagaTimeline timeline)
{
    const bool sameSize = timeline.lines.size() == m_timeline.lines.size();
    m_timeline = std::move(timeline);
    if (m_current.line >= m_timeline.lines.size()) {
        m_current = {};
    }
    if (!sameSize) {
        updateGeometry();
    }
    setAccessibleDescription(currentDescription());
    update();
}

QString SagaGantt::currentDescription() const
{
    return m_current.line < m_timeline.lines.size() ? m_timeline.lines[m_current.line].description : QString();
}

QSize SagaGantt::sizeHint() const
{
    return {600, static_cast<int>(m_timeline.lines.size()) * kRow + 8};
}

QSize SagaGantt::minimumSizeHint() const
{
    return {kLabelWidth + kRightWidth + 100, sizeHint().height()};
}

QRect SagaGantt::trackRect(std::size_t line) const
{
    const int top = static_cast<int>(line) * kRow + (kRow - kTrack) / 2;
    return {kSide + kLabelWidth, top, std::max(20, width() - 2 * kSide - kLabelWidth - kRightWidth), kTrack};
}

int SagaGantt::xOf(core::Timestamp time) const
{
    const QRect track = trackRect(0);
    const auto whole = static_cast<double>(std::max<std::int64_t>(1, (m_timeline.to - m_timeline.from).count()));
    const double share = static_cast<double>((time - m_timeline.from).count()) / whole;
    return track.left() + 6 + static_cast<int>(std::clamp(share, 0.0, 1.0) * (track.width() - 12));
}

QRect SagaGantt::barRect(std::size_t line, std::size_t bar) const
{
    if (line >= m_timeline.lines.size() || bar >= m_timeline.lines[line].bars.size()) {
        return {};
    }
    const SagaBar& shown = m_timeline.lines[line].bars[bar];
    const int left = xOf(shown.from);
    const int width = std::max(kSmallestBar, xOf(shown.to) - left);
    return {left, trackRect(line).center().y() - kBar / 2 + 1, width, kBar};
}

std::optional<SagaGantt::Place> SagaGantt::placeAt(const QPoint& point) const
{
    const auto line = static_cast<std::size_t>(std::max(0, point.y()) / kRow);
    if (line >= m_timeline.lines.size()) {
        return std::nullopt;
    }
    // The later one lies on top.
    for (std::size_t bar = m_timeline.lines[line].bars.size(); bar-- > 0;) {
        if (barRect(line, bar).adjusted(-2, -3, 2, 3).contains(point)) {
            return Place{line, bar};
        }
    }
    return Place{line, static_cast<std::size_t>(-1)};
}

bool SagaGantt::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) {
        return QWidget::event(event);
    }
    const auto* help = static_cast<QHelpEvent*>(event);
    const std::optional<Place> place = placeAt(help->pos());
    if (!place) {
        QToolTip::hideText();
        return true;
    }
    const SagaLine& line = m_timeline.lines[place->line];
    const QString text = place->bar < line.bars.size()
        ? line.label + QLatin1String(", ") + line.bars[place->bar].description
        : line.description;
    QToolTip::showText(help->globalPos(), models::plainToolTip(text), this);
    return true;
}

void SagaGantt::paintEvent(QPaintEvent*)
{
    const Colours colours(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t line = 0; line < m_timeline.lines.size(); ++line) {
        paintLine(painter, line, colours);
    }
}

void SagaGantt::paintLine(QPainter& painter, std::size_t number, const Colours& colours) const
{
    const SagaLine& line = m_timeline.lines[number];
    const QRect row(0, static_cast<int>(number) * kRow, width(), kRow);
    const QRect track = trackRect(number);
    painter.setPen(Qt::NoPen);
    if (hasFocus() && number == m_current.line) {
        painter.fillRect(row.adjusted(4, 1, -4, -1), colours.hover);
    }
    painter.setBrush(colours.chrome == colours.base ? colours.alternate : blend(colours.chrome, colours.text, 0.05));
    painter.drawRoundedRect(track, 2, 2);

    QRect label(kSide, row.top(), kLabelWidth - 10, kRow);
    if (line.compensation) {
        icon(QLatin1String("state-compensated"), Role::Warning)
            .paint(&painter, QRect(label.left(), label.center().y() - kIcon / 2, kIcon, kIcon));
        label.setLeft(label.left() + kIcon + 5);
    }
    painter.setFont(fonts::interface());
    painter.setPen(colours.text);
    painter.drawText(label, Qt::AlignLeft | Qt::AlignVCenter,
        painter.fontMetrics().elidedText(line.label, Qt::ElideRight, label.width()));
    painter.setPen(colours.muted);
    const QRect right(track.right() + 6, row.top(), width() - kSide - track.right() - 6, kRow);
    painter.drawText(right, Qt::AlignRight | Qt::AlignVCenter, line.right);
    if (line.bars.empty()) {
        painter.setFont(fonts::small());
        painter.drawText(track.adjusted(8, 0, -8, 0), Qt::AlignLeft | Qt::AlignVCenter, line.placeholder);
    }
    for (std::size_t bar = 0; bar < line.bars.size(); ++bar) {
        paintBar(painter, number, bar, colours);
    }
}

void SagaGantt::paintBar(QPainter& painter, std::size_t line, std::size_t number, const Colours& colours) const
{
    const SagaBar& bar = m_timeline.lines[line].bars[number];
    const QRect area = barRect(line, number);
    const QColor colour = colourOf(bar.kind, colours);
    const bool isCurrent = hasFocus() && line == m_current.line && number == m_current.bar;
    painter.setPen(isCurrent ? QPen(colours.text, 1.5) : QPen(Qt::NoPen));
    painter.setBrush(colour);
    if (bar.kind == SagaBar::Kind::Unknown) {
        painter.setBrush(QBrush(colour, Qt::BDiagPattern));
        painter.setPen(colour);
    }
    painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 2.5, 2.5);
    const bool failed = bar.kind == SagaBar::Kind::Failed || bar.kind == SagaBar::Kind::FailedBefore;
    if (failed && area.width() >= kIcon + 2) {
        // A cross: red alone would not say it to everybody.
        const QPoint centre = area.center();
        painter.setPen(QPen(legible(colours.base, colour, 3.0), 1.6));
        painter.drawLine(centre + QPoint(-3, -3), centre + QPoint(3, 3));
        painter.drawLine(centre + QPoint(-3, 3), centre + QPoint(3, -3));
    }
}

void SagaGantt::choose(std::size_t line, std::size_t bar)
{
    m_current = {line, bar};
    setAccessibleDescription(currentDescription());
    update();
}

void SagaGantt::mousePressEvent(QMouseEvent* event)
{
    const std::optional<Place> place = placeAt(event->pos());
    if (event->button() != Qt::LeftButton || !place) {
        return QWidget::mousePressEvent(event);
    }
    choose(place->line, place->bar < m_timeline.lines[place->line].bars.size() ? place->bar : 0);
}

void SagaGantt::mouseDoubleClickEvent(QMouseEvent* event)
{
    const std::optional<Place> place = placeAt(event->pos());
    if (place && place->bar < m_timeline.lines[place->line].bars.size()) {
        Q_EMIT barActivated(m_timeline.lines[place->line].bars[place->bar].startVersion);
    }
}

void SagaGantt::keyPressEvent(QKeyEvent* event)
{
    if (m_timeline.lines.empty()) {
        return QWidget::keyPressEvent(event);
    }
    const std::vector<SagaBar>& bars = m_timeline.lines[m_current.line].bars;
    switch (event->key()) {
    case Qt::Key_Up: choose(m_current.line == 0 ? 0 : m_current.line - 1, 0); break;
    case Qt::Key_Down: choose(std::min(m_current.line + 1, m_timeline.lines.size() - 1), 0); break;
    case Qt::Key_Left: choose(m_current.line, m_current.bar == 0 ? 0 : m_current.bar - 1); break;
    case Qt::Key_Right: choose(m_current.line, bars.empty() ? 0 : std::min(m_current.bar + 1, bars.size() - 1)); break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current.bar < bars.size()) {
            Q_EMIT barActivated(bars[m_current.bar].startVersion);
        }
        break;
    default: QWidget::keyPressEvent(event);
    }
}

} // namespace eventscope::ui
