// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <stop_token>
#include <thread>

namespace eventscope::app {

/// Turns SIGINT, SIGTERM and SIGHUP into a stop request for its lifetime. Made before any other
/// thread, which inherit its blocked signals. A second signal ends the process at once. SIGPIPE is
/// ignored from then on: a closed pipe is seen by whoever writes to it.
class Interrupt {
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    std::stop_token token() const { return m_stop.get_token(); } // any thread
    bool happened() const { return m_stop.stop_requested(); }    // any thread

private:
    void wait();

    std::stop_source m_stop;
    std::atomic<bool> m_ended = false;
    std::thread m_thread;
};

} // namespace eventscope::app
