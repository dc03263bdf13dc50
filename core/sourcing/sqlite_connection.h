// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace eventscope::core {

/// A prepared statement: bind by 1-based index, step, read columns by 0-based index. Views of columns
/// end with the next step() or reset(). A bind that fails is reported by the step() after it.
/// Not shared between threads.
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
    void reset();        ///< keeps the bindings

    std::int64_t integer(int column) const;
    std::string_view text(int column) const; ///< bytes of a TEXT or BLOB; empty for NULL
    bool isNull(int column) const;
    bool isBlob(int column) const;

private:
    friend class SqliteConnection;
    explicit SqliteStatement(sqlite3_stmt* statement) : m_statement(statement) { }
    sqlite3_stmt* m_statement = nullptr;
    int m_bindError = 0;
};

/// One connection, one thread at a time; mostly borrowed from a SqliteDatabase. Statements are prepared once
/// and kept.
class SqliteConnection {
public:
    ~SqliteConnection();
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;

    /// Opens what is no SqliteDatabase of ours; `flags` and `vfs` (nullptr: the system's) are SQLite's.
    static Result<std::unique_ptr<SqliteConnection>> open(
        const std::string& name, int flags, const char* vfs = nullptr);

    Status execute(const char* sql); ///< any number of statements, no parameters
    /// The kept statement of this text; reset and with its bindings cleared. Asking again while it is
    /// being stepped starts it over.
    Result<SqliteStatement*> prepared(std::string_view sql);
    /// The first column of the first row; 0 without a row.
    Result<std::int64_t> integer(std::string_view sql);
    Result<bool> hasTable(std::string_view name);

    std::int64_t changes() const; ///< rows touched by the latest INSERT, UPDATE or DELETE
    std::int64_t lastInsertRowId() const;

private:
    friend class SqliteDatabase;
    friend class SqliteFile;
    struct Private;
    explicit SqliteConnection(sqlite3* handle);
    bool inTransaction() const;
    /// Ends whatever a borrower left running.
    void settle();
    sqlite3* handle() const;

    std::unique_ptr<Private> d;
};

} // namespace eventscope::core
