// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_event_rows.h"

#include "event/metadata_json.h"

#include <array>
#include <iterator>

namespace eventscope::core {

namespace {

constexpr int kColumns = 7;

// OR IGNORE, not ON CONFLICT DO NOTHING: for the latter SQLite keeps copies of the pages that it
// changes, in case a later row of the statement fails.
std::string insertOf(std::size_t rows)
{
    std::string sql = "INSERT OR IGNORE INTO events(stream, version, id, type, time, metadata, data) VALUES ";
    for (std::size_t i = 0; i < rows; ++i)
        sql += i == 0 ? "(?,?,?,?,?,?,?)" : ",(?,?,?,?,?,?,?)";
    return sql;
}

} // namespace

void SqliteEventRows::add(
    std::int64_t position, std::int64_t stream, std::int64_t version, std::int64_t type, const NewEvent& event)
{
    Row& row = m_rows[m_count++];
    row.position = position;
    row.stream = stream;
    row.version = version;
    row.type = type;
    row.event = &event;
    row.id = SqliteEventId(event.id);
    row.metadata.clear();
    appendMetadataJson(row.metadata, event.metadata, event.schemaVersion, EnvelopeIds::WhenKnown);
}

Result<bool> SqliteEventRows::insert(SqliteConnection& connection)
{
    static const std::array<std::string, std::size(kGroups)> kInserts{
        insertOf(kGroups[0]), insertOf(kGroups[1]), insertOf(kGroups[2])};
    Result<bool> done = true;
    std::size_t first = 0;
    for (std::size_t group = 0; group < std::size(kGroups); ++group) {
        for (; done && *done && m_count - first >= kGroups[group]; first += kGroups[group])
            done = insertGroup(connection, kInserts[group], first, kGroups[group]);
    }
    clear();
    return done;
}

Result<bool> SqliteEventRows::insertGroup(
    SqliteConnection& connection, const std::string& sql, std::size_t first, std::size_t count)
{
    const auto prepared = connection.prepared(sql);
    if (!prepared)
        return std::unexpected(prepared.error());
    SqliteStatement& statement = **prepared;
    int column = 0;
    for (std::size_t i = first; i < first + count; ++i, column += kColumns) {
        const Row& row = m_rows[i];
        statement.bind(column + 1, row.stream).bind(column + 2, row.version);
        row.id.bindTo(statement, column + 3);
        statement.bind(column + 4, row.type).bind(column + 5, row.event->time.time_since_epoch().count());
        if (row.metadata == "{}")
            statement.bindNull(column + 6);
        else
            statement.bind(column + 6, row.metadata);
        statement.bind(column + 7, row.event->data);
    }
    if (const Status done = statement.run(); !done)
        return std::unexpected(done.error());
    return connection.changes() == static_cast<std::int64_t>(count)
        && connection.lastInsertRowId() == m_rows[first + count - 1].position;
}

} // namespace eventscope::core
