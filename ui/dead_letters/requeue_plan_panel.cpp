// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letters/requeue_plan_panel.h"

#include "dead_letters/changes_view.h"
#include "plain_text.h"
#include "widgets/labels.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLayoutItem>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace eventscope::ui {

namespace {

enum RateChoice { Ramp, AtOnce, Steady };
const std::vector<double> kRamp{1, 2, 5, 20};
constexpr qsizetype kShownReasons = 3;
constexpr int kChangesHeight = 110;

/// Where letters without a common home go, each back.
QString homeOfAll(const core::RequeuePlan& plan)
{
    if (plan.letters.empty())
        return {};
    const std::string& first = models::homeOf(plan.letters.front().letter);
    const bool common = std::ranges::all_of(
        plan.letters, [&](const core::PlannedLetter& planned) { return models::homeOf(planned.letter) == first; });
    return common ? models::visibleText(first) : QString();
}

} // namespace

QString letterCount(std::size_t count)
{
    return count == 1 ? RequeuePlanPanel::tr("1 letter")
                      : RequeuePlanPanel::tr("%1 letters").arg(models::formatCount(count));
}

RequeuePlanPanel::RequeuePlanPanel(QWidget* parent) : ChromePanel(parent)
{
    auto* parts = new QHBoxLayout;
    parts->setSpacing(24);
    parts->addWidget(makePlanPart(), 1);
    parts->addWidget(makeBeforePart(), 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 14, 10);
    layout->addLayout(parts);
    m_changes = new ChangesView(this);
    m_changes->setObjectName(QStringLiteral("changes"));
    m_changes->setMaximumHeight(kChangesHeight);
    layout->addWidget(m_changes);
    layout->addWidget(makeButtons()); // below: beside the warnings they would squeeze them
    setPlan(nullptr);
}

QWidget* RequeuePlanPanel::makePlanPart()
{
    auto* part = new QWidget(this);
    m_title = sectionLabel({}, part);
    m_summary = new ElidedLabel(part);
    m_target = new QLineEdit(part);
    m_target->setObjectName(QStringLiteral("target"));
    m_target->setAccessibleName(tr("Target"));
    m_target->setClearButtonEnabled(true);
    m_rate = new QComboBox(part);
    m_rate->setObjectName(QStringLiteral("rate"));
    m_rate->setAccessibleName(tr("Rate"));
    m_rate->addItem(tr("ramp 1, 2, 5, 20 a second"), Ramp);
    m_rate->addItem(tr("all at once"), AtOnce);
    m_rate->addItem(tr("a steady rate"), Steady);
    m_perSecond = new QDoubleSpinBox(part);
    m_perSecond->setRange(0.1, 10'000);
    m_perSecond->setDecimals(1);
    m_perSecond->setValue(10);
    m_perSecond->setSuffix(tr(" a second"));
    m_perSecond->setAccessibleName(tr("Letters a second"));
    m_pause = new QCheckBox(tr("Pause when one comes back"), part);
    m_pause->setChecked(true);
    m_edits = new ElidedLabel(part);
    m_edits->setRole(Role::Muted);
    auto* rate = new QHBoxLayout;
    rate->addWidget(m_rate);
    rate->addWidget(m_perSecond);
    rate->addStretch();
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setVerticalSpacing(6);
    form->addRow(tr("Target"), m_target);
    form->addRow(tr("Rate"), rate);
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_title);
    layout->addWidget(m_summary);
    layout->addLayout(form);
    layout->addWidget(m_pause);
    layout->addWidget(m_edits);
    layout->addStretch();
    connect(m_target, &QLineEdit::textChanged, this, &RequeuePlanPanel::showChoices);
    connect(m_rate, &QComboBox::currentIndexChanged, this, &RequeuePlanPanel::showChoices);
    return part;
}

QWidget* RequeuePlanPanel::makeBeforePart()
{
    auto* part = new QWidget(this);
    m_notices = new QVBoxLayout;
    m_notices->setSpacing(5);
    m_resend = new LinkButton(tr("Send those again as well, marked as possible duplicates"), part);
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(sectionLabel(tr("Before you send"), part));
    layout->addLayout(m_notices);
    layout->addWidget(m_resend);
    layout->addStretch();
    connect(m_resend, &LinkButton::clicked, this, &RequeuePlanPanel::resendWanted);
    return part;
}

QWidget* RequeuePlanPanel::makeButtons()
{
    auto* part = new QWidget(this);
    m_close = new QPushButton(tr("Cancel"), part);
    m_dryRun = new QPushButton(tr("Dry run"), part);
    m_dryRun->setObjectName(QStringLiteral("dryRun"));
    m_dryRun->setToolTip(tr("Looks again and says what would become of each letter. Sends nothing."));
    m_send = new QPushButton(part);
    m_send->setObjectName(QStringLiteral("send"));
    m_send->setProperty("role", QStringLiteral("primary"));
    auto* layout = new QHBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addStretch();
    for (QPushButton* button : {m_close, m_dryRun, m_send})
        layout->addWidget(button);
    connect(m_close, &QPushButton::clicked, this, &RequeuePlanPanel::closeWanted);
    connect(m_dryRun, &QPushButton::clicked, this, &RequeuePlanPanel::dryRunWanted);
    connect(m_send, &QPushButton::clicked, this, &RequeuePlanPanel::sendWanted);
    return part;
}

