// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letters/run_panel.h"

#include "dead_letters/requeue_plan_panel.h"
#include "event_format.h"
#include "plain_text.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "widgets/labels.h"

#include <QHBoxLayout>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QStringList>
#include <QVBoxLayout>
#include <algorithm>

namespace eventscope::ui {

using core::RequeueOutcome;
using models::DeadLetterActivity;
using models::DeadLetterWork;

namespace {

constexpr int kListHeight = 92, kIconSize = 10;

QString titleOf(const DeadLetterActivity& activity)
{
    switch (activity.work) {
    case DeadLetterWork::DryRun: return RunPanel::tr("DRY RUN · NOTHING IS SENT");
    case DeadLetterWork::Requeue: return activity.running ? RunPanel::tr("SENDING") : RunPanel::tr("SENT");
    case DeadLetterWork::Discard: return activity.running ? RunPanel::tr("DISCARDING") : RunPanel::tr("DISCARDED");
    case DeadLetterWork::Restore: return activity.running ? RunPanel::tr("PUTTING BACK") : RunPanel::tr("PUT BACK");
    case DeadLetterWork::Settle: return activity.running ? RunPanel::tr("FINDING OUT") : RunPanel::tr("FOUND OUT");
    case DeadLetterWork::None: break;
    }
    return {};
}

QString outcomeWord(RequeueOutcome outcome, bool dryRun)
{
    switch (outcome) {
    case RequeueOutcome::Requeued: return dryRun ? RunPanel::tr("would be sent") : RunPanel::tr("requeued");
    case RequeueOutcome::Skipped: return dryRun ? RunPanel::tr("would be left out") : RunPanel::tr("not sent");
    case RequeueOutcome::Failed: return dryRun ? RunPanel::tr("would fail") : RunPanel::tr("failed");
    case RequeueOutcome::InDoubt: return RunPanel::tr("in doubt");
    case RequeueOutcome::Discarded: return RunPanel::tr("discarded");
    case RequeueOutcome::Restored: return RunPanel::tr("put back");
    }
    return {};
}

QIcon outcomeIcon(RequeueOutcome outcome)
{
    switch (outcome) {
    case RequeueOutcome::Failed: return icon(QLatin1String("state-failed"), Role::Negative);
    case RequeueOutcome::InDoubt: return icon(QLatin1String("dialog-warning"), Role::Warning);
    case RequeueOutcome::Skipped: return icon(QLatin1String("state-off"), Role::Muted);
    default: return icon(QLatin1String("state-done"), Role::Positive);
    }
}

QString summaryOf(const DeadLetterActivity& activity)
{
    const bool dry = activity.work == DeadLetterWork::DryRun;
    QStringList parts{
        RunPanel::tr("%1 of %2").arg(models::formatCount(activity.outcomes.size()), letterCount(activity.total))};
    for (const RequeueOutcome outcome : {RequeueOutcome::Requeued, RequeueOutcome::Discarded, RequeueOutcome::Restored,
             RequeueOutcome::Failed, RequeueOutcome::InDoubt, RequeueOutcome::Skipped}) {
        if (const std::size_t count = activity.count(outcome); count > 0)
            parts << models::formatCount(count) + QLatin1Char(' ') + outcomeWord(outcome, dry);
    }
    if (activity.paused)
        parts << RunPanel::tr("paused");
    if (activity.stopping && activity.running)
        parts << RunPanel::tr("stopping after the letter under way");
    return parts.join(QStringLiteral(" · "));
}

} // namespace

RunPanel::RunPanel(QWidget* parent)
    : ChromePanel(parent)
    , m_title(sectionLabel({}, this))
    , m_summary(new ElidedLabel(this))
    , m_progress(new QProgressBar(this))
    , m_notice(new NoticeLine(this))
    , m_outcomes(new QListWidget(this))
    , m_pause(new QPushButton(this))
    , m_stop(new QPushButton(icon(QLatin1String("process-stop")), tr("Stop"), this))
    , m_undo(new QPushButton(icon(QLatin1String("edit-undo")), tr("Undo"), this))
    , m_close(new QPushButton(tr("Close"), this))
{
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(6);
    m_outcomes->setFont(fonts::data());
    m_outcomes->setUniformItemSizes(true);
    m_outcomes->setIconSize({kIconSize, kIconSize});
    m_outcomes->setFixedHeight(kListHeight);
    m_outcomes->setAccessibleName(tr("What became of each letter"));
    m_pause->setObjectName(QStringLiteral("pause"));
    m_stop->setObjectName(QStringLiteral("stop"));
    m_undo->setObjectName(QStringLiteral("undo"));
    m_undo->setProperty("role", QStringLiteral("primary"));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_summary, 1);
    for (QPushButton* button : {m_pause, m_stop, m_undo, m_close})
        buttons->addWidget(button);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 14, 10);
    layout->setSpacing(6);
    layout->addWidget(m_title);
    layout->addLayout(buttons);
    layout->addWidget(m_progress);
    layout->addWidget(m_notice);
    layout->addWidget(m_outcomes);
    connect(m_pause, &QPushButton::clicked, this, [this] { Q_EMIT pauseWanted(!m_paused); });
    connect(m_stop, &QPushButton::clicked, this, &RunPanel::stopWanted);
    connect(m_undo, &QPushButton::clicked, this, &RunPanel::undoWanted);
    connect(m_close, &QPushButton::clicked, this, &RunPanel::closeWanted);
    hide();
}

