// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_log_vfs.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

#include <sqlite3.h>

namespace eventscope::core {

namespace {

// SQLite's Unix VFS writes no more than this at once.
constexpr std::size_t kGathered = 0x1ffff;

// https://www.sqlite.org/fileformat2.html#the_write_ahead_log: the size of the database in pages
// follows the page number, and is zero in all frames but those that commit.
constexpr int kFrameHeaderSize = 24;
constexpr std::size_t kCommitSizeAt = 4;

bool commits(const unsigned char* header)
{
    return (header[kCommitSizeAt] | header[kCommitSizeAt + 1] | header[kCommitSizeAt + 2] | header[kCommitSizeAt + 3])
        != 0;
}

} // namespace

/// What lies between SQLite and the system's file, which follows it in the same memory.
class GatheredCommit::LogFile {
public:
    explicit LogFile(sqlite3_file* file) : m_file(file) { }

    void begin()
    {
        m_gathering = true;
        m_committing = false;
    }

    void end()
    {
        m_gathering = false;
        m_size = 0;
    }

    int write(const void* bytes, int size, sqlite3_int64 offset)
    {
        const auto* const from = static_cast<const unsigned char*>(bytes);
        if (size == kFrameHeaderSize)
            m_committing = commits(from);
        const auto wanted = static_cast<std::size_t>(size);
        if (m_size > 0 && (offset != m_offset + static_cast<sqlite3_int64>(m_size) || m_size + wanted > kGathered)) {
            if (const int code = flush(); code != SQLITE_OK)
                return code;
        }
        if (!m_gathering || m_committing || wanted > kGathered || !reserve()) {
            const int code = flush();
            return code != SQLITE_OK ? code : m_file->pMethods->xWrite(m_file, bytes, size, offset);
        }
        if (m_size == 0)
            m_offset = offset;
        std::copy_n(from, wanted, m_gathered.get() + m_size);
        m_size += wanted;
        return SQLITE_OK;
    }

    // What could not be written is not tried again: the transaction has failed.
    int flush()
    {
        if (m_size == 0)
            return SQLITE_OK;
        const std::size_t size = std::exchange(m_size, 0);
        return m_file->pMethods->xWrite(m_file, m_gathered.get(), static_cast<int>(size), m_offset);
    }

    sqlite3_file* file() const { return m_file; }

private:
    bool reserve()
    {
        if (m_gathered == nullptr)
            m_gathered.reset(new (std::nothrow) unsigned char[kGathered]);
        return m_gathered != nullptr;
    }

