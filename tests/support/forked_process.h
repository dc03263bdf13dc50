// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <csignal>
#include <functional>
#include <stdexcept>

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace eventscope::test {

/// A forked child that runs `work` and exits with what it returns; killed with the object.
/// Fork only where no other thread of the test runs.
class ForkedProcess {
public:
    explicit ForkedProcess(const std::function<int()>& work) : m_pid(fork())
    {
        if (m_pid < 0)
            throw std::runtime_error("cannot fork");
        if (m_pid == 0)
            _exit(work());
    }
    ~ForkedProcess() { kill(); }
    ForkedProcess(const ForkedProcess&) = delete;
    ForkedProcess& operator=(const ForkedProcess&) = delete;

    /// The exit status, or -1 when a signal ended it.
    int wait()
    {
        if (m_pid <= 0)
            return m_status;
        int status = 0;
        waitpid(m_pid, &status, 0);
        m_pid = 0;
        m_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        return m_status;
    }
    void kill()
    {
        if (m_pid > 0)
            ::kill(m_pid, SIGKILL);
        wait();
    }

private:
    pid_t m_pid = 0;
    int m_status = -1;
};

/// A pipe as a bell between processes: one byte says "ready".
class PipeBell {
public:
    PipeBell()
    {
        if (pipe(m_ends) != 0)
            throw std::runtime_error("cannot make a pipe");
    }
    ~PipeBell()
    {
        ::close(m_ends[0]);
        if (m_ends[1] >= 0)
            ::close(m_ends[1]);
    }
    PipeBell(const PipeBell&) = delete;
    PipeBell& operator=(const PipeBell&) = delete;

    /// In a process that only listens, so that it learns when the last of the others is gone.
    void closeWriting()
    {
        ::close(m_ends[1]);
        m_ends[1] = -1;
    }

    void ring(char what = '!') const { [[maybe_unused]] const auto written = ::write(m_ends[1], &what, 1); }
    /// False when nobody can ring any more.
    bool await() const
    {
        char what = 0;
        return ::read(m_ends[0], &what, 1) == 1;
    }

private:
    int m_ends[2] = {-1, -1};
};

} // namespace eventscope::test
