// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "replay_events_model.h"

#include "plain_text.h"

namespace eventscope::models {

ReplayEventsModel::ReplayEventsModel(QObject* parent) : QAbstractListModel(parent) { }

/// The same stream, with further events at its end at most: none inserted before.
bool ReplayEventsModel::continues(const ReplayStream& next) const
{
    return m_stream && m_stream->stream == next.stream && m_stream->source == next.source
        && next.inserted == m_stream->inserted && next.events.size() >= m_stream->events.size();
}

void ReplayEventsModel::setStream(std::shared_ptr<const ReplayStream> stream)
{
    if (!stream || !continues(*stream)) {
        beginResetModel();
        m_stream = std::move(stream);
        endResetModel();
        return;
    }
    const int before = rowCount();
    const auto after = static_cast<int>(stream->events.size());
    if (after > before) {
        beginInsertRows({}, before, after - 1);
    }
    m_stream = std::move(stream);
    if (after > before) {
        endInsertRows();
    }
    if (before > 0) {
        Q_EMIT dataChanged(index(0), index(before - 1));
    }
}

void ReplayEventsModel::setTimeFormat(const TimeFormat& format)
{
    m_format = format;
    if (rowCount() > 0) {
        Q_EMIT dataChanged(index(0), index(rowCount() - 1), {TimeRole});
    }
}

int ReplayEventsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_stream ? 0 : static_cast<int>(m_stream->events.size());
}

QVariant ReplayEventsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const ReplayEvent& event = m_stream->events[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return visibleText(event.type);
    case Qt::CheckStateRole: return static_cast<int>(event.skipped ? Qt::Unchecked : Qt::Checked);
    case Qt::AccessibleTextRole:
        return tr("%1, version %2%3")
            .arg(visibleText(event.type))
            .arg(event.version)
            .arg((event.skipped ? tr(", left out") : QString())
                + (event.refused ? tr(", refused by the reducer") : QString())
                + (event.inserted      ? tr(", inserted")
                        : event.edited ? tr(", edited")
                                       : QString()));
    case Qt::ToolTipRole:
        return event.refused ? tr("The reducer refused this event; the state stayed as it was.")
            : event.skipped  ? tr("Left out: the states are what they would be had it not happened.")
                             : tr("Untick it (Del) to see what if it had not happened");
    case VersionRole: return QStringLiteral("v%1").arg(event.version);
    case TimeRole: return m_format.time(event.time);
    case RefusedRole: return event.refused;
    case TypeRole: return event.type;
    case BranchRole: return event.inserted ? tr("inserted") : event.edited ? tr("edited") : QString();
    default: return {};
    }
}

bool ReplayEventsModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::CheckStateRole || !index.isValid()) {
        return false;
    }
    // The session answers with the stream as it then is; until then the box stays.
    Q_EMIT skipWanted(static_cast<std::size_t>(index.row()) + 1, value.toInt() == Qt::Unchecked);
    return true;
}

Qt::ItemFlags ReplayEventsModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractListModel::flags(index);
    return index.isValid() ? flags | Qt::ItemIsUserCheckable : flags;
}

} // namespace eventscope::models
