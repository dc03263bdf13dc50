// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace eventscope::core {

/// A prepared statement: bind by 1-based index, step, read columns by 0-based index. Views of columns
/// end with the next step() or reset(). Not shared between threads.
class SqliteStatement {
public:
    SqliteStatement() = default;
    SqliteStatement(SqliteStatement&& other) noexcept;
    SqliteStatement& operator=(SqliteStatement&& other) noexcept;
    ~SqliteStatement();

    SqliteStatement& bind(int index, std::int64_t value);
    SqliteStatement& bind(int index, std::string_view text);      ///< not copied: it must outlive the step
    SqliteStatement& bindBlob(int index, std::string_view bytes); ///< ditto
    SqliteStatement& bindNull(int index);

    Result<bool> step(); ///< true: a row is there
    Status run();        ///< steps to the end and resets
    void reset();

    std::int64_t integer(int column) const;
    std::string_view text(int column) const; ///< bytes of a TEXT or BLOB; empty for NULL
    bool isNull(int column) const;
    bool isBlob(int column) const;

private:
    friend class SqliteConnection;
    explicit SqliteStatement(sqlite3_stmt* statement) : m_statement(statement) { }
    sqlite3_stmt* m_statement = nullptr;
};

/// One connection, one thread at a time. Statements are prepared once and kept.
class SqliteConnection {
public:
    ~SqliteConnection();
    Status execute(const char* sql); ///< any number of statements, no parameters
    /// A kept statement for this literal; reset and with its bindings cleared.
    Result<SqliteStatement*> prepared(const char* sql);
    std::int64_t changes() const;
    std::int64_t lastInsertRowId() const;

private:
    friend class SqliteDatabase;
    SqliteConnection();
    struct Private;
    std::unique_ptr<Private> d;
};

enum class SqliteAccess {
    ReadOnly,  ///< the file is looked at and left byte for byte as it is
    ReadWrite, ///< must exist
    Create,    ///< made when absent
};

struct SqliteOptions {
    SqliteAccess access = SqliteAccess::ReadOnly;
    bool durable = true; ///< synchronous=FULL: an acknowledged commit survives a power cut; else NORMAL
};

/// An SQLite file in WAL mode with one writer and as many readers as needed. Everything embedded
/// that must commit together (events, outbox, read models with their checkpoints, idempotency
/// records, dead letters) shares one of these. // any thread
///
/// Opening checks that the file is ours to read and says, in one sentence each, when it is no SQLite
/// file (NotAStore), cut short or damaged (Corrupt), from a newer program (UnsupportedVersion), held
/// by somebody else (Locked), on a read-only disk (ReadOnly), missing (NotFound) or on a full disk
/// (DiskFull). A failed opening leaves the file as it was.
class SqliteDatabase {
public:
    static Result<std::shared_ptr<SqliteDatabase>> open(const std::filesystem::path& path, SqliteOptions options);
    /// Private and gone with the object; for tests and throw-away stores.
    static Result<std::shared_ptr<SqliteDatabase>> inMemory();
    ~SqliteDatabase();

    const std::filesystem::path& path() const;
    bool isReadOnly() const;

    /// The writer's transaction (BEGIN IMMEDIATE). One at a time: waits for the one before it. Rolls
    /// back unless committed. Must end on the thread that began it; not to be nested.
    class Write {
    public:
        Write(Write&&) noexcept;
        ~Write();
        SqliteConnection& connection();
        Status commit();

    private:
        friend class SqliteDatabase;
        struct Private;
        explicit Write(std::unique_ptr<Private> p);
        std::unique_ptr<Private> d;
    };
    Result<Write> write();

    /// A reader's connection, borrowed from a pool; sees a consistent state within one statement.
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
