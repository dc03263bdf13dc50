// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letters_model.h"

#include "plain_text.h"

#include <QStringList>
#include <algorithm>
#include <utility>

namespace eventscope::models {

namespace {

QString place(const core::DeadLetter& letter, const std::string& name)
{
    QString text = visibleText(name);
    if (letter.original.partition)
        text += QStringLiteral("/%1").arg(*letter.original.partition);
    if (letter.original.position)
        text += QStringLiteral(" @ %1").arg(*letter.original.position);
    return text;
}

} // namespace

QString letterOrigin(const core::DeadLetter& letter)
{
    return place(letter, letter.original.stream) + QStringLiteral(" → ") + visibleText(letter.queue);
}

void DeadLettersModel::take(DeadLettersSeenPtr seen, const DeadLettersSeen::Group& group)
{
    m_desk = group.desk;
    m_rows = group.cause.letters;
    m_seen = std::move(seen);
}

void DeadLettersModel::setGroup(DeadLettersSeenPtr seen, const DeadLettersSeen::Group& group)
{
    beginResetModel();
    take(std::move(seen), group);
    m_pasts.clear();
    m_ticked.clear();
    for (int row = 0; row < rowCount(); ++row)
        m_ticked.insert(letter(row)->id);
    endResetModel();
    Q_EMIT ticksChanged();
}

void DeadLettersModel::updateGroup(DeadLettersSeenPtr seen, const DeadLettersSeen::Group& group)
{
    const std::vector<core::DeadLetter>& fresh = seen->desks[group.desk].letters;
    const bool same = m_rows.size() == group.cause.letters.size()
        && std::ranges::equal(m_rows, group.cause.letters, [&](std::size_t before, std::size_t now) {
               return m_seen->desks[m_desk].letters[before].id == fresh[now].id;
           });
    if (same) {
        take(std::move(seen), group);
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    take(std::move(seen), group);
    std::set<std::string, std::less<>> kept;
    for (int row = 0; row < rowCount(); ++row) {
        if (m_ticked.contains(letter(row)->id))
            kept.insert(letter(row)->id);
    }
    m_ticked = std::move(kept);
    endResetModel();
    Q_EMIT ticksChanged();
}

void DeadLettersModel::clear()
{
    beginResetModel();
    m_seen.reset();
    m_rows.clear();
    m_ticked.clear();
    m_pasts.clear();
    endResetModel();
    Q_EMIT ticksChanged();
}

void DeadLettersModel::setPasts(const LetterPasts& pasts)
{
    if (m_pasts == pasts)
        return;
    m_pasts = pasts;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, NoteColumn), index(rowCount() - 1, NoteColumn));
}

void DeadLettersModel::setTimeFormat(TimeFormat format)
{
    m_format = std::move(format);
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void DeadLettersModel::setEdited(std::set<std::string, std::less<>> ids)
{
    m_edited = std::move(ids);
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, NoteColumn), index(rowCount() - 1, NoteColumn));
}

std::size_t DeadLettersModel::newerOf(const core::DeadLetter& letter) const
{
    const auto found = m_pasts.find(letter.id);
    return found == m_pasts.end() ? 0 : found->second.newerOfSameKey.value_or(0);
}

const core::DeadLetter* DeadLettersModel::letter(int row) const
{
    return row >= 0 && row < rowCount() ? &m_seen->desks[m_desk].letters[m_rows[static_cast<std::size_t>(row)]]
                                        : nullptr;
}

int DeadLettersModel::rowOf(const std::string& id) const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (letter(row)->id == id)
            return row;
    }
    return -1;
}

std::vector<core::DeadLetter> DeadLettersModel::letters() const
{
    std::vector<core::DeadLetter> all;
    for (int row = 0; row < rowCount(); ++row)
        all.push_back(*letter(row));
    return all;
}

std::vector<core::DeadLetter> DeadLettersModel::ticked() const
{
    std::vector<core::DeadLetter> chosen = letters();
    std::erase_if(chosen, [this](const core::DeadLetter& letter) { return !m_ticked.contains(letter.id); });
    return chosen;
}

Qt::CheckState DeadLettersModel::allTicked() const
{
    if (m_ticked.empty())
        return Qt::Unchecked;
    return m_ticked.size() == m_rows.size() ? Qt::Checked : Qt::PartiallyChecked;
}

void DeadLettersModel::tickAll(bool on)
{
    m_ticked.clear();
    for (int row = 0; on && row < rowCount(); ++row)
        m_ticked.insert(letter(row)->id);
    ticksMoved();
}

