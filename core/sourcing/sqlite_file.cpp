// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_file.h"

#include "sourcing/sqlite_error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

namespace eventscope::core {

namespace {

namespace fs = std::filesystem;

// The database header, https://www.sqlite.org/fileformat2.html#the_database_header.
constexpr std::size_t kHeaderSize = 100;
constexpr std::string_view kMagic{"SQLite format 3\0", 16};
constexpr std::size_t kPageSizeAt = 16, kWriteVersionAt = 18, kChangeCounterAt = 24, kPageCountAt = 28,
                      kUserVersionAt = 60, kApplicationIdAt = 68, kPageCountValidForAt = 92;

using Header = std::array<unsigned char, kHeaderSize>;

std::uint32_t bigEndian32(const Header& header, std::size_t at)
{
    return (std::uint32_t{header[at]} << 24) | (std::uint32_t{header[at + 1]} << 16)
        | (std::uint32_t{header[at + 2]} << 8) | header[at + 3];
}

std::int64_t pageSizeOf(const Header& header)
{
    const std::int64_t size = (std::int64_t{header[kPageSizeAt]} << 8) | header[kPageSizeAt + 1];
    return size == 1 ? 65'536 : size;
}

std::uintmax_t sizeOf(const fs::path& path)
{
    std::error_code error;
    const std::uintmax_t size = fs::file_size(path, error);
    return error ? 0 : size;
}

fs::path beside(const fs::path& path, const char* suffix)
{
    fs::path result = path;
    result += suffix;
    return result;
}

// SQLite's own open file; nullptr when it has none.
sqlite3_file* openFile(sqlite3* handle)
{
    sqlite3_file* file = nullptr;
    const int code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    return code == SQLITE_OK && file != nullptr && file->pMethods != nullptr ? file : nullptr;
}

bool allowed(const fs::path& path, int mode)
{
    return ::faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0;
}

std::unexpected<Error> cutShort(const std::string& path)
{
    return fail(ErrorCode::Corrupt,
        fmt::format("'{}' is cut short: the file is smaller than it says; restore it from a backup, or copy it "
                    "again from where it came.",
            path));
}

Status checkFolder(const fs::path& path)
{
    const fs::path folder = path.parent_path();
    std::error_code error;
    if (!fs::is_directory(folder, error))
        return fail(ErrorCode::NotFound,
            fmt::format("There is no folder '{}' to make a store in; create it first.", folder.string()));
    if (!allowed(folder, W_OK | X_OK))
        return fail(ErrorCode::ReadOnly,
            fmt::format("The folder '{}' may not be written ({}), so there can be no store in it; choose another one.",
                folder.string(), std::generic_category().message(errno)));
    return {};
}

// SQLite would take them for parts of the new store.
Status checkLeftovers(const fs::path& path)
{
    for (const char* suffix : {"-wal", "-journal"}) {
        const fs::path left = beside(path, suffix);
        std::error_code ignored;
        // With the store there by now, another program has just made it.
        if (sizeOf(left) > 0 && !fs::exists(path, ignored))
            return fail(ErrorCode::Corrupt,
                fmt::format("'{}' is missing, but a part of it is still there ('{}'); put the file back, or delete "
                            "that part to have a new store made.",
                    path.string(), left.filename().string()));
    }
    return {};
}

Status checkWritable(const fs::path& path)
{
    if (!allowed(path, W_OK))
        return fail(ErrorCode::ReadOnly,
            fmt::format("'{}' may not be written ({}); open it for reading only, or copy it to a place that you may "
                        "write.",
                path.string(), std::generic_category().message(errno)));
    const fs::path folder = path.parent_path();
    if (!allowed(folder, W_OK | X_OK))
        return fail(ErrorCode::ReadOnly,
            fmt::format("'{}' cannot be written, because its folder may not be ({}); open it for reading only, or "
                        "copy it to a place that you may write.",
                path.string(), std::generic_category().message(errno)));
    return {};
}

// So that the store's name survives a power cut as its content does.
void syncFolder(const fs::path& folder)
{
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    ::fsync(descriptor);
    ::close(descriptor);
}

} // namespace

Result<SqliteFile> SqliteFile::inspect(const fs::path& path, SqliteAccess access)
{
    if (path.empty())
        return fail(ErrorCode::InvalidArgument, "The path of the store is empty; name a file.");
    if (path.native().find('\0') != std::string::npos)
        return fail(ErrorCode::InvalidArgument, "The path of the store holds a NUL character; name a file.");

    std::error_code error;
    SqliteFile file;
    file.m_path = fs::weakly_canonical(fs::absolute(path, error), error);
    if (error)
        return std::unexpected(fileError(error.value(), path.string()));

    const fs::file_status status = fs::status(file.m_path, error);
    if (status.type() == fs::file_type::not_found) {
        if (access != SqliteAccess::Create)
            return std::unexpected(fileError(ENOENT, file.m_path.string()));
        Status possible = checkFolder(file.m_path);
        if (possible)
            possible = checkLeftovers(file.m_path);
        if (!possible)
            return std::unexpected(possible.error());
        file.m_new = true;
        return file;
    }
    if (error)
        return std::unexpected(fileError(error.value(), file.m_path.string()));
    if (status.type() == fs::file_type::directory)
        return std::unexpected(fileError(EISDIR, file.m_path.string()));
    if (status.type() != fs::file_type::regular)
        return fail(ErrorCode::NotAStore,
            fmt::format("'{}' is no regular file, so it cannot be an event store; name a file.", file.m_path.string()));

    if (!allowed(file.m_path, R_OK))
        return std::unexpected(fileError(errno, file.m_path.string()));
    if (access != SqliteAccess::ReadOnly) {
        if (const Status writable = checkWritable(file.m_path); !writable)
            return std::unexpected(writable.error());
    }
    if (sizeOf(file.m_path) == 0)
        return fail(ErrorCode::NotAStore,
            fmt::format(
                "'{}' is empty, so it is no event store; delete it to have a store made there.", file.m_path.string()));
    return file;
}

Status SqliteFile::writeEmptyStore(const fs::path& path)
{
    auto connection
        = SqliteConnection::open(path.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX);
    if (!connection)
        return std::unexpected(connection.error());
    return (*connection)
        ->execute(fmt::format("PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE;"
                              "PRAGMA application_id={}; PRAGMA user_version={};"
                              "COMMIT; PRAGMA journal_mode=WAL",
            SqliteDatabase::kApplicationId, SqliteDatabase::kFormatVersion)
                      .c_str());
}

Status SqliteFile::make() const
{
    const fs::path folder = m_path.parent_path();
    const auto unique = std::chrono::steady_clock::now().time_since_epoch().count();
    const fs::path draft = folder / fmt::format(".{}.new-{}-{}", m_path.filename().string(), ::getpid(), unique);

    Status made = writeEmptyStore(draft);
    if (!made) {
        std::string& sentence = made.error().message;
        if (const auto at = sentence.find(draft.native()); at != std::string::npos)
            sentence.replace(at, draft.native().size(), m_path.native());
    } else if (::renameat2(AT_FDCWD, draft.c_str(), AT_FDCWD, m_path.c_str(), RENAME_NOREPLACE) != 0) {
        // Not every file system can do that in one step; those that cannot mostly have hard links.
        const bool unable = errno == EINVAL || errno == ENOSYS;
        if (errno != EEXIST && !(unable && (::link(draft.c_str(), m_path.c_str()) == 0 || errno == EEXIST)))
            made = std::unexpected(fileError(errno, m_path.string()));
    }
    std::error_code ignored;
    fs::remove(draft, ignored);
    if (made)
        syncFolder(folder);
    return made;
}

Status SqliteFile::checkHeader(sqlite3* handle) const
{
    sqlite3_file* const file = openFile(handle);
    if (file == nullptr)
        return std::unexpected(sqliteError(handle));

    const std::string name = m_path.string();
    sqlite3_int64 size = 0;
    Header header{};
    int code = file->pMethods->xFileSize(file, &size);
    if (code == SQLITE_OK)
        code = file->pMethods->xRead(file, header.data(), static_cast<int>(header.size()), 0);
    if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ)
        return std::unexpected(translateSqliteError(code, errno, name, sqlite3_errstr(code)));