    sqlite3_file* m_file;
    std::unique_ptr<unsigned char[]> m_gathered;
    std::size_t m_size = 0;
    sqlite3_int64 m_offset = 0;
    bool m_gathering = false;
    bool m_committing = false;
};

namespace {

using LogFile = GatheredCommit::LogFile;

struct LogHandle {
    sqlite3_file base;
    alignas(LogFile) unsigned char log[sizeof(LogFile)];
};

LogFile& logOf(sqlite3_file* handle)
{
    return *std::launder(reinterpret_cast<LogFile*>(reinterpret_cast<LogHandle*>(handle)->log));
}

// What looks at the file from outside must see all of it.
template <class Call>
int flushed(sqlite3_file* handle, const Call& call)
{
    LogFile& log = logOf(handle);
    const int code = log.flush();
    return code != SQLITE_OK ? code : call(log.file());
}

const sqlite3_io_methods kLogMethods = {
    .iVersion = 1,
    .xClose =
        [](sqlite3_file* handle) {
            LogFile& log = logOf(handle);
            const int code = log.file()->pMethods->xClose(log.file());
            log.~LogFile();
            return code;
        },
    .xRead =
        [](sqlite3_file* handle, void* to, int size, sqlite3_int64 offset) {
            return flushed(handle, [&](sqlite3_file* file) { return file->pMethods->xRead(file, to, size, offset); });
        },
    .xWrite = [](sqlite3_file* handle, const void* bytes, int size,
                  sqlite3_int64 offset) { return logOf(handle).write(bytes, size, offset); },
    .xTruncate =
        [](sqlite3_file* handle, sqlite3_int64 size) {
            return flushed(handle, [&](sqlite3_file* file) { return file->pMethods->xTruncate(file, size); });
        },
    .xSync =
        [](sqlite3_file* handle, int flags) {
            return flushed(handle, [&](sqlite3_file* file) { return file->pMethods->xSync(file, flags); });
        },
    .xFileSize =
        [](sqlite3_file* handle, sqlite3_int64* size) {
            return flushed(handle, [&](sqlite3_file* file) { return file->pMethods->xFileSize(file, size); });
        },
    // SQLite locks the database's file, never this one.
    .xLock = [](sqlite3_file*, int) { return SQLITE_OK; },
    .xUnlock = [](sqlite3_file*, int) { return SQLITE_OK; },
    .xCheckReservedLock =
        [](sqlite3_file*, int* held) {
            *held = 0;
            return SQLITE_OK;
        },
    .xFileControl =
        [](sqlite3_file* handle, int what, void* argument) {
            sqlite3_file* const file = logOf(handle).file();
            return file->pMethods->xFileControl(file, what, argument);
        },
    .xSectorSize =
        [](sqlite3_file* handle) {
            sqlite3_file* const file = logOf(handle).file();
            return file->pMethods->xSectorSize(file);
        },
    .xDeviceCharacteristics =
        [](sqlite3_file* handle) {
            sqlite3_file* const file = logOf(handle).file();
            return file->pMethods->xDeviceCharacteristics(file);
        },
    .xShmMap = nullptr,
    .xShmLock = nullptr,
    .xShmBarrier = nullptr,
    .xShmUnmap = nullptr,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

sqlite3_vfs* systemVfs()
{
    static sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
    return vfs;
}

int openFile(sqlite3_vfs*, const char* name, sqlite3_file* handle, int flags, int* openedFlags)
{
    sqlite3_vfs* const system = systemVfs();
    if ((flags & SQLITE_OPEN_WAL) == 0)
        return system->xOpen(system, name, handle, flags, openedFlags);
    auto* const file = reinterpret_cast<sqlite3_file*>(reinterpret_cast<unsigned char*>(handle) + sizeof(LogHandle));
    handle->pMethods = nullptr;
    const int code = system->xOpen(system, name, file, flags, openedFlags);
    if (code != SQLITE_OK) {
        // An open that failed may still want to be closed.
        if (file->pMethods != nullptr)
            file->pMethods->xClose(file);
        return code;
    }
    new (reinterpret_cast<LogHandle*>(handle)->log) LogFile(file);
    handle->pMethods = &kLogMethods;
    return SQLITE_OK;
}

} // namespace

const char* sqliteLogVfs()
{
    // SQLite keeps what is registered for the life of the process.
    static const char* const name = []() -> const char* {
        const sqlite3_vfs* const system = systemVfs();
        if (system == nullptr)
            return nullptr;
        // The system's own functions and data, but for the opening.
        static sqlite3_vfs vfs = *system;
        vfs.pNext = nullptr;
        vfs.zName = "eventscope-log";
        vfs.szOsFile = static_cast<int>(sizeof(LogHandle)) + system->szOsFile;
        vfs.xOpen = openFile;
        return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK ? vfs.zName : nullptr;
    }();
    return name;
}

GatheredCommit::GatheredCommit(sqlite3* connection)
{
    sqlite3_file* file = nullptr;
    if (sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&file)) == SQLITE_OK
        && file != nullptr && file->pMethods == &kLogMethods) {
        m_log = &logOf(file);
        m_log->begin();
    }
}

GatheredCommit::~GatheredCommit()
{
    if (m_log != nullptr)
        m_log->end();
}

} // namespace eventscope::core
