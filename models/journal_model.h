// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_format.h"
#include "journal_feed.h"

#include <QAbstractTableModel>
#include <QString>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace eventscope::models {

/// Every write this program made: what is in doubt first, then the newest. // GUI thread
class JournalModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { WhenColumn, WhatColumn, WhereColumn, LetterColumn, OutcomeColumn, ReasonColumn, ColumnCount };
    /// int(core::WriteState).
    enum Roles { StateRole = Qt::UserRole };

    using QAbstractTableModel::QAbstractTableModel;

    void setEntries(JournalEntries entries);
    void setTimeFormat(const TimeFormat& format);
    /// Rows that hold this text anywhere.
    void setFilter(const QString& text);
    void setOnlyDoubts(bool only);
    /// The writes of one letter, oldest first, and none when it is empty; without a call, of all.
    void setLetter(const std::string& letterId);

    const core::JournalEntry* entry(int row) const; ///< or nullptr
    int rowOf(std::int64_t entry) const;            ///< -1 when it is not there
    std::size_t doubtCount() const { return m_doubts; }
    std::size_t totalCount() const { return m_entries ? m_entries->size() : 0; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    void rebuild();
    bool passes(const core::JournalEntry& entry) const;
    QString text(const core::JournalEntry& entry, int column) const;

    JournalEntries m_entries;
    std::vector<std::size_t> m_rows;
    std::size_t m_doubts = 0;
    QString m_filter;
    bool m_onlyDoubts = false;
    std::optional<std::string> m_letter;
    TimeFormat m_format;
};

/// "in doubt", "done", … as a person reads it.
QString writeStateText(core::WriteState state);

} // namespace eventscope::models
