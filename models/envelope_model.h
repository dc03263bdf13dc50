// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"

#include <QAbstractTableModel>
#include <QString>
#include <QThreadPool>
#include <cstdint>
#include <vector>

namespace eventscope::models {

/// What is known around the data of an event: who wrote the envelope, what the bytes are, what was read out of
/// it, and each way to read it that failed, with its reason. Found out in the background. // GUI thread
class EnvelopeModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { NameColumn, ValueColumn, ColumnCount };
    enum class Kind { Heading, Fact, Failure };
    Q_ENUM(Kind)
    enum Roles { KindRole = Qt::UserRole, PlainValueRole };

    /// `log` must outlive this.
    explicit EnvelopeModel(const core::EventLog& log, QObject* parent = nullptr);
    ~EnvelopeModel() override;

    void setRow(core::LogRow row);
    void clear();
    bool isLooking() const { return m_looking; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    struct Line {
        Kind kind = Kind::Fact;
        QString name;
        QString value;
        bool operator==(const Line&) const = default;
    };
    /// The lines themselves. // any thread
    static std::vector<Line> linesOf(const core::EventLog& log, core::LogRow row);

Q_SIGNALS:
    void found();

private:
    void take(std::vector<Line> lines);

    const core::EventLog& m_log;
    std::vector<Line> m_lines;
    std::uint64_t m_request = 0;
    bool m_looking = false;
    QThreadPool m_pool; // last: its thread uses the above
};

} // namespace eventscope::models
