// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_format.h"
#include "event_table/event_table.h"
#include "events/events_page.h"
#include "inspect/event_marks.h"
#include "inspect/source_url.h"
#include "inspect/workspace.h"
#include "plain_text.h"
#include "shell/view_settings.h"
#include "widgets/ask_text.h"

#include <algorithm>

// Marks and notes, and what else people do to single rows.
namespace eventscope::ui {

namespace {

/// More than these at once are no marks any more.
constexpr std::uint64_t kMostMarkedAtOnce = 10'000;

} // namespace

void EventsPage::connectMarks()
{
    m_marksBell.attach([this](auto ring) { return m_log.marks().onChanged(std::move(ring)); });
    connect(&m_marksBell, &models::FrameBell::rang, this, [this] {
        // A capture that brings notes shows them.
        const auto visible = m_table->visibleColumns();
        if (std::ranges::find(visible, models::EventColumn::Note) == visible.end() && !m_notesShown
            && std::ranges::any_of(m_log.marks().all(), [](const auto& mark) { return !mark.note.empty(); })) {
            m_notesShown = true;
            m_table->showColumn(models::EventColumn::Note);
        }
        m_table->setColours(m_settings.colours()); // a rule may ask for marks
        if (m_expression && m_expression->dependsOnMarks()) {
            rebuildRows();
        }
        Q_EMIT verdictChanged();
    });
}

std::vector<std::uint32_t> EventsPage::chosenRows(std::uint64_t limit) const
{
    std::vector<std::uint32_t> rows;
    m_table->forSelectedRows(limit, [&rows](core::LogRow row) {
        rows.push_back(static_cast<std::uint32_t>(row));
        return true;
    });
    return rows;
}

models::EventRows::Lister EventsPage::shownRows() const
{
    if (!m_filtered && !m_onlyMarked && !m_sorted) {
        return nullptr;
    }
    return m_table->rows()->lister();
}

void EventsPage::toggleMarks()
{
    const auto rows = chosenRows(kMostMarkedAtOnce);
    core::EventMarks& marks = m_log.marks();
    const bool all = std::ranges::all_of(rows, [&marks](std::uint32_t row) { return marks.has(row); });
    const bool hasNotes = std::ranges::any_of(
        rows, [&marks](std::uint32_t row) { return !marks.note(row).value_or(std::string()).empty(); });
    if (all && hasNotes) {
        // A note is more than a key pressed by mistake should cost.
        Q_EMIT said(tr("The mark has a note: N opens it, and there it can be taken away."));
        return;
    }
    for (const std::uint32_t row : rows) {
        if (all) {
            marks.remove(row);
        } else if (!marks.has(row)) {
            marks.set(row, {});
        }
    }
    if (m_table->selection().count() > kMostMarkedAtOnce) {
        Q_EMIT said(tr("Only the first %1 events were marked.").arg(models::formatCount(kMostMarkedAtOnce)));
    }
}

void EventsPage::editNote(quint64 row)
{
    const auto note = m_log.marks().note(row);
    askText(this,
        {.title = tr("Note"),
            .label = tr("About %1:").arg(models::visibleText(m_log.text(m_log.typeAt(row)), 60)),
            .text = QString::fromStdString(note.value_or(std::string())),
            .isLong = true,
            .extra = note ? tr("Take the mark away") : QString()},
        [this, row](const std::optional<QString>& text) {
            if (text) {
                m_log.marks().set(row, text->toStdString());
            } else {
                m_log.marks().remove(row);
            }
        });
}

void EventsPage::goToMark(int step)
{
    const core::EventMarks& marks = m_log.marks();
    const models::EventRows* rows = m_table->rows();
    // From the row that is chosen; else from the first one in sight.
    core::LogRow from = 0;
    if (const auto current = m_table->currentRow()) {
        from = *current;
    } else if (rows && m_table->firstVisibleIndex() < m_table->rowCount()) {
        from = rows->rowAt(m_table->firstVisibleIndex());
    }
    auto next = step > 0 ? marks.next(from) : marks.previous(from);
    while (next && !m_table->showLogRow(*next)) {
        next = step > 0 ? marks.next(*next) : marks.previous(*next);
    }
    if (!next) {
        Q_EMIT said(marks.count() == 0 ? tr("Nothing is marked; M marks the event that is chosen.")
                : step > 0             ? tr("No mark below this event.")
                                       : tr("No mark above this event."));
    }
}

void EventsPage::setOnlyMarked(bool on)
{
    if (on == m_onlyMarked) {
        return;
    }
    m_onlyMarked = on;
    showRows();
    updateOverlay();
    Q_EMIT onlyMarkedChanged(on);
    Q_EMIT verdictChanged();
}

void EventsPage::askForColumn()
{
    askText(this,
        {.title = tr("Add a column"),
            .label = tr("A field of the payload or a header, e.g. data.items[0].sku or headers['x-tenant']:"),
            .text = QStringLiteral("data.")},
        [this](const std::optional<QString>& name) {
            if (name) {
                m_table->addFieldColumn(*name);
            }
        });
}

QString EventsPage::urlOf(const QString& source) const
{
    const std::string name = source.toStdString();
    for (const auto& connection : m_workspace.connections()) {
        const bool isIts = connection->name() == name
            || (connection->capabilities().topicsAreSources && name.starts_with(connection->name() + '/'));
        if (isIts || connection->capabilities().keepsSources) {
            const auto url = core::parseSourceUrl(connection->url());
            return url ? QString::fromStdString(url->withoutSecrets().display()) : QString();
        }
    }
    return {};
}

} // namespace eventscope::ui
