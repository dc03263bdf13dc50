// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/kept_saga.h"

#include <QAbstractTableModel>
#include <QString>
#include <string>
#include <vector>

namespace eventscope::models {

/// The sagas that frameworks keep as rows of their own, of all connections. // GUI thread
class KeptSagasModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { SagaColumn, TypeColumn, StatusColumn, FoundByColumn, FrameworkColumn, SourceColumn, ColumnCount };

    struct Row {
        std::string source;
        core::KeptSaga saga;
        bool operator==(const Row&) const = default;
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setRows(std::vector<Row> rows);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString text(const Row& row, int column) const;

    std::vector<Row> m_rows;
};

} // namespace eventscope::models
