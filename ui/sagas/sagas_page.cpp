// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sagas/sagas_page.h"

#include "event_format.h"
#include "inspect/connection.h"
#include "inspect/workspace.h"
#include "plain_text.h"
#include "saga_words.h"
#include "sagas/saga_gantt.h"
#include "sagas/status_figure.h"
#include "shell/state_overlay.h"
#include "shell/waiting_state.h"
#include "widgets/labels.h"

#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace eventscope::ui {

using namespace std::chrono_literals;
using models::SagaListModel;

namespace {

constexpr auto kFrame = 50ms;
constexpr auto kTick = 500ms;       // ages, locks
constexpr auto kGrowingTick = 50ms; // a bar that grows

} // namespace

SagasPage::SagasPage(core::Workspace& workspace, QWidget* parent)
    : Page(parent)
    , m_workspace(workspace)
    , m_tracker(std::make_shared<core::SagaTracker>())
    , m_model(workspace.log(), *m_tracker)
    , m_bell(kFrame)
    , m_worker(workspace.log())
{
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(makeTable());
    m_detail = makeDetail();
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setSizes({400, 260});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeFigures());
    layout->addWidget(makeSteps());
    layout->addWidget(new Hairline(Qt::Horizontal, this));
    layout->addWidget(m_splitter, 1);
    layout->addWidget(makeKept());
    choose(std::nullopt);

    m_bell.attach([this](auto ring) { return m_tracker->onChanged(std::move(ring)); });
    // The log too: a page that waits for the first saga says so.
    m_bell.attach([this](auto ring) { return m_workspace.log().onAppended(std::move(ring)); });
    m_bell.attach([this](auto ring) { return m_workspace.onConnectionsChanged(std::move(ring)); });
    connect(&m_bell, &models::FrameBell::rang, this, &SagasPage::refresh);
    connect(&m_timer, &QTimer::timeout, this, &SagasPage::tick);
    m_worker.add(m_tracker);
    refresh();
}

SagasPage::~SagasPage() = default;

void SagasPage::refresh()
{
    // While hidden only the badge is kept; the rows come when somebody looks.
    refreshFigures();
    refreshKept();
    if (!isVisible()) {
        return;
    }
    const bool follow = followsEnd();
    if (!m_model.refresh()) {
        m_bell.ring(); // the rest in the next frame
    }
    if (follow) {
        m_table->scrollToBottom();
    }
    if (!m_wantedSaga.isEmpty()) {
        showSaga(m_wantedSource, m_wantedSaga);
    }
    if (m_chosen && m_model.saga(*m_chosen) != m_drawn) {
        showChosen();
    }
    refreshState();
}

void SagasPage::refreshKept()
{
    std::vector<models::KeptSagasModel::Of> all;
    for (const auto& connection : m_workspace.connections()) {
        all.push_back({connection->name(), connection->keptSagas()});
    }
    m_kept.setSagas(std::move(all));
    m_keptTable->setVisible(m_kept.rowCount() > 0);
    constexpr int kShown = 6;
    const int shown = std::min(m_kept.rowCount(), kShown);
    m_keptTable->setFixedHeight(m_keptTable->horizontalHeader()->sizeHint().height()
        + shown * m_keptTable->verticalHeader()->defaultSectionSize() + 4);
}

void SagasPage::refreshFigures()
{
    const core::SagaFigures figures = m_tracker->figures();
    for (std::size_t status = 0; status < m_figures.size(); ++status) {
        m_figures[status]->setCount(figures.byStatus[status]);
    }
    m_durations->setVisible(figures.ended > 0);
    m_durations->setText(
        tr("p50 %1 · p99 %2").arg(models::formatDuration(figures.p50), models::formatDuration(figures.p99))
        + m_worstStep);
    m_stepsToggle->setVisible(figures.ended > 0);
    const auto stuck = static_cast<int>(figures.of(core::SagaStatus::Stuck));
    if (std::exchange(m_stuck, stuck) != stuck) {
        Q_EMIT badgeChanged(stuck);
    }
}

