// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <string>
#include <utility>
#include <vector>

namespace eventscope::models {

/// An event's headers in the order they came, doubled names and all. // GUI thread
class HeadersModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { NameColumn, ValueColumn, ColumnCount };
    enum Roles { PlainValueRole = Qt::UserRole };
    using Headers = std::vector<std::pair<std::string, std::string>>;

    using QAbstractTableModel::QAbstractTableModel;

    void setHeaders(Headers headers);
    const Headers& headers() const { return m_headers; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    Headers m_headers;
};

} // namespace eventscope::models
