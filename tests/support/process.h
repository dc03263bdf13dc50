// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <csignal>
#include <functional>
#include <stdexcept>
#include <string>

#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace eventscope::tests {

/// A forked child that runs `work` and exits with what it returns; killed with the object.
/// Fork only where no other thread of the test runs.
class ChildProcess {
public:
    explicit ChildProcess(const std::function<int()>& work) : m_pid(fork())
    {
        if (m_pid < 0)
            throw std::runtime_error("cannot fork");
        if (m_pid == 0)
            _exit(work());
    }
    ~ChildProcess() { kill(); }
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

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
class Bell {
public:
    Bell()
    {
        if (pipe(m_ends) != 0)
            throw std::runtime_error("cannot make a pipe");
    }
    ~Bell()
    {
        ::close(m_ends[0]);
        ::close(m_ends[1]);
    }
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;

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

/// As long as it lives, no file of this process may grow past `bytes`: a full disk without a disk.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        getrlimit(RLIMIT_FSIZE, &m_before);
        m_handler = std::signal(SIGXFSZ, SIG_IGN);
        rlimit limit = m_before;
        limit.rlim_cur = bytes;
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit()
    {
        setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
    rlimit m_before{};
    void (*m_handler)(int) = nullptr;
};

/// Root may do everything, so a test about permissions steps down while this lives.
class Unprivileged {
public:
    Unprivileged()
    {
        if (m_wasRoot && seteuid(65534) != 0)
            throw std::runtime_error("cannot step down from root");
    }
    ~Unprivileged()
    {
        if (m_wasRoot && seteuid(0) != 0)
            std::terminate();
    }
    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;

private:
    const bool m_wasRoot = geteuid() == 0;
};

/// A small file system of its own, where the test may mount one; ok() says whether.
class TinyDisk {
public:
    TinyDisk(const std::string& folder, const std::string& size)
        : m_folder(folder)
        , m_mounted(mount("tmpfs", folder.c_str(), "tmpfs", 0, ("size=" + size + ",mode=777").c_str()) == 0)
    {
    }
    ~TinyDisk()
    {
        if (m_mounted)
            umount2(m_folder.c_str(), MNT_DETACH);
    }
    TinyDisk(const TinyDisk&) = delete;
    TinyDisk& operator=(const TinyDisk&) = delete;

    bool ok() const { return m_mounted; }
    bool makeReadOnly() const { return mount("", m_folder.c_str(), "", MS_REMOUNT | MS_RDONLY, nullptr) == 0; }

private:
    std::string m_folder;
    bool m_mounted;
};

} // namespace eventscope::tests
