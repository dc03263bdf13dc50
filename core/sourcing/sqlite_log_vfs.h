// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct sqlite3;

namespace eventscope::core {

/// The name of an SQLite VFS for the writer's connection, nullptr when it cannot be had.
///
/// SQLite appends every changed page to the "-wal" file with two small writes, which for a
/// transaction over many streams is half of what it costs. During a GatheredCommit this VFS gathers
/// them and hands them on in large pieces, at the latest before the frame that commits: whatever a
/// reader may be told of, or a sync may be asked for, is in the file by then. All else goes straight
/// to the system's VFS, with which locks and shared memory stay the same as for other connections.
/// // any thread
const char* sqliteLogVfs();

/// As long as it lives, what a connection of sqliteLogVfs() writes to its "-wal" may be gathered: put it
/// around the COMMIT, when the lock to write is held. What has not been handed on at the end belongs to a
/// transaction that failed and is forgotten, since the place in the file may be another writer's by now.
/// Does nothing to a connection of another VFS. // the connection's thread
class GatheredCommit {
public:
    explicit GatheredCommit(sqlite3* connection);
    ~GatheredCommit();
    GatheredCommit(const GatheredCommit&) = delete;
    GatheredCommit& operator=(const GatheredCommit&) = delete;

    class LogFile;

private:
    LogFile* m_log = nullptr;
};

} // namespace eventscope::core
