// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connection_profile.h"

#include <QAbstractListModel>
#include <QString>
#include <optional>
#include <vector>

class QSettings;

namespace eventscope::models {

/// The sources that somebody saved, by name. Neither it nor the settings it is kept in ever hold a
/// secret. // GUI thread
class ConnectionProfilesModel final : public QAbstractListModel {
    Q_OBJECT

public:
    enum Roles { IdRole = Qt::UserRole, WhereRole, SchemeRole, ColourRole, ProductionRole };

    using QAbstractListModel::QAbstractListModel;

    const std::vector<ConnectionProfile>& profiles() const { return m_profiles; }
    std::optional<ConnectionProfile> find(const QString& id) const;

    /// Adds it, or replaces the one of its id; the id that it has from now on.
    QString put(const ConnectionProfile& profile);
    void remove(const QString& id);
    /// Whether one other than `id` signs in to that account: its password is theirs as well.
    bool anotherUses(const std::string& account, const QString& id) const;

    void load(QSettings& settings);
    void save(QSettings& settings) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    /// Something was put or removed by somebody, not loaded: it is worth saving.
    void edited();

private:
    std::size_t insertSorted(ConnectionProfile profile);

    std::vector<ConnectionProfile> m_profiles;
};

} // namespace eventscope::models
