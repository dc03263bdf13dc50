// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_rules.h"
#include "frame_bell.h"
#include "inspect/event_log.h"
#include "inspect/time_histogram.h"

#include <QObject>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace eventscope::models {

/// Counts a log's events over time on a thread of its own, from the first row on and then as they
/// come, and hands out a finished picture a few times a second. // GUI thread
class EventHistogram final : public QObject {
    Q_OBJECT

public:
    /// `log` must outlive this.
    explicit EventHistogram(core::EventLog& log, QObject* parent = nullptr);
    ~EventHistogram() override;

    /// Counts everything anew with other rules of what a failure is.
    void setRules(EventRules rules);
    /// The latest picture; never null.
    std::shared_ptr<const core::TimeHistogram> latest() const;

Q_SIGNALS:
    void changed();

private:
    void run(std::stop_token stop);

    core::EventLog& m_log;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    bool m_more = true;
    bool m_restart = false;
    EventRules m_rules = EventRules::usual();
    std::shared_ptr<const core::TimeHistogram> m_latest;
    FrameBell m_bell;
    std::shared_ptr<void> m_listening;
    std::jthread m_thread; // last: it uses everything above
};

} // namespace eventscope::models
