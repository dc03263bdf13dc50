// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dead_letters_seen.h"

#include <QAbstractListModel>
#include <QString>

namespace eventscope::models {

/// Dead letters by cause, the largest group first. Rows of the same causes in the same order change
/// in place, so that a selection stays. // GUI thread
class DeadLetterGroupsModel final : public QAbstractListModel {
    Q_OBJECT

public:
    enum Roles {
        MessageRole = Qt::UserRole, ///< QString, ids blanked; may be empty
        OriginRole,                 ///< QString, with the source where there are several
        CountRole,                  ///< qulonglong
        TrendRole,                  ///< int of core::Trend
        TrendTextRole,              ///< "↗ rising"
    };

    using QAbstractListModel::QAbstractListModel;

    void setSeen(DeadLettersSeenPtr seen);

    const DeadLettersSeen::Group* group(const QModelIndex& index) const;
    const DeadLettersSeen::Desk* desk(const QModelIndex& index) const;
    /// Names the group from look to look; empty for no index.
    QString key(const QModelIndex& index) const;
    QModelIndex indexOf(const QString& key) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    DeadLettersSeenPtr m_seen;
};

} // namespace eventscope::models