void SagasPage::refreshSteps()
{
    const std::vector<core::SagaStepFigures> steps = m_tracker->stepFigures();
    const auto worst = std::ranges::max_element(steps, {}, &core::SagaStepFigures::failedShare);
    m_worstStep = worst == steps.end() || worst->failed == 0
        ? QString()
        : tr(" · %1 fails %2").arg(models::visibleText(worst->name, 40), models::formatShare(worst->failedShare()));
    m_steps.setFigures(steps);
}

void SagasPage::refreshState()
{
    const bool isEmpty = m_model.rowCount() == 0;
    m_detail->setVisible(!isEmpty || m_chosen);
    if (!isEmpty) {
        m_overlay->showNothing();
        return;
    }
    if (m_tracker->count() > 0 && m_model.statusFilter()) {
        m_overlay->showEmpty(tr("No saga is %1").arg(models::sagaStatusText(*m_model.statusFilter())),
            tr("They turn up here as soon as there are any."), tr("Show all"));
        return;
    }
    if (m_tracker->scanned() < m_workspace.log().size()) {
        m_overlay->showBusy(tr("Looking for sagas…"));
        return;
    }
    if (showWhyNothingCame(*m_overlay, m_workspace)) {
        return;
    }
    m_overlay->showEmpty(tr("No sagas yet"),
        tr("A saga is a stream whose name begins with “saga-”. As soon as a source delivers one, it is here."));
}

void SagasPage::tick()
{
    const QRect seen = m_table->viewport()->rect();
    const int last = m_table->rowAt(seen.bottom());
    m_model.setNow(m_workspace.clock().now(), m_table->rowAt(seen.top()), last < 0 ? m_model.rowCount() - 1 : last);
    showActions();
    refreshSteps();
    if (m_model.rowCount() == 0) {
        refreshState(); // how the sources stand changes without an event
    }
    if (m_drawn && m_gantt->timeline().grows) {
        showTimeline();
    }
    const auto interval = m_gantt->timeline().grows ? kGrowingTick : kTick;
    if (m_timer.intervalAsDuration() != interval) {
        m_timer.start(interval);
    }
}

bool SagasPage::followsEnd() const
{
    const QScrollBar* bar = m_table->verticalScrollBar();
    return bar->value() == bar->maximum() && !m_chosen && !m_table->viewport()->underMouse();
}

models::SagaListModel::Instance SagasPage::current() const
{
    return m_chosen ? m_model.saga(*m_chosen) : nullptr;
}

void SagasPage::choose(std::optional<std::size_t> number)
{
    m_chosen = number;
    m_model.keep(number);
    if (const std::optional<int> row = number ? m_model.rowOf(*number) : std::nullopt;
        row && !m_table->selectionModel()->isRowSelected(*row)) {
        m_restoring = true;
        m_table->setCurrentIndex(m_model.index(*row, SagaListModel::SagaColumn));
        m_restoring = false;
    }
    showChosen();
}

void SagasPage::showChosen()
{
    m_drawn = current();
    if (!m_drawn) {
        m_title->setText(tr("Choose a saga to see its steps over time"));
        m_problem->hide();
        m_gantt->setTimeline({});
    } else {
        const core::SagaState& state = m_drawn->state;
        const QString type = QString::fromStdString(state.type());
        const QString status = state.hasStarted() ? models::sagaStatusText(state.status()) : tr("unknown");
        m_title->setText(tr("%1, %2").arg(type.isEmpty() ? m_model.nameOf(*m_drawn) : type, status));
        const QString problem = QString::fromStdString(m_drawn->problem());
        m_problem->setText(problem);
        m_problem->setVisible(!problem.isEmpty());
        showTimeline();
    }
    showActions();
}

void SagasPage::showTimeline()
{
    m_gantt->setTimeline(models::sagaTimeline(m_drawn->state, m_workspace.clock().now()));
    if (m_gantt->timeline().grows && isVisible() && m_timer.intervalAsDuration() != kGrowingTick) {
        m_timer.start(kGrowingTick);
    }
}

