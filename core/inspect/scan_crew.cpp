// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/scan_crew.h"

#include <algorithm>

#include <sys/resource.h>

namespace eventscope::core {

namespace {

constexpr int kNice = 10;

} // namespace

ScanCrew::ScanCrew(unsigned threads)
    : m_size(threads == 0 ? std::max(std::thread::hardware_concurrency(), 1U) : threads)
{
}

void ScanCrew::giveWay()
{
    // On Linux this is the thread's own. Where it is refused, the scan is only less polite.
    static_cast<void>(::setpriority(PRIO_PROCESS, 0, kNice));
}

void ScanCrew::workOn(const Work& work, std::size_t jobs, unsigned worker)
{
    for (std::size_t job = m_next.fetch_add(1); job < jobs; job = m_next.fetch_add(1))
        work(job, worker);
}

void ScanCrew::run(std::size_t jobs, const Work& work)
{
    if (jobs < 2 || m_size < 2) {
        for (std::size_t job = 0; job < jobs; ++job)
            work(job, 0);
        return;
    }
    {
        const std::scoped_lock lock(m_mutex);
        for (unsigned worker = 1; m_threads.size() + 1 < m_size; ++worker) {
            m_threads.emplace_back([this, worker](const std::stop_token& stop) { help(stop, worker); });
        }
        m_work = &work;
        m_jobs = jobs;
        m_next = 0;
        m_busy = static_cast<unsigned>(m_threads.size());
        ++m_round;
    }
    m_begin.notify_all();
    workOn(work, jobs, 0);
    std::unique_lock lock(m_mutex);
    m_end.wait(lock, [this] { return m_busy == 0; });
}

void ScanCrew::help(const std::stop_token& stop, unsigned worker)
{
    giveWay();
    unsigned seen = 0;
    std::unique_lock lock(m_mutex);
    while (m_begin.wait(lock, stop, [&] { return m_round != seen; })) {
        seen = m_round;
        const Work& work = *m_work;
        const std::size_t jobs = m_jobs;
        lock.unlock();
        workOn(work, jobs, worker);
        lock.lock();
        if (--m_busy == 0)
            m_end.notify_one();
    }
}

} // namespace eventscope::core
