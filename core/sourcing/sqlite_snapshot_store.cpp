// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_snapshot_store.h"

#include "sourcing/sqlite_statements.h"

#include <utility>

namespace eventscope::core {

namespace {

constexpr const char* kTable = "CREATE TABLE snapshots (stream TEXT PRIMARY KEY, version INTEGER NOT NULL,"
                               " fingerprint TEXT NOT NULL, state TEXT NOT NULL) STRICT";

constexpr std::string_view kSave
    = "INSERT INTO snapshots(stream, version, fingerprint, state) VALUES (?1, ?2, ?3, ?4)"
      " ON CONFLICT(stream) DO UPDATE SET version = excluded.version, fingerprint = excluded.fingerprint,"
      " state = excluded.state WHERE excluded.version >= version";

} // namespace

SqliteSnapshotStore::SqliteSnapshotStore(std::shared_ptr<SqliteDatabase> database, bool hasTable)
    : m_database(std::move(database)), m_hasTable(hasTable)
{
}

Result<std::unique_ptr<SqliteSnapshotStore>> SqliteSnapshotStore::open(std::shared_ptr<SqliteDatabase> database)
{
    const auto there = database->ensureTable("snapshots", kTable);
    if (!there)
        return std::unexpected(there.error());
    return std::unique_ptr<SqliteSnapshotStore>(new SqliteSnapshotStore(std::move(database), *there));
}

Result<std::optional<Snapshot>> SqliteSnapshotStore::load(std::string_view stream) const
{
    if (!m_hasTable)
        return std::nullopt;
    auto read = m_database->read();
    if (!read)
        return std::unexpected(read.error());
    const auto select
        = read->connection().prepared("SELECT version, fingerprint, state FROM snapshots WHERE stream = ?1");
    if (!select)
        return std::unexpected(select.error());
    const auto row = (*select)->bind(1, stream).step();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return std::nullopt;
    return Snapshot{.version = {(*select)->integer(0)},
        .fingerprint = std::string((*select)->text(1)),
        .state = std::string((*select)->text(2))};
}

Status SqliteSnapshotStore::save(std::string_view stream, const Snapshot& snapshot)
{
    return inTransaction(*m_database, [&](SqliteConnection& connection) -> Status {
        const auto insert = connection.prepared(kSave);
        if (!insert)
            return std::unexpected(insert.error());
        (*insert)->bind(1, stream).bind(2, snapshot.version.value);
        return (*insert)->bind(3, snapshot.fingerprint).bind(4, snapshot.state).run();
    });
}

Status SqliteSnapshotStore::remove(std::string_view stream)
{
    return inTransaction(*m_database, [&](SqliteConnection& connection) -> Status {
        const auto remove = connection.prepared("DELETE FROM snapshots WHERE stream = ?1");
        if (!remove)
            return std::unexpected(remove.error());
        return (*remove)->bind(1, stream).run();
    });
}

} // namespace eventscope::core
