// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/saga_tracker.h"

#include <QAbstractTableModel>
#include <QList>
#include <QString>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace eventscope::models {

/// One sign of the step bar.
struct SagaStepMark {
    core::SagaStepStatus status = core::SagaStepStatus::Pending;
    QString name;
};

/// Sagas in the order they turned up, newest last, all or those of one status. It takes from the
/// tracker what has changed since it last looked, and changes only those rows. // GUI thread
class SagaListModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { SagaColumn, StepsColumn, StatusColumn, AgeColumn, NowColumn, ColumnCount };
    enum Roles {
        NumberRole = Qt::UserRole, ///< SagaInstance::number, quint64
        StatusRole,                ///< int(core::SagaStatus); invalid while the beginning is missing
        StepsRole,                 ///< QList<SagaStepMark>
    };
    using Instance = std::shared_ptr<const core::SagaInstance>;

    /// `log` and `tracker` must outlive this.
    SagaListModel(const core::EventLog& log, const core::SagaTracker& tracker, QObject* parent = nullptr);

    /// Takes some of what is new; false when there is more to take.
    bool refresh();
    /// What the age of a saga that has not ended is measured against. The rows [first, last] follow.
    void setNow(core::Timestamp now, int first, int last);

    /// Ends keep().
    void setStatusFilter(std::optional<core::SagaStatus> status);
    std::optional<core::SagaStatus> statusFilter() const { return m_filter; }
    /// This saga stays where it is even when its status is no longer the one filtered for.
    void keep(std::optional<std::size_t> number);

    Instance at(int row) const;                         ///< row < rowCount()
    Instance saga(std::size_t number) const;            ///< or nullptr
    std::optional<int> rowOf(std::size_t number) const; ///< nothing while it is filtered out
    /// By its id or the name of its stream; any source when `source` is empty. nullptr when unknown.
    Instance find(const QString& source, const QString& saga) const;
    QString nameOf(const core::SagaInstance& saga) const;   ///< as drawn
    QString sourceOf(const core::SagaInstance& saga) const; ///< exactly
    QString streamOf(const core::SagaInstance& saga) const; ///< exactly

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    static constexpr std::size_t kTakeAtOnce = 2000;

private:
    bool passes(const core::SagaInstance& saga) const;
    std::size_t placeOf(std::size_t number) const;
    void take(const Instance& saga, std::vector<std::size_t>& arrived);
    void append(const std::vector<std::size_t>& arrived);
    QString age(const core::SagaInstance& saga) const;
    QString stepsText(const core::SagaInstance& saga, QChar between) const;

    const core::EventLog& m_log;
    const core::SagaTracker& m_tracker;
    std::vector<Instance> m_sagas;                             ///< by number
    std::vector<std::size_t> m_shown;                          ///< numbers, ascending
    std::unordered_multimap<std::string, std::size_t> m_names; ///< by id and by stream
    std::optional<core::SagaStatus> m_filter;
    std::optional<std::size_t> m_kept;
    std::uint64_t m_generation = 0;
    core::Timestamp m_now{};
};

} // namespace eventscope::models

Q_DECLARE_METATYPE(eventscope::models::SagaStepMark)
