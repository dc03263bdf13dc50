// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connection_profiles_model.h"
#include "inspect/source_check.h"

#include <QAbstractListModel>
#include <vector>

namespace eventscope::models {

/// What a new connection can begin with, under headings: the saved sources, those that this machine
/// mentions, and one of each technology. // GUI thread
class SourceChoicesModel final : public QAbstractListModel {
    Q_OBJECT

public:
    enum class Kind { Heading, Saved, Found, New };
    Q_ENUM(Kind)
    enum Roles { KindRole = Qt::UserRole, SchemeRole, IdRole, ProductionRole, ColourRole, DetailRole };

    /// `profiles` must outlive the model.
    explicit SourceChoicesModel(const ConnectionProfilesModel& profiles, QObject* parent = nullptr);

    void setFound(std::vector<core::FoundSource> found);
    /// The profile to begin with: a saved one, or one that is not saved yet.
    ConnectionProfile profileAt(const QModelIndex& index) const;
    QModelIndex savedIndex(const QString& id) const;
    QModelIndex newIndex(core::SourceScheme scheme) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    struct Row {
        Kind kind = Kind::Heading;
        QString text, detail;
        ConnectionProfile profile{};
    };
    void rebuild();

    const ConnectionProfilesModel& m_profiles;
    std::vector<core::FoundSource> m_found;
    std::vector<Row> m_rows;
};

} // namespace eventscope::models
