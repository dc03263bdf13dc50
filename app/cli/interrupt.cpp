// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/interrupt.h"

#include "cli/exit_code.h"

#include <csignal>
#include <pthread.h>
#include <unistd.h>

namespace eventscope::app {

namespace {

// SIGUSR2 is only ever sent by the destructor, to its own thread.
sigset_t watchedSignals()
{
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR2}) {
        sigaddset(&set, signal);
    }
    return set;
}

} // namespace

Interrupt::Interrupt()
{
    const sigset_t set = watchedSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    m_thread = std::thread([this] { wait(); });
}

Interrupt::~Interrupt()
{
    m_ended = true;
    pthread_kill(m_thread.native_handle(), SIGUSR2);
    m_thread.join();
}

void Interrupt::wait()
{
    const sigset_t set = watchedSignals();
    while (!m_ended) {
        int signal = 0;
        if (sigwait(&set, &signal) != 0 || m_ended) {
            continue;
        }
        if (signal == SIGUSR2) {
            continue;
        }
        if (m_stop.stop_requested()) {
            _exit(toInt(ExitCode::Interrupted));
        }
        m_stop.request_stop();
    }
}

} // namespace eventscope::app
