// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "replay_history_model.h"

#include "plain_text.h"

namespace eventscope::models {

ReplayHistoryModel::ReplayHistoryModel(QObject* parent) : QAbstractTableModel(parent) { }

void ReplayHistoryModel::setHistory(
    std::shared_ptr<const ReplayPathHistory> history, std::shared_ptr<const ReplayStream> stream)
{
    beginResetModel();
    m_history = std::move(history);
    m_stream = std::move(stream);
    endResetModel();
}

void ReplayHistoryModel::setTimeFormat(const TimeFormat& format)
{
    m_format = format;
    if (rowCount() > 0) {
        Q_EMIT dataChanged(index(0, Time), index(rowCount() - 1, Time));
    }
}

std::size_t ReplayHistoryModel::stepAt(int row) const
{
    return m_history && row >= 0 && row < rowCount() ? m_history->values[static_cast<std::size_t>(row)].step : 0;
}

int ReplayHistoryModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_history ? 0 : static_cast<int>(m_history->values.size());
}

int ReplayHistoryModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ReplayHistoryModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || (role != Qt::DisplayRole && role != Qt::ToolTipRole)) {
        return {};
    }
    const ReplayValue& value = m_history->values[static_cast<std::size_t>(index.row())];
    const bool known = m_stream && value.step > 0 && value.step <= m_stream->events.size();
    const ReplayEvent* event = known ? &m_stream->events[value.step - 1] : nullptr;
    switch (index.column()) {
    case Version: return event ? QStringLiteral("v%1").arg(event->version) : tr("start");
    case Value:
        if (!value.present) {
            return tr("not there");
        }
        return role == Qt::ToolTipRole ? plainToolTip(value.value) : visibleText(value.value);
    case SetBy: return event ? visibleText(event->type) : QString();
    case Time: return event ? m_format.time(event->time) : QString();
    default: return {};
    }
}

QVariant ReplayHistoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case Version: return tr("Version");
    case Value: return tr("Value");
    case SetBy: return tr("Set by");
    case Time: return tr("Time");
    default: return {};
    }
}

} // namespace eventscope::models
