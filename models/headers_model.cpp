// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "headers_model.h"

#include "plain_text.h"

namespace eventscope::models {

void HeadersModel::setHeaders(Headers headers)
{
    beginResetModel();
    m_headers = std::move(headers);
    endResetModel();
}

int HeadersModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_headers.size());
}

int HeadersModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant HeadersModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || static_cast<std::size_t>(index.row()) >= m_headers.size()) {
        return {};
    }
    const auto& [name, value] = m_headers[static_cast<std::size_t>(index.row())];
    const std::string& text = index.column() == NameColumn ? name : value;
    switch (role) {
    case Qt::DisplayRole: return visibleText(text);
    case Qt::ToolTipRole: return plainToolTip(visibleText(text, kTooltipChars));
    case PlainValueRole: return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    default: return {};
    }
}

QVariant HeadersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    return section == NameColumn ? tr("Header") : tr("Value");
}

} // namespace eventscope::models
