// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/flow.h"
#include "inspect/log_worker.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace eventscope::core {

/// Follows one flow through the log: all events with one correlation id, in order, growing as the log
/// grows. Give it to a LogWorker; dropping it ends the search. // results: any thread
class FlowTracker final : public LogTask {
public:
    /// More than these are counted, but not put in order: nobody looks at so large a tree.
    static constexpr std::size_t kMaxEvents = 20'000;

    explicit FlowTracker(std::string correlationId) : m_correlationId(std::move(correlationId)) { }

    const std::string& correlationId() const { return m_correlationId; }

    struct Result {
        std::shared_ptr<const Flow> flow; ///< never null; the same object as long as nothing changed
        std::uint64_t events = 0;         ///< found so far, those beyond kMaxEvents too
    };
    Result result() const;

protected:
    bool take(const EventLog& log, LogRow from, LogRow to) override;
    LogRow mostAtOnce() const override { return LogRow{1} << 20; }

private:
    void add(LogRow row);

    const std::string m_correlationId;
    // The worker's.
    TextId m_id = 0;
    bool m_idKnown = false;
    std::vector<LogRow> m_rows;
    std::uint64_t m_events = 0;
    bool m_dirty = false;

    mutable std::mutex m_mutex;
    Result m_result{std::make_shared<const Flow>(), 0};
};

} // namespace eventscope::core
