// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_format.h"
#include "replay_session.h"

#include <QAbstractTableModel>
#include <memory>

namespace eventscope::models {

/// Every value that one path of the state ever had, and which event set it.
class ReplayHistoryModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Version, Value, SetBy, Time, ColumnCount };

    explicit ReplayHistoryModel(QObject* parent = nullptr);

    void setHistory(std::shared_ptr<const ReplayPathHistory> history, std::shared_ptr<const ReplayStream> stream);
    void setTimeFormat(const TimeFormat& format);
    std::size_t stepAt(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::shared_ptr<const ReplayPathHistory> m_history;
    std::shared_ptr<const ReplayStream> m_stream;
    TimeFormat m_format;
};

} // namespace eventscope::models
