// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "problem_model.h"

#include "plain_text.h"

namespace eventscope::models {

ProblemModel::ProblemModel(const core::ProblemLog& log, QObject* parent) : QAbstractTableModel(parent), m_log(log)
{
    refresh();
}

void ProblemModel::setTimeFormat(const TimeFormat& format)
{
    m_time = format;
    if (!m_entries.empty()) {
        Q_EMIT dataChanged(index(0, TimeColumn), index(rowCount() - 1, TimeColumn));
    }
}

void ProblemModel::refresh()
{
    const auto fresh = m_log.entries(m_seen);
    if (fresh.empty()) {
        return;
    }
    m_seen = fresh.back().number;
    for (const core::ProblemEntry& entry : fresh) {
        // The same again right after: its line counts up instead of a new one.
        const bool again = entry.repeats > 0 && !m_entries.empty() && m_entries.back().where == entry.where
            && m_entries.back().sentence == entry.sentence;
        if (again) {
            m_entries.back() = entry;
            Q_EMIT dataChanged(index(rowCount() - 1, 0), index(rowCount() - 1, ColumnCount - 1));
            continue;
        }
        beginInsertRows({}, rowCount(), rowCount());
        m_entries.push_back(entry);
        endInsertRows();
    }
    if (m_entries.size() > kMost) {
        const auto over = m_entries.size() - kMost;
        beginRemoveRows({}, 0, static_cast<int>(over) - 1);
        m_entries.erase(m_entries.begin(), m_entries.begin() + static_cast<std::ptrdiff_t>(over));
        endRemoveRows();
    }
}

int ProblemModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int ProblemModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ProblemModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || static_cast<std::size_t>(index.row()) >= m_entries.size()) {
        return {};
    }
    const core::ProblemEntry& entry = m_entries[static_cast<std::size_t>(index.row())];
    if (role == SeverityRole) {
        return static_cast<int>(entry.severity);
    }
    if (role == Qt::ToolTipRole) {
        return plainToolTip(m_time.exact(entry.time) + QLatin1Char('\n') + visibleText(entry.sentence, kTooltipChars));
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (index.column()) {
    case TimeColumn: return m_time.time(entry.time);
    case SeverityColumn:
        return entry.severity == core::Severity::Note   ? tr("Note")
            : entry.severity == core::Severity::Warning ? tr("Warning")
                                                        : tr("Problem");
    case WhereColumn: return visibleText(entry.where, 100);
    case SentenceColumn:
        return visibleText(entry.sentence, kTooltipChars)
            + (entry.repeats > 0 ? tr(" (%1 times)").arg(entry.repeats + 1) : QString());
    default: return {};
    }
}

QVariant ProblemModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case TimeColumn: return tr("Time");
    case SeverityColumn: return tr("Kind");
    case WhereColumn: return tr("Where");
    case SentenceColumn: return tr("What");
    default: return {};
    }
}

} // namespace eventscope::models
