// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_table/event_columns_model.h"

#include "event_cells.h"
#include "plain_text.h"

#include <utility>

namespace eventscope::ui {

void EventColumnsModel::addField(core::RowField field)
{
    const int section = columnCount();
    beginInsertColumns({}, section, section);
    m_fields.push_back(std::move(field));
    endInsertColumns();
}

void EventColumnsModel::removeField(std::size_t index)
{
    const int section = static_cast<int>(models::fieldColumn(index));
    beginRemoveColumns({}, section, section);
    m_fields.erase(m_fields.begin() + static_cast<std::ptrdiff_t>(index));
    endRemoveColumns();
}

int EventColumnsModel::rowCount(const QModelIndex&) const
{
    return 0;
}

int EventColumnsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : models::kEventColumns + static_cast<int>(m_fields.size());
}

QVariant EventColumnsModel::data(const QModelIndex&, int) const
{
    return {};
}

QVariant EventColumnsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const auto column = static_cast<models::EventColumn>(section);
    if (models::isFieldColumn(column)) {
        const core::RowField& field = m_fields[models::fieldOf(column)];
        switch (role) {
        case Qt::DisplayRole: return models::visibleText(field.shortName(), 60);
        case Qt::ToolTipRole: return models::plainToolTip(QString::fromStdString(field.text()));
        case Qt::TextAlignmentRole: return QVariant::fromValue(Qt::AlignVCenter | Qt::AlignLeft);
        default: return {};
        }
    }
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
