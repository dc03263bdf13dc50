// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_idempotency_store.h"

#include "sourcing/sqlite_statements.h"

#include <string>
#include <utility>

#include <fmt/format.h>

namespace eventscope::core {

namespace {

// `until` ends the lease, or the memory of a key that is done.
constexpr const char* kTable = "CREATE TABLE handled_keys (key TEXT PRIMARY KEY, token TEXT NOT NULL,"
                               " until INTEGER NOT NULL, done INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
                               "CREATE INDEX handled_keys_until ON handled_keys(until)";

// A claim adds one row at most, so this keeps the table from growing on what is past its time. One
// that outlived its lease unnoticed may still complete, so a claim is kept longer than its lease.
constexpr std::string_view kForget = "DELETE FROM handled_keys WHERE key IN (SELECT key FROM handled_keys"
                                     " WHERE until <= ?1 AND (done = 1 OR until <= ?2) LIMIT 4)";

std::int64_t microseconds(Timestamp time)
{
    return time.time_since_epoch().count();
}

} // namespace

SqliteIdempotencyStore::SqliteIdempotencyStore(std::shared_ptr<SqliteDatabase> database, const Clock& clock)
    : m_database(std::move(database)), m_clock(clock), m_tokens(clock)
{
}

Result<std::unique_ptr<SqliteIdempotencyStore>> SqliteIdempotencyStore::open(
    std::shared_ptr<SqliteDatabase> database, const Clock& clock)
{
    if (database->isReadOnly())
        return fail(ErrorCode::ReadOnly,
            fmt::format("'{}' is open for reading only, and handling events once needs to write into it; open it for "
                        "writing.",
                database->path().string()));
    if (const auto there = database->ensureTable("handled_keys", kTable); !there)
        return std::unexpected(there.error());
    return std::unique_ptr<SqliteIdempotencyStore>(new SqliteIdempotencyStore(std::move(database), clock));
}

Result<Claim> SqliteIdempotencyStore::claim(std::string_view key, std::chrono::milliseconds lease)
{
    auto write = m_database->write();
    if (!write)
        return std::unexpected(write.error());
    SqliteConnection& connection = write->connection();
    const Timestamp now = m_clock.now();

    const auto select = connection.prepared("SELECT until, done FROM handled_keys WHERE key = ?1 AND until > ?2");
    if (!select)
        return std::unexpected(select.error());
    const auto held = (*select)->bind(1, key).bind(2, microseconds(now)).step();
    if (!held)
        return std::unexpected(held.error());
    if (*held) {
        const Timestamp until{std::chrono::microseconds{(*select)->integer(0)}};
        const bool done = (*select)->integer(1) != 0;
        (*select)->reset();
        return done ? Claim{.state = Claim::State::AlreadyDone}
                    : Claim{.state = Claim::State::HeldByOther, .leaseUntil = until};
    }

    Claim claim{.state = Claim::State::Acquired, .token = m_tokens.next()};
    const auto insert
        = connection.prepared("INSERT OR REPLACE INTO handled_keys(key, token, until, done) VALUES (?1, ?2, ?3, 0)");
    const auto forget = connection.prepared(kForget);
    if (!insert || !forget)
        return std::unexpected(insert ? forget.error() : insert.error());
    Status done = (*insert)->bind(1, key).bind(2, claim.token).bind(3, microseconds(now + lease)).run();
    if (done)
        done = (*forget)->bind(1, microseconds(now)).bind(2, microseconds(now - kLateCompletion)).run();
    if (done)
        done = write->commit();
    if (!done)
        return std::unexpected(done.error());
    return claim;
}

Status SqliteIdempotencyStore::complete(std::string_view key, std::string_view token, std::chrono::seconds retention)
{
    return inTransaction(*m_database, [&](SqliteConnection& connection) -> Status {
        const auto update
            = connection.prepared("UPDATE handled_keys SET done = 1, until = ?3 WHERE key = ?1 AND token = ?2");
        if (!update)
            return std::unexpected(update.error());
        (*update)->bind(1, key).bind(2, token).bind(3, microseconds(m_clock.now() + retention));
        if (Status done = (*update)->run(); !done)
            return done;
        return connection.changes() == 0 ? std::unexpected(claimLost(key)) : Status();
    });
}

Status SqliteIdempotencyStore::release(std::string_view key, std::string_view token)
{
    return inTransaction(*m_database, [&](SqliteConnection& connection) -> Status {
        const auto remove = connection.prepared("DELETE FROM handled_keys WHERE key = ?1 AND token = ?2 AND done = 0");
        if (!remove)
            return std::unexpected(remove.error());
        return (*remove)->bind(1, key).bind(2, token).run();
    });
}

} // namespace eventscope::core
