// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dead_letter_groups_model.h"
#include "dead_letters_model.h"
#include "inspect/json_patch.h"
#include "page.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

class QCheckBox;
class QListView;
class QPushButton;
class QSplitter;
class QTreeView;

namespace eventscope::models {
class DeadLetterSession;
}

namespace eventscope::ui {

class ChromePanel;
class DoubtBar;
class ElidedLabel;
class LetterDetail;
class NoticeLine;
class RequeuePlanPanel;
class RunPanel;
class StateOverlay;

/// Dead letters by cause; the letters of one cause; the selected letter; and the way out: plan, dry
/// run, send, discard and undo. Sends and discards only what is ticked, and only at unlocked sources.
class DeadLettersPage final : public Page {
    Q_OBJECT

public:
    /// The session outlives the page.
    explicit DeadLettersPage(models::DeadLetterSession& session, QWidget* parent = nullptr);

    QString title() const override { return tr("Dead letters"); }
    QLatin1String iconName() const override { return QLatin1String("eventscope-dead-letter"); }
    int badge() const override { return m_badge; }
    QString screenshotName() const override { return QStringLiteral("dead-letters"); }
    void focusStart() override;
    void showExample() override;
    void setUtc(bool utc) override;

Q_SIGNALS:
    /// The user wants to write to this source.
    void unlockWanted(const QString& source);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeGroups();
    QWidget* makeLetters();
    QWidget* makeHeader();
    QWidget* makeLockBar();
    QWidget* makeConfirmBar();
    void connectPanels();

    void takeSeen();
    void showState();
    void chooseGroup(const QModelIndex& index);
    void refreshGroup();
    void examineGroup();
    void showHeader();
    void showLetter();
    void showLock();
    void showActivity();
    void toggleSelected();

    void openPlan(bool resend);
    void askDiscard(std::vector<core::DeadLetter> letters);
    void discardAsked();
    void closePlan();
    void editPayload();
    void applyEdit(const core::DeadLetter& letter, const std::string& payload);
    void applyToTicked(const core::DeadLetter& edited, const core::JsonPatch& changes);
    void noteEdits();
    std::vector<core::DeadLetter> lettersInDoubt() const;
    void showDoubts();
    void settleDoubts();
    void resendDoubts();
    void showNewerEvents(const core::DeadLetter& letter);
    std::string source() const;
    /// Why nothing can be sent or discarded at the chosen source; empty when it can.
    QString whyBlocked() const;

    models::DeadLetterSession& m_session;
    models::DeadLetterGroupsModel* m_groups;
    models::DeadLettersModel* m_letters;
    models::TimeFormat m_format;
    int m_badge = 0;
    bool m_taking = false;
    QString m_groupKey;
    std::string m_letterId;
    std::map<std::string, std::string, std::less<>> m_edits; ///< payloads to send, by letter id
    std::vector<core::DeadLetter> m_planned;                 ///< what the plan was asked for
    std::string m_plannedSource;
    std::vector<core::DeadLetter> m_toDiscard; ///< what the confirmation was asked for
    std::string m_discardSource;

    QListView* m_groupList = nullptr;
    NoticeLine* m_problem = nullptr;
    QWidget* m_upper = nullptr; ///< header, table and detail: what the panels below do not cover
    QCheckBox* m_all = nullptr;
    ElidedLabel* m_heading = nullptr;
    ElidedLabel* m_when = nullptr;
    QPushButton* m_edit = nullptr;
    QPushButton* m_discard = nullptr;
    QPushButton* m_requeue = nullptr;
    DoubtBar* m_doubtBar = nullptr;
    ChromePanel* m_lockBar = nullptr;
    NoticeLine* m_lockText = nullptr;
    QTreeView* m_table = nullptr;
    LetterDetail* m_detail = nullptr;
    ChromePanel* m_confirmBar = nullptr;
    NoticeLine* m_confirmText = nullptr;
    QPushButton* m_confirm = nullptr;
    RequeuePlanPanel* m_plan = nullptr;
    RunPanel* m_run = nullptr;
    NoticeLine* m_refusal = nullptr;
    StateOverlay* m_overlay = nullptr;      ///< over all
    StateOverlay* m_upperOverlay = nullptr; ///< while a panel below has something to say
};

} // namespace eventscope::ui
