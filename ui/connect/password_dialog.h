// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connection_profile.h"

#include <QDialog>
#include <utility>
#include <vector>

class QCheckBox;
class QLineEdit;

namespace eventscope::ui {

/// Asks for what a profile lacks of its secrets, when it is opened. // GUI thread
class PasswordDialog final : public QDialog {
    Q_OBJECT

public:
    /// `canKeep`: there is a key chain that they could be kept in.
    PasswordDialog(const models::ConnectionProfile& profile, bool canKeep, QWidget* parent = nullptr);

    /// The profile with what was typed in its URL.
    models::ConnectionProfile filled() const;
    bool keepsIt() const;

private:
    models::ConnectionProfile m_profile;
    std::vector<std::pair<QString, QLineEdit*>> m_edits; ///< by option; empty: the password
    QCheckBox* m_keep;
};

} // namespace eventscope::ui
