// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the Sagas page is made of; what it does is in sagas_page.cpp.
#include "inspect/workspace.h"
#include "saga_words.h"
#include "sagas/saga_gantt.h"
#include "sagas/saga_steps_delegate.h"
#include "sagas/sagas_page.h"
#include "sagas/status_figure.h"
#include "shell/state_overlay.h"
#include "shell/waiting_state.h"
#include "theme/fonts.h"
#include "widgets/labels.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace eventscope::ui {

using models::SagaListModel;

namespace {

constexpr int kRowPadding = 8;
constexpr int kStepRows = 6; // of what is seen at once

} // namespace

QWidget* SagasPage::makeFigures()
{
    using core::SagaStatus;
    auto* bar = new QWidget(this);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(6, 5, 12, 5);
    layout->setSpacing(4);
    for (const SagaStatus status : {SagaStatus::Completed, SagaStatus::Running, SagaStatus::Compensating,
             SagaStatus::Compensated, SagaStatus::Failed, SagaStatus::Stuck}) {
        auto* figure = new StatusFigure(models::sagaStatusText(status), roleOf(status), bar);
        m_figures[static_cast<std::size_t>(status)] = figure;
        connect(figure, &StatusFigure::clicked, this,
            [this, status](bool on) { filterByStatus(on ? std::optional(status) : std::nullopt); });
        layout->addWidget(figure);
        const QKeySequence keys(Qt::ALT | static_cast<Qt::Key>(Qt::Key_1 + layout->count() - 1));
        figure->setToolTip(
            tr("Show only these; press again for all (%1)").arg(keys.toString(QKeySequence::NativeText)));
        auto* shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, figure, &QAbstractButton::click);
    }
    auto* all = new QShortcut(QKeySequence(Qt::ALT | Qt::Key_0), this);
    all->setContext(Qt::WidgetWithChildrenShortcut);
    connect(all, &QShortcut::activated, this, [this] { filterByStatus(std::nullopt); });
    layout->addStretch();
    m_durations = plainLabel({}, bar);
    m_durations->setForegroundRole(QPalette::PlaceholderText);
    m_durations->setToolTip(tr("How long the latest sagas took that ended: half of them at most the first time, "
                               "99 of 100 at most the second"));
    layout->addWidget(m_durations);
    m_stepsToggle = new QToolButton(bar);
    m_stepsToggle->setObjectName(QStringLiteral("steps"));
    m_stepsToggle->setText(tr("Steps"));
    m_stepsToggle->setToolTip(tr("Each step: how often it fails, and how long it takes"));
    m_stepsToggle->setCheckable(true);
    m_stepsToggle->setAutoRaise(true);
    layout->addWidget(m_stepsToggle);
    return bar;
}

QWidget* SagasPage::makeSteps()
{
    auto* table = new QTableView(this);
    table->setObjectName(QStringLiteral("stepFigures"));
    table->setModel(&m_steps);
    table->setFrameShape(QFrame::NoFrame);
    table->setShowGrid(false);
    table->setFont(fonts::data());
    table->setAccessibleName(tr("Figures of each step"));
    table->setSelectionMode(QAbstractItemView::NoSelection);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + kRowPadding);
    table->horizontalHeader()->setStretchLastSection(true);
    table->setColumnWidth(models::SagaStepsModel::StepColumn, 240);
    table->setMaximumHeight((fontMetrics().height() + kRowPadding) * (kStepRows + 1) + 4);
    table->hide();
    connect(m_stepsToggle, &QToolButton::toggled, table, &QWidget::setVisible);
    return table;
}

