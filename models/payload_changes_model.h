// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/requeue.h"

#include <QAbstractTableModel>
#include <QString>
#include <vector>

namespace eventscope::models {

/// How the payloads of a plan differ from their originals: a row for each place in each letter.
class PayloadChangesModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { LetterColumn, PathColumn, WasColumn, IsColumn, ColumnCount };
    /// int(core::PatchOperation::Kind) of the row.
    enum Roles { KindRole = Qt::UserRole };

    using QAbstractTableModel::QAbstractTableModel;

    void setPlan(const core::RequeuePlan& plan);
    /// The changes of one payload.
    void setChange(const std::string& letter, const std::string& before, const std::string& after);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    /// More rows than that are not made: the plan says how many letters are edited.
    static constexpr std::size_t kMostRows = 1000;

private:
    struct Row {
        QString letter, path, was, is;
        core::PatchOperation::Kind kind = core::PatchOperation::Kind::Replace;
    };
    void add(const std::string& letter, const std::string& before, const std::string& after);

    std::vector<Row> m_rows;
};

} // namespace eventscope::models
