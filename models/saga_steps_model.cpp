// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "saga_steps_model.h"

#include "event_format.h"
#include "plain_text.h"

#include <utility>

namespace eventscope::models {

/// Steps turn up and stay, so rows only come, except for another workspace's.
void SagaStepsModel::setFigures(std::vector<core::SagaStepFigures> figures)
{
    if (figures.size() < m_figures.size()) {
        beginResetModel();
        m_figures = std::move(figures);
        endResetModel();
        return;
    }
    const int before = rowCount();
    const int after = static_cast<int>(figures.size());
    if (after > before) {
        beginInsertRows({}, before, after - 1);
    }
    m_figures = std::move(figures);
    if (after > before) {
        endInsertRows();
    }
    if (before > 0) {
        Q_EMIT dataChanged(index(0, 0), index(before - 1, ColumnCount - 1));
    }
}

int SagaStepsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_figures.size());
}

int SagaStepsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString SagaStepsModel::text(const core::SagaStepFigures& figures, int column) const
{
    switch (column) {
    case StepColumn: return visibleText(figures.name);
    case RunsColumn: return formatCount(figures.runs);
    case FailsColumn: return formatShare(figures.failedShare());
    case CompensatedColumn: return formatCount(figures.compensated);
    case AttemptsColumn:
        return QString::number(static_cast<double>(figures.attempts) / static_cast<double>(figures.runs), 'f', 2);
    case P50Column: return formatDuration(figures.p50);
    case P95Column: return formatDuration(figures.p95);
    case P99Column: return formatDuration(figures.p99);
    default: return {};
    }
}

QVariant SagaStepsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || static_cast<std::size_t>(index.row()) >= m_figures.size()) {
        return {};
    }
    if (role == Qt::TextAlignmentRole && index.column() != StepColumn) {
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    }
    return role == Qt::DisplayRole ? text(m_figures[static_cast<std::size_t>(index.row())], index.column())
                                   : QVariant();
}

QVariant SagaStepsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole && section != StepColumn) {
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case StepColumn: return tr("Step");
    case RunsColumn: return tr("Runs");
    case FailsColumn: return tr("Fails");
    case CompensatedColumn: return tr("Taken back");
    case AttemptsColumn: return tr("Attempts");
    case P50Column: return tr("p50");
    case P95Column: return tr("p95");
    case P99Column: return tr("p99");
    default: return {};
    }
}

} // namespace eventscope::models
