// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_table/event_table.h"

#include "inspect/event_json.h"
#include "inspect/event_marks.h"
#include "plain_text.h"
#include "shell_command.h"
#include "theme/icons.h"
#include "widgets/filter_actions.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QMenu>
#include <QMimeData>

namespace eventscope::ui {

using models::EventColumn;
using models::FilterJoin;

namespace {

/// More than this belongs into an export, not onto the clipboard.
constexpr std::uint64_t kMaxCopiedRows = 20'000;
constexpr std::size_t kMaxCopiedBytes = std::size_t{64} << 20;

QString shortValue(const QString& value)
{
    // '&' would become a mnemonic.
    return models::visibleText(value, 40).replace(QLatin1Char('&'), QLatin1String("&&"));
}

/// A field of tab separated values: what would break the row becomes visible.
QString tsvField(const QString& text)
{
    QString field = text;
    return field.replace(QLatin1Char('\t'), QLatin1String("\\t"))
        .replace(QLatin1Char('\n'), QLatin1String("\\n"))
        .replace(QLatin1Char('\r'), QLatin1String("\\r"));
}

} // namespace

std::uint64_t EventTable::forSelectedRows(std::uint64_t limit, const std::function<bool(core::LogRow)>& take) const
{
    std::uint64_t taken = 0;
    for (const auto& range : m_selection.ranges())
        for (std::uint64_t index = range.first; index <= range.last && index < m_shown && taken < limit;
             ++index, ++taken)
            if (!take(m_rows->rowAt(index)))
                return taken;
    return taken;
}

void EventTable::copyAsNdjson()
{
    if (!m_rows || m_selection.empty())
        return;
    std::string lines;
    const core::EventLog& log = m_rows->log();
    const std::uint64_t copied = forSelectedRows(kMaxCopiedRows, [&](core::LogRow row) {
        core::appendEventJson(lines, log, row);
        lines += '\n';
        return lines.size() < kMaxCopiedBytes;
    });
    auto* mime = new QMimeData;
    const QByteArray bytes(lines.data(), static_cast<qsizetype>(lines.size()));
    mime->setText(QString::fromUtf8(bytes));
    mime->setData(QStringLiteral("application/x-ndjson"), bytes);
    QGuiApplication::clipboard()->setMimeData(mime);
    sayCopied(copied, m_selection.count());
}

void EventTable::copyAsTsv()
{
    if (!m_rows || m_selection.empty())
        return;
    const auto columns = visibleColumns();
    QStringList titles;
    for (const EventColumn column : columns)
        titles += models::isFieldColumn(column) ? m_cells->name(column) : titleOf(column);
    QString text = titles.join(QLatin1Char('\t')) + QLatin1Char('\n');
    const std::uint64_t copied = forSelectedRows(kMaxCopiedRows, [&](core::LogRow row) {
        QStringList fields;
        for (const EventColumn column : columns)
            fields += tsvField(m_cells->value(row, column));
        text += fields.join(QLatin1Char('\t')) + QLatin1Char('\n');
        return static_cast<std::size_t>(text.size()) < kMaxCopiedBytes;
    });
    auto* mime = new QMimeData;
    mime->setText(text);
    mime->setData(QStringLiteral("text/tab-separated-values"), text.toUtf8());
    QGuiApplication::clipboard()->setMimeData(mime);
    sayCopied(copied, m_selection.count());
}

void EventTable::copyValue()
{
    if (const auto row = currentRow()) {
        QGuiApplication::clipboard()->setText(m_cells->value(*row, m_currentColumn));
        Q_EMIT said(tr("%1 copied").arg(titleOf(m_currentColumn)));
    }
}

void EventTable::sayCopied(std::uint64_t copied, std::uint64_t selected)
{
    const QString number = models::formatCount(copied);
    if (copied < selected)
        Q_EMIT said(tr("The first %1 of %2 selected events copied; the clipboard takes no more.")
                        .arg(number, models::formatCount(selected)));
    else
        Q_EMIT said(copied == 1 ? tr("1 event copied") : tr("%1 events copied").arg(number));
}

QString EventTable::commandFor(core::LogRow row) const
{
    const core::EventLog& log = m_rows->log();
    const core::LogEvent event = log.at(row);
    const QString url = m_sourceUrls ? m_sourceUrls(m_cells->value(row, EventColumn::Source)) : QString();
    if (url.isEmpty())
        return {};
    QStringList words{QStringLiteral("eventscope"), QStringLiteral("read"), url};
    if (event.position != core::SourceEvent::kNone && event.partition < 0) {
        const QString position = QString::number(event.position);
        words += {QStringLiteral("--from"), position, QStringLiteral("--to"), position};
    }
    QStringList terms;
    for (const EventColumn column :
        {EventColumn::Id, EventColumn::Stream, EventColumn::Version, EventColumn::Partition, EventColumn::Position}) {
        const bool isEnough = column != EventColumn::Id && !terms.isEmpty() && !event.id.empty();
        if (!isEnough && !m_cells->value(row, column).isEmpty())
            terms += m_cells->filterTerm(row, column);
    }
    if (!terms.isEmpty())
        words += {QStringLiteral("--filter"), terms.join(QLatin1String(" AND "))};
    return models::shellCommand(words);
}

void EventTable::copyAsCommand()
{
    const auto row = currentRow();
    const QString command = row && m_rows ? commandFor(*row) : QString();
    if (command.isEmpty()) {
        Q_EMIT said(tr("The source of this event is not open any more, so no command can read it."));
        return;
    }
    QGuiApplication::clipboard()->setText(command);
    Q_EMIT said(tr("Command copied"));
}

void EventTable::fillFilterActions(QMenu* menu, core::LogRow row, EventColumn column)
{
    const QString term = m_cells->filterTerm(row, column);
    if (term.isEmpty())
        return;
    const QString value = m_cells->value(row, column);
    const QString shown = value.isEmpty() ? tr("no %1").arg(titleOf(column).toLower()) : shortValue(value);
    addFilterActions(
        menu, shown, [this, term](FilterJoin join) { Q_EMIT filterRequested(term, join); },
        [this, term] { Q_EMIT colourWanted(term); });
    menu->addSeparator();
}

void EventTable::fillMarkActions(QMenu* menu, core::LogRow row)
{
    const bool isMarked = m_rows->log().marks().has(row);
    menu->addAction(icon(QLatin1String(isMarked ? "non-starred" : "starred")),
        (isMarked ? tr("Take the mark away") : tr("Mark")) + QLatin1String("\tM"), this, &EventTable::markWanted);
    menu->addAction(icon(QLatin1String("document-edit")), tr("Note…") + QLatin1String("\tN"), this,
        [this, row] { Q_EMIT noteWanted(row); });
    menu->addSeparator();
}

void EventTable::fillCopyActions(QMenu* menu, core::LogRow row, EventColumn column)
{
    menu->addAction(icon(QLatin1String("edit-copy")), tr("Copy %1").arg(shortValue(titleOf(column).toLower())), this,
        &EventTable::copyValue);
    const QString rows
        = m_selection.count() > 1 ? tr("%1 events").arg(models::formatCount(m_selection.count())) : tr("event");
    menu->addAction(tr("Copy %1 as JSON").arg(rows) + QLatin1String("\tCtrl+C"), this, &EventTable::copyAsNdjson);
    menu->addAction(tr("Copy %1 as a table").arg(rows) + QLatin1String("\tCtrl+Shift+C"), this, &EventTable::copyAsTsv);
    QAction* command = menu->addAction(tr("Copy as command line"), this, &EventTable::copyAsCommand);
    command->setObjectName(QStringLiteral("copyCommand"));
    command->setEnabled(!commandFor(row).isEmpty());
}

void EventTable::fillCellMenu(QMenu* menu, core::LogRow row, EventColumn column)
{
    const core::LogEvent event = m_rows->log().at(row);
    fillFilterActions(menu, row, column);
    QMenu* more = menu->addMenu(tr("Filter for another field"));
    for (const EventColumn about :
        {EventColumn::Type, EventColumn::Stream, EventColumn::Correlation, EventColumn::Source}) {
        const QString value = m_cells->value(row, about);
        if (about == column || value.isEmpty())
            continue;
        const QString term = m_cells->filterTerm(row, about);
        more->addAction(icon(QLatin1String("view-filter")), tr("%1 %2").arg(titleOf(about), shortValue(value)), this,
            [this, term] { Q_EMIT filterRequested(term, FilterJoin::And); });
    }
    menu->addSeparator();
    fillMarkActions(menu, row);
    QAction* replay = menu->addAction(icon(QLatin1String("eventscope-replay")),
        tr("Replay stream %1").arg(shortValue(m_cells->value(row, EventColumn::Stream))) + QLatin1String("\tR"), this,
        [this, row] { Q_EMIT replayRequested(row); });
    replay->setObjectName(QStringLiteral("replayStream"));
    replay->setEnabled(!m_rows->log().text(event.stream).empty());
    QAction* flow = menu->addAction(icon(QLatin1String("eventscope-flow")), tr("Follow flow") + QLatin1String("\tF"),
        this, [this, row] { Q_EMIT flowRequested(row); });
    flow->setObjectName(QStringLiteral("followFlow"));
    flow->setEnabled(!m_rows->log().text(event.correlation).empty());
    menu->addSeparator();
    fillCopyActions(menu, row, column);
}

void EventTable::contextMenuEvent(QContextMenuEvent* event)
{
    QPoint at = event->pos();
    if (event->reason() != QContextMenuEvent::Mouse && m_current)
        at = cellRect(*m_current, m_currentColumn).center();
    const auto index = indexAt(at.y());
    if (!index || !m_rows)
        return;
    const EventColumn column = event->reason() == QContextMenuEvent::Mouse ? columnAt(at.x()) : m_currentColumn;
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("cellMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillCellMenu(menu, m_rows->rowAt(*index), column);
    menu->popup(viewport()->mapToGlobal(at));
}

} // namespace eventscope::ui
