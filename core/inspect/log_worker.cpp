// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/log_worker.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace eventscope::core {

namespace {

// A slice is so short that a task that was dropped is gone at once and others get their turn.
constexpr LogRow kLeastSlice = 8192;
constexpr std::chrono::milliseconds kShort{2};
constexpr std::chrono::milliseconds kLong{6};
constexpr std::chrono::milliseconds kBetweenRings{10};

} // namespace

LogWorker::LogWorker(EventLog& log)
    : m_log(log)
    , m_listening(log.onAppended([this] {
        {
            const std::scoped_lock lock(m_mutex);
            m_woken = true;
        }
        m_wake.notify_one();
    }))
    , m_thread([this](std::stop_token stop) { run(std::move(stop)); })
{
}

LogWorker::~LogWorker()
{
    m_listening.reset();
}

void LogWorker::add(const std::shared_ptr<LogTask>& task)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_tasks.insert(m_tasks.begin(), task);
        m_woken = true;
    }
    m_wake.notify_one();
}

void LogWorker::run(std::stop_token stop)
{
    ScanCrew::giveWay();
    while (!stop.stop_requested()) {
        bool more = false;
        // Held only for one round: whoever drops a task meanwhile ends it here.
        for (const std::shared_ptr<LogTask>& task : liveTasks()) {
            more = (!stop.stop_requested() && advance(*task)) || more;
        }
        if (!more) {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, stop, [this] { return m_woken; });
            m_woken = false;
        }
    }
}

std::vector<std::shared_ptr<LogTask>> LogWorker::liveTasks()
{
    std::vector<std::shared_ptr<LogTask>> live;
    const std::scoped_lock lock(m_mutex);
    std::erase_if(m_tasks, [&live](const std::weak_ptr<LogTask>& weak) {
        std::shared_ptr<LogTask> task = weak.lock();
        if (!task) {
            return true;
        }
        live.push_back(std::move(task));
        return false;
    });
    return live;
}

bool LogWorker::advance(LogTask& task)
{
    const EventLog::Hold hold = m_log.hold();
    const LogRow size = m_log.size();
    // What was dropped before anybody looked at it is gone.
    const LogRow from = std::max(task.m_scanned.load(std::memory_order_relaxed), std::min(m_log.firstRow(), size));
    const LogRow to = std::min(size, from + task.m_slice);
    const auto began = std::chrono::steady_clock::now();
    if (from < to) {
        const bool changed = task.takeMany(m_log, from, to, m_crew);
        task.m_scanned.store(to, std::memory_order_release);
        // Catching up is news as well: the receipt says so.
        task.m_unheard = task.m_unheard || changed || to == size;
    }
    const auto now = std::chrono::steady_clock::now();
    if (now - began > kLong) {
        task.m_slice = std::max(task.m_slice / 2, kLeastSlice);
    } else if (to - from == task.m_slice && now - began < kShort) {
        task.m_slice = std::min(task.m_slice * 2, task.mostAtOnce());
    }
    if (task.m_unheard && (to == size || now - task.m_lastRing >= kBetweenRings)) {
        task.m_unheard = false;
        task.m_lastRing = now;
        task.m_bell.ring();
    }
    return to < size;
}

} // namespace eventscope::core
