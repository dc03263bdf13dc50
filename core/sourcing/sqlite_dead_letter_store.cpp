// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_dead_letter_store.h"

#include "sourcing/sqlite_statements.h"

#include <fmt/format.h>

namespace eventscope::core {

namespace {

constexpr const char* kSchema = R"(
        CREATE TABLE dead_letters (
            id TEXT PRIMARY KEY,
            queue TEXT NOT NULL,
            stream TEXT NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL,
            event_id TEXT NOT NULL, type TEXT NOT NULL, time INTEGER NOT NULL, metadata TEXT NOT NULL, data BLOB NOT NULL,
            error_code TEXT NOT NULL, error_message TEXT NOT NULL, error_stack TEXT NOT NULL,
            failed_at INTEGER NOT NULL, attempts INTEGER NOT NULL);
        CREATE INDEX dead_letters_by_queue ON dead_letters(queue, failed_at);
    )";

constexpr const char* kInsert
    = "INSERT INTO dead_letters(id, queue, stream, version, position, event_id, type, time, metadata, data,"
      " error_code, error_message, error_stack, failed_at, attempts) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
      " ON CONFLICT(id) DO NOTHING";
constexpr const char* kSelectAll
    = "SELECT id, queue, stream, version, position, event_id, type, time, metadata, data, error_code,"
      " error_message, error_stack, failed_at, attempts FROM dead_letters"
      " WHERE ?1 = '' OR queue = ?1 ORDER BY failed_at, rowid";
constexpr const char* kSelectOne
    = "SELECT id, queue, stream, version, position, event_id, type, time, metadata, data, error_code,"
      " error_message, error_stack, failed_at, attempts FROM dead_letters WHERE id = ?1";

std::int64_t micros(Timestamp time)
{
    return time.time_since_epoch().count();
}
Timestamp fromMicros(std::int64_t value)
{
    return Timestamp(std::chrono::microseconds(value));
}

ParkedEvent readRow(const SqliteStatement& row)
{
    ParkedEvent letter;
    letter.id = row.text(0);
    letter.queue = row.text(1);
    letter.original.stream = row.text(2);
    letter.original.version = {row.integer(3)};
    letter.original.position = {row.integer(4)};
    letter.original.id = row.text(5);
    letter.original.type = row.text(6);
    letter.original.time = fromMicros(row.integer(7));
    metadataFromJson(row.text(8), letter.original.metadata, letter.original.schemaVersion);
    letter.original.data = row.text(9);
    letter.error = {errorCodeFrom(row.text(10)), std::string(row.text(11)), std::string(row.text(12))};
    letter.failedAt = fromMicros(row.integer(13));
    letter.attempts = static_cast<int>(row.integer(14));
    return letter;
}

Status insertRow(SqliteConnection& connection, const ParkedEvent& letter)
{
    const auto statement = connection.prepared(kInsert);
    if (!statement)
        return std::unexpected(statement.error());
    const RecordedEvent& event = letter.original;
    const std::string metadata = metadataToJson(event.metadata, event.schemaVersion);
    (*statement)->bind(1, letter.id).bind(2, letter.queue).bind(3, event.stream).bind(4, event.version.value);
    (*statement)->bind(5, event.position.value).bind(6, event.id).bind(7, event.type).bind(8, micros(event.time));
    (*statement)->bind(9, metadata).bindBlob(10, event.data).bind(11, toString(letter.error.code));
    (*statement)->bind(12, letter.error.message).bind(13, letter.error.stack).bind(14, micros(letter.failedAt));
    (*statement)->bind(15, std::int64_t{letter.attempts});
    if (Status done = (*statement)->run(); !done)
        return done;
    if (connection.changes() == 0)
        return fail(ErrorCode::IdempotencyConflict, fmt::format("A dead letter {} is there already.", letter.id));
    return {};
}

Status noLongerThere(std::string_view id)
{
    return fail(ErrorCode::NotFound, fmt::format("The dead letter {} is no longer there.", id));
}

} // namespace

Result<std::unique_ptr<SqliteDeadLetterStore>> SqliteDeadLetterStore::open(std::shared_ptr<SqliteDatabase> database)
{
    const Result<bool> hasTable = database->ensureTable("dead_letters", kSchema);
    if (!hasTable)
        return std::unexpected(hasTable.error());
    return std::unique_ptr<SqliteDeadLetterStore>(new SqliteDeadLetterStore(std::move(database), *hasTable));
}

SqliteDeadLetterStore::SqliteDeadLetterStore(std::shared_ptr<SqliteDatabase> database, bool hasTable)
    : m_database(std::move(database)), m_hasTable(hasTable)
{
}

Status SqliteDeadLetterStore::park(const ParkedEvent& letter)
{
    return inTransaction(*m_database, [&](SqliteConnection& connection) { return insertRow(connection, letter); });
}

Result<std::vector<ParkedEvent>> SqliteDeadLetterStore::select(const char* sql, std::string_view argument) const
{
    if (!m_hasTable)
        return std::vector<ParkedEvent>();
    auto read = m_database->read();
    if (!read)
        return std::unexpected(read.error());
    const auto statement = read->connection().prepared(sql);
    if (!statement)
        return std::unexpected(statement.error());
    (*statement)->bind(1, argument);
    return allRows(**statement, readRow);
}

Result<std::vector<ParkedEvent>> SqliteDeadLetterStore::list(std::string_view queue) const
{
    return select(kSelectAll, queue);
}

Result<std::optional<ParkedEvent>> SqliteDeadLetterStore::find(std::string_view id) const
{
    auto found = select(kSelectOne, id);
    if (!found)
        return std::unexpected(found.error());
    return found->empty() ? std::optional<ParkedEvent>() : std::optional(std::move(found->front()));
}

Status SqliteDeadLetterStore::remove(std::string_view id)
{
    if (!m_hasTable)
        return noLongerThere(id);
    return inTransaction(*m_database, [&](SqliteConnection& connection) -> Status {
        const auto statement = connection.prepared("DELETE FROM dead_letters WHERE id = ?1");
        if (!statement)
            return std::unexpected(statement.error());
        if (Status done = (*statement)->bind(1, id).run(); !done)
            return done;
        return connection.changes() == 0 ? noLongerThere(id) : Status();
    });
}

Result<std::size_t> SqliteDeadLetterStore::count() const
{
    if (!m_hasTable)
        return 0;
    auto read = m_database->read();
    if (!read)
        return std::unexpected(read.error());
    const auto count = read->connection().integer("SELECT count(*) FROM dead_letters");
    if (!count)
        return std::unexpected(count.error());
    return static_cast<std::size_t>(*count);
}

} // namespace eventscope::core
