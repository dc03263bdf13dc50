// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/temporary_folder.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace eventscope::core {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "eventscope-run-";
constexpr const char* kLock = "in-use";

bool isOurs(const fs::path& folder)
{
    struct stat status { };
    return ::lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid();
}

/// A folder without a lock is somebody's who is just making it; one whose lock can be had is nobody's any more.
void removeIfLeft(const fs::path& folder)
{
    if (!isOurs(folder))
        return;
    const int lock = ::open((folder / kLock).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (lock < 0)
        return;
    if (::flock(lock, LOCK_EX | LOCK_NB) == 0) {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
    }
    ::close(lock);
}

void removeWhatWasLeft(const fs::path& below)
{
    std::error_code error;
    for (fs::directory_iterator entry(below, fs::directory_options::skip_permission_denied, error), end;
         !error && entry != end; entry.increment(error)) {
        if (entry->path().filename().native().starts_with(kPrefix))
            removeIfLeft(entry->path());
    }
}

/// Held before it has its name, so that nobody finds it free. -1 and errno when it cannot be made.
int lockIn(const fs::path& folder)
{
    const fs::path draft = folder / "in-use.new";
    const int lock = ::open(draft.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (lock < 0)
        return -1;
    if (::flock(lock, LOCK_EX | LOCK_NB) == 0 && ::rename(draft.c_str(), (folder / kLock).c_str()) == 0)
        return lock;
    const int why = errno;
    ::close(lock);
    errno = why;
    return -1;
}

std::unexpected<Error> notMade(const fs::path& below, int systemError)
{
    return fail(systemError == ENOSPC || systemError == EDQUOT ? ErrorCode::DiskFull : ErrorCode::Io,
        fmt::format("No temporary folder can be made in '{}' ({}); free some space there, or name another folder in "
                    "TMPDIR.",
            below.string(), std::generic_category().message(systemError)));
}

} // namespace

Result<std::unique_ptr<TemporaryFolder>> TemporaryFolder::make()
{
    std::error_code error;
    const fs::path below = fs::temp_directory_path(error);
    if (error)
        return notMade("TMPDIR", error.value());
    return make(below);
}

Result<std::unique_ptr<TemporaryFolder>> TemporaryFolder::make(const fs::path& below)
{
    removeWhatWasLeft(below);
    std::string path = (below / fmt::format("{}XXXXXX", kPrefix)).string();
    if (mkdtemp(path.data()) == nullptr)
        return notMade(below, errno);
    std::unique_ptr<TemporaryFolder> folder(new TemporaryFolder(path));
    folder->m_lock = lockIn(folder->m_path);
    if (folder->m_lock < 0)
        return notMade(below, errno);
    return folder;
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
    if (m_lock >= 0)
        ::close(m_lock);
}

} // namespace eventscope::core
