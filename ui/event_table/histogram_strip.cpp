// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_table/histogram_strip.h"

#include "plain_text.h"
#include "theme/colours.h"
#include "theme/fonts.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace eventscope::ui {

using namespace std::chrono_literals;

namespace {

constexpr int kBarPitch = 6;
constexpr int kMargin = 10;
constexpr int kDragThreshold = 4;

QString widthText(std::chrono::seconds width)
{
    if (width == 1s) {
        return HistogramStrip::tr("events per second");
    }
    return HistogramStrip::tr("events per %1")
        .arg(width < 60s         ? HistogramStrip::tr("%1 s").arg(width.count())
                : width < 3600s  ? HistogramStrip::tr("%1 min").arg(width.count() / 60)
                : width < 86400s ? HistogramStrip::tr("%1 h").arg(width.count() / 3600)
                                 : HistogramStrip::tr("%1 d").arg(width.count() / 86400));
}

} // namespace

HistogramStrip::HistogramStrip(QWidget* parent) : QWidget(parent), m_histogram(std::make_shared<core::TimeHistogram>())
{
    setFocusPolicy(Qt::TabFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Events over time"));
    setAccessibleDescription(tr("Drag to select a range of time, Escape to let it go."));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize HistogramStrip::sizeHint() const
{
    return {400, fontMetrics().height() + 60};
}

void HistogramStrip::setHistogram(std::shared_ptr<const core::TimeHistogram> histogram)
{
    m_histogram = std::move(histogram);
    layOut();
}

void HistogramStrip::setTimeFormat(const models::TimeFormat& format)
{
    m_time = format;
    update();
}

void HistogramStrip::setSelectedRange(std::optional<TimeRange> range)
{
    m_selected = range;
    update();
}

QRect HistogramStrip::barArea() const
{
    const int top = QFontMetrics(fonts::small()).height() + 10;
    return rect().adjusted(kMargin, top, -kMargin, -8);
}

void HistogramStrip::layOut()
{
    const int room = std::max(1, barArea().width() / kBarPitch);
    const auto first = m_histogram->first();
    const auto last = m_histogram->last();
    if (!first || !last) {
        m_bars.clear();
        update();
        return;
    }
    const TimeRange shown = m_zoom.value_or(TimeRange{*first, *last + 1us});
    m_barWidth = std::max(
        core::barWidthFor(shown.to - shown.from, static_cast<std::size_t>(room - 1)), m_histogram->bucketWidth());
    // Bars stand on round times, so that they do not change while the picture moves on; the newest is
    // at the right edge.
    const auto width = std::chrono::duration_cast<std::chrono::microseconds>(m_barWidth);
    const auto sinceEpoch = shown.to.time_since_epoch() - 1us;
    auto lastBar = sinceEpoch / width * width;
    if (lastBar > sinceEpoch) {
        lastBar -= width;
    }
    m_start = core::Timestamp(lastBar) - width * (room - 1);
    m_bars = m_histogram->bars(m_start, m_barWidth, static_cast<std::size_t>(room));
    update();
}

void HistogramStrip::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    layOut();
}

core::Timestamp HistogramStrip::timeAt(int x) const
{
    const auto bars = static_cast<double>(x - barArea().left()) / kBarPitch;
    return m_start
        + std::chrono::microseconds(static_cast<std::int64_t>(bars * 1e6 * static_cast<double>(m_barWidth.count())));
}

int HistogramStrip::xOf(core::Timestamp time) const
{
    const double bars = static_cast<double>((time - m_start).count()) / 1e6 / static_cast<double>(m_barWidth.count());
    return barArea().left() + static_cast<int>(std::clamp(bars * kBarPitch, -1e6, 1e6));
}

void HistogramStrip::paintEvent(QPaintEvent*)
{
    const Colours colours(palette());
    QPainter painter(this);
    painter.fillRect(rect(), colours.base);
    painter.fillRect(QRect(0, 0, width(), 1), colours.line);

    painter.setFont(fonts::small());
    painter.setPen(colours.muted);
    const QRect labels(kMargin, 4, width() - 2 * kMargin, QFontMetrics(fonts::small()).height() + 4);
    if (m_bars.empty()) {
        painter.drawText(labels, Qt::AlignCenter, tr("No events yet"));
        return;
    }
    const core::Timestamp end = m_start + m_barWidth * static_cast<std::int64_t>(m_bars.size());
    const bool days = !m_time.sameDay(m_start, end);
    const auto label = [&](core::Timestamp time) {
        return days            ? m_time.dateTime(time).left(16)
            : m_barWidth < 60s ? m_time.clockSeconds(time)
                               : m_time.clock(time);
    };
    painter.drawText(labels, Qt::AlignLeft | Qt::AlignVCenter, label(m_start));
    painter.drawText(labels, Qt::AlignRight | Qt::AlignVCenter, label(end));
    painter.drawText(labels, Qt::AlignCenter,
        m_selected ? tr("%1 · Esc lets go").arg(rangeText(*m_selected))
                   : tr("%1 · drag to select a range").arg(widthText(m_barWidth)));

    const QRect area = barArea();
    std::uint64_t most = 1;
    for (const auto& bar : m_bars) {
        most = std::max(most, bar.count);
    }
    if (m_selected) {
        const int left = std::max(area.left() - 2, xOf(m_selected->from));
        const int right = std::min(area.right() + 2, xOf(m_selected->to));
        if (right > left) {
            painter.fillRect(QRect(left, area.top() - 3, right - left, area.height() + 6),
                blend(colours.base, colours.accent, 0.12));
        }
    }
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        const auto& bar = m_bars[i];
        if (bar.count == 0) {
            continue;
        }
        const core::Timestamp from = m_start + m_barWidth * static_cast<std::int64_t>(i);
        const bool selected = m_selected && from < m_selected->to && from + m_barWidth > m_selected->from;
        const auto scaled = [&](std::uint64_t count) {
            return static_cast<int>(
                std::lround(static_cast<double>(count) / static_cast<double>(most) * area.height()));
        };
        const int height = std::max(2, scaled(bar.count));
        const int failed = bar.failed > 0 ? std::max(2, scaled(bar.failed)) : 0;
        const int x = area.left() + static_cast<int>(i) * kBarPitch;
        painter.fillRect(
            QRect(x, area.bottom() + 1 - height, kBarPitch - 1, height), selected ? colours.accent : colours.bar);
        painter.fillRect(QRect(x, area.bottom() + 1 - height, kBarPitch - 1, failed),
            selected ? colours.negative : colours.barFailed);
    }
    if (hasFocus()) {
        painter.setPen(colours.accent);
        painter.drawRect(rect().adjusted(1, 2, -2, -2));
    }
}

