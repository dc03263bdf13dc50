// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letters/dead_letters_page.h"

#include "dead_letter_session.h"
#include "dead_letters/letter_detail.h"
#include "dead_letters/requeue_plan_panel.h"
#include "dead_letters/run_panel.h"
#include "plain_text.h"
#include "shell/state_overlay.h"
#include "widgets/labels.h"
#include "widgets/notice_line.h"

#include <QCheckBox>
#include <QKeyEvent>
#include <QListView>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTreeView>
#include <algorithm>
#include <limits>
#include <utility>

namespace eventscope::ui {

using models::DeadLettersSeen;

namespace {

/// More letters than that are not examined one by one: each costs a question to the store.
constexpr std::size_t kExamined = 500;
constexpr qsizetype kHomeChars = 30;

QString problemOf(const DeadLettersSeen& seen)
{
    for (const DeadLettersSeen::Desk& desk : seen.desks) {
        if (!desk.problem.empty())
            return models::visibleText(desk.source) + QStringLiteral(": ") + models::visibleText(desk.problem);
    }
    return models::visibleText(seen.journalProblem);
}

QString doubtsOf(const DeadLettersSeen& seen)
{
    std::size_t count = 0;
    for (const DeadLettersSeen::Desk& desk : seen.desks)
        count += desk.doubts.size();
    if (count == 0)
        return {};
    return DeadLettersPage::tr("%1 in doubt: an earlier sending may have arrived.").arg(letterCount(count));
}

/// Where all of them go back to; empty when they part.
QString commonHome(const std::vector<core::DeadLetter>& letters)
{
    const bool common = std::ranges::all_of(letters,
        [&](const core::DeadLetter& letter) { return models::homeOf(letter) == models::homeOf(letters.front()); });
    return common && !letters.empty() ? models::visibleText(models::homeOf(letters.front()), kHomeChars) : QString();
}

QString forButton(QString text)
{
    return text.replace(QLatin1Char('&'), QLatin1String("&&"));
}

} // namespace

std::string DeadLettersPage::source() const
{
    const DeadLettersSeen::Desk* desk = m_groups->desk(m_groups->indexOf(m_groupKey));
    return desk ? desk->source : std::string();
}

void DeadLettersPage::takeSeen()
{
    m_taking = true; // the current group moves by itself here; refreshGroup() follows once
    m_groups->setSeen(m_session.seen());
    const QModelIndex before = m_groups->indexOf(m_groupKey);
    m_groupList->setCurrentIndex(before.isValid() ? before : m_groups->index(0));
    m_taking = false;
    const int count
        = static_cast<int>(std::min<std::size_t>(m_session.seen()->letterCount(), std::numeric_limits<int>::max()));
    if (std::exchange(m_badge, count) != count)
        Q_EMIT badgeChanged(m_badge);
    refreshGroup();
    showState();
}

void DeadLettersPage::showState()
{
    m_overlay->showNothing();
    m_upperOverlay->showNothing();
    m_problem->hide();
    const bool panels = m_plan->hasPlan() || m_session.activity().work != models::DeadLetterWork::None;
    StateOverlay* overlay = panels ? m_upperOverlay : m_overlay;
    const models::DeadLettersSeenPtr& seen = m_session.seen();
    if (!m_session.hasDesks()) {
        overlay->showEmpty(tr("No source with dead letters is open"),
            tr("Open a source; what its handlers could not deal with is listed here."));
        return;
    }
    if (!seen) {
        overlay->showBusy(tr("Looking for dead letters…"));
        return;
    }
    const QString problem = problemOf(*seen);
    if (seen->letterCount() > 0) {
        const QString doubts = doubtsOf(*seen);
        m_problem->setVisible(!problem.isEmpty() || !doubts.isEmpty());
        if (problem.isEmpty())
            m_problem->setNotice(QLatin1String("dialog-warning"), Role::Warning, doubts);
        else
            m_problem->setNotice(QLatin1String("dialog-error"), Role::Negative, problem);
    } else if (!problem.isEmpty()) {
        overlay->showError(tr("Dead letters cannot be listed"), problem, tr("Try again"));
    } else {
        overlay->showEmpty(
            tr("No dead letters"), tr("Every event has been handled. What fails for good will wait here."));
    }
}

void DeadLettersPage::chooseGroup(const QModelIndex& index)
{
    if (m_taking || m_groups->key(index) == m_groupKey)
        return;
    m_confirmBar->hide();
    refreshGroup();
}

/// The letters of the current group, as the last look has them.
void DeadLettersPage::refreshGroup()
{
    const QModelIndex index = m_groupList->currentIndex();
    const DeadLettersSeen::Group* group = m_groups->group(index);
    const QString key = m_groups->key(index);
    const bool another = key != std::exchange(m_groupKey, key);
    const std::string letter = m_letterId; // a reset forgets the current one
    if (!group)
        m_letters->clear();
    else if (another)
        m_letters->setGroup(m_session.seen(), *group);
    else
        m_letters->updateGroup(m_session.seen(), *group);
    const int row = std::max(0, m_letters->rowOf(letter));
    m_table->setCurrentIndex(m_letters->index(row, 0));
    examineGroup();
    showHeader();
    showLetter();
    showLock();
}

void DeadLettersPage::examineGroup()
{
    std::vector<core::DeadLetter> letters = m_letters->letters();
    if (letters.empty())
        return;
    letters.resize(std::min(letters.size(), kExamined));
    m_session.examine(source(), std::move(letters));
}

void DeadLettersPage::showHeader()
{
    const DeadLettersSeen::Group* group = m_groups->group(m_groups->indexOf(m_groupKey));
    const std::size_t ticked = m_letters->tickedCount();
    const QSignalBlocker quiet(m_all);
    m_all->setTristate(m_letters->allTicked() == Qt::PartiallyChecked);
    m_all->setCheckState(m_letters->allTicked());
    m_discard->setText(tr("Discard %1…").arg(models::formatCount(ticked)));
    const QString home = commonHome(m_letters->letters());
    m_requeue->setText(home.isEmpty() ? tr("Requeue %1…").arg(models::formatCount(ticked))
                                      : forButton(tr("Requeue %1 to %2…").arg(models::formatCount(ticked), home)));
    if (!group)
        return;
    const QString name = group->cause.errorType.empty() ? models::visibleText(group->cause.message)
                                                        : models::visibleText(group->cause.errorType);
    m_heading->setText(letterCount(group->cause.letters.size()) + QStringLiteral(" · ") + name);
    const bool isTimed = group->cause.first != core::Timestamp{}; // not every broker says when
    m_when->setText(isTimed
            ? tr("first %1 · last %2")
                  .arg(m_format.clockSeconds(group->cause.first), m_format.clockSeconds(group->cause.last))
            : QString());
}

void DeadLettersPage::showLetter()
{
    const core::DeadLetter* letter = m_letters->letter(m_table->currentIndex().row());
    const std::string id = letter ? letter->id : std::string();
    m_detail->setNewer(letter ? m_letters->newerOf(*letter) : 0);
    if (id == m_letterId && letter)
        return; // nothing about a letter changes, and its text may be half read
    m_letterId = id;
    m_detail->setLetter(letter);
}

QString DeadLettersPage::whyBlocked() const
{
    const std::string name = source();
    if (!m_session.isUnlocked(name))
        return tr("%1 is read-only: unlock it to send or discard letters.").arg(models::visibleText(name));
    if (m_session.seen() && !m_session.seen()->journalProblem.empty())
        return tr("Nothing can be sent or discarded without the journal: %1")
            .arg(models::visibleText(m_session.seen()->journalProblem));
    if (m_session.activity().running)
        return tr("Another run is under way. Wait for its end, or stop it.");
    return {};
}

void DeadLettersPage::showLock()
{
    const std::string name = source();
    const bool locked = !name.empty() && !m_session.isUnlocked(name);
    const QString why = whyBlocked();
    m_lockBar->setVisible(locked);
    const DeadLettersSeen::Desk* desk = m_session.seen() ? m_session.seen()->deskOf(name) : nullptr;
    const bool unfinished = desk && desk->unfinished > 0;
    m_lockText->setNotice(QLatin1String("object-locked"), Role::Warning,
        unfinished ? why + QLatin1Char(' ') + tr("An earlier run was interrupted; unlocking finishes it.") : why);
    const bool canDiscard = desk && desk->capabilities.discard;
    const bool any = m_letters->tickedCount() > 0;
    m_discard->setEnabled(why.isEmpty() && any && canDiscard);
    m_discard->setToolTip(canDiscard || !why.isEmpty() ? why : tr("This technology cannot delete a single letter."));
    m_discard->setAccessibleDescription(m_discard->toolTip());
    // The plan and its dry run write nothing: they can be looked at while the source is locked.
    m_requeue->setEnabled(any && !m_session.activity().running);
    m_requeue->setToolTip(any ? QString() : tr("Tick the letters to send."));
    m_edit->setEnabled(m_letters->letter(m_table->currentIndex().row()) != nullptr);
    m_plan->setBlocked(why);
    showDoubts();
    m_confirm->setEnabled(why.isEmpty());
}

void DeadLettersPage::toggleSelected()
{
    std::vector<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        rows.push_back(index.row());
    if (!rows.empty())
        m_letters->toggle(rows);
}

void DeadLettersPage::openPlan(bool resend)
{
    m_confirmBar->hide();
    m_refusal->hide();
    if (!resend) {
        m_planned = m_letters->ticked();
        m_plannedSource = source();
    }
    if (m_planned.empty())
        return;
    core::RequeueRequest request;
    request.source = m_plannedSource;
    request.letters = m_planned;
    request.payloads = m_edits;
    request.resendDone = request.resendDoubts = resend;
    m_session.plan(std::move(request));
}

void DeadLettersPage::closePlan()
{
    m_plan->setPlan(nullptr);
    m_planned.clear();
    showState();
    m_table->setFocus();
}

void DeadLettersPage::askDiscard(std::vector<core::DeadLetter> letters)
{
    closePlan();
    m_session.clearActivity();
    m_toDiscard = std::move(letters);
    m_discardSource = source();
    const DeadLettersSeen::Desk* desk = m_session.seen()->deskOf(m_discardSource);
    if (m_toDiscard.empty() || !desk)
        return;
    const QString count = letterCount(m_toDiscard.size());
    const QString name = models::visibleText(m_discardSource);
    m_confirmText->setNotice(QLatin1String("dialog-warning"), Role::Warning,
        desk->capabilities.restore
            ? tr("Discard %1 of %2? They are kept in the journal, and can be put back.").arg(count, name)
            : tr("Discard %1 of %2 for good? This technology cannot put them back; the journal "
                 "keeps a copy.")
                  .arg(count, name));
    m_confirm->setText(forButton(tr("Discard %1 of %2").arg(count, name)));
    m_confirmBar->show();
    m_confirm->setFocus();
}

void DeadLettersPage::discardAsked()
{
    m_confirmBar->hide();
    m_session.discard(m_discardSource, std::exchange(m_toDiscard, {}));
}

void DeadLettersPage::showActivity()
{
    m_run->show(m_session.activity());
    showLock();
    showState();
}

void DeadLettersPage::focusStart()
{
    m_groupList->setFocus();
}

void DeadLettersPage::showExample()
{
    if (m_groups->rowCount() == 0)
        return;
    m_groupList->setCurrentIndex(m_groups->index(0));
    m_table->setCurrentIndex(m_letters->index(0, 0));
    openPlan(false);
}

void DeadLettersPage::setUtc(bool utc)
{
    m_format = models::TimeFormat(utc ? models::TimeFormat::Zone::Utc : models::TimeFormat::Zone::Local);
    m_letters->setTimeFormat(m_format);
    m_detail->setTimeFormat(m_format);
    m_plan->setTimeFormat(m_format);
    m_letterId.clear();
    showHeader();
    showLetter();
}

void DeadLettersPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    m_session.setWatched(true);
}

void DeadLettersPage::hideEvent(QHideEvent* event)
{
    m_session.setWatched(false);
    Page::hideEvent(event);
}

bool DeadLettersPage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_F2) {
            editPayload();
            return true;
        }
        if (key->key() == Qt::Key_Space) {
            toggleSelected();
            return true;
        }
        if (key->key() == Qt::Key_Delete && m_discard->isEnabled()) {
            askDiscard(m_letters->ticked());
            return true;
        }
        if ((key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) && m_requeue->isEnabled()) {
            openPlan(false);
            return true;
        }
    }
    return Page::eventFilter(watched, event);
}

} // namespace eventscope::ui
