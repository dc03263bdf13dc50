// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_connection.h"

#include "sourcing/sqlite_error.h"

#include <functional>
#include <unordered_map>
#include <utility>

#include <sqlite3.h>

namespace eventscope::core {

namespace {

struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
};

// SQLite takes a null pointer for NULL, and an empty view may have one.
const char* bytesOf(std::string_view text)
{
    return text.data() == nullptr ? "" : text.data();
}

} // namespace

SqliteStatement::SqliteStatement(SqliteStatement&& other) noexcept
    : m_statement(std::exchange(other.m_statement, nullptr)), m_bindError(other.m_bindError)
{
}

SqliteStatement& SqliteStatement::operator=(SqliteStatement&& other) noexcept
{
    if (this != &other) {
        sqlite3_finalize(m_statement);
        m_statement = std::exchange(other.m_statement, nullptr);
        m_bindError = other.m_bindError;
    }
    return *this;
}

SqliteStatement::~SqliteStatement()
{
    sqlite3_finalize(m_statement);
}

SqliteStatement& SqliteStatement::bind(int index, std::int64_t value)
{
    if (const int code = sqlite3_bind_int64(m_statement, index, value); code != SQLITE_OK)
        m_bindError = code;
    return *this;
}

SqliteStatement& SqliteStatement::bind(int index, std::string_view text)
{
    if (const int code
        = sqlite3_bind_text64(m_statement, index, bytesOf(text), text.size(), SQLITE_STATIC, SQLITE_UTF8);
        code != SQLITE_OK)
        m_bindError = code;
    return *this;
}

SqliteStatement& SqliteStatement::bindBlob(int index, std::string_view bytes)
{
    if (const int code = sqlite3_bind_blob64(m_statement, index, bytesOf(bytes), bytes.size(), SQLITE_STATIC);
        code != SQLITE_OK)
        m_bindError = code;
    return *this;
}

SqliteStatement& SqliteStatement::bindNull(int index)
{
    if (const int code = sqlite3_bind_null(m_statement, index); code != SQLITE_OK)
        m_bindError = code;
    return *this;
}

Result<bool> SqliteStatement::step()
{
    sqlite3* const handle = sqlite3_db_handle(m_statement);
    if (m_bindError != SQLITE_OK) {
        const char* path = sqlite3_db_filename(handle, "main");
        return std::unexpected(
            translateSqliteError(m_bindError, 0, path == nullptr ? "" : path, sqlite3_errstr(m_bindError)));
    }
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    Error error = sqliteError(handle);
    sqlite3_reset(m_statement);
    return std::unexpected(std::move(error));
}

Status SqliteStatement::run()
{
    for (;;) {
        const Result<bool> row = step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            break;
    }
    reset();
    return {};
}

void SqliteStatement::reset()
{
    sqlite3_reset(m_statement);
}

std::int64_t SqliteStatement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

std::string_view SqliteStatement::text(int column) const
{
    // For text and blobs alike this neither converts nor copies.
    const void* bytes = sqlite3_column_blob(m_statement, column);
    const int size = sqlite3_column_bytes(m_statement, column);
    return bytes == nullptr ? std::string_view()
                            : std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

bool SqliteStatement::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

bool SqliteStatement::isBlob(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_BLOB;
}

struct SqliteConnection::Private {
    sqlite3* handle = nullptr;
    std::unordered_map<std::string, SqliteStatement, TextHash, std::equal_to<>> statements;
};

SqliteConnection::SqliteConnection(sqlite3* handle) : d(std::make_unique<Private>())
{
    d->handle = handle;
}

SqliteConnection::~SqliteConnection()
{
    d->statements.clear();
    sqlite3_close(d->handle);
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& name, int flags, const char* vfs)
{
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(name.c_str(), &handle, flags, vfs);
    std::unique_ptr<SqliteConnection> connection(new SqliteConnection(handle));
    if (handle != nullptr)
        sqlite3_extended_result_codes(handle, 1);
    if (code != SQLITE_OK) {
        // The file's name is not attached to a connection that failed to open.
        return std::unexpected(translateSqliteError(handle == nullptr ? SQLITE_NOMEM : sqlite3_extended_errcode(handle),
            handle == nullptr ? 0 : sqlite3_system_errno(handle), name, sqlite3_errmsg(handle)));
    }
    return connection;
}

Status SqliteConnection::execute(const char* sql)
{
    if (sqlite3_exec(d->handle, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        return std::unexpected(sqliteError(d->handle));
    return {};
}

Result<SqliteStatement*> SqliteConnection::prepared(std::string_view sql)
{
    if (const auto kept = d->statements.find(sql); kept != d->statements.end()) {
        SqliteStatement& statement = kept->second;
        sqlite3_reset(statement.m_statement);
        sqlite3_clear_bindings(statement.m_statement);
        statement.m_bindError = SQLITE_OK;
        return &statement;
    }
    sqlite3_stmt* handle = nullptr;
    if (sqlite3_prepare_v3(
            d->handle, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &handle, nullptr)
        != SQLITE_OK)
        return std::unexpected(sqliteError(d->handle));
    return &d->statements.emplace(std::string(sql), SqliteStatement(handle)).first->second;
}

Result<std::int64_t> SqliteConnection::integer(std::string_view sql)
{
    const auto statement = prepared(sql);
    if (!statement)
        return std::unexpected(statement.error());
    const auto row = (*statement)->step();
    if (!row)
        return std::unexpected(row.error());
    const std::int64_t value = *row ? (*statement)->integer(0) : 0;
    (*statement)->reset();
    return value;
}

Result<bool> SqliteConnection::hasTable(std::string_view name)
{
    const auto statement = prepared("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1");
    if (!statement)
        return std::unexpected(statement.error());
    const auto row = (*statement)->bind(1, name).step();
    (*statement)->reset();
    return row;
}

std::int64_t SqliteConnection::changes() const
{
    return sqlite3_changes64(d->handle);
}

std::int64_t SqliteConnection::lastInsertRowId() const
{
    return sqlite3_last_insert_rowid(d->handle);
}

bool SqliteConnection::inTransaction() const
{
    return sqlite3_get_autocommit(d->handle) == 0;
}

void SqliteConnection::settle()
{
    for (sqlite3_stmt* s = sqlite3_next_stmt(d->handle, nullptr); s != nullptr; s = sqlite3_next_stmt(d->handle, s)) {
        if (sqlite3_stmt_busy(s) != 0)
            sqlite3_reset(s);
    }
    if (inTransaction())
        sqlite3_exec(d->handle, "ROLLBACK", nullptr, nullptr, nullptr);
}

sqlite3* SqliteConnection::handle() const
{
    return d->handle;
}

} // namespace eventscope::core
