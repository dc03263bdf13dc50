// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/row_field.h"

#include <QAbstractTableModel>
#include <vector>

namespace eventscope::ui {

/// The columns' titles, for the header of the Events table; it has no rows. The fixed columns come
/// first, then those of fields, in the order they were added.
class EventColumnsModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    const std::vector<core::RowField>& fields() const { return m_fields; }
    void addField(core::RowField field);
    void removeField(std::size_t index);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<core::RowField> m_fields;
};

} // namespace eventscope::ui