/// Several rows become alike: all ticked, unless they are already.
void DeadLettersModel::toggle(const std::vector<int>& rows)
{
    const bool on = !std::ranges::all_of(rows, [this](int row) { return m_ticked.contains(letter(row)->id); });
    for (const int row : rows) {
        if (on)
            m_ticked.insert(letter(row)->id);
        else
            m_ticked.erase(letter(row)->id);
    }
    ticksMoved();
}

void DeadLettersModel::ticksMoved()
{
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, FailedColumn), index(rowCount() - 1, FailedColumn), {Qt::CheckStateRole});
    Q_EMIT ticksChanged();
}

bool DeadLettersModel::isInDoubt(const core::DeadLetter& letter) const
{
    return m_seen && m_seen->desks[m_desk].doubts.contains(letter.id);
}

int DeadLettersModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int DeadLettersModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

Qt::ItemFlags DeadLettersModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.isValid() && index.column() == FailedColumn)
        flags |= Qt::ItemIsUserCheckable;
    return flags;
}

QString DeadLettersModel::note(const core::DeadLetter& letter) const
{
    QStringList notes;
    const auto& doubts = m_seen->desks[m_desk].doubts;
    if (const auto doubt = doubts.find(letter.id); doubt != doubts.end())
        notes << tr("in doubt since %1: it may have arrived").arg(m_format.clockSeconds(doubt->second));
    if (m_edited.contains(letter.id))
        notes << tr("payload edited");
    if (const auto found = m_pasts.find(letter.id); found != m_pasts.end()) {
        if (found->second.requeuedBefore)
            notes << tr("requeued %1, came back").arg(m_format.clockSeconds(*found->second.requeuedBefore));
        if (const std::size_t newer = found->second.newerOfSameKey.value_or(0); newer > 0)
            notes << (newer == 1 ? tr("1 newer event of this key")
                                 : tr("%1 newer events of this key").arg(formatCount(newer)));
    }
    return notes.isEmpty() ? QString() : QStringLiteral("↷ ") + notes.join(QStringLiteral(" · "));
}

QString DeadLettersModel::text(const core::DeadLetter& letter, int column) const
{
    switch (column) {
    case FailedColumn:
        return letter.failedAt == core::Timestamp{} ? QStringLiteral("—") : m_format.clockSeconds(letter.failedAt);
    case StreamColumn:
        // A broker's stream is its topic: what tells the letters apart there is the key.
        return visibleText(
            letter.original.partition && !letter.original.key.empty() ? letter.original.key : letter.original.stream);
    case FromColumn:
        // A stream has a column of its own: beside it stands who refused the event.
        return letter.original.partition ? place(letter, letter.original.stream) : place(letter, letter.queue);
    case AttemptsColumn: return QString::number(letter.attempts);
    case NoteColumn: return note(letter);
    default: return {};
    }
}

QVariant DeadLettersModel::data(const QModelIndex& index, int role) const
{
    const core::DeadLetter* found = index.isValid() ? letter(index.row()) : nullptr;
    if (!found)
        return {};
    switch (role) {
    case Qt::DisplayRole: return text(*found, index.column());
    case Qt::ToolTipRole:
        return index.column() == FailedColumn && found->failedAt != core::Timestamp{}
            ? m_format.exact(found->failedAt)
            : plainToolTip(text(*found, index.column()));
    case Qt::CheckStateRole:
        return index.column() == FailedColumn
            ? QVariant(static_cast<int>(m_ticked.contains(found->id) ? Qt::Checked : Qt::Unchecked))
            : QVariant();
    case Qt::TextAlignmentRole:
        return index.column() == AttemptsColumn ? QVariant(static_cast<int>(Qt::AlignRight | Qt::AlignVCenter))
                                                : QVariant();
    case WarnsRole: return index.column() == NoteColumn;
    default: return {};
    }
}

bool DeadLettersModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    const core::DeadLetter* found = index.isValid() ? letter(index.row()) : nullptr;
    if (!found || role != Qt::CheckStateRole || index.column() != FailedColumn)
        return false;
    if (value.toInt() == Qt::Checked)
        m_ticked.insert(found->id);
    else
        m_ticked.erase(found->id);
    Q_EMIT dataChanged(index, index, {Qt::CheckStateRole});
    Q_EMIT ticksChanged();
    return true;
}

QVariant DeadLettersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section == AttemptsColumn)
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case FailedColumn: return tr("Failed");
    case StreamColumn: return tr("Stream");
    case FromColumn: return tr("From");
    case AttemptsColumn: return tr("Attempts");
    case NoteColumn: return tr("Note");
    default: return {};
    }
}

} // namespace eventscope::models
