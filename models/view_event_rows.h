// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_rows.h"
#include "frame_bell.h"
#include "inspect/log_view.h"

#include <memory>

namespace eventscope::models {

/// The rows of a LogView, which its worker finds; they come as it finds them. // GUI thread
class ViewEventRows final : public EventRows {
    Q_OBJECT

public:
    /// `log` and `worker` must outlive this.
    ViewEventRows(core::EventLog& log, core::LogWorker& worker, core::RowFilter filter, QObject* parent = nullptr);
    ~ViewEventRows() override;

    const core::EventLog& log() const override { return m_log; }
    std::uint64_t count() const override { return m_count; }
    core::LogRow rowAt(std::uint64_t index) const override { return m_view->rowAt(m_first + index); }
    std::uint64_t firstNotBefore(core::LogRow row) const override;
    bool isDecided(core::LogRow row) const override { return row < m_scanned; }
    Lister lister() const override;

    core::LogView::Receipt receipt() const { return m_view->receipt(); }

private:
    void refresh();

    core::EventLog& m_log;
    core::LogWorker& m_worker;
    std::shared_ptr<core::LogView> m_view;
    std::uint64_t m_first = 0; ///< of the view's rows, the first that the log still has
    std::uint64_t m_count = 0;
    core::LogRow m_scanned = 0; ///< rows before it are shown, or are none of ours
    FrameBell m_bell;
};

} // namespace eventscope::models
