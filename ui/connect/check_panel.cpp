// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connect/check_panel.h"

#include "widgets/labels.h"
#include "widgets/notice_line.h"

#include <QGridLayout>
#include <QVBoxLayout>

namespace eventscope::ui {

using State = core::CheckStage::State;

namespace {

/// A stage's sign is an icon and a word: never colour alone.
void showStage(NoticeLine& line, const core::CheckStage& stage)
{
    const QString name = QString::fromStdString(stage.name);
    switch (stage.state) {
    case State::Running:
        line.setNotice(QLatin1String("state-connecting"), Role::Accent, CheckPanel::tr("%1…").arg(name));
        break;
    case State::Passed: line.setNotice(QLatin1String("state-done"), Role::Positive, name); break;
    case State::Failed:
        line.setNotice(QLatin1String("state-failed"), Role::Negative, CheckPanel::tr("%1: failed").arg(name));
        break;
    }
}

} // namespace

CheckPanel::CheckPanel(models::ConnectionChecker& checker, QWidget* parent) : QWidget(parent), m_checker(checker)
{
    m_stages = new QGridLayout;
    m_stages->setContentsMargins(0, 0, 0, 0);
    m_stages->setHorizontalSpacing(16);
    m_stages->setVerticalSpacing(3);
    m_stages->setColumnStretch(1, 1);
    m_verdict = new NoticeLine(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(m_stages);
    layout->addWidget(m_verdict);
    connect(&checker, &models::ConnectionChecker::stagesChanged, this, &CheckPanel::showStages);
    connect(&checker, &models::ConnectionChecker::finished, this, &CheckPanel::showVerdict);
    clear();
}

void CheckPanel::clear()
{
    while (QLayoutItem* item = m_stages->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_verdict->hide();
}

void CheckPanel::showStages()
{
    clear();
    int row = 0;
    for (const core::CheckStage& stage : m_checker.stages()) {
        auto* name = new NoticeLine(this);
        showStage(*name, stage);
        m_stages->addWidget(name, row, 0);
        if (stage.state == State::Passed) {
            auto* sentence = new ElidedLabel(this);
            sentence->setRole(Role::Muted);
            sentence->setText(QString::fromStdString(stage.sentence));
            m_stages->addWidget(sentence, row, 1);
        }
        ++row;
    }
    if (m_checker.isRunning() && m_checker.stages().empty()) {
        m_verdict->setNotice(QLatin1String("state-connecting"), Role::Accent, tr("Looking…"));
        m_verdict->show();
    }
}

void CheckPanel::showVerdict(bool well, const QString& sentence)
{
    m_verdict->setNotice(QLatin1String(well ? "object-select" : "dialog-error"), well ? Role::Positive : Role::Negative,
        well ? tr("It works.") : sentence);
    m_verdict->show();
}

QString CheckPanel::verdict() const
{
    return m_verdict->isHidden() ? QString() : m_verdict->text();
}

} // namespace eventscope::ui
