// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connection_checker.h"
#include "connection_profiles_model.h"
#include "source_choices_model.h"

#include <QDialog>

class QLabel;
class QListView;
class QPushButton;

namespace eventscope::ui {

class CheckPanel;
class ProfileForm;

/// Where connections are made, tried, saved, edited and removed. It asks for all of that by signals;
/// nothing in it waits. // GUI thread
class ConnectDialog final : public QDialog {
    Q_OBJECT

public:
    /// All must outlive the dialog.
    ConnectDialog(
        const models::ConnectionProfilesModel& profiles, models::ConnectionChecker& checker, QWidget* parent = nullptr);
    ~ConnectDialog() override;

    void setFound(std::vector<core::FoundSource> found);
    /// Begins with the saved profile, or with a new one of the technology.
    void edit(const QString& id);
    void beginNew(core::SourceScheme scheme);
    /// Says what became of something that was asked for.
    void say(const QString& sentence);
    /// The profile as it was saved, with its id.
    void noteSaved(const models::ConnectionProfile& profile);

    ProfileForm* form() const { return m_form; }
    CheckPanel* checkPanel() const { return m_check; }
    QListView* choices() const { return m_choices; }

Q_SIGNALS:
    void testWanted(const models::ConnectionProfile& profile);
    void saveWanted(const models::ConnectionProfile& profile);
    void removeWanted(const QString& id);
    void connectWanted(const models::ConnectionProfile& profile);

private:
    void choose(const QModelIndex& index);
    void updateButtons();
    void test();

    models::ConnectionChecker& m_checker;
    models::SourceChoicesModel m_model;
    QListView* m_choices;
    ProfileForm* m_form;
    CheckPanel* m_check;
    QLabel* m_hint;
    QPushButton* m_remove;
    QPushButton* m_test;
    QPushButton* m_save;
    QPushButton* m_connect;
};

} // namespace eventscope::ui
