// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letter_groups_model.h"

#include "event_format.h"
#include "plain_text.h"

#include <algorithm>
#include <utility>

namespace eventscope::models {

namespace {

QString keyOf(const DeadLettersSeen& seen, const DeadLettersSeen::Group& group)
{
    const QChar separator(0x1F);
    return QString::fromStdString(seen.desks[group.desk].source) + separator
        + QString::fromStdString(group.cause.errorType) + separator + QString::fromStdString(group.cause.message)
        + separator + QString::fromStdString(group.cause.origin);
}

bool sameRows(const DeadLettersSeen& a, const DeadLettersSeen& b)
{
    return std::ranges::equal(
        a.groups, b.groups, [&](const auto& left, const auto& right) { return keyOf(a, left) == keyOf(b, right); });
}

} // namespace

void DeadLetterGroupsModel::setSeen(DeadLettersSeenPtr seen)
{
    if (m_seen && seen && sameRows(*m_seen, *seen)) {
        m_seen = std::move(seen);
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    beginResetModel();
    m_seen = std::move(seen);
    endResetModel();
}

const DeadLettersSeen::Group* DeadLetterGroupsModel::group(const QModelIndex& index) const
{
    return index.isValid() && index.row() < rowCount() ? &m_seen->groups[static_cast<std::size_t>(index.row())]
                                                       : nullptr;
}

const DeadLettersSeen::Desk* DeadLetterGroupsModel::desk(const QModelIndex& index) const
{
    const DeadLettersSeen::Group* found = group(index);
    return found ? &m_seen->desks[found->desk] : nullptr;
}

QString DeadLetterGroupsModel::key(const QModelIndex& index) const
{
    const DeadLettersSeen::Group* found = group(index);
    return found ? keyOf(*m_seen, *found) : QString();
}

QModelIndex DeadLetterGroupsModel::indexOf(const QString& key) const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (this->key(index(row)) == key)
            return index(row);
    }
    return {};
}

int DeadLetterGroupsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_seen ? 0 : static_cast<int>(m_seen->groups.size());
}

QVariant DeadLetterGroupsModel::data(const QModelIndex& index, int role) const
{
    const DeadLettersSeen::Group* found = group(index);
    if (!found)
        return {};
    const core::DeadLetterGroup& cause = found->cause;
    const QString source = visibleText(m_seen->desks[found->desk].source);
    const auto trendText = [&] {
        switch (cause.trend) {
        case core::Trend::Rising: return tr("↗ rising");
        case core::Trend::Falling: return tr("↘ falling");
        case core::Trend::Steady: break;
        }
        return tr("→ steady");
    };
    const QString count = formatCount(cause.letters.size());
    switch (role) {
    case Qt::DisplayRole: return cause.errorType.empty() ? tr("no error type") : visibleText(cause.errorType);
    case MessageRole: return visibleText(cause.message);
    case OriginRole:
        return m_seen->desks.size() > 1 ? source + QStringLiteral(" · ") + visibleText(cause.origin)
                                        : visibleText(cause.origin);
    case CountRole: return static_cast<qulonglong>(cause.letters.size());
    case TrendRole: return static_cast<int>(cause.trend);
    case TrendTextRole: return trendText();
    case Qt::ToolTipRole: return plainToolTip(visibleText(cause.message, kTooltipChars));
    case Qt::AccessibleTextRole:
        return tr("%1 letters, %2, %3, %4")
            .arg(count, visibleText(cause.errorType), visibleText(cause.message), trendText());
    default: return {};
    }
}

} // namespace eventscope::models
