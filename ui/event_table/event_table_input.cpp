// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_table/event_table.h"

#include "inspect/event_marks.h"
#include "plain_text.h"
#include "theme/fonts.h"

#include <QAccessible>
#include <QApplication>
#include <QHeaderView>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>

namespace eventscope::ui {

using models::EventColumn;

// The current row.

std::optional<core::LogRow> EventTable::currentRow() const
{
    return m_current ? m_currentLogRow : std::nullopt;
}

void EventTable::setCurrentIndex(std::uint64_t index, EventColumn column)
{
    if (index >= m_shown)
        return;
    setFollowing(false);
    moveCurrentTo(index, column, Extend::No);
}

void EventTable::moveCurrentTo(std::uint64_t index, EventColumn column, Extend extend)
{
    m_currentColumn = column;
    switch (extend) {
    case Extend::No:
        m_selection.setRange(index, index);
        m_anchor = index;
        break;
    case Extend::Range: m_selection.setRange(m_anchor, index); break;
    case Extend::Toggle:
        m_selection.toggle(index);
        m_anchor = index;
        break;
    case Extend::KeepSelection: break;
    }
    const core::LogRow row = m_rows->rowAt(index);
    const bool changed = m_current != index || m_currentLogRow != row;
    m_current = index;
    m_currentLogRow = row;
    ensureVisible(index);
    viewport()->update();
    if (!changed)
        return;
    Q_EMIT currentRowChanged(true, row);
    if (QAccessible::isActive()) {
        QAccessibleEvent focus(this, QAccessible::Focus);
        const auto columns = visibleColumns();
        const auto at = std::ranges::find(columns, m_currentColumn) - columns.begin();
        focus.setChild(static_cast<int>(index * columns.size()) + static_cast<int>(at));
        QAccessible::updateAccessibility(&focus);
    }
}

bool EventTable::showLogRow(core::LogRow row)
{
    if (!m_rows)
        return false;
    if (m_paused && row >= m_shown)
        setPaused(false);
    const std::uint64_t index = m_rows->firstNotBefore(row);
    if (index >= m_shown || m_rows->rowAt(index) != row)
        return false;
    setFollowing(false);
    const std::int64_t top = static_cast<std::int64_t>(index) * m_rowHeight;
    if (top < m_offset || top + m_rowHeight > m_offset + viewport()->height())
        setOffset(top - viewport()->height() / 2);
    moveCurrentTo(index, m_currentColumn, Extend::No);
    return true;
}

void EventTable::selectAll()
{
    if (m_shown == 0)
        return;
    setFollowing(false);
    m_selection.setRange(0, m_shown - 1);
    viewport()->update();
}

void EventTable::clearSelection()
{
    m_selection.clear();
    const bool had = m_currentLogRow.has_value();
    m_current.reset();
    m_currentLogRow.reset();
    viewport()->update();
    if (had)
        Q_EMIT currentRowChanged(false, 0);
}

// Keys.

bool EventTable::handleNavigationKey(QKeyEvent* event)
{
    if (m_shown == 0)
        return false;
    const std::uint64_t last = m_shown - 1;
    const auto page = static_cast<std::uint64_t>(std::max(1, visibleRowCount() - 1));
    const std::uint64_t top = std::min(last, firstVisibleIndex());
    const std::uint64_t from = m_current.value_or(m_following ? last : top);
    std::uint64_t to = from;
    bool toEnd = false;
    switch (event->key()) {
    case Qt::Key_Up: to = m_current ? (from > 0 ? from - 1 : 0) : from; break;
    case Qt::Key_Down: to = m_current ? std::min(last, from + 1) : from; break;
    case Qt::Key_PageUp: to = from > page ? from - page : 0; break;
    case Qt::Key_PageDown: to = std::min(last, from + page); break;
    case Qt::Key_Home: to = 0; break;
    case Qt::Key_End:
        to = last;
        toEnd = !(event->modifiers() & Qt::ShiftModifier);
        break;
    default: return false;
    }
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    if (toEnd) {
        setFollowing(true);
        to = m_shown - 1;
    } else {
        setFollowing(false);
    }
    moveCurrentTo(to, m_currentColumn, shift ? Extend::Range : Extend::No);
    return true;
}

void EventTable::moveColumn(int step)
{
    const auto columns = visibleColumns();
    if (columns.empty())
        return;
    const auto found = std::ranges::find(columns, m_currentColumn);
    const auto at = found == columns.end() ? 0 : found - columns.begin();
    const auto to = std::clamp<std::ptrdiff_t>(at + step, 0, static_cast<std::ptrdiff_t>(columns.size()) - 1);
    m_currentColumn = columns[static_cast<std::size_t>(to)];
    ensureColumnVisible(m_currentColumn);
    viewport()->update();
}

void EventTable::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        copyAsNdjson();
    } else if (event->key() == Qt::Key_C && event->modifiers() == (Qt::ControlModifier | Qt::ShiftModifier)) {
        copyAsTsv();
    } else if (event->matches(QKeySequence::SelectAll)) {
        selectAll();
    } else if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right) {
        moveColumn(event->key() == Qt::Key_Left ? -1 : 1);
    } else if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier) {
        togglePause();
    } else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_current) {
        Q_EMIT activated(*m_currentLogRow);
    } else if (event->key() == Qt::Key_R && event->modifiers() == Qt::NoModifier && m_current) {
        Q_EMIT replayRequested(*m_currentLogRow);
    } else if (event->key() == Qt::Key_F && event->modifiers() == Qt::NoModifier && m_current) {
        Q_EMIT flowRequested(*m_currentLogRow);
    } else if (event->key() == Qt::Key_M && event->modifiers() == Qt::NoModifier && !m_selection.empty()) {
        Q_EMIT markWanted();
    } else if (event->key() == Qt::Key_N && event->modifiers() == Qt::NoModifier && m_current) {
        Q_EMIT noteWanted(*m_currentLogRow);
    } else if (event->key() == Qt::Key_Period || event->key() == Qt::Key_Comma) {
        Q_EMIT nextMarkWanted(event->key() == Qt::Key_Period ? 1 : -1);
    } else if (event->key() == Qt::Key_Escape && !m_selection.empty()) {
        clearSelection();
    } else if (!handleNavigationKey(event)) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    event->accept();
}

