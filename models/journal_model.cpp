// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "journal_model.h"

#include "plain_text.h"

#include <QCoreApplication>
#include <algorithm>

namespace eventscope::models {

using core::WriteKind;
using core::WriteState;

namespace {

QString kindText(WriteKind kind)
{
    switch (kind) {
    case WriteKind::Requeue: return JournalModel::tr("requeue");
    case WriteKind::Discard: return JournalModel::tr("discard");
    case WriteKind::Restore: return JournalModel::tr("put back");
    case WriteKind::Append: return JournalModel::tr("append");
    case WriteKind::Import: return JournalModel::tr("import");
    case WriteKind::SagaRetry: return JournalModel::tr("retry of a saga");
    }
    return {};
}

} // namespace

QString writeStateText(WriteState state)
{
    switch (state) {
    case WriteState::Planned: return JournalModel::tr("planned");
    case WriteState::Sending: return JournalModel::tr("under way");
    case WriteState::Sent: return JournalModel::tr("sent, not removed");
    case WriteState::Done: return JournalModel::tr("done");
    case WriteState::Failed: return JournalModel::tr("failed");
    case WriteState::Skipped: return JournalModel::tr("not sent");
    case WriteState::InDoubt: return JournalModel::tr("in doubt");
    }
    return {};
}

void JournalModel::setEntries(JournalEntries entries)
{
    m_entries = std::move(entries);
    rebuild();
}

void JournalModel::setTimeFormat(const TimeFormat& format)
{
    m_format = format;
    if (!m_rows.empty()) {
        Q_EMIT dataChanged(index(0, WhenColumn), index(rowCount() - 1, WhenColumn));
    }
}

void JournalModel::setFilter(const QString& text)
{
    m_filter = text.trimmed();
    rebuild();
}

void JournalModel::setOnlyDoubts(bool only)
{
    m_onlyDoubts = only;
    rebuild();
}

void JournalModel::setLetter(const std::string& letterId)
{
    if (m_letter != letterId) {
        m_letter = letterId;
        rebuild();
    }
}

bool JournalModel::passes(const core::JournalEntry& entry) const
{
    if (m_letter && (m_letter->empty() || entry.letterId != *m_letter)) {
        return false;
    }
    if (m_onlyDoubts && entry.state != WriteState::InDoubt) {
        return false;
    }
    if (m_filter.isEmpty()) {
        return true;
    }
    for (int column = WhatColumn; column < ColumnCount; ++column) {
        if (text(entry, column).contains(m_filter, Qt::CaseInsensitive)) {
            return true;
        }
    }
    return false;
}

void JournalModel::rebuild()
{
    beginResetModel();
    m_rows.clear();
    m_doubts = 0;
    for (std::size_t i = 0; m_entries && i < m_entries->size(); ++i) {
        const core::JournalEntry& entry = (*m_entries)[i];
        m_doubts += entry.state == WriteState::InDoubt ? 1 : 0;
        if (passes(entry)) {
            m_rows.push_back(i);
        }
    }
    const auto at = [this](std::size_t i) -> const core::JournalEntry& { return (*m_entries)[i]; };
    if (m_letter) {
        std::ranges::stable_sort(m_rows, {}, [&](std::size_t i) { return at(i).plannedAt; });
    } else {
        std::ranges::stable_sort(m_rows, [&](std::size_t a, std::size_t b) {
            const bool first = at(a).state == WriteState::InDoubt;
            const bool second = at(b).state == WriteState::InDoubt;
            return first != second ? first : at(a).changedAt > at(b).changedAt;
        });
    }
    endResetModel();
}

const core::JournalEntry* JournalModel::entry(int row) const
{
    return row >= 0 && row < rowCount() ? &(*m_entries)[m_rows[static_cast<std::size_t>(row)]] : nullptr;
}

int JournalModel::rowOf(std::int64_t wanted) const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (entry(row)->id == wanted) {
            return row;
        }
    }
    return -1;
}

int JournalModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int JournalModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString JournalModel::text(const core::JournalEntry& entry, int column) const
{
    switch (column) {
    case WhenColumn: return m_format.dateTime(entry.changedAt);
    case WhatColumn: return kindText(entry.kind);
    case WhereColumn: {
        const std::string& target = entry.target.empty() ? entry.queue : entry.target;
        return visibleText(entry.source) + (target.empty() ? QString() : QStringLiteral(" → ") + visibleText(target));
    }
    case LetterColumn: return visibleText(entry.letterId);
    case OutcomeColumn: return writeStateText(entry.state);
    case ReasonColumn: return visibleText(entry.reason, kTooltipChars);
    default: return {};
    }
}

QVariant JournalModel::data(const QModelIndex& index, int role) const
{
    const core::JournalEntry* found = index.isValid() ? entry(index.row()) : nullptr;
    if (!found) {
        return {};
    }
    switch (role) {
    case Qt::DisplayRole: return text(*found, index.column());
    case Qt::ToolTipRole:
        return plainToolTip(
            index.column() == WhenColumn ? m_format.exact(found->changedAt) : text(*found, index.column()));
    case StateRole: return static_cast<int>(found->state);
    default: return {};
    }
}

QVariant JournalModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case WhenColumn: return tr("When");
    case WhatColumn: return tr("What");
    case WhereColumn: return tr("Where");
    case LetterColumn: return tr("Letter");
    case OutcomeColumn: return tr("Outcome");
    case ReasonColumn: return tr("Why");
    default: return {};
    }
}

} // namespace eventscope::models
