// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_format.h"
#include "page.h"
#include "replay_session.h"

#include <QTimer>
#include <memory>
#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;
class QListView;
class QTableView;
class QToolButton;

namespace eventscope::core {
class Workspace;
}

namespace eventscope::models {
class FrameBell;
class JsonTreeModel;
class ReplayEventsModel;
class ReplayHistoryModel;
} // namespace eventscope::models

namespace eventscope::ui {

class JsonTreeView;
class StateOverlay;
class StepSlider;

/// One stream, step by step: its events, the state before and after with what changed, the history of
/// a path, and what if an event had not happened. Keys: ← → Home End step, Space plays.
class ReplayPage final : public Page {
    Q_OBJECT

public:
    explicit ReplayPage(core::Workspace& workspace, QWidget* parent = nullptr);
    ~ReplayPage() override;

    QString title() const override { return tr("Replay"); }
    QLatin1String iconName() const override { return QLatin1String("eventscope-replay"); }
    QString screenshotName() const override { return QStringLiteral("replay"); }
    void focusStart() override;
    void showExample() override;
    void setUtc(bool utc) override;
    bool showStream(const QString& source, const QString& stream) override;

    /// Opens a stream and goes to that version; to its end unless given.
    void replay(const QString& source, const QString& stream, std::optional<std::int64_t> version = {});

    /// Offers reducers of files ("from file…"); the factory is called on a thread of its own.
    void setReducerFactory(models::ReplaySession::ReducerFactory factory);
    /// Goes to a version ("3"), or to the last event at or before a time ("09:14:02"). False, with a
    /// sentence beside the field, when there is none.
    bool jumpTo(const QString& text);

    std::size_t step() const;
    void goTo(std::size_t step);
    bool isPlaying() const { return m_playTimer.isActive(); }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void setUpLayout();
    QWidget* makeHeading();
    QWidget* makeTransport();
    QWidget* makeBody();
    QWidget* makeStates();
    QWidget* makeHistory();
    void connectSession();
    void showIdle();
    void addShortcuts();
    void takeStream(std::shared_ptr<const models::ReplayStream> stream);
    void showStep(std::shared_ptr<const core::ReplayStep> step);
    void showTrees(const core::ReplayStep& step);
    void showComparison(const core::ReplayStep& step);
    void compare(bool on);
    void toggleEvent();
    void editEvent();
    void showEditor(std::size_t step, const QByteArray& original, const QByteArray& present);
    void insertEvent();
    void revertEvent();
    void exportTest(bool asLines, bool toFile);
    void takeExport(const QByteArray& text);
    void chooseReducer(const QString& name);
    void addEventActions();
    void showPath(const QModelIndex& index);
    void stepBy(int steps);
    void play(bool on);
    void playNext();
    void showPlaying();
    std::chrono::milliseconds delayToNext() const;
    void follow(); ///< the stream may have grown

    core::Workspace& m_workspace;
    models::TimeFormat m_format;
    models::ReplaySession* m_session;
    models::FrameBell* m_bell;
    models::ReplayEventsModel* m_events;
    models::ReplayHistoryModel* m_history;
    models::JsonTreeModel* m_before;
    models::JsonTreeModel* m_after;
    QLabel* m_name;
    QLabel* m_summary;
    QComboBox* m_reducer;
    QToolButton* m_compare;
    QLineEdit* m_jump;
    QLabel* m_place;
    QComboBox* m_speed;
    QToolButton* m_play;
    StepSlider* m_slider;
    QListView* m_list;
    QLabel* m_beforeTitle;
    QLabel* m_afterTitle;
    QLabel* m_refusal;
    JsonTreeView* m_beforeView;
    JsonTreeView* m_afterView;
    QLabel* m_historyTitle;
    QTableView* m_historyView;
    QLineEdit* m_find;
    QLabel* m_findAnswer;
    StateOverlay* m_overlay;
    bool m_isIdle = true; ///< nobody has asked for a stream
    QTimer m_idleTimer;
    QTimer m_playTimer;
    std::shared_ptr<const models::ReplayStream> m_stream;
    std::shared_ptr<const core::ReplayStep> m_shown;
    std::optional<std::int64_t> m_wantedVersion;
    QString m_exportFile; ///< empty: to the clipboard
    QString m_path = QStringLiteral("/status");
};

} // namespace eventscope::ui
