// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kept_sagas_model.h"

#include "plain_text.h"

#include <utility>

namespace eventscope::models {

void KeptSagasModel::setSagas(std::vector<Of> all)
{
    if (all == m_all) {
        return;
    }
    beginResetModel();
    m_all = std::move(all);
    m_rows.clear();
    for (const Of& of : m_all) {
        for (const core::KeptSaga& saga : *of.sagas) {
            m_rows.push_back({&of.source, &saga});
        }
    }
    endResetModel();
}

int KeptSagasModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int KeptSagasModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString KeptSagasModel::text(const Row& row, int column)
{
    const core::KeptSaga& saga = *row.saga;
    switch (column) {
    case SagaColumn: return visibleText(saga.id);
    case TypeColumn: return visibleText(saga.type);
    case StatusColumn: return visibleText(saga.step.empty() ? saga.status : saga.step);
    case FoundByColumn: {
        std::string all;
        for (const auto& [key, value] : saga.associations) {
            all += (all.empty() ? "" : ", ") + key + " = " + value;
        }
        return visibleText(all);
    }
    case FrameworkColumn: return visibleText(saga.framework);
    case SourceColumn: return visibleText(*row.source);
    default: return {};
    }
}

QVariant KeptSagasModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::DisplayRole) {
        return text(row, index.column());
    }
    if (role == Qt::ToolTipRole) {
        return plainToolTip(visibleText(row.saga->state, kTooltipChars, Lines::Keep));
    }
    return {};
}

QVariant KeptSagasModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case SagaColumn: return tr("Kept saga");
    case TypeColumn: return tr("Type");
    case StatusColumn: return tr("State");
    case FoundByColumn: return tr("Found by");
    case FrameworkColumn: return tr("Framework");
    case SourceColumn: return tr("Source");
    default: return {};
    }
}

} // namespace eventscope::models
