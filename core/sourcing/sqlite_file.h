// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "sourcing/sqlite_database.h"

#include <cstdint>
#include <filesystem>
#include <string>

struct sqlite3;

namespace eventscope::core {

/// How a read-only database may touch what lies beside its file.
enum class SqliteFooting {
    Shared,    ///< locks and "-shm" as every SQLite program: others may write meanwhile
    Immutable, ///< nothing beside it can be made, and there is no "-wal": nobody writes now
    Solitary,  ///< ditto, but a "-wal" left by a crash holds part of the content
};

/// What can be told about a store's file from outside, without changing it. SQLite itself is only
/// let at a file that has passed.
class SqliteFile {
public:
    /// Resolves the path and refuses what no store can be: missing (unless it may be created), a
    /// folder or device, empty, not allowed.
    static Result<SqliteFile> inspect(const std::filesystem::path& path, SqliteAccess access);

    const std::filesystem::path& path() const { return m_path; }
    /// Absent: a store may be made here.
    bool isNew() const { return m_new; }
    /// Makes an empty store under another name and then gives it its own, so that nobody ever sees half
    /// of one. Fine as well when another program was faster.
    Status make() const;

    /// Reads the header through SQLite's own open file (closing a second descriptor of our own would
    /// drop the locks that this process holds on the file) and refuses what is not ours, cut short
    /// or newer.
    Status checkHeader(sqlite3* handle) const;

    SqliteFooting footing() const;
    /// SQLite's name (a URI where needed) and flags for opening it on that footing.
    std::string nameFor(SqliteFooting footing) const;
    int flagsFor(SqliteFooting footing) const;

    /// The files that SQLite keeps beside the store while it is open, as far as they are there.
    struct Companions {
        bool wal = false;
        bool shm = false;
    };
    Companions companions() const;
    /// After a failed opening: removes the empty ones that were not there before, unless somebody has
    /// the store open. All connections of that opening are closed.
    void removeCompanionsBut(Companions before) const;

    /// True when frames wait in the "-wal" file.
    bool hasWal() const;

    /// Changes whenever the file or its "-wal" does; for readers on Immutable footing.
    std::string stamp() const;

private:
    static Status writeEmptyStore(const std::filesystem::path& path);
    bool isWritable() const;

    std::filesystem::path m_path;
    bool m_new = false;
};

} // namespace eventscope::core
