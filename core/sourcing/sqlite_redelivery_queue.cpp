// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_redelivery_queue.h"

#include "sourcing/sqlite_statements.h"

#include <algorithm>

namespace eventscope::core {

namespace {

constexpr const char* kSchema = R"(
        CREATE TABLE IF NOT EXISTS redeliveries (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            queue TEXT NOT NULL, attempts INTEGER NOT NULL, possible_duplicate INTEGER NOT NULL,
            stream TEXT, version INTEGER, position INTEGER, event_id TEXT, type TEXT, time INTEGER,
            metadata TEXT, data BLOB,
            handled INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX IF NOT EXISTS redeliveries_pending ON redeliveries(seq) WHERE handled = 0;
    )";

Redelivery readRow(const SqliteStatement& row)
{
    Redelivery redelivery;
    redelivery.id = row.text(0);
    redelivery.queue = row.text(1);
    redelivery.attempts = static_cast<int>(row.integer(2));
    redelivery.possibleDuplicate = row.integer(3) != 0;
    RecordedEvent& event = redelivery.event;
    event.stream = row.text(4);
    event.version = {row.integer(5)};
    event.position = {row.integer(6)};
    event.id = row.text(7);
    event.type = row.text(8);
    event.time = Timestamp(std::chrono::microseconds(row.integer(9)));
    metadataFromJson(row.text(10), event.metadata, event.schemaVersion);
    event.data = row.text(11);
    return redelivery;
}

Status insertRow(SqliteConnection& connection, const Redelivery& redelivery)
{
    const auto statement = connection.prepared(
        "INSERT INTO redeliveries(id, queue, attempts, possible_duplicate, stream, version, position, event_id, type,"
        " time, metadata, data) VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO NOTHING");
    if (!statement)
        return std::unexpected(statement.error());
    const RecordedEvent& event = redelivery.event;
    const std::string metadata = metadataToJson(event.metadata, event.schemaVersion);
    (*statement)->bind(1, redelivery.id).bind(2, redelivery.queue).bind(3, std::int64_t{redelivery.attempts});
    (*statement)->bind(4, std::int64_t{redelivery.possibleDuplicate}).bind(5, event.stream);
    (*statement)->bind(6, event.version.value).bind(7, event.position.value).bind(8, event.id).bind(9, event.type);
    (*statement)->bind(10, std::int64_t{event.time.time_since_epoch().count()}).bind(11, metadata);
    (*statement)->bindBlob(12, event.data);
    return (*statement)->run();
}

} // namespace

Result<std::unique_ptr<SqliteRedeliveryQueue>> SqliteRedeliveryQueue::open(std::shared_ptr<SqliteDatabase> database)
{
    if (const auto made = database->ensureTable("redeliveries", kSchema); !made)
        return std::unexpected(made.error());
    return std::unique_ptr<SqliteRedeliveryQueue>(new SqliteRedeliveryQueue(std::move(database)));
}

SqliteRedeliveryQueue::SqliteRedeliveryQueue(std::shared_ptr<SqliteDatabase> database) : m_database(std::move(database))
{
}

Status SqliteRedeliveryQueue::enqueue(const Redelivery& redelivery)
{
    return inTransaction(*m_database, [&](SqliteConnection& connection) { return insertRow(connection, redelivery); });
}

Result<std::vector<Redelivery>> SqliteRedeliveryQueue::pending(std::size_t limit) const
{
    auto read = m_database->read();
    if (!read)
        return std::unexpected(read.error());
    const auto statement = read->connection().prepared("SELECT id, queue, attempts, possible_duplicate, stream, "
                                                       "version, position, event_id, type, time, metadata, data"
                                                       " FROM redeliveries WHERE handled = 0 ORDER BY seq LIMIT ?");
    if (!statement)
        return std::unexpected(statement.error());
    (*statement)->bind(1, static_cast<std::int64_t>(std::min<std::size_t>(limit, 1'000'000'000)));
    return allRows(**statement, readRow);
}

Status SqliteRedeliveryQueue::markHandled(std::string_view id)
{
    return inTransaction(*m_database, [&](SqliteConnection& connection) -> Status {
        const auto statement
            = connection.prepared("UPDATE redeliveries SET handled = 1, metadata = NULL, data = NULL WHERE id = ?");
        if (!statement)
            return std::unexpected(statement.error());
        return (*statement)->bind(1, id).run();
    });
}

Result<bool> SqliteRedeliveryQueue::isKnown(std::string_view id) const
{
    auto read = m_database->read();
    if (!read)
        return std::unexpected(read.error());
    const auto statement = read->connection().prepared("SELECT 1 FROM redeliveries WHERE id = ?");
    if (!statement)
        return std::unexpected(statement.error());
    const Result<bool> row = (*statement)->bind(1, id).step();
    (*statement)->reset();
    return row;
}

} // namespace eventscope::core
