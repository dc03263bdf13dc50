// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_record.h"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace eventscope::kafka {

/// A record with the assignment it came with: after a rebalance it may be somebody else's.
struct LaneWork {
    InRecord record;
    std::shared_ptr<std::stop_source> assignment;
};

/// Threads that handle records, those of one key always on the same one, in the order they came.
/// // any thread
class HandlerLanes {
public:
    /// `handle` returns whether the record is done with; `done` is told afterwards, on the same thread.
    using Handle = std::function<bool(const InRecord& record, std::stop_token stop)>;
    using Done = std::function<void(const LaneWork& work, bool isHandled)>;

    HandlerLanes(std::size_t lanes, Handle handle, Done done);
    /// Ends after the calls that run; what waits is not handled.
    ~HandlerLanes();

    void add(LaneWork work);
    /// Records that wait or are being handled.
    std::size_t size() const;
    /// Waits until nothing of the assignment waits or runs: what waits is given back at once.
    void drain(const std::shared_ptr<std::stop_source>& assignment);
    /// The thread that asks is one of the lanes'.
    bool isOwnThread() const;

private:
    struct Lane {
        std::deque<LaneWork> waiting;
        std::shared_ptr<std::stop_source> running;
        std::jthread thread;
    };
    void run(Lane& lane, const std::stop_token& stop);

    const Handle m_handle;
    const Done m_done;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::size_t m_size = 0;
    std::vector<std::unique_ptr<Lane>> m_lanes;
};

} // namespace eventscope::kafka
