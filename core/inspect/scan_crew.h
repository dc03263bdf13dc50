// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace eventscope::core {

/// Threads that share out a scan among the cores. They are started by the first scan that is worth it,
/// and step back behind whoever paints and reads sources.
class ScanCrew {
public:
    /// `threads` 0: as many as the machine has cores, the caller's included.
    explicit ScanCrew(unsigned threads = 0);

    unsigned size() const { return m_size; } ///< the caller included

    using Work = std::function<void(std::size_t job, unsigned worker)>;
    /// Calls work(job, worker) for every job below `jobs`, worker < size(), each worker one at a time;
    /// the caller is one of them, and comes back when all are done. // one thread at a time
    void run(std::size_t jobs, const Work& work);

    /// The calling thread gives way to others from now on.
    static void giveWay();

private:
    void help(const std::stop_token& stop, unsigned worker);
    void workOn(const Work& work, std::size_t jobs, unsigned worker);

    const unsigned m_size;
    std::mutex m_mutex;
    std::condition_variable_any m_begin;
    std::condition_variable m_end;
    const Work* m_work = nullptr;
    std::size_t m_jobs = 0;
    std::atomic<std::size_t> m_next{0};
    unsigned m_round = 0;
    unsigned m_busy = 0;
    std::vector<std::jthread> m_threads; // last: they use everything above
};

} // namespace eventscope::core
