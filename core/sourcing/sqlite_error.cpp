// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_error.h"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <sqlite3.h>

namespace eventscope::core {

namespace {

Error noRoom(std::string_view path)
{
    return {ErrorCode::DiskFull,
        fmt::format("There is no room left on the disk of '{}'; free some space and try again.", path)};
}

bool isOutOfRoom(int systemError)
{
    return systemError == ENOSPC || systemError == EDQUOT || systemError == EFBIG;
}

Error notWritable(std::string_view path)
{
    return {ErrorCode::ReadOnly,
        fmt::format("'{}' cannot be written, because it, its folder or its disk is read-only; open it for reading "
                    "only, or copy it to a place that you may write.",
            path)};
}

Error locked(std::string_view path)
{
    return {ErrorCode::Locked,
        fmt::format("'{}' is held by another program; close that program or try again later.", path)};
}

Error damaged(std::string_view path, std::string_view detail)
{
    return {ErrorCode::Corrupt,
        fmt::format("'{}' is damaged ({}); restore it from a backup, or save what can be read with "
                    "\"sqlite3 FILE .recover\" on a copy.",
            path, detail)};
}

} // namespace

Error fileError(int systemError, std::string_view path)
{
    switch (systemError) {
    case ENOENT:
    case ENOTDIR: return {ErrorCode::NotFound, fmt::format("There is no file '{}'; check the path.", path)};
    case EACCES:
    case EPERM:
        return {ErrorCode::Refused,
            fmt::format("You may not open '{}'; ask its owner for the permission, or change its mode.", path)};
    case EROFS: return notWritable(path);
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return noRoom(path);
    case EISDIR: return {ErrorCode::NotAStore, fmt::format("'{}' is a folder, not an event store; name a file.", path)};
    default:
        return {ErrorCode::Io,
            fmt::format("'{}' cannot be opened or read ({}); check the disk and try again.", path,
                std::generic_category().message(systemError))};
    }
}

Error translateSqliteError(int code, int systemError, std::string_view path, std::string_view detail)
{
    if (path.empty())
        path = "(a temporary database)";
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return locked(path);
    case SQLITE_READONLY: return notWritable(path);
    case SQLITE_FULL: return noRoom(path);
    case SQLITE_CORRUPT: return damaged(path, detail);
    case SQLITE_NOTADB:
        return {ErrorCode::NotAStore, fmt::format("'{}' cannot be opened: it is no SQLite file.", path)};
    case SQLITE_PERM:
    case SQLITE_AUTH: return fileError(EACCES, path);
    case SQLITE_CANTOPEN: return fileError(systemError, path);
    case SQLITE_IOERR:
        if (code == SQLITE_IOERR_SHORT_READ)
            return damaged(path, "it ends too early");
        if (isOutOfRoom(systemError) || systemError == EROFS)
            return fileError(systemError, path);
        return {ErrorCode::Io,
            fmt::format("Reading or writing '{}' failed ({}{}{}); check the disk and try again.", path, detail,
                systemError == 0 ? "" : ": ", systemError == 0 ? "" : std::generic_category().message(systemError))};
    case SQLITE_INTERRUPT: return {ErrorCode::Cancelled, fmt::format("The work on '{}' was stopped.", path)};
    case SQLITE_TOOBIG:
        return {ErrorCode::InvalidArgument,
            fmt::format(
                "A value for '{}' is too big for it: one text may have at most a thousand million bytes.", path)};
    case SQLITE_CONSTRAINT: return {ErrorCode::InvalidArgument, fmt::format("'{}' refused a row: {}.", path, detail)};
    case SQLITE_NOMEM: return {ErrorCode::Io, fmt::format("There is not enough memory to work on '{}'.", path)};
    default: return {ErrorCode::Io, fmt::format("Work on '{}' failed: {}.", path, detail)};
    }
}

namespace {

// SQLite's own note of errno may be overwritten by what it did after the failure; its files remember.
int systemErrorOf(sqlite3* handle)
{
    if (const int known = sqlite3_system_errno(handle); known != 0)
        return known;
    for (const int which : {SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER}) {
        sqlite3_file* file = nullptr;
        int known = 0;
        if (sqlite3_file_control(handle, "main", which, &file) == SQLITE_OK && file != nullptr
            && file->pMethods != nullptr
            && file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &known) == SQLITE_OK && known != 0)
            return known;
    }
    return 0;
}

} // namespace

Error sqliteError(sqlite3* handle)
{
    if (handle == nullptr)
        return translateSqliteError(SQLITE_NOMEM, 0, {}, {});
    const char* path = sqlite3_db_filename(handle, "main");
    const int code = sqlite3_extended_errcode(handle);
    const std::string detail = sqlite3_errmsg(handle);
    return translateSqliteError(
        code, systemErrorOf(handle), path == nullptr ? std::string_view() : std::string_view(path), detail);
}

Error sqliteCommitError(sqlite3* handle)
{
    const int code = sqlite3_extended_errcode(handle);
    const int systemError = systemErrorOf(handle);
    // The last thing to be written is what commits, so what found no room for all of it did not.
    const bool noRoomToWrite = code == SQLITE_IOERR_WRITE && isOutOfRoom(systemError);
    if (((code & 0xff) != SQLITE_IOERR && (code & 0xff) != SQLITE_NOMEM) || noRoomToWrite)
        return sqliteError(handle);
    const char* path = sqlite3_db_filename(handle, "main");
    return {ErrorCode::InDoubt,
        fmt::format("It is not known whether the last write to '{}' is stored, because its commit failed ({}{}{}); "
                    "check the disk, then repeat that write.",
            path == nullptr ? "" : path, sqlite3_errmsg(handle), systemError == 0 ? "" : ": ",
            systemError == 0 ? "" : std::generic_category().message(systemError))};
}

} // namespace eventscope::core