void SagasPage::showActions()
{
    m_flow->setEnabled(m_drawn && !m_drawn->state.correlationId().empty());
    m_replay->setEnabled(m_drawn != nullptr);
    QString why;
    if (!m_drawn || !m_drawn->state.hasStarted() || m_drawn->state.status() != core::SagaStatus::Stuck) {
        why = tr("Only a saga that is stuck can be retried");
    } else {
        const auto connection = m_workspace.connection(m_model.sourceOf(*m_drawn).toStdString());
        if (!connection) {
            why = tr("Its source is no longer connected");
        } else if (!connection->isUnlocked()) {
            why = tr("The source is read-only: unlock it first");
        }
    }
    m_retry->setEnabled(why.isEmpty());
    m_retry->setToolTip(why.isEmpty() ? tr("Try the compensation again that failed for good") : why);
}

void SagasPage::askToRetry()
{
    if (const auto saga = current(); saga && m_retry->isEnabled()) {
        Q_EMIT retryWanted(m_model.sourceOf(*saga), QString::fromStdString(saga->state.id()));
    }
}

void SagasPage::askForEvent(qint64 version)
{
    const auto saga = current();
    // rows holds the versions from 1 on without a gap.
    if (saga && version >= 1 && static_cast<std::size_t>(version) <= saga->rows.size()) {
        Q_EMIT eventWanted(saga->rows[static_cast<std::size_t>(version) - 1]);
    }
}

void SagasPage::showMenu(const QPoint& point)
{
    if (!m_table->indexAt(point).isValid()) {
        return;
    }
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (QPushButton* button : {m_flow, m_replay, m_retry}) {
        menu->addAction(button->text(), button, &QPushButton::click)->setEnabled(button->isEnabled());
    }
    menu->popup(m_table->viewport()->mapToGlobal(point));
}

void SagasPage::filterByStatus(std::optional<core::SagaStatus> status)
{
    for (std::size_t i = 0; i < m_figures.size(); ++i) {
        m_figures[i]->setChecked(status && static_cast<std::size_t>(*status) == i);
    }
    m_model.setStatusFilter(status);
    refreshState();
}

bool SagasPage::showSaga(const QString& source, const QString& sagaId)
{
    while (!m_model.refresh()) { }
    const auto saga = m_model.find(source, sagaId);
    if (!saga) {
        m_wantedSource = source;
        m_wantedSaga = sagaId;
        return true;
    }
    m_wantedSaga.clear();
    if (!m_model.rowOf(saga->number)) {
        filterByStatus(std::nullopt);
    }
    choose(saga->number);
    m_table->scrollTo(m_table->currentIndex(), QAbstractItemView::PositionAtCenter);
    return true;
}

const core::SagaInstance* SagasPage::best() const
{
    // The more went on in it, the more there is to see.
    const core::SagaInstance* best = nullptr;
    const auto worth = [](const core::SagaInstance& saga) {
        const bool turned = saga.state.cause().has_value();
        return saga.rows.size() + (turned ? 100 : 0) + (saga.state.hasEnded() ? 0 : 20);
    };
    const int last = m_model.rowCount();
    for (int row = std::max(0, last - 500); row < last; ++row) {
        const core::SagaInstance& saga = *m_model.at(row);
        if (saga.state.hasStarted() && (!best || worth(saga) >= worth(*best))) {
            best = &saga;
        }
    }
    return best;
}

void SagasPage::showExample()
{
    m_model.refresh();
    if (const core::SagaInstance* saga = best()) {
        choose(saga->number);
        m_table->scrollTo(m_table->currentIndex(), QAbstractItemView::PositionAtCenter);
    }
    refreshState();
}

void SagasPage::focusStart()
{
    m_table->setFocus();
}

void SagasPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    refresh();
    tick();
    m_timer.start(kTick);
}

void SagasPage::hideEvent(QHideEvent* event)
{
    m_timer.stop();
    Page::hideEvent(event);
}

} // namespace eventscope::ui
