// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/target_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace eventscope::core {

namespace {

constexpr mode_t kMode = 0666; // less the umask

std::unexpected<Error> cannotWrite(const std::string& path)
{
    const int number = errno;
    return fail(number == ENOSPC ? ErrorCode::DiskFull : ErrorCode::Io,
        fmt::format("'{}' cannot be written: {}.", path, std::error_code(number, std::generic_category()).message()));
}

} // namespace

Result<TargetFile> TargetFile::open(const std::string& path)
{
    if (path == "-") {
        return TargetFile(path, {}, STDOUT_FILENO);
    }
    struct stat status { };
    const bool isThere = stat(path.c_str(), &status) == 0;
    if (isThere && S_ISDIR(status.st_mode)) {
        return fail(ErrorCode::Io, fmt::format("'{}' is a folder; name a file in it.", path));
    }
    const bool isDirect = isThere && !S_ISREG(status.st_mode);
    std::string beside = isDirect ? std::string() : fmt::format("{}.{}.part", path, getpid());
    const int descriptor = ::open(isDirect ? path.c_str() : beside.c_str(),
        isDirect ? O_WRONLY | O_CLOEXEC : O_WRONLY | O_CLOEXEC | O_CREAT | O_TRUNC | O_NOFOLLOW, kMode);
    if (descriptor < 0) {
        return cannotWrite(path);
    }
    return TargetFile(path, std::move(beside), descriptor);
}

TargetFile::TargetFile(TargetFile&& other) noexcept
    : m_path(std::move(other.m_path))
    , m_beside(std::exchange(other.m_beside, {}))
    , m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

TargetFile::~TargetFile()
{
    if (m_descriptor > STDERR_FILENO) {
        ::close(m_descriptor);
    }
    if (!m_beside.empty()) {
        std::remove(m_beside.c_str());
    }
}

Status TargetFile::keep()
{
    if (m_beside.empty()) {
        return {};
    }
    if (fsync(m_descriptor) != 0 || std::rename(m_beside.c_str(), m_path.c_str()) != 0) {
        return cannotWrite(m_path);
    }
    m_beside.clear();
    return {};
}

} // namespace eventscope::core
