// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/bell.h"
#include "inspect/event_log.h"
#include "inspect/scan_crew.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

#include <semaphore.h>

namespace eventscope::core {

/// Something that looks at every row of the log, in order, slice by slice, as the log grows: a
/// filtered view, a tracker. A LogWorker calls it; its results are read from any thread.
class LogTask {
public:
    virtual ~LogTask() = default;

    /// How many rows it has looked at so far. // any thread
    LogRow scanned() const { return m_scanned.load(std::memory_order_acquire); }

    /// Rings when its results have changed: at the first one, then a hundred times a second at most,
    /// and when it has caught up with the log. On the worker's thread.
    [[nodiscard]] std::shared_ptr<void> onChanged(std::function<void()> bell) { return m_bell.listen(std::move(bell)); }

protected:
    /// Rows [from, to), which come after all those before. True when the results changed. // worker's thread
    virtual bool take(const EventLog& log, LogRow from, LogRow to) = 0;
    /// The same for a task that shares its work out: it is given so many rows at once as it can do in a
    /// few milliseconds.
    virtual bool takeMany(const EventLog& log, LogRow from, LogRow to, ScanCrew&) { return take(log, from, to); }
    virtual LogRow mostAtOnce() const { return 8192; }

private:
    friend class LogWorker;
    std::atomic<LogRow> m_scanned{0};
    Bell m_bell;
    // The worker's.
    LogRow m_slice = 8192; ///< as many rows as take a few milliseconds
    bool m_unheard = false;
    std::chrono::steady_clock::time_point m_lastRing{};
};

/// A thread that leads tasks through the log. Those that are behind take turns, so a new one shows
/// its first results while an old one still works. // any thread
class LogWorker {
public:
    /// `log` must outlive the worker.
    explicit LogWorker(EventLog& log);
    ~LogWorker();
    LogWorker(const LogWorker&) = delete;
    LogWorker& operator=(const LogWorker&) = delete;

    /// Begins at the log's first row. A task ends when nobody else holds it any more; that is how it
    /// is cancelled, and at most one slice later it is gone.
    void add(const std::shared_ptr<LogTask>& task);

    /// Ends the task like dropping it does, but what it holds, which may be much, is given back by the worker's
    /// thread. For who may not wait.
    void drop(std::shared_ptr<LogTask> task);

private:
    struct Post;

    void post(std::weak_ptr<LogTask> added, std::shared_ptr<LogTask> dropped);
    void wake();
    void sleep();
    void takePosts();
    void run(const std::stop_token& stop);
    std::vector<std::shared_ptr<LogTask>> liveTasks();
    bool advance(LogTask& task);

    EventLog& m_log;
    ScanCrew m_crew;
    // No lock: the worker gives way to everybody, and whoever waited for one that it holds would give way with it.
    std::atomic<Post*> m_posts{nullptr}; // the latest first
    std::atomic<bool> m_woken{false};
    sem_t m_wake{};
    std::vector<std::weak_ptr<LogTask>> m_tasks; // the worker's; the latest first
    std::shared_ptr<void> m_listening;
    std::jthread m_thread; // last: it uses everything above
};

} // namespace eventscope::core
