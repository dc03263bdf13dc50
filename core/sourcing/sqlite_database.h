// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "sourcing/sqlite_connection.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace eventscope::core {

enum class SqliteAccess {
    ReadOnly,  ///< the file is looked at and left byte for byte as it is
    ReadWrite, ///< must exist
    Create,    ///< made when absent
};

struct SqliteOptions {
    SqliteAccess access = SqliteAccess::ReadOnly;
    bool durable = true; ///< synchronous=FULL: an acknowledged commit survives a power cut; else NORMAL
    /// How long to wait for another program that holds the file before it is Locked.
    std::chrono::milliseconds busyTimeout{5000};
};

/// An SQLite file in WAL mode with one writer and as many readers as needed. Everything embedded
/// that must commit together (events, outbox, read models with their checkpoints, idempotency
/// records, dead letters) shares one of these. // any thread
///
/// Opening checks that the file is ours to read and says, in one sentence each, when it is no SQLite
/// file or another program's (NotAStore), cut short or damaged (Corrupt), from a newer program
/// (UnsupportedVersion), held by somebody else (Locked), on a read-only disk (ReadOnly), missing
/// (NotFound), forbidden (Refused) or on a full disk (DiskFull). A failed opening leaves the file as
/// it was. So does any opening ReadOnly, which may have "-wal" and "-shm" files beside the store while
/// it lasts (another program may write meanwhile) and leaves none where none were.
///
/// A component adds tables of its own: names that begin with its own word, made by ensureTable() when
/// the component opens, written in transactions it begins with write(). Tables of others are theirs.
///
///     const auto there = database->ensureTable("order_read_model", "CREATE TABLE order_read_model (…) STRICT");
///     auto write = database->write();
///     auto statement = write->connection().prepared("UPDATE order_read_model SET status = ?1 WHERE order_id = ?2");
///     (*statement)->bind(1, status).bind(2, id).run();
///     return write->commit();
class SqliteDatabase {
public:
    /// In the header of every file of ours, as PRAGMA application_id ("EvSc") and user_version. A higher
    /// version is refused. A lower one is each component's to judge, since most tables stay as they are.
    static constexpr std::int32_t kApplicationId = 0x45765363;
    static constexpr std::int32_t kFormatVersion = 2;

    static Result<std::shared_ptr<SqliteDatabase>> open(const std::filesystem::path& path, SqliteOptions options);
    /// A file in a TemporaryFolder, never synced, gone with the object; for tests and throw-away stores.
    /// Behaves in all else like any other.
    static Result<std::shared_ptr<SqliteDatabase>> temporary();
    ~SqliteDatabase();
    SqliteDatabase(const SqliteDatabase&) = delete;
    SqliteDatabase& operator=(const SqliteDatabase&) = delete;

    const std::filesystem::path& path() const; ///< absolute, links resolved
    bool isReadOnly() const;

    /// Makes a component's tables unless `table` is there already; `ddl` may hold several statements.
    /// False: the database is read-only and does not have them, so there is nothing to read.
    Result<bool> ensureTable(std::string_view table, const char* ddl);

    /// The writer's transaction (BEGIN IMMEDIATE). One at a time: waits for the one before it. Rolls
    /// back unless committed. Must end on the thread that began it and before the database; nesting is
    /// refused with InvalidArgument, writing a read-only database with ReadOnly.
    class Write {
    public:
        Write(Write&&) noexcept;
        ~Write();
        SqliteConnection& connection();
        /// After an error nothing of the transaction is stored, unless it is InDoubt: then this program
        /// does not see it, but after a crash it may be there. Repeat the same write to settle it.
        Status commit();

    private:
        friend class SqliteDatabase;
        struct Private;
        explicit Write(std::unique_ptr<Private> p);
        std::unique_ptr<Private> d;
    };
    Result<Write> write();

    /// A reader's connection, borrowed from a pool; sees a consistent state within one statement.
    /// Statements that must agree with each other: execute("BEGIN") first; it ends with the borrowing.
    /// May be borrowed during a write, on any thread, and then sees what was before it.
    class Read {
    public:
        Read(Read&&) noexcept;
        ~Read();
        SqliteConnection& connection();

    private:
        friend class SqliteDatabase;
        struct Private;
        explicit Read(std::unique_ptr<Private> p);
        std::unique_ptr<Private> d;
    };
    Result<Read> read() const;

private:
    SqliteDatabase();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace eventscope::core
