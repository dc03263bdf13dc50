// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "journal/journal_page.h"

#include "dead_letters/letter_detail.h"
#include "journal/journal_delegate.h"
#include "plain_text.h"
#include "shell/state_overlay.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "widgets/labels.h"
#include "widgets/notice_line.h"

#include <QCheckBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>
#include <limits>
#include <utility>

namespace eventscope::ui {

using models::JournalModel;

JournalPage::JournalPage(models::OpenJournal openJournal, QWidget* parent)
    : Page(parent), m_feed(std::move(openJournal))
{
    m_past.setLetter({});
    auto* split = new QSplitter(Qt::Vertical, this);
    split->setHandleWidth(1);
    split->setChildrenCollapsible(false);
    m_table = makeTable(m_model, tr("Writes"));
    m_table->setObjectName(QStringLiteral("writes"));
    split->addWidget(m_table);
    split->addWidget(makeDetail());
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeBar());
    layout->addWidget(new Hairline(Qt::Horizontal, this));
    layout->addWidget(split, 1);
    layout->addWidget(makeDoubtBar());
    m_overlay = new StateOverlay(this);

    connect(&m_feed, &models::JournalFeed::changed, this, &JournalPage::take);
    connect(&m_feed, &models::JournalFeed::letterRead, this,
        [this](qint64 entry, const std::shared_ptr<const core::DeadLetter>& letter, const QString& problem) {
            if (entry != m_chosen) {
                return;
            }
            m_letter->setLetter(letter.get());
            if (letter) {
                m_letterOverlay->showNothing();
            } else {
                m_letterOverlay->showEmpty(tr("No letter was kept with this"), models::visibleText(problem));
            }
        });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &JournalPage::choose);
    connect(m_overlay, &StateOverlay::actionTriggered, &m_feed, &models::JournalFeed::look);
    connect(m_letter, &LetterDetail::replayWanted, this, [this](const QString& stream) {
        if (const core::JournalEntry* entry = current()) {
            Q_EMIT replayWanted(QString::fromStdString(entry->source), stream);
        }
    });
    connect(m_letter, &LetterDetail::flowWanted, this, &JournalPage::flowWanted);
    showState();
}

QWidget* JournalPage::makeBar()
{
    auto* bar = new QWidget(this);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(12, 7, 12, 7);
    layout->setSpacing(12);
    m_find = new QLineEdit(bar);
    m_find->setPlaceholderText(tr("Find a letter, a source, an outcome"));
    m_find->setAccessibleName(tr("Find in the journal"));
    m_find->setClearButtonEnabled(true);
    m_find->addAction(icon(QLatin1String("edit-find"), Role::Muted), QLineEdit::LeadingPosition);
    m_find->setMaximumWidth(360);
    m_onlyDoubts = new QCheckBox(tr("Only what is in doubt"), bar);
    m_count = plainLabel({}, bar);
    m_count->setForegroundRole(QPalette::PlaceholderText);
    layout->addWidget(m_find, 1);
    layout->addWidget(m_onlyDoubts);
    layout->addStretch();
    layout->addWidget(m_count);
    connect(m_find, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_model.setFilter(text);
        showState();
    });
    connect(m_onlyDoubts, &QCheckBox::toggled, this, [this](bool on) {
        m_model.setOnlyDoubts(on);
        showState();
    });
    return bar;
}

QTreeView* JournalPage::makeTable(JournalModel& model, const QString& name)
{
    auto* table = new QTreeView(this);
    table->setModel(&model);
    table->setItemDelegate(new JournalDelegate(table));
    table->setRootIsDecorated(false);
    table->setUniformRowHeights(true);
    table->setAlternatingRowColors(true);
    table->setFrameShape(QFrame::NoFrame);
    table->setAccessibleName(name);
    const QFontMetrics metrics(fonts::data());
    const auto chars = [&](int count) { return metrics.horizontalAdvance(QLatin1Char('0')) * count; };
    table->header()->resizeSection(JournalModel::WhenColumn, chars(26));
    table->header()->resizeSection(JournalModel::WhatColumn, chars(12));
    table->header()->resizeSection(JournalModel::WhereColumn, chars(34));
    table->header()->resizeSection(JournalModel::LetterColumn, chars(24));
    table->header()->resizeSection(JournalModel::OutcomeColumn, chars(20));
    return table;
}

