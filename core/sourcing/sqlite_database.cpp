// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_database.h"

#include "sourcing/sqlite_error.h"
#include "sourcing/sqlite_file.h"
#include "sourcing/sqlite_log_vfs.h"
#include "sourcing/temporary_folder.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

namespace eventscope::core {

namespace {

namespace fs = std::filesystem;

// More idle readers than this are closed when they come back.
constexpr std::size_t kIdleReaders = 8;

// Long intervals between checkpoints: a page that many commits change is then carried over once. The
// "-wal" grows to about 80 MB before it starts over. A small cache, since after most commits SQLite walks
// all of it. Some distributions have SQLite write zeros over every page that it frees; nobody is promised
// that here.
constexpr const char* kWriterPragmas = "PRAGMA wal_autocheckpoint=20000;"
                                       "PRAGMA secure_delete=OFF;"
                                       "PRAGMA journal_size_limit=134217728;"
                                       "PRAGMA cache_size=-8192;"
                                       "PRAGMA temp_store=MEMORY";

// A file from a stranger must not run anything by its schema.
Status harden(SqliteConnection& connection, sqlite3* handle)
{
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    return connection.execute("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON");
}

Status checkVersion(SqliteConnection& connection, const fs::path& path)
{
    const auto version = connection.integer("PRAGMA user_version");
    if (!version)
        return std::unexpected(version.error());
    if (*version > SqliteDatabase::kFormatVersion)
        return fail(ErrorCode::UnsupportedVersion,
            fmt::format(
                "'{}' was written by a newer Eventscope (format {}, this one knows up to {}); update Eventscope "
                "to open it.",
                path.string(), *version, SqliteDatabase::kFormatVersion));
    const auto tables = connection.integer("SELECT count(*) FROM sqlite_schema");
    return tables ? Status() : std::unexpected(tables.error());
}

} // namespace

struct SqliteDatabase::Private {
    SqliteFile file;
    SqliteOptions options;
    std::unique_ptr<TemporaryFolder> folder; // of a temporary one

    std::mutex writing;
    std::atomic<std::thread::id> writingThread{};
    std::unique_ptr<SqliteConnection> writer;

    std::mutex pooling;
    std::vector<std::unique_ptr<SqliteConnection>> idle; // under `pooling`, as are the next three
    SqliteFooting footing = SqliteFooting::Shared;
    std::string stamp;
    int generation = 0; // of readers; those of an older one see an outdated file

    bool isReadOnly() const { return options.access == SqliteAccess::ReadOnly; }

