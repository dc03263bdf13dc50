// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_table/event_columns_model.h"

#include "event_cells.h"
#include "theme/fonts.h"

namespace eventscope::ui {

int EventColumnsModel::rowCount(const QModelIndex&) const
{
    return 0;
}

int EventColumnsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : models::kEventColumns;
}

QVariant EventColumnsModel::data(const QModelIndex&, int) const
{
    return {};
}

QVariant EventColumnsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= models::kEventColumns)
        return {};
    const auto column = static_cast<models::EventColumn>(section);
    const bool number = column == models::EventColumn::Version || column == models::EventColumn::Position
        || column == models::EventColumn::Partition;
    switch (role) {
    case Qt::DisplayRole: return models::titleOf(column);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft));
    default: return {};
    }
}

} // namespace eventscope::ui
