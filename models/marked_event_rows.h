// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_rows.h"
#include "frame_bell.h"
#include "inspect/event_marks.h"

#include <vector>

namespace eventscope::models {

/// Of the rows of another those that are marked. // GUI thread
class MarkedEventRows final : public EventRows {
    Q_OBJECT

public:
    /// `base` must outlive this; its rows are in the order of the log.
    explicit MarkedEventRows(const EventRows& base, QObject* parent = nullptr);
    ~MarkedEventRows() override;

    const core::EventLog& log() const override { return m_base.log(); }
    std::uint64_t count() const override { return m_rows.size(); }
    core::LogRow rowAt(std::uint64_t index) const override { return m_rows[index]; }
    std::uint64_t firstNotBefore(core::LogRow row) const override;
    bool isDecided(core::LogRow row) const override { return m_base.isDecided(row); }
    Lister lister() const override;

private:
    void refresh();

    const EventRows& m_base;
    std::vector<core::LogRow> m_rows;
    FrameBell m_bell;
};

} // namespace eventscope::models