    Result<std::unique_ptr<SqliteConnection>> openReader(SqliteFooting on);
    Status openWriter();
    Status openForReading();
    void freshen();
    void close(std::unique_ptr<SqliteConnection> connection);
};

Result<std::unique_ptr<SqliteConnection>> SqliteDatabase::Private::openReader(SqliteFooting on)
{
    auto reader = SqliteConnection::open(file.nameFor(on), file.flagsFor(on));
    if (!reader)
        return reader;
    SqliteConnection& connection = **reader;
    sqlite3_busy_timeout(connection.handle(), static_cast<int>(options.busyTimeout.count()));
    // With a heap-only index of the "-wal", which exclusive locking gives, nothing is made beside the file.
    if (on == SqliteFooting::Solitary) {
        if (const Status alone = connection.execute("PRAGMA locking_mode=EXCLUSIVE"); !alone)
            return std::unexpected(alone.error());
    }
    Status ready = harden(connection, connection.handle());
    if (ready)
        ready = connection.execute("PRAGMA query_only=ON");
    if (!ready) {
        close(std::move(*reader));
        return std::unexpected(ready.error());
    }
    return reader;
}

void SqliteDatabase::Private::close(std::unique_ptr<SqliteConnection> connection)
{
    if (connection == nullptr)
        return;
    // Who looks does not write: what others left in the "-wal" is not carried over by our leaving.
    if (isReadOnly() && file.hasWal())
        sqlite3_db_config(connection->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    connection->settle();
    connection.reset();
}

Status SqliteDatabase::Private::openWriter()
{
    auto opened
        = SqliteConnection::open(file.path().string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, sqliteLogVfs());
    if (!opened)
        return std::unexpected(opened.error());
    SqliteConnection& connection = **opened;
    sqlite3_busy_timeout(connection.handle(), static_cast<int>(options.busyTimeout.count()));
    Status ready = harden(connection, connection.handle());
    if (ready)
        ready = checkVersion(connection, file.path());
    if (ready)
        ready = connection.execute("PRAGMA journal_mode=WAL");
    if (ready)
        ready = connection.execute(options.durable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
    if (ready)
        ready = connection.execute(kWriterPragmas);
    if (ready)
        writer = std::move(*opened);
    return ready;
}

Status SqliteDatabase::Private::openForReading()
{
    footing = isReadOnly() ? file.footing() : SqliteFooting::Shared;
    stamp = file.stamp();
    auto reader = openReader(footing);
    if (!reader)
        return std::unexpected(reader.error());
    const Status checked = checkVersion(**reader, file.path());
    if (!checked)
        close(std::move(*reader));
    else
        idle.push_back(std::move(*reader));
    return checked;
}

// An Immutable reader trusts its cached pages for ever, so it is replaced once the file has changed.
void SqliteDatabase::Private::freshen()
{
    if (footing != SqliteFooting::Immutable)
        return;
    std::string now = file.stamp();
    if (now == stamp)
        return;
    stamp = std::move(now);
    footing = file.footing();
    ++generation;
    for (auto& connection : idle)
        close(std::move(connection));
    idle.clear();
}

SqliteDatabase::SqliteDatabase() : d(std::make_unique<Private>()) { }

SqliteDatabase::~SqliteDatabase()
{
    for (auto& connection : d->idle)
        d->close(std::move(connection));
    d->close(std::move(d->writer));
}

Result<std::shared_ptr<SqliteDatabase>> SqliteDatabase::open(const fs::path& path, SqliteOptions options)
{
    auto file = SqliteFile::inspect(path, options.access);
    if (!file)
        return std::unexpected(file.error());
    std::shared_ptr<SqliteDatabase> database(new SqliteDatabase);
    Private& d = *database->d;
    d.file = *file;
    d.options = options;
    if (d.file.isNew()) {
        if (const Status created = d.file.make(); !created)
            return std::unexpected(created.error());
    }
    {
        const auto peek = SqliteConnection::open(d.file.path().string(), SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX);
        if (!peek)
            return std::unexpected(peek.error());
        if (const Status checked = d.file.checkHeader((*peek)->handle()); !checked)
            return std::unexpected(checked.error());
    }
    const SqliteFile::Companions before = d.file.companions();
    Status opened = d.isReadOnly() ? Status() : d.openWriter();
    if (opened)
        opened = d.openForReading();
    if (opened)
        return database;
    database.reset();
    file->removeCompanionsBut(before);
    return std::unexpected(opened.error());
}

Result<std::shared_ptr<SqliteDatabase>> SqliteDatabase::temporary()
{
    auto folder = TemporaryFolder::make();
    if (!folder)
        return std::unexpected(folder.error());
    auto database = open((*folder)->path() / "store.db", {.access = SqliteAccess::Create, .durable = false});
    if (!database)
        return database;
    (*database)->d->folder = std::move(*folder);
    if (const Status relaxed = (*database)->d->writer->execute("PRAGMA synchronous=OFF"); !relaxed)
        return std::unexpected(relaxed.error());
    return database;
}

const fs::path& SqliteDatabase::path() const
{
    return d->file.path();
}

bool SqliteDatabase::isReadOnly() const
{
    return d->isReadOnly();
}

Result<bool> SqliteDatabase::ensureTable(std::string_view table, const char* ddl)
{
    {
        auto reader = read();
        if (!reader)
            return std::unexpected(reader.error());
        const auto there = reader->connection().hasTable(table);
        if (!there || *there || isReadOnly())
            return there;
    }
    auto transaction = write();
    if (!transaction)
        return std::unexpected(transaction.error());
    // Another program may have made it since.
    const auto there = transaction->connection().hasTable(table);
    if (!there || *there)
        return there;
    Status done = transaction->connection().execute(ddl);
    if (done)
        done = transaction->commit();
    if (!done)
        return std::unexpected(done.error());
    return true;
}

struct SqliteDatabase::Write::Private {
    SqliteDatabase::Private* database;
    std::unique_lock<std::mutex> lock;

    ~Private()
    {
        database->writer->settle();
        database->writingThread = std::thread::id();
    }
};

SqliteDatabase::Write::Write(std::unique_ptr<Private> p) : d(std::move(p)) { }
SqliteDatabase::Write::Write(Write&&) noexcept = default;
SqliteDatabase::Write::~Write() = default;

SqliteConnection& SqliteDatabase::Write::connection()
{
    return *d->database->writer;
}

Status SqliteDatabase::Write::commit()
{
    sqlite3* const writer = d->database->writer->handle();
    const GatheredCommit gathered(writer);
    if (sqlite3_exec(writer, "COMMIT", nullptr, nullptr, nullptr) != SQLITE_OK)
        return std::unexpected(sqliteCommitError(writer));
    return {};
}

Result<SqliteDatabase::Write> SqliteDatabase::write()
{
    if (isReadOnly())
        return fail(ErrorCode::ReadOnly,
            fmt::format(
                "'{}' is open for reading only, so nothing was written; open it for writing first.", path().string()));
    if (d->writingThread == std::this_thread::get_id())
        return fail(ErrorCode::InvalidArgument,
            fmt::format("A write to '{}' was begun within another one on the same thread; end that one first.",
                path().string()));
    std::unique_lock lock(d->writing);
    if (const Status begun = d->writer->execute("BEGIN IMMEDIATE"); !begun)
        return std::unexpected(begun.error());
    d->writingThread = std::this_thread::get_id();
    return Write(std::unique_ptr<Write::Private>(new Write::Private{d.get(), std::move(lock)}));
}

struct SqliteDatabase::Read::Private {
    SqliteDatabase::Private* database;
    std::unique_ptr<SqliteConnection> connection;
    int generation;

    ~Private()
    {
        connection->settle();
        {
            const std::scoped_lock lock(database->pooling);
            if (generation == database->generation && database->idle.size() < kIdleReaders) {
                database->idle.push_back(std::move(connection));
                return;
            }
        }
        database->close(std::move(connection));
    }
};

SqliteDatabase::Read::Read(std::unique_ptr<Private> p) : d(std::move(p)) { }
SqliteDatabase::Read::Read(Read&&) noexcept = default;
SqliteDatabase::Read::~Read() = default;

SqliteConnection& SqliteDatabase::Read::connection()
{
    return *d->connection;
}

Result<SqliteDatabase::Read> SqliteDatabase::read() const
{
    SqliteFooting footing = SqliteFooting::Shared;
    int generation = 0;
    {
        const std::scoped_lock lock(d->pooling);
        d->freshen();
        footing = d->footing;
        generation = d->generation;
        if (!d->idle.empty()) {
            auto connection = std::move(d->idle.back());
            d->idle.pop_back();
            return Read(std::unique_ptr<Read::Private>(new Read::Private{d.get(), std::move(connection), generation}));
        }
    }
    auto opened = d->openReader(footing);
    if (!opened)
        return std::unexpected(opened.error());
    return Read(std::unique_ptr<Read::Private>(new Read::Private{d.get(), std::move(*opened), generation}));
}

} // namespace eventscope::core