    const auto present = std::min<std::size_t>(static_cast<std::size_t>(size), kMagic.size());
    if (std::memcmp(header.data(), kMagic.data(), present) != 0)
        return std::unexpected(translateSqliteError(SQLITE_NOTADB, 0, name, {}));
    if (static_cast<std::size_t>(size) < kHeaderSize)
        return cutShort(name);
    if (bigEndian32(header, kApplicationIdAt) != static_cast<std::uint32_t>(SqliteDatabase::kApplicationId))
        return fail(ErrorCode::NotAStore,
            fmt::format("'{}' cannot be opened: it is an SQLite database of another program.", name));
    if (const auto version = bigEndian32(header, kUserVersionAt);
        version > static_cast<std::uint32_t>(SqliteDatabase::kFormatVersion))
        return fail(ErrorCode::UnsupportedVersion,
            fmt::format(
                "'{}' was written by a newer Eventscope (format {}, this one knows up to {}); update Eventscope "
                "to open it.",
                name, version, SqliteDatabase::kFormatVersion));

    // While frames wait in the "-wal", the file alone may well be shorter than its header says.
    if (hasWal())
        return {};
    const bool countIsValid = bigEndian32(header, kChangeCounterAt) == bigEndian32(header, kPageCountValidForAt);
    if (size < pageSizeOf(header)
        || (countIsValid && size < std::int64_t{bigEndian32(header, kPageCountAt)} * pageSizeOf(header)))
        return cutShort(name);
    constexpr unsigned char kRollbackJournal = 1;
    if (header[kWriteVersionAt] == kRollbackJournal && sizeOf(beside(m_path, "-journal")) > 0)
        return fail(ErrorCode::Corrupt,
            fmt::format("'{0}' was left in the middle of a change by another program; let that program finish it (its "
                        "notes are in '{0}-journal').",
                name));
    return {};
}