void RunPanel::show(const DeadLetterActivity& activity)
{
    setVisible(activity.work != DeadLetterWork::None);
    m_title->setText(titleOf(activity));
    m_summary->setText(summaryOf(activity));
    m_progress->setRange(0, static_cast<int>(std::max<std::size_t>(activity.total, 1)));
    m_progress->setValue(static_cast<int>(activity.outcomes.size()));
    m_progress->setVisible(activity.running);
    showNotice(activity);
    addOutcomes(activity);
    showButtons(activity);
}

void RunPanel::showNotice(const DeadLetterActivity& activity)
{
    m_notice->setVisible(!activity.problem.empty() || !activity.notice.empty());
    if (!activity.problem.empty())
        m_notice->setNotice(QLatin1String("dialog-error"), Role::Negative, QString::fromStdString(activity.problem));
    else
        m_notice->setNotice(QLatin1String("dialog-warning"), Role::Warning, QString::fromStdString(activity.notice));
}

void RunPanel::addOutcomes(const DeadLetterActivity& activity)
{
    if (activity.work != m_shownWork || activity.outcomes.size() < m_shown) {
        m_outcomes->clear();
        m_shown = 0;
        m_shownWork = activity.work;
    }
    const bool dry = activity.work == DeadLetterWork::DryRun;
    const bool added = m_shown < activity.outcomes.size();
    for (; m_shown < activity.outcomes.size(); ++m_shown) {
        const core::LetterOutcome& outcome = activity.outcomes[m_shown];
        QString text = models::visibleText(outcome.id) + QStringLiteral("  ") + outcomeWord(outcome.outcome, dry);
        if (!outcome.reason.empty())
            text += (dry ? QStringLiteral(" ") : QStringLiteral(": ")) + models::visibleText(outcome.reason);
        auto* item = new QListWidgetItem(outcomeIcon(outcome.outcome), text);
        item->setSizeHint({0, m_outcomes->fontMetrics().height() + 3});
        m_outcomes->addItem(item);
    }
    if (added && activity.running)
        m_outcomes->scrollToBottom();
    m_outcomes->setVisible(m_shown > 0);
}

void RunPanel::showButtons(const DeadLetterActivity& activity)
{
    m_paused = activity.paused;
    const bool sending = activity.running && activity.work == DeadLetterWork::Requeue;
    m_pause->setVisible(sending);
    m_pause->setText(activity.paused ? tr("Resume") : tr("Pause"));
    m_pause->setIcon(icon(QLatin1String(activity.paused ? "media-playback-start" : "media-playback-pause")));
    m_stop->setVisible(sending);
    m_stop->setEnabled(!activity.stopping);
    m_undo->setVisible(!activity.running && !activity.restorable.empty());
    m_undo->setText(tr("Undo: put %1 back").arg(letterCount(activity.restorable.size())));
    m_close->setVisible(!activity.running);
}

} // namespace eventscope::ui
