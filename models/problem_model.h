// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_format.h"
#include "inspect/problem_log.h"

#include <QAbstractTableModel>
#include <deque>

namespace eventscope::models {

/// What the program itself did and what went wrong, newest last. // GUI thread
class ProblemModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { TimeColumn, SeverityColumn, WhereColumn, SentenceColumn, ColumnCount };
    enum Roles { SeverityRole = Qt::UserRole }; ///< int(core::Severity)

    /// `log` must outlive the model.
    explicit ProblemModel(const core::ProblemLog& log, QObject* parent = nullptr);

    void setTimeFormat(const TimeFormat& format);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

public Q_SLOTS:
    /// Takes what is new.
    void refresh();

private:
    static constexpr std::size_t kMost = 1000;

    const core::ProblemLog& m_log;
    TimeFormat m_time;
    std::uint64_t m_seen = 0;
    std::deque<core::ProblemEntry> m_entries;
};

} // namespace eventscope::models
