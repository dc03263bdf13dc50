// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the page is made of, and what is connected to what.
#include "dead_letters/dead_letters_page.h"

#include "dead_letter_session.h"
#include "dead_letters/cause_delegate.h"
#include "dead_letters/doubt_bar.h"
#include "dead_letters/letter_detail.h"
#include "dead_letters/requeue_plan_panel.h"
#include "dead_letters/run_panel.h"
#include "shell/state_overlay.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "widgets/labels.h"
#include "widgets/notice_line.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QSplitter>
#include <QTreeView>
#include <QVBoxLayout>
#include <string>

namespace eventscope::ui {

using models::DeadLettersModel;

namespace {

QVBoxLayout* tightLayout(QWidget* of)
{
    auto* layout = new QVBoxLayout(of);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    return layout;
}

} // namespace

DeadLettersPage::DeadLettersPage(models::DeadLetterSession& session, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_groups(new models::DeadLetterGroupsModel(this))
    , m_letters(new DeadLettersModel(this))
{
    auto* split = new QSplitter(Qt::Horizontal, this);
    split->setHandleWidth(1);
    split->setChildrenCollapsible(false);
    split->addWidget(makeGroups());
    split->addWidget(makeLetters());
    split->setStretchFactor(1, 1);
    split->setSizes({290, 870});
    tightLayout(this)->addWidget(split);
    m_overlay = new StateOverlay(this);
    m_upperOverlay = new StateOverlay(m_upper);
    connectPanels();
    if (m_session.seen())
        takeSeen();
    else
        showState();
    showActivity();
}

QWidget* DeadLettersPage::makeGroups()
{
    auto* part = new QWidget(this);
    part->setMinimumWidth(180);
    auto* layout = tightLayout(part);
    QLabel* heading = sectionLabel(tr("By cause"), part);
    heading->setContentsMargins(12, 7, 12, 6);
    layout->addWidget(heading);
    m_problem = new NoticeLine(part);
    m_problem->setContentsMargins(12, 0, 8, 6);
    m_problem->hide();
    layout->addWidget(m_problem);
    layout->addWidget(new Hairline(Qt::Horizontal, part));
    m_groupList = new QListView(part);
    m_groupList->setObjectName(QStringLiteral("causes"));
    m_groupList->setAccessibleName(tr("Causes"));
    m_groupList->setFrameShape(QFrame::NoFrame);
    m_groupList->setMouseTracking(true);
    m_groupList->setItemDelegate(new CauseDelegate(m_groupList));
    m_groupList->setModel(m_groups);
    m_groupList->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    layout->addWidget(m_groupList, 1);
    connect(m_groupList->selectionModel(), &QItemSelectionModel::currentChanged, this,
        [this](const QModelIndex& current) { chooseGroup(current); });
    return part;
}

QWidget* DeadLettersPage::makeHeader()
{
    auto* bar = new QWidget(this);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(10, 7, 12, 7);
    m_all = new QCheckBox(bar);
    m_all->setObjectName(QStringLiteral("all"));
    m_all->setAccessibleName(tr("Tick all letters"));
    m_all->setToolTip(tr("Tick all letters, or none"));
    m_heading = new ElidedLabel(bar);
    m_heading->setFont(fonts::bold());
    m_heading->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_when = new ElidedLabel(bar);
    m_when->setRole(Role::Muted);
    m_edit = new QPushButton(icon(QLatin1String("document-edit")), tr("Edit…"), bar);
    m_edit->setObjectName(QStringLiteral("edit"));
    m_edit->setToolTip(tr("Edits what goes out in place of this letter's payload (F2)"));
    m_discard = new QPushButton(icon(QLatin1String("edit-delete")), {}, bar);
    m_discard->setObjectName(QStringLiteral("discard"));
    m_requeue = new QPushButton(bar);
    m_requeue->setObjectName(QStringLiteral("requeue"));
    m_requeue->setProperty("role", QStringLiteral("primary"));
    layout->addWidget(m_all);
    layout->addWidget(m_heading);
    layout->addSpacing(6);
    layout->addWidget(m_when, 1);
    layout->addWidget(m_edit);
    layout->addWidget(m_discard);
    layout->addWidget(m_requeue);
    connect(m_all, &QCheckBox::clicked, this, [this] { m_letters->tickAll(m_letters->allTicked() != Qt::Checked); });
    connect(m_discard, &QPushButton::clicked, this, [this] { askDiscard(m_letters->ticked()); });
    connect(m_edit, &QPushButton::clicked, this, &DeadLettersPage::editPayload);
    connect(m_requeue, &QPushButton::clicked, this, [this] { openPlan(false); });
    return bar;
}

QWidget* DeadLettersPage::makeLockBar()
{
    m_lockBar = new ChromePanel(this);
    auto* layout = new QHBoxLayout(m_lockBar);
    layout->setContentsMargins(14, 5, 12, 5);
    m_lockText = new NoticeLine(m_lockBar);
    auto* unlock = new QPushButton(icon(QLatin1String("object-unlocked")), tr("Unlock…"), m_lockBar);
    unlock->setObjectName(QStringLiteral("unlock"));
    layout->addWidget(m_lockText, 1);
    layout->addWidget(unlock);
    connect(unlock, &QPushButton::clicked, this, [this] { Q_EMIT unlockWanted(QString::fromStdString(source())); });
    return m_lockBar;
}

QWidget* DeadLettersPage::makeConfirmBar()
{
    m_confirmBar = new ChromePanel(this);
    auto* layout = new QHBoxLayout(m_confirmBar);
    layout->setContentsMargins(14, 10, 14, 10);
    m_confirmText = new NoticeLine(m_confirmBar);
    auto* cancel = new QPushButton(tr("Cancel"), m_confirmBar);
    m_confirm = new QPushButton(m_confirmBar);
    m_confirm->setObjectName(QStringLiteral("confirmDiscard"));
    m_confirm->setProperty("role", QStringLiteral("danger"));
    layout->addWidget(m_confirmText, 1);
    layout->addWidget(cancel);
    layout->addWidget(m_confirm);
    m_confirmBar->hide();
    connect(cancel, &QPushButton::clicked, m_confirmBar, &QWidget::hide);
    connect(m_confirm, &QPushButton::clicked, this, &DeadLettersPage::discardAsked);
    return m_confirmBar;
}

QWidget* DeadLettersPage::makeLetters()
{
    m_table = new QTreeView(this);
    m_table->setObjectName(QStringLiteral("letters"));
    m_table->setAccessibleName(tr("Letters of this cause"));
    m_table->setRootIsDecorated(false);
    m_table->setUniformRowHeights(true);
    m_table->setAlternatingRowColors(true);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setItemDelegate(new LetterDelegate(m_table));
    m_table->setModel(m_letters);
    m_table->installEventFilter(this);
    const QFontMetrics metrics(fonts::data());
    const auto chars = [&](int count) { return metrics.horizontalAdvance(QLatin1Char('0')) * count; };
    m_table->header()->resizeSection(DeadLettersModel::FailedColumn, chars(18));
    m_table->header()->resizeSection(DeadLettersModel::StreamColumn, chars(26));
    m_table->header()->resizeSection(DeadLettersModel::FromColumn, chars(26));
    m_table->header()->resizeSection(DeadLettersModel::AttemptsColumn, chars(13));

    m_detail = new LetterDetail(this);
    auto* split = new QSplitter(Qt::Vertical, this);
    split->setHandleWidth(1);
    split->addWidget(m_table);
    split->addWidget(m_detail);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);

    m_upper = new QWidget(this);
    auto* upper = tightLayout(m_upper);
    upper->addWidget(makeHeader());
    upper->addWidget(makeLockBar());
    m_doubtBar = new DoubtBar(m_upper);
    upper->addWidget(m_doubtBar);
    upper->addWidget(new Hairline(Qt::Horizontal, m_upper));
    upper->addWidget(split, 1);

    auto* part = new QWidget(this);
    auto* layout = tightLayout(part);
    layout->addWidget(m_upper, 1);
    m_refusal = new NoticeLine(part);
    m_refusal->setContentsMargins(14, 6, 14, 6);
    m_refusal->hide();
    m_plan = new RequeuePlanPanel(part);
    m_plan->setObjectName(QStringLiteral("plan"));
    m_run = new RunPanel(part);
    m_run->setObjectName(QStringLiteral("run"));
    layout->addWidget(m_refusal);
    layout->addWidget(makeConfirmBar());
    layout->addWidget(m_plan);
    layout->addWidget(m_run);
    return part;
}

void DeadLettersPage::connectPanels()
{
    using models::DeadLetterSession;
    connect(&m_session, &DeadLetterSession::seenChanged, this, &DeadLettersPage::takeSeen);
    connect(&m_session, &DeadLetterSession::desksChanged, this, &DeadLettersPage::showState);
    connect(&m_session, &DeadLetterSession::lockChanged, this, &DeadLettersPage::showLock);
    connect(&m_session, &DeadLetterSession::activityChanged, this, &DeadLettersPage::showActivity);
    connect(
        &m_session, &DeadLetterSession::examined, this, [this](const QString& of, const models::LetterPasts& pasts) {
            if (of == QString::fromStdString(source()))
                m_letters->setPasts(pasts);
            showLetter();
        });
    connect(&m_session, &DeadLetterSession::planned, this, [this](std::shared_ptr<const models::FrozenPlan> frozen) {
        m_session.clearActivity();
        m_plan->setPlan(std::move(frozen));
        showLock();
        showState();
    });
    connect(&m_session, &DeadLetterSession::refused, this, [this](const QString& why) {
        m_refusal->setNotice(QLatin1String("dialog-error"), Role::Negative, why);
        m_refusal->show();
    });
    connect(m_letters, &DeadLettersModel::ticksChanged, this, [this] {
        showHeader();
        showLock();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &DeadLettersPage::showLetter);
    connect(m_detail, &LetterDetail::replayWanted, this,
        [this](const QString& stream) { Q_EMIT replayWanted(QString::fromStdString(source()), stream); });
    connect(m_detail, &LetterDetail::newerWanted, this, [this] {
        if (const core::DeadLetter* letter = m_letters->letter(m_table->currentIndex().row()))
            showNewerEvents(*letter);
    });
    connect(m_doubtBar, &DoubtBar::settleWanted, this, &DeadLettersPage::settleDoubts);
    connect(m_doubtBar, &DoubtBar::resendWanted, this, &DeadLettersPage::resendDoubts);
    connect(m_doubtBar, &DoubtBar::discardWanted, this, [this] { askDiscard(lettersInDoubt()); });
    connect(m_detail, &LetterDetail::pastWanted, this, &DeadLettersPage::journalWanted);
    connect(m_detail, &LetterDetail::flowWanted, this, &DeadLettersPage::flowWanted);
    connect(m_plan, &RequeuePlanPanel::closeWanted, this, &DeadLettersPage::closePlan);
    connect(m_plan, &RequeuePlanPanel::resendWanted, this, [this] { openPlan(true); });
    connect(m_plan, &RequeuePlanPanel::dryRunWanted, this, [this] { m_session.dryRun(m_plan->chosenPlan()); });
    connect(m_plan, &RequeuePlanPanel::sendWanted, this, [this] {
        m_session.requeue(m_plan->chosenPlan(), m_plan->pausesOnReturn());
        closePlan();
    });
    connect(m_run, &RunPanel::pauseWanted, &m_session, &DeadLetterSession::setPaused);
    connect(m_run, &RunPanel::stopWanted, &m_session, &DeadLetterSession::stop);
    connect(m_run, &RunPanel::undoWanted, &m_session, &DeadLetterSession::undoDiscard);
    connect(m_run, &RunPanel::closeWanted, &m_session, &DeadLetterSession::clearActivity);
    for (StateOverlay* overlay : {m_overlay, m_upperOverlay})
        connect(overlay, &StateOverlay::actionTriggered, &m_session, &DeadLetterSession::look);
}

} // namespace eventscope::ui
