// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_table/event_table.h"

#include "event_table/cell_texts.h"
#include "event_table/event_table_accessible.h"
#include "event_table/new_events_chip.h"
#include "fields_seen.h"
#include "theme/fonts.h"

#include <QAccessible>
#include <QHeaderView>
#include <algorithm>

namespace eventscope::ui {

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

void EventTable::setRows(models::EventRows* rows)
{
    if (m_rows == rows)
        return;
    if (m_rows)
        disconnect(m_rows, nullptr, this, nullptr);
    m_rows = rows;
    m_cells.reset();
    m_colours.reset();
    if (!rows)
        m_fieldsSeen.reset(); // it looks at a log that may go now
    m_tones.setRules(m_tones.rules());
    if (rows) {
        m_cells = std::make_unique<models::EventCells>(rows->log());
        m_cells->setTimeFormat(m_timeFormat);
        m_cells->setShowDate(m_showDate);
        takeFields();
        m_colours = std::make_unique<models::RowColours>(rows->log());
        m_colours->setRules(m_colourRules);
        if (!m_fieldsSeen)
            m_fieldsSeen = std::make_unique<models::FieldsSeen>(rows->log());
        connect(rows, &models::EventRows::grown, this, &EventTable::onGrown);
        connect(rows, &models::EventRows::trimmed, this, &EventTable::onTrimmed);
        connect(rows, &models::EventRows::rebuilt, this, &EventTable::onRebuilt);
        connect(rows, &models::EventRows::progressed, this, [this] {
            noteSearch();
            lookForCurrent();
        });
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
        const int before = dateWidth(models::EventColumn::Time);
        m_showDate = showDate;
        const int section = static_cast<int>(models::EventColumn::Time);
        if (!m_header->isSectionHidden(section))
            m_header->resizeSection(
                section, m_header->sectionSize(section) + dateWidth(models::EventColumn::Time) - before);
    }
    viewport()->update();
}

void EventTable::setRules(const models::EventRules& rules)
{
    m_tones.setRules(rules);
    viewport()->update();
}

void EventTable::setColours(const models::ColourRules& rules)
{
    m_colourRules = rules;
    if (m_colours)
        m_colours->setRules(rules);
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
    if (m_searchedTo || (!m_following && maxOffset() == 0)) {
        m_seen = m_shown; // all of it is in sight, or was there before
    }
    noteSearch();
    updateGeometries();
    lookForCurrent();
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

void EventTable::onRebuilt()
{
    m_shown = m_rows ? m_rows->count() : 0;
    m_seen = m_shown;
    const core::LogRow size = m_rows ? m_rows->log().size() : 0;
    m_searchedTo = size > 0 ? std::optional(size - 1) : std::nullopt;
    noteSearch();
    m_selection.clear();
    m_current.reset();
    if (m_paused)
        setPaused(false);
    updateGeometries();
    if (m_following || !findCurrentAgain())
        setOffset(m_following ? maxOffset() : std::min(m_offset, maxOffset()));
    lookForCurrent();
    updateChip();
    viewport()->update();
}

/// The row one was reading stays the current one, in the middle, where the new rows have it.
bool EventTable::findCurrentAgain()
{
    if (!m_rows || !m_currentLogRow)
        return false;
    const std::uint64_t index = m_rows->firstNotBefore(*m_currentLogRow);
    if (index >= m_shown || m_rows->rowAt(index) != *m_currentLogRow)
        return false;
    m_current = m_anchor = index;
    m_selection.setRange(index, index);
    if (!m_following)
        setOffset(static_cast<std::int64_t>(index) * m_rowHeight - viewport()->height() / 2);
    viewport()->update();
    return true;
}

void EventTable::noteSearch()
{
    if (m_searchedTo && (!m_rows || m_rows->isDecided(*m_searchedTo)))
        m_searchedTo.reset();
}

/// New rows may come to the row one was reading only later: a filter searches, an order is being made.
void EventTable::lookForCurrent()
{
    if (m_current || !m_currentLogRow || findCurrentAgain())
        return;
    if (!m_rows || m_rows->isDecided(*m_currentLogRow)) {
        m_currentLogRow.reset();
        Q_EMIT currentRowChanged(false, 0);
    }
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

} // namespace eventscope::ui
