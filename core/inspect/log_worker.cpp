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

/// What others want of the worker, in a list without a lock: they push, the worker takes all at once.
struct LogWorker::Post {
    std::weak_ptr<LogTask> added;
    std::shared_ptr<LogTask> dropped;
    Post* next = nullptr;
};

LogWorker::LogWorker(EventLog& log) : m_log(log)
{
    ::sem_init(&m_wake, 0, 0);
    m_listening = log.onAppended([this] { wake(); });
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

LogWorker::~LogWorker()
{
    m_listening.reset();
    m_thread = {};
    takePosts();
    ::sem_destroy(&m_wake);
}

void LogWorker::add(const std::shared_ptr<LogTask>& task)
{
    post(task, nullptr);
}

void LogWorker::drop(std::shared_ptr<LogTask> task)
{
    post({}, std::move(task));
}

void LogWorker::post(std::weak_ptr<LogTask> added, std::shared_ptr<LogTask> dropped)
{
    auto* const post = new Post{std::move(added), std::move(dropped), m_posts.load(std::memory_order_relaxed)};
    while (!m_posts.compare_exchange_weak(post->next, post, std::memory_order_release, std::memory_order_relaxed)) { }
    wake();
}

void LogWorker::wake()
{
    if (!m_woken.exchange(true, std::memory_order_acq_rel)) {
        ::sem_post(&m_wake);
    }
}

void LogWorker::sleep()
{
    while (::sem_wait(&m_wake) != 0) { } // a signal came
    m_woken.exchange(false, std::memory_order_acq_rel);
}

void LogWorker::takePosts()
{
    std::vector<std::weak_ptr<LogTask>> added;
    for (Post* at = m_posts.exchange(nullptr, std::memory_order_acquire); at != nullptr;) {
        const std::unique_ptr<Post> post(at);
        at = post->next;
        if (!post->dropped) {
            added.push_back(std::move(post->added));
        }
    }
    m_tasks.insert(m_tasks.begin(), added.begin(), added.end());
}

void LogWorker::run(const std::stop_token& stop)
{
    ScanCrew::giveWay();
    const std::stop_callback wakeUp(stop, [this] { wake(); });
    while (!stop.stop_requested()) {
        takePosts();
        bool more = false;
        // Held only for one round: whoever drops a task meanwhile ends it here.
        for (const std::shared_ptr<LogTask>& task : liveTasks()) {
            more = (!stop.stop_requested() && advance(*task)) || more;
        }
        if (!more && !stop.stop_requested()) {
            sleep();
        }
    }
}

std::vector<std::shared_ptr<LogTask>> LogWorker::liveTasks()
{
    std::vector<std::shared_ptr<LogTask>> live;
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
        // What is far too short grows faster: each slice costs waking the crew.
        task.m_slice = std::min(task.m_slice * (now - began < kShort / 8 ? 8 : 2), task.mostAtOnce());
    }
    if (task.m_unheard && (to == size || now - task.m_lastRing >= kBetweenRings)) {
        task.m_unheard = false;
        task.m_lastRing = now;
        task.m_bell.ring();
    }
    return to < size;
}

} // namespace eventscope::core
