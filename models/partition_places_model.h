// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source.h"

#include <QAbstractTableModel>
#include <QString>
#include <memory>
#include <vector>

namespace eventscope::models {

/// What the partitions of all connections hold and how far their consumer groups are behind, those that
/// are furthest behind first. // GUI thread
class PartitionPlacesModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column {
        ConnectionColumn,
        GroupColumn,
        TopicColumn,
        PartitionColumn,
        FirstColumn,
        EndColumn,
        NextColumn,
        LagColumn,
        ColumnCount
    };
    using Places = std::shared_ptr<const std::vector<core::PartitionPlace>>;
    struct Of {
        QString connection;
        Places places;
        bool operator==(const Of&) const = default;
    };

    explicit PartitionPlacesModel(QObject* parent = nullptr) : QAbstractTableModel(parent) { }

    /// As they are now; the same as before changes nothing.
    void setPlaces(std::vector<Of> places);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        std::size_t of;
        const core::PartitionPlace* place; ///< kept by m_places
    };

    std::vector<Of> m_places;
    std::vector<Row> m_rows;
};

} // namespace eventscope::models