QString HistogramStrip::rangeText(const TimeRange& range) const
{
    const bool days = !m_time.sameDay(range.from, range.to);
    const auto text
        = [&](core::Timestamp time) { return days ? m_time.dateTime(time).left(19) : m_time.clockSeconds(time); };
    return QStringLiteral("%1 – %2").arg(text(range.from), text(range.to));
}

// Selecting.

void HistogramStrip::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && !m_bars.empty()) {
        m_pressX = static_cast<int>(event->position().x());
    }
}

void HistogramStrip::mouseMoveEvent(QMouseEvent* event)
{
    const int x = static_cast<int>(event->position().x());
    if (!m_pressX || !(event->buttons() & Qt::LeftButton) || std::abs(x - *m_pressX) < kDragThreshold) {
        return;
    }
    // Whole bars: what is selected is what is seen.
    const QRect area = barArea();
    const auto snapped = [&](int at, bool up) {
        const int bars = std::clamp(at - area.left(), 0, static_cast<int>(m_bars.size()) * kBarPitch);
        return m_start + m_barWidth * static_cast<std::int64_t>((bars + (up ? kBarPitch - 1 : 0)) / kBarPitch);
    };
    m_selected = TimeRange{snapped(std::min(x, *m_pressX), false), snapped(std::max(x, *m_pressX), true)};
    update();
}

void HistogramStrip::mouseReleaseEvent(QMouseEvent* event)
{
    if (!m_pressX) {
        return;
    }
    const bool dragged = std::abs(static_cast<int>(event->position().x()) - *m_pressX) >= kDragThreshold;
    m_pressX.reset();
    if (dragged && m_selected) {
        Q_EMIT rangeSelected();
    } else {
        clearSelection();
    }
}

void HistogramStrip::mouseDoubleClickEvent(QMouseEvent*)
{
    m_zoom.reset();
    layOut();
}

void HistogramStrip::wheelEvent(QWheelEvent* event)
{
    const auto first = m_histogram->first();
    const auto last = m_histogram->last();
    if (!first || !last || event->angleDelta().y() == 0) {
        return;
    }
    const TimeRange whole{*first, *last + 1us};
    const TimeRange shown = m_zoom.value_or(whole);
    const core::Timestamp pivot = std::clamp(timeAt(static_cast<int>(event->position().x())), shown.from, shown.to);
    const double factor = event->angleDelta().y() > 0 ? 0.7 : 1 / 0.7;
    const auto scaled = [factor](std::chrono::microseconds span) {
        return std::chrono::microseconds(static_cast<std::int64_t>(static_cast<double>(span.count()) * factor));
    };
    const TimeRange zoomed{
        std::max(whole.from, pivot - scaled(pivot - shown.from)), std::min(whole.to, pivot + scaled(shown.to - pivot))};
    if (zoomed.to - zoomed.from < 10s && factor < 1) {
        return;
    }
    m_zoom = zoomed == whole ? std::nullopt : std::optional(zoomed);
    layOut();
    event->accept();
}

void HistogramStrip::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && m_selected) {
        clearSelection();
        return;
    }
    QWidget::keyPressEvent(event);
}

void HistogramStrip::clearSelection()
{
    if (!m_selected) {
        return;
    }
    m_selected.reset();
    update();
    Q_EMIT rangeCleared();
}

bool HistogramStrip::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && !m_bars.empty()) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int index = (help->pos().x() - barArea().left()) / kBarPitch;
        if (index >= 0 && static_cast<std::size_t>(index) < m_bars.size()) {
            const auto& bar = m_bars[static_cast<std::size_t>(index)];
            const core::Timestamp from = m_start + m_barWidth * index;
            QString text
                = tr("%1\n%2 events").arg(rangeText({from, from + m_barWidth}), models::formatCount(bar.count));
            if (bar.failed > 0) {
                text += tr(", %1 of them failures").arg(models::formatCount(bar.failed));
            }
            QToolTip::showText(help->globalPos(), models::plainToolTip(text), this);
            return true;
        }
    }
    return QWidget::event(event);
}

} // namespace eventscope::ui
