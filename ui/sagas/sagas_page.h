// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frame_bell.h"
#include "inspect/log_worker.h"
#include "inspect/saga_tracker.h"
#include "kept_sagas_model.h"
#include "page.h"
#include "saga_list_model.h"
#include "saga_steps_model.h"

#include <QTimer>
#include <array>
#include <memory>
#include <optional>

class QLabel;
class QPushButton;
class QSplitter;
class QTableView;
class QToolButton;

namespace eventscope::core {
class Workspace;
}

namespace eventscope::ui {

class ElidedLabel;
class SagaGantt;
class StateOverlay;
class StatusFigure;

/// All sagas of the workspace with their steps and status; the chosen one as a chart over time.
class SagasPage final : public Page {
    Q_OBJECT

public:
    /// `workspace` must outlive the page.
    explicit SagasPage(core::Workspace& workspace, QWidget* parent = nullptr);
    ~SagasPage() override;

    QString title() const override { return tr("Sagas"); }
    QLatin1String iconName() const override { return QLatin1String("eventscope-saga"); }
    QString screenshotName() const override { return QStringLiteral("sagas"); }
    int badge() const override { return m_stuck; }
    void focusStart() override;
    void showExample() override;
    bool showSaga(const QString& source, const QString& sagaId) override;

    SagaGantt& gantt() const { return *m_gantt; }
    StatusFigure& figure(core::SagaStatus status) const { return *m_figures[static_cast<std::size_t>(status)]; }
    /// Shows the sagas of that status only; without one, all.
    void filterByStatus(std::optional<core::SagaStatus> status);
    /// The chosen saga, or nullptr.
    models::SagaListModel::Instance current() const;

Q_SIGNALS:
    /// The operator wants the failed compensation of a stuck saga tried again.
    void retryWanted(const QString& source, const QString& sagaId);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* makeFigures();
    QWidget* makeSteps();
    QWidget* makeTable();
    QWidget* makeDetail();
    QWidget* makeKept();
    void refreshKept();
    void refresh();
    void refreshFigures();
    void refreshSteps();
    void refreshState();
    void tick();
    void choose(std::optional<std::size_t> number);
    void showChosen();
    void showTimeline();
    void showActions();
    void showMenu(const QPoint& point);
    bool followsEnd() const;
    void askToRetry();
    void askForEvent(qint64 version);
    const core::SagaInstance* best() const;

    core::Workspace& m_workspace;
    std::shared_ptr<core::SagaTracker> m_tracker;
    models::SagaListModel m_model;
    models::SagaStepsModel m_steps;
    models::KeptSagasModel m_kept;
    QTableView* m_keptTable = nullptr;
    std::array<StatusFigure*, 6> m_figures{};
    QTableView* m_table = nullptr;
    QSplitter* m_splitter = nullptr;
    QWidget* m_detail = nullptr;
    StateOverlay* m_overlay = nullptr;
    ElidedLabel* m_title = nullptr;
    ElidedLabel* m_problem = nullptr;
    QLabel* m_durations = nullptr;
    QToolButton* m_stepsToggle = nullptr;
    QString m_worstStep; ///< what follows the durations
    QPushButton* m_flow = nullptr;
    QPushButton* m_replay = nullptr;
    QPushButton* m_retry = nullptr;
    SagaGantt* m_gantt = nullptr;

    std::optional<std::size_t> m_chosen; ///< SagaInstance::number
    models::SagaListModel::Instance m_drawn;
    QString m_wantedSource, m_wantedSaga; ///< asked for before it turned up
    int m_stuck = 0;
    bool m_restoring = false; ///< the table's selection is being put back: nobody chose anything
    QTimer m_timer;
    models::FrameBell m_bell;
    core::LogWorker m_worker; // after what it reads
};

} // namespace eventscope::ui