void EventTable::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void EventTable::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

// The mouse.

void EventTable::wheelEvent(QWheelEvent* event)
{
    const QPoint pixels = event->pixelDelta();
    const QPoint angle = event->angleDelta();
    const bool sideways = std::abs(angle.x()) > std::abs(angle.y()) || event->modifiers() & Qt::ShiftModifier;
    if (sideways) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    const double rows = angle.y() / 120.0 * QApplication::wheelScrollLines();
    const auto by
        = pixels.y() != 0 ? static_cast<std::int64_t>(pixels.y()) : static_cast<std::int64_t>(rows * m_rowHeight);
    if (by != 0)
        userScrolledTo(m_offset - by);
    event->accept();
}

void EventTable::mousePressEvent(QMouseEvent* event)
{
    const auto index = indexAt(static_cast<int>(event->position().y()));
    if (!index) {
        if (event->button() == Qt::LeftButton && event->modifiers() == Qt::NoModifier)
            clearSelection();
        return;
    }
    const EventColumn column = columnAt(static_cast<int>(event->position().x()));
    setFollowing(false);
    if (event->button() == Qt::RightButton) {
        moveCurrentTo(*index, column, m_selection.contains(*index) ? Extend::KeepSelection : Extend::No);
    } else if (event->button() == Qt::LeftButton) {
        moveCurrentTo(*index, column,
            event->modifiers() & Qt::ShiftModifier         ? Extend::Range
                : event->modifiers() & Qt::ControlModifier ? Extend::Toggle
                                                           : Extend::No);
    }
}

void EventTable::mouseMoveEvent(QMouseEvent* event)
{
    const int y = static_cast<int>(event->position().y());
    m_hoverY = y;
    viewport()->update();
    if (!(event->buttons() & Qt::LeftButton) || m_selection.empty() || event->modifiers() & Qt::ControlModifier)
        return;
    if (y < 0 || y > viewport()->height()) {
        m_autoScroll.start();
        return;
    }
    m_autoScroll.stop();
    if (const auto index = indexAt(y); index && index != m_current)
        moveCurrentTo(*index, m_currentColumn, Extend::Range);
}

void EventTable::mouseReleaseEvent(QMouseEvent*)
{
    m_autoScroll.stop();
}

void EventTable::autoScroll()
{
    if (!m_current || !(QApplication::mouseButtons() & Qt::LeftButton)) {
        m_autoScroll.stop();
        return;
    }
    const int y = m_hoverY.value_or(0);
    const std::uint64_t current = *m_current;
    if (y < 0 && current > 0)
        moveCurrentTo(current - 1, m_currentColumn, Extend::Range);
    else if (y > viewport()->height() && current + 1 < m_shown)
        moveCurrentTo(current + 1, m_currentColumn, Extend::Range);
}

void EventTable::mouseDoubleClickEvent(QMouseEvent* event)
{
    const auto index = indexAt(static_cast<int>(event->position().y()));
    if (!index || event->button() != Qt::LeftButton)
        return;
    const core::LogRow row = m_rows->rowAt(*index);
    if (columnAt(static_cast<int>(event->position().x())) == EventColumn::Stream)
        Q_EMIT replayRequested(row);
    else
        Q_EMIT activated(row);
}

bool EventTable::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        showToolTip(help->pos(), help->globalPos());
        return true;
    }
    if (event->type() == QEvent::Leave) {
        m_hoverY.reset();
        viewport()->update();
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void EventTable::showToolTip(const QPoint& viewportPosition, const QPoint& globalPosition)
{
    const auto index = indexAt(viewportPosition.y());
    if (!index || m_header->logicalIndexAt(viewportPosition.x()) < 0) {
        QToolTip::hideText();
        return;
    }
    const EventColumn column = columnAt(viewportPosition.x());
    const core::LogRow row = m_rows->rowAt(*index);
    QString details = m_cells->details(row, column);
    // What a colour and a mark mean can be read, wherever the mouse is on the row.
    if (const auto rule = m_colours->ruleOf(row); rule && !m_colours->rule(*rule).name.isEmpty())
        details += QLatin1Char('\n') + tr("Coloured: %1").arg(m_colours->rule(*rule).name);
    if (const auto note = m_rows->log().marks().note(row); note && column != EventColumn::Note)
        details += QLatin1Char('\n')
            + (note->empty() ? tr("Marked") : tr("Note: %1").arg(models::visibleText(*note, 400, models::Lines::Keep)));
    QToolTip::showText(globalPosition, models::plainToolTip(details), viewport(), cellRect(*index, column));
}

} // namespace eventscope::ui
