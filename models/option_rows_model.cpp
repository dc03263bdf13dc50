// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "option_rows_model.h"

#include "plain_text.h"

#include <QString>
#include <utility>

namespace eventscope::models {

namespace {
const QString kDots = QStringLiteral("••••••");
}

void OptionRowsModel::setOptions(std::vector<core::SourceUrl::Option> options)
{
    if (options == m_rows) {
        return;
    }
    beginResetModel();
    m_rows = std::move(options);
    endResetModel();
}

std::vector<core::SourceUrl::Option> OptionRowsModel::options() const
{
    std::vector<core::SourceUrl::Option> options;
    for (const auto& row : m_rows) {
        if (!row.first.empty()) {
            options.push_back(row);
        }
    }
    return options;
}

int OptionRowsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size()) + 1;
}

int OptionRowsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant OptionRowsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const auto row = static_cast<std::size_t>(index.row());
    if (row >= m_rows.size()) {
        return role == Qt::DisplayRole || role == Qt::EditRole ? QVariant(QString()) : QVariant();
    }
    const auto& [name, value] = m_rows[row];
    const bool secret = core::isSecretOption(name);
    const QString text = QString::fromStdString(index.column() == NameColumn ? name : value);
    switch (role) {
    case Qt::DisplayRole: return index.column() == ValueColumn && secret && !value.empty() ? kDots : visibleText(text);
    case Qt::EditRole: return text;
    case SecretRole: return secret;
    default: return {};
    }
}

QVariant OptionRowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    return section == NameColumn ? tr("Option") : tr("Value");
}

Qt::ItemFlags OptionRowsModel::flags(const QModelIndex& index) const
{
    return index.isValid() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsEditable : Qt::NoItemFlags;
}

bool OptionRowsModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (!index.isValid() || role != Qt::EditRole) {
        return false;
    }
    const std::string text = value.toString().trimmed().toStdString();
    const auto row = static_cast<std::size_t>(index.row());
    if (row == m_rows.size()) {
        if (text.empty()) {
            return false;
        }
        beginInsertRows({}, index.row() + 1, index.row() + 1); // the empty one moves down
        m_rows.emplace_back();
        endInsertRows();
    }
    (index.column() == NameColumn ? m_rows[row].first : m_rows[row].second) = text;
    Q_EMIT dataChanged(this->index(index.row(), 0), this->index(index.row(), ColumnCount - 1));
    Q_EMIT edited();
    return true;
}

bool OptionRowsModel::removeRows(int row, int count, const QModelIndex& parent)
{
    if (parent.isValid() || row < 0 || count <= 0
        || static_cast<std::size_t>(row) + static_cast<std::size_t>(count) > m_rows.size()) {
        return false;
    }
    beginRemoveRows({}, row, row + count - 1);
    m_rows.erase(m_rows.begin() + row, m_rows.begin() + row + count);
    endRemoveRows();
    Q_EMIT edited();
    return true;
}

} // namespace eventscope::models
