// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_table/event_table.h"

#include "event_table/cell_texts.h"
#include "inspect/event_marks.h"
#include "theme/colours.h"

#include <QHeaderView>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>
#include <algorithm>
#include <optional>
#include <vector>

namespace eventscope::ui {

namespace {

using models::EventColumn;
using models::EventTone;

constexpr int kPadding = 9;

struct PaintedRow {
    std::uint64_t index;
    core::LogRow row;
    core::LogEvent event;
    EventTone tone;
    int top;
    bool selected;
    bool marked;
    std::optional<models::RowColour> colour;
};

/// Ids differ at their end, so their middle goes first.
bool losesItsMiddle(EventColumn column)
{
    return column == EventColumn::Stream || column == EventColumn::Correlation || column == EventColumn::Id;
}

QString fitted(const QString& text, qsizetype characters, EventColumn column)
{
    if (text.size() <= characters || characters < 2)
        return text.left(std::max<qsizetype>(characters, 0));
    if (!losesItsMiddle(column))
        return text.left(characters - 1) + QChar(0x2026);
    const qsizetype tail = std::min<qsizetype>(6, (characters - 1) / 2);
    return text.left(characters - 1 - tail) + QChar(0x2026) + text.right(tail);
}

QColor inkOf(const PaintedRow& row, EventColumn column, const Colours& colours)
{
    switch (column) {
    case EventColumn::Stream: return colours.accent;
    case EventColumn::Source: return colours.text;
    case EventColumn::Type:
        return row.tone == EventTone::Failure ? colours.negative
            : row.tone == EventTone::Warning  ? colours.warning
                                              : colours.text;
    case EventColumn::Data:
        if (!row.event.undecodable.empty())
            return colours.warning;
        return colours.muted;
    case EventColumn::Note: return colours.accent;
    default: return models::isFieldColumn(column) ? colours.text : colours.muted;
    }
}

/// A bookmark at the row's very edge.
void drawMark(QPainter& painter, const PaintedRow& row, int height, const Colours& colours)
{
    const qreal x = 1, top = row.top + height / 2.0 - 6;
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.accent);
    painter.drawPolygon(QPolygonF{QPointF(x, top), QPointF(x + 5, top), QPointF(x + 5, top + 11),
        QPointF(x + 2.5, top + 8), QPointF(x, top + 11)});
    painter.setRenderHint(QPainter::Antialiasing, false);
}

/// A clock: it was committed late, after events behind it had been shown.
void drawClock(QPainter& painter, QPointF centre, const Colours& colours)
{
    painter.setPen(QPen(colours.warning, 1.2, Qt::SolidLine, Qt::RoundCap));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(centre, 4, 4);
    painter.drawLine(centre, centre + QPointF(0, -2.6));
    painter.drawLine(centre, centre + QPointF(1.9, 0.8));
}

/// A cross for a failure, a triangle for a warning, a clock for what came late: a colour never stands alone.
void drawSign(QPainter& painter, const PaintedRow& row, int height, const Colours& colours)
{
    const bool undecodable = !row.event.undecodable.empty();
    if (row.tone == EventTone::Plain && !undecodable && !row.event.isLate)
        return;
    const QPointF c(8.5, row.top + height / 2.0);
    painter.setRenderHint(QPainter::Antialiasing, true);
    if (row.tone == EventTone::Failure) {
        painter.setPen(QPen(colours.negative, 1.7, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(c + QPointF(-2.8, -2.8), c + QPointF(2.8, 2.8));
        painter.drawLine(c + QPointF(2.8, -2.8), c + QPointF(-2.8, 2.8));
    } else if (row.tone == EventTone::Plain && !undecodable) {
        drawClock(painter, c, colours);
    } else {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colours.warning);
        painter.drawPolygon(QPolygonF{c + QPointF(0, -4), c + QPointF(4.2, 3.2), c + QPointF(-4.2, 3.2)});
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

} // namespace

void EventTable::paintEvent(QPaintEvent*)
{
    const Colours colours(palette());
    QPainter painter(viewport());
    const QRect area = viewport()->rect();
    painter.fillRect(area, colours.base);
    if (!m_rows || !m_cells || m_shown == 0)
        return;

    const core::EventLog::Hold hold = m_rows->log().hold();
    std::vector<PaintedRow> rows;
    rows.reserve(static_cast<std::size_t>(area.height() / m_rowHeight) + 2);
    for (std::uint64_t index = firstVisibleIndex(); index < m_shown; ++index) {
        const int top = static_cast<int>(static_cast<std::int64_t>(index) * m_rowHeight - m_offset);
        if (top > area.bottom())
            break;
        const core::LogRow row = m_rows->rowAt(index);
        const auto rule = m_colours->ruleOf(row);
        rows.push_back({index, row, m_rows->log().at(row), toneOf(row), top, m_selection.contains(index),
            m_rows->log().marks().has(row), rule ? std::optional(m_colours->rule(*rule).colour) : std::nullopt});
    }

    const std::optional<std::uint64_t> hover = m_hoverY ? indexAt(*m_hoverY) : std::nullopt;
    const QColor selectionLine = blend(colours.selection, colours.accent, 0.3);
    for (const PaintedRow& row : rows) {
        const QRect line(0, row.top, area.width(), m_rowHeight);
        const QColor ground = row.selected   ? colours.selection
            : row.colour                     ? colours.row(static_cast<int>(*row.colour))
            : row.tone == EventTone::Failure ? colours.failureRow
            : hover == row.index             ? colours.hover
            : row.index % 2 == 1             ? colours.alternate
                                             : colours.base;
        painter.fillRect(line, ground);
        painter.fillRect(QRect(0, line.bottom(), area.width(), 1), row.selected ? selectionLine : colours.rowLine);
        if (row.selected && row.index > 0 && !m_selection.contains(row.index - 1))
            painter.fillRect(QRect(0, row.top - 1, area.width(), 1), selectionLine);
        // A chosen row shows its colour at its edge.
        if (row.selected && row.colour)
            painter.fillRect(
                QRect(area.width() - 4, row.top, 4, m_rowHeight - 1), colours.rowEdge(static_cast<int>(*row.colour)));
    }

    const QFontMetricsF metrics(m_texts->font());
    const double character = m_texts->characterWidth();
    const double baseline = (m_rowHeight - 1 - metrics.height()) / 2 + metrics.ascent();

    // What stands at a row's edge stays there when the columns are scrolled.
    const int edge = horizontalScrollBar()->value() > 0 ? kSignGutter + 1 : 0;
    bool first = true;
    for (const EventColumn column : visibleColumns()) {
        const int section = static_cast<int>(column);
        const int left = m_header->sectionViewportPosition(section);
        const int width = m_header->sectionSize(section);
        const int lead = first ? kSignGutter : 0;
        first = false;
        if (left > area.right() || left + width < edge)
            continue;
        CellTexts& texts = column == EventColumn::Type ? *m_boldTexts : *m_texts;
        const auto fits = static_cast<qsizetype>((width - lead - kPadding - 4) / character);
        for (const PaintedRow& row : rows) {
            const QString text = fitted(m_cells->text(row.row, row.event, column), fits, column);
            if (text.isEmpty())
                continue;
            const double x = m_cells->isNumber(row.row, column)
                ? left + width - kPadding - static_cast<double>(text.size()) * character
                : left + lead + kPadding;
            texts.add(QPointF(x, row.top + baseline), text, inkOf(row, column, colours),
                QRectF(left, row.top, width, m_rowHeight));
        }
    }
    painter.setClipRect(area.adjusted(edge, 0, 0, 0));
    m_texts->draw(painter);
    m_boldTexts->draw(painter);
    painter.setClipping(false);
    for (const PaintedRow& row : rows) {
        drawSign(painter, row, m_rowHeight, colours);
        if (row.marked)
            drawMark(painter, row, m_rowHeight, colours);
    }
    if (edge > 0 && !rows.empty())
        painter.fillRect(QRect(edge - 1, 0, 1, rows.back().top + m_rowHeight), colours.line);

    if (m_current && hasFocus()) {
        const QRect cell = cellRect(*m_current, m_currentColumn).intersected(area.adjusted(-2, 0, 2, 0));
        if (!cell.isEmpty()) {
            painter.setPen(colours.accent);
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(cell.adjusted(0, 0, -1, -2));
        }
    }
}

} // namespace eventscope::ui
