// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_table/event_table.h"

#include "event_table/cell_texts.h"
#include "event_table/new_events_chip.h"
#include "theme/fonts.h"

#include <QEvent>
#include <QHeaderView>
#include <QResizeEvent>
#include <QScrollBar>
#include <algorithm>

// Where things are, and scrolling.
namespace eventscope::ui {

namespace {

// Qt counts a scroll bar's steps in int; longer contents are scrolled in larger steps by the
// bar, and still pixel by pixel by wheel and keys.
constexpr std::int64_t kMaxBar = std::int64_t{1} << 30;

} // namespace

void EventTable::updateMetrics()
{
    m_texts = std::make_unique<CellTexts>(fonts::data());
    m_boldTexts = std::make_unique<CellTexts>(fonts::dataBold());
    const QFontMetrics metrics(fonts::data());
    m_rowHeight = std::max(metrics.height() + 8, 22);
    QFont headerFont = fonts::interface();
    headerFont.setPointSizeF(headerFont.pointSizeF() * 0.9);
    headerFont.setWeight(QFont::DemiBold);
    m_header->setFont(headerFont);
    m_header->setFixedHeight(QFontMetrics(headerFont).height() + 12);
    setViewportMargins(0, m_header->height(), 0, 0);
}

std::int64_t EventTable::maxOffset() const
{
    return std::max<std::int64_t>(0, contentHeight() - viewport()->height());
}

void EventTable::setOffset(std::int64_t offset)
{
    m_offset = std::clamp<std::int64_t>(offset, 0, maxOffset());
    syncScrollBar();
}

void EventTable::syncScrollBar()
{
    m_syncing = true;
    const std::int64_t max = maxOffset();
    const double scale = max > kMaxBar ? static_cast<double>(kMaxBar) / static_cast<double>(max) : 1.0;
    const auto scaled = [scale](std::int64_t pixels) { return static_cast<int>(static_cast<double>(pixels) * scale); };
    verticalScrollBar()->setRange(0, scaled(max));
    verticalScrollBar()->setPageStep(std::max(1, scaled(viewport()->height())));
    verticalScrollBar()->setSingleStep(std::max(1, scaled(m_rowHeight)));
    verticalScrollBar()->setValue(m_offset == max ? verticalScrollBar()->maximum() : scaled(m_offset));
    m_syncing = false;
}

void EventTable::userScrolledTo(std::int64_t offset)
{
    const std::int64_t before = m_offset;
    setOffset(offset);
    if (m_offset < before)
        setFollowing(false);
    else if (m_offset == maxOffset() && m_offset > before && !m_paused)
        setFollowing(true);
    viewport()->update();
}

void EventTable::scrollContentsBy(int, int)
{
    m_header->setOffset(horizontalScrollBar()->value());
    if (!m_syncing) {
        const std::int64_t max = maxOffset();
        const QScrollBar* bar = verticalScrollBar();
        const double share = bar->maximum() > 0 ? static_cast<double>(bar->value()) / bar->maximum() : 0.0;
        const std::int64_t offset = bar->value() == bar->maximum() ? max
            : max > kMaxBar ? static_cast<std::int64_t>(share * static_cast<double>(max))
                            : bar->value();
        if (offset != m_offset)
            userScrolledTo(offset);
    }
    viewport()->update();
}

void EventTable::updateGeometries()
{
    const QRect area = viewport()->geometry();
    m_header->setGeometry(area.left(), area.top() - m_header->height(), area.width(), m_header->height());
    m_syncing = true;
    horizontalScrollBar()->setRange(0, std::max(0, m_header->length() - area.width()));
    horizontalScrollBar()->setPageStep(area.width());
    horizontalScrollBar()->setSingleStep(24);
    m_syncing = false;
    m_header->setOffset(horizontalScrollBar()->value());
    setOffset(m_offset);
}

void EventTable::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateGeometries();
    if (m_following)
        setOffset(maxOffset());
    placeChip();
}

void EventTable::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::StyleChange || event->type() == QEvent::FontChange) {
        updateMetrics();
        updateGeometries();
    }
    if (event->type() == QEvent::PaletteChange)
        viewport()->update();
}

QSize EventTable::sizeHint() const
{
    return {840, 480};
}

std::uint64_t EventTable::firstVisibleIndex() const
{
    return static_cast<std::uint64_t>(m_offset / m_rowHeight);
}

int EventTable::visibleRowCount() const
{
    return std::max(1, viewport()->height() / m_rowHeight);
}

QRect EventTable::cellRect(std::uint64_t index, models::EventColumn column) const
{
    const std::int64_t top = static_cast<std::int64_t>(index) * m_rowHeight - m_offset;
    const int section = static_cast<int>(column);
    if (top + m_rowHeight < 0 || top > viewport()->height() || m_header->isSectionHidden(section))
        return {};
    return {
        m_header->sectionViewportPosition(section), static_cast<int>(top), m_header->sectionSize(section), m_rowHeight};
}

std::optional<std::uint64_t> EventTable::indexAt(int viewportY) const
{
    const std::int64_t index = (m_offset + viewportY) / m_rowHeight;
    if (viewportY < 0 || index < 0 || static_cast<std::uint64_t>(index) >= m_shown)
        return std::nullopt;
    return static_cast<std::uint64_t>(index);
}

models::EventColumn EventTable::columnAt(int viewportX) const
{
    const int section = m_header->logicalIndexAt(viewportX);
    return section >= 0 ? static_cast<models::EventColumn>(section) : m_currentColumn;
}

void EventTable::ensureVisible(std::uint64_t index)
{
    const std::int64_t top = static_cast<std::int64_t>(index) * m_rowHeight;
    const std::int64_t bottom = top + m_rowHeight;
    if (top < m_offset)
        setOffset(top);
    else if (bottom > m_offset + viewport()->height())
        setOffset(bottom - viewport()->height());
}

void EventTable::ensureColumnVisible(models::EventColumn column)
{
    const int section = static_cast<int>(column);
    const int left = m_header->sectionPosition(section);
    const int right = left + m_header->sectionSize(section);
    QScrollBar* bar = horizontalScrollBar();
    if (left < bar->value())
        bar->setValue(left);
    else if (right > bar->value() + viewport()->width())
        bar->setValue(std::min(left, right - viewport()->width()));
}

} // namespace eventscope::ui
