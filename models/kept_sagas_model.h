// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/kept_saga.h"

#include <QAbstractTableModel>
#include <QString>
#include <memory>
#include <string>
#include <vector>

namespace eventscope::models {

/// The sagas that frameworks keep as rows of their own, of all connections. // GUI thread
class KeptSagasModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { SagaColumn, TypeColumn, StatusColumn, FoundByColumn, FrameworkColumn, SourceColumn, ColumnCount };

    /// What one connection last read; another list where anything changed.
    struct Of {
        std::string source;
        std::shared_ptr<const std::vector<core::KeptSaga>> sagas;
        bool operator==(const Of&) const = default;
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// Looks at no saga unless a list is another one, so that it can be told in every frame.
    void setSagas(std::vector<Of> all);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        const std::string* source; // both in m_all
        const core::KeptSaga* saga;
    };
    static QString text(const Row& row, int column);

    std::vector<Of> m_all;
    std::vector<Row> m_rows;
};

} // namespace eventscope::models
