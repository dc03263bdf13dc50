// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frame_bell.h"
#include "inspect/event_log.h"

#include <QObject>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace eventscope::models {

/// What caused an event and what it caused, as far as the log holds it.
struct Relations {
    core::LogRow row = 0;
    std::optional<core::LogRow> cause;
    std::vector<core::LogRow> effects; ///< in the order of the log, at most EventRelations::kMaxEffects
    std::uint64_t effectCount = 0;
    std::uint64_t sameFlow = 0; ///< events with the same correlation id, this one included
    bool complete = false;      ///< the whole log was looked through
};

/// Looks for the relations of one event at a time, on a thread of its own, and goes on looking while
/// the log grows. // GUI thread
class EventRelations final : public QObject {
    Q_OBJECT

public:
    static constexpr std::size_t kMaxEffects = 100;

    /// `log` must outlive this.
    explicit EventRelations(core::EventLog& log, QObject* parent = nullptr);
    ~EventRelations() override;

    void lookFor(core::LogRow row);
    void stopLooking();
    /// The latest for the row asked for; its `row` tells.
    Relations latest() const;

Q_SIGNALS:
    void changed();

private:
    void run(std::stop_token stop);

    core::EventLog& m_log;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<core::LogRow> m_wanted;
    std::uint64_t m_request = 0;
    bool m_more = false;
    Relations m_latest;
    FrameBell m_bell;
    std::shared_ptr<void> m_listening;
    std::jthread m_thread; // last: it uses everything above
};

} // namespace eventscope::models
