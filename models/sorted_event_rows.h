// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_cells.h"
#include "event_rows.h"
#include "frame_bell.h"
#include "inspect/row_order.h"

#include <QTimer>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace eventscope::models {

/// What a column is put in order by; nothing where it cannot be.
std::optional<core::OrderBy> orderByOf(EventColumn column);

/// The rows of another, in order of one of their columns. They are put in order by a thread of their
/// own, and again as more come, but never so often that it keeps a core busy; until that is done, what
/// was in order before is shown. // GUI thread
class SortedEventRows final : public EventRows {
    Q_OBJECT

public:
    /// `base` must outlive this.
    SortedEventRows(const EventRows& base, core::RowOrder order, QObject* parent = nullptr);
    ~SortedEventRows() override;

    const core::EventLog& log() const override { return m_base.log(); }
    std::uint64_t count() const override { return m_shown ? m_shown->size() : 0; }
    core::LogRow rowAt(std::uint64_t index) const override { return (*m_shown)[index]; }
    /// The index of that very row; count() when it is not shown.
    std::uint64_t firstNotBefore(core::LogRow row) const override;
    bool isDecided(core::LogRow row) const override;

    Lister lister() const override;

    const core::RowOrder& order() const { return m_order; }
    /// Rows of the base that are not in order yet.
    std::uint64_t behind() const;
    /// How many rows' fields were read so far, while they are put in order by one.
    std::uint64_t looked() const { return m_looked.load(std::memory_order_relaxed); }

private:
    using Rows = std::shared_ptr<const std::vector<std::uint32_t>>;

    void ask();
    void take();
    void run(const std::stop_token& stop);

    const EventRows& m_base;
    const core::RowOrder m_order;
    Rows m_shown;
    QTimer m_again;
    FrameBell m_bell;
    QTimer m_watching; ///< while a field of every row is read
    std::atomic<std::uint64_t> m_looked{0};
    bool m_working = false;
    std::chrono::milliseconds m_pause{0}; ///< before it is done again

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    Lister m_wanted; ///< null: nothing is
    Rows m_done;
    std::chrono::milliseconds m_took{0};
    std::jthread m_thread; // last: it uses everything above
};

} // namespace eventscope::models