QWidget* SagasPage::makeTable()
{
    m_table = new QTableView(this);
    m_table->setObjectName(QStringLiteral("sagas"));
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new SagaStepsDelegate(m_table));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setAccessibleName(tr("Sagas"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setMinimumSectionSize(18);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + kRowPadding);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    QHeaderView* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setStretchLastSection(true);
    m_table->setColumnWidth(SagaListModel::SagaColumn, 240);
    m_table->setColumnWidth(SagaListModel::StepsColumn, 110);
    m_table->setColumnWidth(SagaListModel::StatusColumn, 120);
    m_table->setColumnWidth(SagaListModel::AgeColumn, 90);
    m_overlay = new StateOverlay(m_table->viewport());
    connect(m_overlay, &StateOverlay::actionTriggered, this, [this] {
        if (m_model.statusFilter()) {
            filterByStatus(std::nullopt);
            return;
        }
        retrySources(m_workspace);
    });
    // Not the current row: a table that gets the focus makes one current that nobody chose.
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        const QModelIndexList rows = m_table->selectionModel()->selectedRows();
        if (!m_restoring && !rows.isEmpty()) {
            m_wantedSaga.clear();
            choose(rows.front().data(SagaListModel::NumberRole).toULongLong());
        }
    });
    connect(m_table, &QTableView::activated, this, [this] { m_gantt->setFocus(); });
    connect(m_table, &QWidget::customContextMenuRequested, this, &SagasPage::showMenu);
    // The view's own handling of a removed row would choose the neighbour.
    connect(&m_model, &QAbstractItemModel::modelReset, this,
        [this] { choose(m_chosen && m_model.rowOf(*m_chosen) ? m_chosen : std::nullopt); });
    return m_table;
}

QWidget* SagasPage::makeKept()
{
    m_keptTable = new QTableView(this);
    m_keptTable->setObjectName(QStringLiteral("keptSagas"));
    m_keptTable->setModel(&m_kept);
    m_keptTable->setFrameShape(QFrame::NoFrame);
    m_keptTable->setShowGrid(false);
    m_keptTable->setAlternatingRowColors(true);
    m_keptTable->setWordWrap(false);
    m_keptTable->setTabKeyNavigation(false);
    m_keptTable->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_keptTable->setAccessibleName(tr("Sagas that frameworks keep as rows"));
    m_keptTable->verticalHeader()->hide();
    m_keptTable->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + kRowPadding);
    m_keptTable->setFont(fonts::data());
    m_keptTable->horizontalHeader()->setHighlightSections(false);
    m_keptTable->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_keptTable->horizontalHeader()->setStretchLastSection(true);
    m_keptTable->setColumnWidth(models::KeptSagasModel::SagaColumn, 240);
    m_keptTable->setColumnWidth(models::KeptSagasModel::TypeColumn, 180);
    m_keptTable->setColumnWidth(models::KeptSagasModel::FoundByColumn, 240);
    m_keptTable->hide();
    return m_keptTable;
}

QWidget* SagasPage::makeDetail()
{
    auto* detail = new QWidget(this);
    detail->setAutoFillBackground(true);
    auto* layout = new QVBoxLayout(detail);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->setSpacing(4);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(14, 0, 14, 0);
    m_title = new ElidedLabel(detail);
    m_title->setFont(fonts::bold());
    m_flow = new QPushButton(tr("Show flow"), detail);
    m_replay = new QPushButton(tr("Replay stream"), detail);
    m_retry = new QPushButton(tr("Retry step…"), detail);
    m_retry->setProperty("role", QStringLiteral("warning"));
    top->addWidget(m_title, 1);
    for (QPushButton* button : {m_flow, m_replay, m_retry}) {
        top->addWidget(button);
    }
    m_problem = new ElidedLabel(detail);
    m_problem->setRole(Role::Warning);
    auto* problemLine = new QHBoxLayout;
    problemLine->setContentsMargins(14, 0, 14, 0);
    problemLine->addWidget(m_problem);
    auto* area = new QScrollArea(detail);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    area->viewport()->setBackgroundRole(QPalette::Window);
    m_gantt = new SagaGantt;
    area->setWidget(m_gantt);
    layout->addLayout(top);
    layout->addLayout(problemLine);
    layout->addWidget(area, 1);
    connect(m_flow, &QPushButton::clicked, this, [this] {
        if (const auto saga = current()) {
            Q_EMIT flowWanted(QString::fromStdString(saga->state.correlationId()));
        }
    });
    connect(m_replay, &QPushButton::clicked, this, [this] {
        if (const auto saga = current()) {
            Q_EMIT replayWanted(m_model.sourceOf(*saga), m_model.streamOf(*saga));
        }
    });
    connect(m_retry, &QPushButton::clicked, this, &SagasPage::askToRetry);
    connect(m_gantt, &SagaGantt::barActivated, this, &SagasPage::askForEvent);
    return detail;
}

} // namespace eventscope::ui
