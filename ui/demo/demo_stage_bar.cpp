// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demo_stage_bar.h"

#include "theme/icons.h"
#include "widgets/labels.h"

#include <QDoubleSpinBox>
#include <QSpinBox>
#include <QToolButton>
#include <cmath>
#include <utility>

namespace eventscope::ui {

namespace {
constexpr double kSlowest = 0.5, kFastest = 500;
}

DemoStageBar::DemoStageBar(DemoStage stage, QWidget* parent)
    : QToolBar(tr("Demo controls"), parent), m_stage(std::move(stage))
{
    setObjectName(QStringLiteral("demoStage"));
    setMovable(false);
    auto* rate = new QDoubleSpinBox(this);
    rate->setRange(kSlowest, kFastest);
    rate->setDecimals(1);
    rate->setValue(m_stage.rate);
    rate->setSuffix(tr(" orders/s"));
    rate->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    rate->setAccessibleName(tr("Orders a second"));
    rate->setKeyboardTracking(false);
    connect(rate, &QDoubleSpinBox::valueChanged, this, [this](double value) { m_stage.setRate(value); });
    auto* failures = new QSpinBox(this);
    failures->setRange(0, 100);
    failures->setValue(static_cast<int>(std::lround(m_stage.failureShare * 100)));
    failures->setSuffix(tr(" % go wrong"));
    failures->setAccessibleName(tr("Share of orders that something goes wrong with"));
    failures->setKeyboardTracking(false);
    connect(failures, &QSpinBox::valueChanged, this, [this](int value) { m_stage.setFailureShare(value / 100.0); });
    QLabel* title = sectionLabel(tr("DEMO"), this);
    title->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    title->setContentsMargins(12, 0, 8, 0);
    addWidget(title);
    addWidget(rate);
    addWidget(failures);
    addSeparator();
    addButton("state-failed", tr("Decline a payment"), tr("The next order's card is declined; its saga compensates"),
        tr("The next order's card will be declined."), m_stage.causeDecline);
    addButton("eventscope-dead-letter", tr("Poison an event"),
        tr("The next order cannot be handled by some handler, and ends as a dead letter"),
        tr("The next order will end as a dead letter."), m_stage.causePoison);
    addButton("process-stop", tr("Crash a worker"),
        tr("A worker drops dead in the middle of a saga, which is taken up again a while later"),
        tr("A worker has crashed in the middle of a saga; watch it being taken up again."), m_stage.crashWorker);
    addButton("eventscope-throughput", tr("Burst of views"), tr("Ten thousand view events of a streaming service"),
        tr("An audience has arrived: 2 000 views a second for five seconds."), m_stage.burstViews);
}

void DemoStageBar::addButton(const char* iconName, const QString& text, const QString& tip, const QString& sentence,
    const std::function<void()>& act)
{
    auto* button = new QToolButton(this);
    button->setText(text);
    button->setIcon(icon(QLatin1String(iconName), Role::Muted));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setToolTip(tip);
    connect(button, &QToolButton::clicked, this, [this, act, sentence] {
        act();
        Q_EMIT caused(sentence);
    });
    addWidget(button);
}

} // namespace eventscope::ui
