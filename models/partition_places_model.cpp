// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "partition_places_model.h"

#include "event_format.h"
#include "plain_text.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>

namespace eventscope::models {

namespace {

constexpr int kNameChars = 200;

QString numberText(std::int64_t number)
{
    return formatCount(static_cast<std::uint64_t>(std::max<std::int64_t>(number, 0)));
}

} // namespace

void PartitionPlacesModel::setPlaces(std::vector<Of> places)
{
    if (places == m_places) {
        return;
    }
    std::vector<Row> rows;
    for (std::size_t i = 0; i < places.size(); ++i) {
        for (const core::PartitionPlace& place : *places[i].places) {
            rows.push_back({i, &place});
        }
    }
    std::ranges::stable_sort(rows, std::greater<>(), [](const Row& row) { return row.place->lag().value_or(-1); });
    // Where only figures changed, whoever reads stays where he is.
    const bool sameRows = std::ranges::equal(rows, m_rows, [&](const Row& a, const Row& b) {
        return places[a.of].connection == m_places[b.of].connection && a.place->group == b.place->group
            && a.place->topic == b.place->topic && a.place->partition == b.place->partition;
    });
    if (!sameRows) {
        beginResetModel();
    }
    m_places = std::move(places);
    m_rows = std::move(rows);
    if (!sameRows) {
        endResetModel();
    } else if (!m_rows.empty()) {
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    }
}

int PartitionPlacesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PartitionPlacesModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PartitionPlacesModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || static_cast<std::size_t>(index.row()) >= m_rows.size()) {
        return {};
    }
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const core::PartitionPlace& place = *row.place;
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>(
            (index.column() >= PartitionColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (index.column()) {
    case ConnectionColumn: return visibleText(m_places[row.of].connection.toStdString(), kNameChars);
    case GroupColumn: return place.group.empty() ? tr("—") : visibleText(place.group, kNameChars);
    case TopicColumn: return visibleText(place.topic, kNameChars);
    case PartitionColumn: return place.partition;
    case FirstColumn: return numberText(place.first);
    case EndColumn: return numberText(place.end);
    case NextColumn: return place.next ? numberText(*place.next) : tr("—");
    case LagColumn: return place.lag() ? numberText(*place.lag()) : tr("—");
    default: return {};
    }
}

QVariant PartitionPlacesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>((section >= PartitionColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case ConnectionColumn: return tr("Connection");
    case GroupColumn: return tr("Consumer group");
    case TopicColumn: return tr("Topic");
    case PartitionColumn: return tr("Partition");
    case FirstColumn: return tr("First");
    case EndColumn: return tr("End");
    case NextColumn: return tr("Committed");
    case LagColumn: return tr("Lag");
    default: return {};
    }
}

} // namespace eventscope::models
