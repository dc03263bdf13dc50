// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source_url.h"

#include <QAbstractTableModel>
#include <vector>

namespace eventscope::models {

/// Options as rows of name and value, with an empty row at the end to go on in. The value of a secret
/// option is shown as dots. // GUI thread
class OptionRowsModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Columns { NameColumn, ValueColumn, ColumnCount };
    enum Roles { SecretRole = Qt::UserRole };

    using QAbstractTableModel::QAbstractTableModel;

    void setOptions(std::vector<core::SourceUrl::Option> options);
    /// Rows that have a name, in order.
    std::vector<core::SourceUrl::Option> options() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    bool removeRows(int row, int count, const QModelIndex& parent = {}) override;

Q_SIGNALS:
    void edited();

private:
    std::vector<core::SourceUrl::Option> m_rows; ///< without the empty one at the end
};

} // namespace eventscope::models