bool SqliteFile::isWritable() const
{
    return allowed(m_path, W_OK) && allowed(m_path.parent_path(), W_OK | X_OK);
}

SqliteFile::Companions SqliteFile::companions() const
{
    std::error_code ignored;
    return {.wal = fs::exists(beside(m_path, "-wal"), ignored), .shm = fs::exists(beside(m_path, "-shm"), ignored)};
}

void SqliteFile::removeCompanionsBut(Companions before) const
{
    const Companions now = companions();
    if ((before.wal || !now.wal) && (before.shm || !now.shm))
        return;
    const auto connection = SqliteConnection::open(m_path.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
    sqlite3_file* file = connection ? openFile((*connection)->handle()) : nullptr;
    if (file == nullptr)
        return;
    // Whoever has a store in WAL mode open holds a shared lock on it; so, alone, we can get this one.
    const bool alone = file->pMethods->xLock(file, SQLITE_LOCK_SHARED) == SQLITE_OK
        && file->pMethods->xLock(file, SQLITE_LOCK_EXCLUSIVE) == SQLITE_OK;
    if (alone && !hasWal()) {
        std::error_code ignored;
        if (!before.wal)
            fs::remove(beside(m_path, "-wal"), ignored);
        if (!before.shm)
            fs::remove(beside(m_path, "-shm"), ignored);
    }
    file->pMethods->xUnlock(file, SQLITE_LOCK_NONE);
}

bool SqliteFile::hasWal() const
{
    return sizeOf(beside(m_path, "-wal")) > 0;
}

SqliteFooting SqliteFile::footing() const
{
    if (isWritable())
        return SqliteFooting::Shared;
    if (!hasWal())
        return SqliteFooting::Immutable;
    return allowed(beside(m_path, "-shm"), R_OK) ? SqliteFooting::Shared : SqliteFooting::Solitary;
}

std::string SqliteFile::nameFor(SqliteFooting footing) const
{
    if (footing == SqliteFooting::Shared)
        return m_path.string();
    std::string uri = "file:";
    for (const char c : m_path.native()) {
        if (c == '?' || c == '#' || c == '%')
            uri += fmt::format("%{:02x}", static_cast<unsigned char>(c));
        else
            uri += c;
    }
    return uri + (footing == SqliteFooting::Immutable ? "?immutable=1" : "?vfs=unix-none");
}

int SqliteFile::flagsFor(SqliteFooting footing) const
{
    // A reader opens a writable file for writing as well (and then never writes): only so can the last
    // one out remove the "-wal" and "-shm" files that reading needed.
    const int mode = footing == SqliteFooting::Shared && isWritable() ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    return mode | SQLITE_OPEN_NOMUTEX | (footing == SqliteFooting::Shared ? 0 : SQLITE_OPEN_URI);
}

std::string SqliteFile::stamp() const
{
    std::error_code error;
    const auto written = fs::last_write_time(m_path, error);
    return fmt::format("{} {} {}", sizeOf(m_path), written.time_since_epoch().count(), hasWal());
}

} // namespace eventscope::core
