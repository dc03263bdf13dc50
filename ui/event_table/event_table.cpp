// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_table/event_table.h"

#include "event_table/event_columns_model.h"
#include "event_table/event_table_accessible.h"
#include "event_table/new_events_chip.h"
#include "sorted_event_rows.h"
#include "theme/fonts.h"

#include <QAccessible>
#include <QHeaderView>
#include <QMenu>
#include <QScrollBar>
#include <algorithm>
#include <array>
#include <limits>

namespace eventscope::ui {

namespace {

// Qt counts a scroll bar's steps in int; longer contents are scrolled in larger steps by the
// bar, and still pixel by pixel by wheel and keys.
constexpr std::int64_t kMaxBar = std::int64_t{1} << 30;

struct ColumnDefault {
    int characters;
    bool shown;
};
constexpr std::array<ColumnDefault, models::kEventColumns> kDefaults{{
    {14, true},  // Time
    {8, true},   // Source
    {20, true},  // Stream
    {7, true},   // Version
    {24, true},  // Type
    {14, false}, // Correlation
    {16, true},  // Data
    {10, false}, // Position
    {15, false}, // Id
    {9, false},  // Partition
}};

} // namespace

EventTable::EventTable(QWidget* parent) : QAbstractScrollArea(parent)
{
    static const bool accessible = (installEventTableAccessibility(), true);
    Q_UNUSED(accessible)
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setAccessibleName(tr("Events"));
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setBackgroundRole(QPalette::Base);

    setupHeader();
    m_chip = new NewEventsChip(viewport());
    connect(m_chip, &QAbstractButton::clicked, this, [this] {
        if (m_paused)
            setPaused(false);
        else
            scrollToEnd();
    });
    // The chip's number may run, but not so fast that nobody can read it.
    m_chipTimer.setSingleShot(true);
    m_chipTimer.setInterval(120);
    connect(&m_chipTimer, &QTimer::timeout, this, &EventTable::updateChip);
    m_autoScroll.setInterval(40);
    connect(&m_autoScroll, &QTimer::timeout, this, &EventTable::autoScroll);
    updateMetrics();
    resetColumns();
}

EventTable::~EventTable() = default;

void EventTable::setupHeader()
{
    m_header = new QHeaderView(Qt::Horizontal, this);
    m_header->setModel(new EventColumnsModel(m_header));
    m_header->setSectionsMovable(true);
    m_header->setFirstSectionMovable(true);
    m_header->setHighlightSections(false);
    m_header->setSectionsClickable(true);
    m_header->setStretchLastSection(true);
    m_header->setMinimumSectionSize(36);
    m_header->setTextElideMode(Qt::ElideRight);
    m_header->setFocusPolicy(Qt::NoFocus);
    m_header->setContextMenuPolicy(Qt::CustomContextMenu);
    m_header->setAccessibleName(tr("Columns"));
    m_header->setProperty("gutter", kSignGutter);
    connect(m_header, &QWidget::customContextMenuRequested, this, [this](const QPoint& position) {
        QMenu* menu = createColumnsMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->popup(m_header->mapToGlobal(position));
    });
    const auto changed = [this] {
        updateGeometries();
        viewport()->update();
        Q_EMIT columnsChanged();
    };
    connect(m_header, &QHeaderView::sectionClicked, this, &EventTable::onHeaderClicked);
    connect(m_header, &QHeaderView::sectionResized, this, changed);
    connect(m_header, &QHeaderView::sectionMoved, this, changed);
}

void EventTable::updateMetrics()
{
    const QFontMetrics metrics(fonts::data());
    m_rowHeight = std::max(metrics.height() + 8, 22);
    QFont headerFont = fonts::interface();
    headerFont.setPointSizeF(headerFont.pointSizeF() * 0.9);
    headerFont.setWeight(QFont::DemiBold);
    m_header->setFont(headerFont);
    m_header->setFixedHeight(QFontMetrics(headerFont).height() + 12);
    setViewportMargins(0, m_header->height(), 0, 0);
}

void EventTable::setRows(models::EventRows* rows)
{
    if (m_rows == rows)
        return;
    if (m_rows)
        disconnect(m_rows, nullptr, this, nullptr);
    m_rows = rows;
    m_cells.reset();
    m_tones.setRules(m_tones.rules());
    if (rows) {
        m_cells = std::make_unique<models::EventCells>(rows->log());
        m_cells->setTimeFormat(m_timeFormat);
        m_cells->setShowDate(m_showDate);
        connect(rows, &models::EventRows::grown, this, &EventTable::onGrown);
        connect(rows, &models::EventRows::trimmed, this, &EventTable::onTrimmed);
        connect(rows, &models::EventRows::rebuilt, this, &EventTable::onRebuilt);
    }
    onRebuilt();
}

void EventTable::setTimeFormat(const models::TimeFormat& format, bool showDate)
{
    m_timeFormat = format;
    if (m_cells) {
        m_cells->setTimeFormat(format);
        m_cells->setShowDate(showDate);
    }
    if (showDate != m_showDate) {
        m_showDate = showDate;
        const int date = 11 * QFontMetrics(fonts::data()).horizontalAdvance(QLatin1Char('0'));
        const int section = static_cast<int>(models::EventColumn::Time);
        m_header->resizeSection(section, m_header->sectionSize(section) + (showDate ? date : -date));
    }
    viewport()->update();
}

void EventTable::setRules(const models::EventRules& rules)
{
    m_tones.setRules(rules);
    viewport()->update();
}

models::EventTone EventTable::toneOf(core::LogRow row) const
{
    const core::EventLog& log = m_rows->log();
    return m_tones.toneOf(log.typeAt(row), [&log](std::uint32_t id) { return log.text(id); });
}

// Rows that come and go.

void EventTable::onGrown()
{
    if (m_paused || !m_rows) {
        if (!m_chipTimer.isActive())
            m_chipTimer.start();
        return;
    }
    setShown(m_rows->count());
}

void EventTable::setShown(std::uint64_t count)
{
    const std::uint64_t before = m_shown;
    m_shown = count;
    if (!m_following && maxOffset() == 0) {
        m_seen = m_shown; // all of it is in sight
    }
    updateGeometries();
    if (m_following) {
        setOffset(maxOffset());
        viewport()->update();
    } else if (before < firstVisibleIndex() + static_cast<std::uint64_t>(visibleRowCount()) + 2) {
        viewport()->update(); // the new rows begin in sight
    }
    if (!m_chipTimer.isActive())
        m_chipTimer.start();
}

void EventTable::onTrimmed(quint64 rows)
{
    // What is on the screen stays where it is, as far as it is still there.
    m_shown -= std::min<std::uint64_t>(rows, m_shown);
    m_seen -= std::min<std::uint64_t>(rows, m_seen);
    m_anchor -= std::min<std::uint64_t>(rows, m_anchor);
    m_selection.dropFirst(rows);
    const bool currentGoes = m_current && *m_current < rows;
    if (currentGoes) {
        m_current.reset();
        m_currentLogRow.reset();
    } else if (m_current) {
        *m_current -= rows;
    }
    m_offset -= std::min(m_offset, static_cast<std::int64_t>(rows) * m_rowHeight);
    updateGeometries();
    viewport()->update();
    if (currentGoes)
        Q_EMIT currentRowChanged(false, 0);
}

// Order.

void EventTable::onHeaderClicked(int section)
{
    const auto by = models::orderByOf(static_cast<models::EventColumn>(section));
    if (!by)
        return;
    // Up, down, and back to the order in which the events came.
    if (!m_order || m_order->by != *by)
        Q_EMIT orderWanted(core::RowOrder{.by = *by, .descending = false});
    else if (!m_order->descending)
        Q_EMIT orderWanted(core::RowOrder{.by = *by, .descending = true});
    else
        Q_EMIT orderWanted(std::nullopt);
}

void EventTable::showOrder(std::optional<core::RowOrder> order)
{
    m_order = order;
    m_header->setSortIndicatorShown(order.has_value());
    for (int section = 0; order && section < m_header->count(); ++section) {
        if (models::orderByOf(static_cast<models::EventColumn>(section)) == order->by)
            m_header->setSortIndicator(section, order->descending ? Qt::DescendingOrder : Qt::AscendingOrder);
    }
}

void EventTable::onRebuilt()
{
    m_shown = m_rows ? m_rows->count() : 0;
    m_seen = m_shown;
    m_selection.clear();
    m_current.reset();
    if (m_paused)
        setPaused(false);
    // The row one was reading stays the current one, where the new rows still have it.
    bool kept = false;
    if (m_rows && m_currentLogRow) {
        const std::uint64_t index = m_rows->firstNotBefore(*m_currentLogRow);
        kept = index < m_shown && m_rows->rowAt(index) == *m_currentLogRow;
        if (kept) {
            m_current = m_anchor = index;
            m_selection.setRange(index, index);
        }
    }
    updateGeometries();
    if (m_following || !kept)
        setOffset(m_following ? maxOffset() : std::min(m_offset, maxOffset()));
    else
        setOffset(std::clamp<std::int64_t>(
            static_cast<std::int64_t>(*m_current) * m_rowHeight - viewport()->height() / 2, 0, maxOffset()));
    if (m_currentLogRow && !kept) {
        m_currentLogRow.reset();
        Q_EMIT currentRowChanged(false, 0);
    }
    updateChip();
    viewport()->update();
}

// The tail.

void EventTable::setFollowing(bool on)
{
    if (on && m_paused)
        setPaused(false);
    if (on)
        setOffset(maxOffset());
    if (on == m_following)
        return;
    m_following = on;
    m_seen = m_shown;
    updateChip();
    viewport()->update();
    Q_EMIT followingChanged(on);
}

void EventTable::scrollToEnd()
{
    setFollowing(true);
    viewport()->update();
}

void EventTable::setPaused(bool on)
{
    if (on == m_paused)
        return;
    m_paused = on;
    if (on) {
        m_seen = m_following ? m_shown : m_seen;
    } else if (m_rows) {
        m_seen = m_following ? m_rows->count() : m_seen;
        setShown(m_rows->count());
    }
    updateChip();
    Q_EMIT pausedChanged(on);
}

void EventTable::togglePause()
{
    setPaused(!m_paused);
}

std::uint64_t EventTable::newEvents() const
{
    if (!m_rows || (m_following && !m_paused))
        return 0;
    const std::uint64_t there = m_rows->count();
    return there > m_seen ? there - m_seen : 0;
}

void EventTable::updateChip()
{
    const std::uint64_t count = newEvents();
    if (m_paused || count > 0) {
        m_chip->show(count, m_paused);
        placeChip();
    } else {
        m_chip->hide();
    }
    Q_EMIT newEventsChanged();
}

void EventTable::placeChip()
{
    const QRect area = viewport()->rect();
    m_chip->move(area.center().x() - m_chip->width() / 2, area.bottom() - m_chip->height() - 14);
    m_chip->raise();
}

// Geometry and scrolling.

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

// Columns.

std::vector<models::EventColumn> EventTable::visibleColumns() const
{
    std::vector<models::EventColumn> columns;
    for (int visual = 0; visual < m_header->count(); ++visual) {
        const int section = m_header->logicalIndex(visual);
        if (!m_header->isSectionHidden(section))
            columns.push_back(static_cast<models::EventColumn>(section));
    }
    return columns;
}

QByteArray EventTable::saveColumns() const
{
    return m_header->saveState();
}

bool EventTable::restoreColumns(const QByteArray& saved)
{
    const bool restored = !saved.isEmpty() && m_header->restoreState(saved) && !visibleColumns().empty();
    if (!restored)
        resetColumns();
    updateGeometries();
    return restored;
}

void EventTable::resetColumns()
{
    const int character = QFontMetrics(fonts::data()).horizontalAdvance(QLatin1Char('0'));
    for (int section = 0; section < models::kEventColumns; ++section) {
        const auto& [characters, shown] = kDefaults[static_cast<std::size_t>(section)];
        m_header->moveSection(m_header->visualIndex(section), section);
        m_header->setSectionHidden(section, !shown);
        m_header->resizeSection(section, characters * character + 17);
    }
    // The payload is what stretches, whatever else is shown before it.
    m_header->moveSection(
        m_header->visualIndex(static_cast<int>(models::EventColumn::Data)), models::kEventColumns - 1);
    updateGeometries();
    viewport()->update();
}

} // namespace eventscope::ui