void RequeuePlanPanel::setPlan(std::shared_ptr<const models::FrozenPlan> frozen)
{
    m_frozen = std::move(frozen);
    setVisible(m_frozen != nullptr);
    if (!m_frozen)
        return;
    m_title->setText(tr("REQUEUE PLAN · FROZEN %1").arg(m_format.clockSeconds(m_frozen->plan.frozenAt)));
    const QString home = homeOfAll(m_frozen->plan);
    m_target->setPlaceholderText(home.isEmpty() ? tr("back to where each failed") : home);
    const auto edited = std::ranges::count_if(m_frozen->plan.letters, &core::PlannedLetter::edited);
    m_edits->setText(edited == 0
            ? tr("Oldest failure first · edits: none")
            : tr("Oldest failure first · edited: %1").arg(letterCount(static_cast<std::size_t>(edited))));
    m_changes->changes().setPlan(m_frozen->plan);
    m_changes->setVisible(edited > 0);
    showNotices();
    showChoices();
}

void RequeuePlanPanel::addNotice(QLatin1String iconName, Role role, const QString& text)
{
    auto* line = new NoticeLine(this);
    line->setNotice(iconName, role, text);
    m_notices->addWidget(line);
}

void RequeuePlanPanel::showNotices()
{
    while (QLayoutItem* item = m_notices->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const QLatin1String warning("dialog-warning");
    const core::RequeuePlan& plan = m_frozen->plan;
    for (const std::string& text : plan.warnings)
        addNotice(warning, Role::Warning, QString::fromStdString(text));
    if (!plan.leftOut.empty())
        addNotice(warning, Role::Warning, tr("%1 left out:").arg(letterCount(plan.leftOut.size())));
    for (std::size_t i = 0; i < plan.leftOut.size() && i < kShownReasons; ++i)
        addNotice(QLatin1String("dialog-information"), Role::Muted,
            QString::fromStdString(plan.leftOut[i].id + ": " + plan.leftOut[i].reason));
    const bool all = m_frozen->request.resendDone && m_frozen->request.resendDoubts;
    const bool isKnown = std::ranges::all_of(
        plan.letters, [](const core::PlannedLetter& planned) { return planned.newerOfSameKey.has_value(); });
    m_resend->setVisible(!plan.leftOut.empty() && !all);
    if (plan.warnings.empty() && plan.leftOut.empty())
        addNotice(QLatin1String("state-done"), Role::Positive,
            isKnown ? tr("None was requeued before, none has newer events of its key.")
                    : tr("None was requeued before. Whether newer events of a key exist is not known here."));
    addNotice(
        QLatin1String("state-done"), Role::Positive, tr("None is in another running plan. The journal is ready."));
}

core::RequeueRate RequeuePlanPanel::chosenRate() const
{
    switch (m_rate->currentData().toInt()) {
    case Ramp: return {0, kRamp};
    case Steady: return {m_perSecond->value(), {}};
    default: return {};
    }
}

std::shared_ptr<const models::FrozenPlan> RequeuePlanPanel::chosenPlan() const
{
    models::FrozenPlan chosen = *m_frozen;
    chosen.plan.target = chosen.request.target = m_target->text().trimmed().toStdString();
    chosen.plan.rate = chosen.request.rate = chosenRate();
    return std::make_shared<const models::FrozenPlan>(std::move(chosen));
}

bool RequeuePlanPanel::pausesOnReturn() const
{
    return m_pause->isChecked();
}

QString RequeuePlanPanel::targetText() const
{
    if (const QString target = m_target->text().trimmed(); !target.isEmpty())
        return models::visibleText(target);
    const QString home = homeOfAll(m_frozen->plan);
    return home.isEmpty() ? tr("where each failed") : home;
}

void RequeuePlanPanel::setBlocked(const QString& why)
{
    m_blocked = why;
    showChoices();
}

void RequeuePlanPanel::showChoices()
{
    m_perSecond->setVisible(m_rate->currentData().toInt() == Steady);
    if (!m_frozen)
        return;
    const QString letters = letterCount(m_frozen->plan.letters.size());
    m_summary->setText(tr("%1 of %2 → %3").arg(letters, models::visibleText(m_frozen->plan.source), targetText()));
    const QString target = fontMetrics().elidedText(targetText(), Qt::ElideMiddle, 180);
    m_send->setText(tr("Send %1 to %2").arg(letters, target).replace(QLatin1Char('&'), QLatin1String("&&")));
    m_send->setEnabled(m_blocked.isEmpty() && !m_frozen->plan.letters.empty());
    m_send->setToolTip(m_blocked.isEmpty() ? QString() : models::plainToolTip(m_blocked));
    m_send->setAccessibleDescription(m_blocked);
}

} // namespace eventscope::ui
