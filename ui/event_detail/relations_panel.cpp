// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_detail/relations_panel.h"

#include "event_format.h"
#include "plain_text.h"
#include "theme/fonts.h"
#include "widgets/labels.h"

#include <QGridLayout>

namespace eventscope::ui {

RelationsPanel::RelationsPanel(const core::EventLog& log, QWidget* parent) : QWidget(parent), m_log(log)
{
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(12, 8, 12, 2);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(1);
    m_grid->setColumnStretch(0, 1);
}

void RelationsPanel::removeAll()
{
    while (QLayoutItem* item = m_grid->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    for (int line = 0; line < m_grid->rowCount(); ++line) {
        m_grid->setRowMinimumHeight(line, 0); // a grid never gives its rows back
    }
    m_line = 0;
}

void RelationsPanel::clear()
{
    m_any = false;
    removeAll();
}

void RelationsPanel::addHeading(const QString& text)
{
    auto* heading = sectionLabel(text, this);
    if (m_line > 0) {
        m_grid->setRowMinimumHeight(m_line, heading->sizeHint().height() + 8);
    }
    m_grid->addWidget(heading, m_line++, 0, 1, 2, Qt::AlignBottom);
}

void RelationsPanel::addNote(const QString& text)
{
    auto* note = new ElidedLabel(this);
    note->setRole(Role::Muted);
    note->setText(text);
    m_grid->addWidget(note, m_line++, 0, 1, 2);
}

void RelationsPanel::addRow(core::LogRow of, core::LogRow row)
{
    const core::LogEvent event = m_log.at(row);
    const core::LogEvent origin = m_log.at(of);
    auto* link = new LinkButton(models::visibleText(m_log.text(event.stream), 60) + QStringLiteral(" · ")
            + models::visibleText(m_log.text(event.type), 60),
        this);
    link->setToolTip(models::plainToolTip(link->text()));
    connect(link, &QAbstractButton::clicked, this, [this, row] { Q_EMIT rowChosen(row); });
    const int line = m_line++;
    m_grid->addWidget(link, line, 0);
    if (event.hasTime && origin.hasTime) {
        const auto apart = event.time - origin.time;
        auto* delay
            = plainLabel((apart.count() >= 0 ? QStringLiteral("+") : QString()) + models::formatDuration(apart), this);
        delay->setFont(fonts::data());
        delay->setForegroundRole(QPalette::PlaceholderText);
        m_grid->addWidget(delay, line, 1, Qt::AlignRight);
    }
}

void RelationsPanel::show(const models::Relations& relations)
{
    const bool same = m_any && m_shown.row == relations.row && m_shown.cause == relations.cause
        && m_shown.effectCount == relations.effectCount && m_shown.complete == relations.complete;
    if (same) {
        return;
    }
    m_shown = relations;
    m_any = true;
    removeAll();
    const core::LogEvent event = m_log.at(relations.row);
    addHeading(tr("Caused by"));
    if (relations.cause) {
        addRow(relations.row, *relations.cause);
    } else if (event.causationId.empty()) {
        addNote(tr("no cause is named"));
    } else {
        addNote(relations.complete
                ? tr("%1, not among these events").arg(models::visibleText(event.causationId.view(), 60))
                : tr("looking…"));
    }
    addHeading(tr("Caused"));
    int shown = 0;
    for (const core::LogRow row : relations.effects) {
        if (shown++ == kMostShown) {
            break;
        }
        addRow(relations.row, row);
    }
    if (relations.effectCount > static_cast<std::uint64_t>(kMostShown)) {
        auto* more = new LinkButton(
            tr("%1 more in the flow").arg(models::formatCount(relations.effectCount - kMostShown)), this);
        connect(more, &QAbstractButton::clicked, this, &RelationsPanel::moreRequested);
        m_grid->addWidget(more, m_line++, 0);
    } else if (relations.effectCount == 0) {
        addNote(relations.complete ? tr("nothing so far") : tr("looking…"));
    }
}

} // namespace eventscope::ui
