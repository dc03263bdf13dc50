// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/saga_tracker.h"

#include <QAbstractTableModel>
#include <vector>

namespace eventscope::models {

/// A row a step: how often it ran, failed and was taken back, and how long it takes. // GUI thread
class SagaStepsModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column {
        StepColumn,
        RunsColumn,
        FailsColumn,
        CompensatedColumn,
        AttemptsColumn,
        P50Column,
        P95Column,
        P99Column,
        ColumnCount
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setFigures(std::vector<core::SagaStepFigures> figures);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString text(const core::SagaStepFigures& figures, int column) const;

    std::vector<core::SagaStepFigures> m_figures;
};

} // namespace eventscope::models
