// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"

#include <QObject>
#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

namespace eventscope::models {

/// The rows of the log that a table shows, in order: all of them, or those that a filter let through.
/// An index counts the rows shown; it stays the same row until trimmed() or rebuilt(). The count changes only just
/// before grown(), trimmed() or rebuilt(), never behind the back of who paints. // GUI thread
class EventRows : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    virtual const core::EventLog& log() const = 0;
    virtual std::uint64_t count() const = 0;
    virtual core::LogRow rowAt(std::uint64_t index) const = 0; ///< index < count()
    /// The index of the first shown row that is not before `row`; count() when there is none.
    virtual std::uint64_t firstNotBefore(core::LogRow row) const = 0;
    /// False as long as it is still being found out whether this row is shown, and where.
    virtual bool isDecided(core::LogRow /*row*/) const { return true; }

    /// Lists the rows that are shown now, later and on any thread, while the log lives.
    using Lister = std::function<std::vector<std::uint32_t>()>;
    virtual Lister lister() const;

Q_SIGNALS:
    /// Rows came at the end.
    void grown();
    /// So many rows went at the beginning: every index is that much less now, or means no row any more.
    void trimmed(quint64 rows);
    /// Every index may mean another row now.
    void rebuilt();
    /// The search for rows, or the ordering of them, went on, whether it changed something or not.
    void progressed();
};

/// Every row that a log still has, as of the latest refresh().
class AllEventRows final : public EventRows {
    Q_OBJECT

public:
    /// `log` must outlive this.
    explicit AllEventRows(const core::EventLog& log, QObject* parent = nullptr);

    const core::EventLog& log() const override { return m_log; }
    std::uint64_t count() const override { return m_count; }
    core::LogRow rowAt(std::uint64_t index) const override { return m_first + index; }
    std::uint64_t firstNotBefore(core::LogRow row) const override
    {
        return row < m_first ? 0 : std::min(row - m_first, m_count);
    }
    Lister lister() const override;

public Q_SLOTS:
    /// Takes the log's size of now.
    void refresh();

private:
    const core::EventLog& m_log;
    core::LogRow m_first = 0;
    std::uint64_t m_count = 0;
};

} // namespace eventscope::models