QWidget* JournalPage::makeDoubtBar()
{
    m_doubtBar = new ChromePanel(this);
    auto* layout = new QHBoxLayout(m_doubtBar);
    layout->setContentsMargins(14, 7, 12, 7);
    auto* text = new NoticeLine(m_doubtBar);
    text->setNotice(QLatin1String("dialog-warning"), Role::Warning,
        tr("Whether this arrived is not known. Look at its receiver, then note what you found; nothing else changes."));
    auto* arrived = new QPushButton(tr("Note that it arrived"), m_doubtBar);
    arrived->setObjectName(QStringLiteral("arrived"));
    auto* lost = new QPushButton(tr("Note that it did not"), m_doubtBar);
    lost->setObjectName(QStringLiteral("notArrived"));
    layout->addWidget(text, 1);
    layout->addWidget(arrived);
    layout->addWidget(lost);
    connect(arrived, &QPushButton::clicked, this, [this] { m_feed.judge(m_chosen, true); });
    connect(lost, &QPushButton::clicked, this, [this] { m_feed.judge(m_chosen, false); });
    m_doubtBar->hide();
    return m_doubtBar;
}

QWidget* JournalPage::makeDetail()
{
    auto* detail = new QWidget(this);
    auto* layout = new QVBoxLayout(detail);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    QLabel* heading = sectionLabel(tr("All that was done to this letter"), detail);
    heading->setContentsMargins(12, 7, 12, 5);
    m_pastView = makeTable(m_past, tr("All that was done to this letter"));
    m_pastView->setObjectName(QStringLiteral("past"));
    m_pastView->setMaximumHeight(110);
    m_problem = new NoticeLine(detail);
    m_problem->setContentsMargins(12, 4, 12, 4);
    m_problem->hide();
    m_letter = new LetterDetail(detail);
    m_letterOverlay = new StateOverlay(m_letter);
    layout->addWidget(heading);
    layout->addWidget(m_pastView);
    layout->addWidget(new Hairline(Qt::Horizontal, detail));
    layout->addWidget(m_problem);
    layout->addWidget(m_letter, 1);
    return detail;
}

const core::JournalEntry* JournalPage::current() const
{
    return m_model.entry(m_table->currentIndex().row());
}

void JournalPage::take()
{
    const std::int64_t before = m_chosen;
    {
        const QSignalBlocker quiet(m_table->selectionModel()); // a reset is nobody's choice
        m_model.setEntries(m_feed.entries());
        m_past.setEntries(m_feed.entries());
    }
    const int row = std::max(0, m_model.rowOf(before));
    m_table->setCurrentIndex(m_model.index(row, 0));
    choose();
    const auto doubts = static_cast<int>(
        std::min<std::size_t>(m_model.doubtCount(), static_cast<std::size_t>(std::numeric_limits<int>::max())));
    if (std::exchange(m_badge, doubts) != doubts) {
        Q_EMIT badgeChanged(doubts);
    }
    showState();
}

void JournalPage::showState()
{
    const auto total = static_cast<quint64>(m_model.totalCount());
    const auto shown = static_cast<quint64>(m_model.rowCount());
    m_count->setText(shown == total
            ? tr("%1 writes").arg(models::formatCount(total))
            : tr("%1 of %2 writes").arg(models::formatCount(shown), models::formatCount(total)));
    m_problem->setVisible(!m_feed.problem().isEmpty() && total > 0);
    m_problem->setNotice(QLatin1String("dialog-error"), Role::Negative, m_feed.problem());
    if (total > 0) {
        m_overlay->showNothing();
    } else if (!m_feed.problem().isEmpty()) {
        m_overlay->showError(tr("The journal cannot be read"), models::visibleText(m_feed.problem()), tr("Try again"));
    } else if (!m_feed.entries()) {
        m_overlay->showBusy(tr("Reading the journal…"));
    } else {
        m_overlay->showEmpty(tr("Nothing was written yet"),
            tr("Whatever this program sends, discards or appends is kept here, before and after it happens."));
    }
}

void JournalPage::choose()
{
    const core::JournalEntry* entry = current();
    m_doubtBar->setVisible(entry && entry->state == core::WriteState::InDoubt);
    m_past.setLetter(entry ? entry->letterId : std::string());
    const std::int64_t id = entry ? entry->id : 0;
    if (std::exchange(m_chosen, id) == id) {
        return;
    }
    m_letter->setLetter(nullptr);
    if (entry) {
        m_feed.readLetter(id);
    }
}

bool JournalPage::showJournal(const QString& letterId)
{
    m_onlyDoubts->setChecked(false);
    m_find->setText(letterId);
    return true;
}

void JournalPage::focusStart()
{
    m_table->setFocus();
}

void JournalPage::setUtc(bool utc)
{
    m_format = models::TimeFormat(utc ? models::TimeFormat::Zone::Utc : models::TimeFormat::Zone::Local);
    m_model.setTimeFormat(m_format);
    m_past.setTimeFormat(m_format);
    m_letter->setTimeFormat(m_format);
}

void JournalPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    m_feed.setWatched(true);
}

void JournalPage::hideEvent(QHideEvent* event)
{
    m_feed.setWatched(false);
    Page::hideEvent(event);
}

} // namespace eventscope::ui
