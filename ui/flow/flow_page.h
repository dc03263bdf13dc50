// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_format.h"
#include "flow_model.h"
#include "frame_bell.h"
#include "inspect/flow_tracker.h"
#include "inspect/log_worker.h"
#include "page.h"

#include <QTimer>
#include <memory>
#include <optional>

class QPushButton;
class QSplitter;
class QTreeView;

namespace eventscope::core {
class Workspace;
}

namespace eventscope::ui {

class ElidedLabel;
class FlowView;
class StateOverlay;

/// Everything with one correlation id, of all sources: on an axis of time and as a tree of causes.
class FlowPage final : public Page {
    Q_OBJECT

public:
    /// `workspace` must outlive the page.
    explicit FlowPage(core::Workspace& workspace, QWidget* parent = nullptr);
    ~FlowPage() override;

    QString title() const override { return tr("Flow"); }
    QLatin1String iconName() const override { return QLatin1String("eventscope-flow"); }
    QString screenshotName() const override { return QStringLiteral("flow"); }
    void focusStart() override;
    void showExample() override;
    bool showFlow(const QString& correlationId) override;
    void setUtc(bool utc) override;

    FlowView& view() const { return *m_view; }
    QTreeView& tree() const { return *m_tree; }
    std::optional<core::LogRow> current() const;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* makeBar();
    QWidget* makeTree();
    void refresh();
    void openNew(const QModelIndex& parent, int first, int last);
    void showHeadline();
    void showState();
    void choose(core::LogRow row);
    void askForEvent();
    void askForSaga();
    /// The lane that is a saga's stream; nullptr when no saga leads this flow.
    const core::FlowLane* sagaLane() const;
    QString example() const;

    core::Workspace& m_workspace;
    models::FlowModel m_model;
    std::shared_ptr<core::FlowTracker> m_tracker; ///< nullptr before the first flow
    core::FlowTracker::Result m_shown;
    models::TimeFormat m_time;
    FlowView* m_view = nullptr;
    QTreeView* m_tree = nullptr;
    QSplitter* m_splitter = nullptr;
    StateOverlay* m_overlay = nullptr;
    ElidedLabel* m_headline = nullptr;
    ElidedLabel* m_figures = nullptr;
    QPushButton* m_event = nullptr;
    QPushButton* m_replay = nullptr;
    QPushButton* m_saga = nullptr;
    QTimer m_timer; ///< looks how the sources stand while there is nothing else to see
    models::FrameBell m_bell;
    core::LogWorker m_worker; // after what it reads
};

} // namespace eventscope::ui
