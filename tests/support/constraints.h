// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <csignal>
#include <exception>
#include <stdexcept>
#include <string>

#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

namespace eventscope::test {

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

} // namespace eventscope::test
