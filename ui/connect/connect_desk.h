// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connection_checker.h"
#include "connection_profiles_model.h"
#include "secret_keeper.h"

#include <QObject>
#include <QPointer>
#include <QThreadPool>
#include <functional>
#include <stop_token>
#include <vector>

class QWidget;

namespace eventscope::ui {

class ConnectDialog;

/// What connecting needs of the program around the window; whatever is missing is not offered.
struct ConnectServices {
    core::SourceCheck check;
    /// Adds the profile, secrets and all, as a connection of the workspace.
    std::function<core::Status(const models::ConnectionProfile& profile)> open;
    std::function<std::vector<core::FoundSource>(const std::stop_token&)> find; // any thread
    /// Whether somebody would have to be asked: the environment may know the password.
    std::function<bool(const core::SourceUrl&)> wantsPassword;
    models::SecretKeeper* secrets = nullptr;
    /// Where nobody keeps the password, it is worth trying without.
    std::function<bool(const core::SourceUrl&)> hasKnownPassword{};
};

/// Opens saved and new sources: finds their passwords or asks for them, shows the dialog they are made
/// in, and keeps the saved ones. // GUI thread
class ConnectDesk final : public QObject {
    Q_OBJECT

public:
    /// `window` is what dialogs stand before; it must outlive the desk.
    ConnectDesk(ConnectServices services, QWidget* window);
    ~ConnectDesk() override;

    models::ConnectionProfilesModel& profiles() { return m_profiles; }
    ConnectDialog* dialog() const; ///< nullptr while it is closed

    void showDialog();
    /// The dialog with the saved profile in it.
    void edit(const QString& id);
    void connectToSaved(const QString& id);
    void connectTo(const models::ConnectionProfile& profile);
    void connectAtStart();
    /// Asks first.
    void remove(const QString& id);

Q_SIGNALS:
    void said(const QString& sentence);
    void failed(const QString& where, const QString& sentence);

private:
    ConnectDialog* makeDialog();
    void lookAround();
    void test(const models::ConnectionProfile& profile);
    void save(const models::ConnectionProfile& profile);
    void forget(const models::ConnectionProfile& profile);
    void ask(const models::ConnectionProfile& profile);
    void open(const models::ConnectionProfile& profile);
    void noteKeyChain(const core::Status& answer);
    bool mustAsk(const models::ConnectionProfile& profile) const;

    const ConnectServices m_services;
    QWidget* m_window;
    models::ConnectionProfilesModel m_profiles;
    models::ConnectionChecker m_checker;
    QPointer<ConnectDialog> m_dialog;
    bool m_hasKeyChain;
    std::stop_source m_stop;
    QThreadPool m_pool; // last: its threads use the above
};

} // namespace eventscope::ui
