// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/journal.h"

#include "event/json.h"
#include "inspect/dead_letter_record.h"
#include "sourcing/sqlite_statements.h"

#include <array>
#include <cstdlib>
#include <limits>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fmt/format.h>

namespace eventscope::core {

namespace {

constexpr std::array kKinds{"requeue", "discard", "restore", "append", "import", "saga-retry"};
constexpr std::array kStates{"planned", "sending", "sent", "done", "failed", "skipped", "in-doubt"};

constexpr const char* kSchema = R"(
        CREATE TABLE IF NOT EXISTS jobs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL, note TEXT NOT NULL,
            planned_at INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS writes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            job INTEGER NOT NULL REFERENCES jobs(id),
            letter_id TEXT NOT NULL, queue TEXT NOT NULL, send_id TEXT NOT NULL, message TEXT NOT NULL,
            state TEXT NOT NULL, reason TEXT NOT NULL, changed_at INTEGER NOT NULL, letter TEXT);
        CREATE INDEX IF NOT EXISTS writes_changed_at ON writes(changed_at);
        CREATE INDEX IF NOT EXISTS writes_message ON writes(message);
        CREATE INDEX IF NOT EXISTS writes_open ON writes(state) WHERE state IN ('planned','sending','sent','in-doubt');
    )";

constexpr std::string_view kSelect
    = "SELECT w.id, w.job, j.kind, j.source, j.target, w.letter_id, w.queue, w.send_id, w.state, w.reason,"
      " j.planned_at, w.changed_at FROM writes w JOIN jobs j ON j.id = w.job ";

template <class Enum, std::size_t N>
Enum fromName(const std::array<const char*, N>& names, std::string_view name)
{
    for (std::size_t i = 0; i < N; ++i) {
        if (name == names[i])
            return static_cast<Enum>(i);
    }
    return static_cast<Enum>(0);
}

std::int64_t micros(Timestamp time)
{
    return time.time_since_epoch().count();
}
Timestamp fromMicros(std::int64_t value)
{
    return Timestamp(std::chrono::microseconds(value));
}

/// What makes two dead letters the same message: its own id, else where it was.
std::string messageOf(const DeadLetter& letter)
{
    if (!letter.original.id.empty())
        return letter.original.id;
    return fmt::format("{}/{}/{}", letter.original.stream, letter.original.partition.value_or(-1),
        letter.original.position.value_or(-1));
}

JournalEntry readEntry(const SqliteStatement& row)
{
    JournalEntry entry;
    entry.id = row.integer(0);
    entry.job = row.integer(1);
    entry.kind = fromName<WriteKind>(kKinds, row.text(2));
    entry.source = row.text(3);
    entry.target = row.text(4);
    entry.letterId = row.text(5);
    entry.queue = row.text(6);
    entry.sendId = row.text(7);
    entry.state = fromName<WriteState>(kStates, row.text(8));
    entry.reason = row.text(9);
    entry.plannedAt = fromMicros(row.integer(10));
    entry.changedAt = fromMicros(row.integer(11));
    return entry;
}

Result<std::int64_t> insertJob(SqliteConnection& connection, const JournalJob& job, Timestamp now)
{
    const auto statement
        = connection.prepared("INSERT INTO jobs(kind, source, target, note, planned_at) VALUES (?,?,?,?,?)");
    if (!statement)
        return std::unexpected(statement.error());
    (*statement)->bind(1, toString(job.kind)).bind(2, job.source).bind(3, job.target).bind(4, job.note);
    (*statement)->bind(5, micros(now));
    if (Status done = (*statement)->run(); !done)
        return std::unexpected(done.error());
    return connection.lastInsertRowId();
}

Result<std::int64_t> insertEntry(SqliteConnection& connection, std::int64_t job, const Journal::Item& item,
    WriteState state, std::string_view reason, Timestamp now)
{
    const auto statement
        = connection.prepared("INSERT INTO writes(job, letter_id, queue, send_id, message, state, reason,"
                              " changed_at, letter) VALUES (?,?,?,?,?,?,?,?,?)");
    if (!statement)
        return std::unexpected(statement.error());
    const std::string message = item.letter ? messageOf(*item.letter) : std::string();
    const std::string record = item.letter ? deadLetterToRecord(*item.letter) : std::string();
    (*statement)->bind(1, job).bind(2, item.letterId).bind(3, item.queue).bind(4, item.sendId).bind(5, message);
    (*statement)->bind(6, toString(state)).bind(7, reason).bind(8, micros(now));
    if (item.letter)
        (*statement)->bind(9, record);
    else
        (*statement)->bindNull(9);
    if (Status done = (*statement)->run(); !done)
        return std::unexpected(done.error());
    return connection.lastInsertRowId();
}

} // namespace

std::string_view toString(WriteKind kind)
{
    return kKinds[static_cast<std::size_t>(kind)];
}

std::string_view toString(WriteState state)
{
    return kStates[static_cast<std::size_t>(state)];
}

Journal::RunLock::~RunLock()
{
    if (m_file >= 0)
        ::close(m_file); // ends the flock
}

std::filesystem::path Journal::defaultFile()
{
    if (const char* state = std::getenv("XDG_STATE_HOME"); state && *state == '/')
        return std::filesystem::path(state) / "eventscope" / "journal.db";
    const char* home = std::getenv("HOME");
    return std::filesystem::path(home ? home : "/tmp") / ".local" / "state" / "eventscope" / "journal.db";
}

Result<std::unique_ptr<Journal>> Journal::open(const std::filesystem::path& file, Clock& clock)
{
    std::error_code error;
    std::filesystem::create_directories(file.parent_path(), error);
    if (error)
        return fail(ErrorCode::Io,
            fmt::format("The journal's folder {} cannot be made: {}. Without a journal nothing is sent.",
                file.parent_path().string(), error.message()));
    auto database = SqliteDatabase::open(file, {.access = SqliteAccess::Create});
    if (!database)
        return fail(
            database.error().code, "The journal cannot be opened, so nothing is sent. " + database.error().message);
    if (const auto made = (*database)->ensureTable("writes", kSchema); !made)
        return std::unexpected(made.error());
    return std::unique_ptr<Journal>(new Journal(std::move(*database), file.parent_path(), clock));
}

Journal::Journal(std::shared_ptr<SqliteDatabase> database, std::filesystem::path folder, Clock& clock)
    : m_database(std::move(database)), m_folder(std::move(folder)), m_clock(clock)
{
}

Journal::~Journal() = default;

Result<Journal::RunLock> Journal::lockRuns(std::string_view source)
{
    // One file a source, named by a stable hash (FNV-1a): sources hold characters that paths must not.
    std::uint64_t hash = 14695981039346656037u;
    for (const char c : source)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    const std::filesystem::path path = m_folder / fmt::format("run-{:016x}.lock", hash);
    const int file = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0)
        return fail(ErrorCode::Io, fmt::format("The lock file {} cannot be made, so nothing is sent.", path.string()));
    RunLock lock(file);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0)
        return fail(ErrorCode::Locked,
            fmt::format("Another run is writing to {} right now. Wait until it has ended, then try again.", source));
    return lock;
}

Result<std::vector<std::int64_t>> Journal::plan(const JournalJob& job, std::span<const Item> items)
{
    auto write = m_database->write();
    if (!write)
        return std::unexpected(write.error());
    const Timestamp now = m_clock.now();
    const Result<std::int64_t> jobId = insertJob(write->connection(), job, now);
    if (!jobId)
        return std::unexpected(jobId.error());
    std::vector<std::int64_t> ids;
    ids.reserve(items.size());
    for (const Item& item : items) {
        const Result<std::int64_t> id = insertEntry(write->connection(), *jobId, item, WriteState::Planned, {}, now);
        if (!id)
            return std::unexpected(id.error());
        ids.push_back(*id);
    }
    if (Status committed = write->commit(); !committed)
        return std::unexpected(committed.error());
    return ids;
}

Status Journal::record(std::int64_t entry, WriteState state, std::string_view reason)
{
    return inTransaction(*m_database, [&](SqliteConnection& connection) -> Status {
        const auto statement
            = connection.prepared("UPDATE writes SET state = ?, reason = ?, changed_at = ? WHERE id = ?");
        if (!statement)
            return std::unexpected(statement.error());
        (*statement)->bind(1, toString(state)).bind(2, reason).bind(3, micros(m_clock.now())).bind(4, entry);
        return (*statement)->run();
    });
}

Status Journal::recordOutcome(const JournalJob& job, const Item& item, WriteState state, std::string_view reason)
{
    return inTransaction(*m_database, [&](SqliteConnection& connection) -> Status {
        const Timestamp now = m_clock.now();
        const Result<std::int64_t> jobId = insertJob(connection, job, now);
        if (!jobId)
            return std::unexpected(jobId.error());
        const Result<std::int64_t> id = insertEntry(connection, *jobId, item, state, reason, now);
        return id ? Status() : std::unexpected(id.error());
    });
}

Result<std::vector<JournalEntry>> Journal::select(
    const char* condition, std::span<const std::string_view> arguments) const
{
    auto read = m_database->read();
    if (!read)
        return std::unexpected(read.error());
    const auto statement = read->connection().prepared(condition);
    if (!statement)
        return std::unexpected(statement.error());
    for (std::size_t i = 0; i < arguments.size(); ++i)
        (*statement)->bind(static_cast<int>(i) + 1, arguments[i]);
    return allRows(**statement, readEntry);
}

Result<std::vector<JournalEntry>> Journal::unfinished(std::string_view source) const
{
    static const std::string sql
        = std::string(kSelect) + "WHERE j.source = ? AND w.state IN ('planned','sending','sent') ORDER BY w.id";
    return select(sql.c_str(), std::array{source});
}

Result<std::vector<JournalEntry>> Journal::inDoubt(std::string_view source) const
{
    static const std::string sql = std::string(kSelect)
        + "WHERE j.source = ? AND w.state = 'in-doubt' AND NOT EXISTS (SELECT 1 FROM writes later JOIN jobs lj"
          " ON lj.id = later.job WHERE lj.source = j.source AND later.letter_id = w.letter_id AND later.id > w.id"
          " AND later.state IN ('sent','done')) ORDER BY w.id";
    return select(sql.c_str(), std::array{source});
}

Result<std::vector<JournalEntry>> Journal::requeued(std::string_view source) const
{
    static const std::string sql
        = std::string(kSelect) + "WHERE j.source = ? AND j.kind = 'requeue' AND w.state = 'done' ORDER BY w.id";
    return select(sql.c_str(), std::array{source});
}

Result<std::vector<JournalEntry>> Journal::entries(std::optional<Timestamp> since) const
{
    static const std::string sql
        = std::string(kSelect) + "WHERE w.changed_at >= CAST(? AS INTEGER) ORDER BY w.changed_at, w.id";
    const std::string from = std::to_string(since ? micros(*since) : std::numeric_limits<std::int64_t>::min());
    return select(sql.c_str(), std::array{std::string_view(from)});
}

Result<std::vector<JournalEntry>> Journal::earlierRequeues(std::string_view source, const DeadLetter& letter) const
{
    static const std::string sql = std::string(kSelect)
        + "WHERE j.source = ? AND w.message = ? AND j.kind = 'requeue' AND w.state IN ('sent','done','in-doubt')"
          " ORDER BY w.id DESC";
    const std::string message = messageOf(letter);
    return select(sql.c_str(), std::array{source, std::string_view(message)});
}

Result<DeadLetter> Journal::letterOf(std::int64_t entry) const
{
    auto read = m_database->read();
    if (!read)
        return std::unexpected(read.error());
    const auto statement = read->connection().prepared("SELECT letter FROM writes WHERE id = ? AND letter IS NOT NULL");
    if (!statement)
        return std::unexpected(statement.error());
    const Result<bool> row = (*statement)->bind(1, entry).step();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return fail(ErrorCode::NotFound, fmt::format("The journal keeps no letter under entry {}.", entry));
    Result<DeadLetter> letter = deadLetterFromRecord((*statement)->text(0));
    (*statement)->reset();
    return letter;
}

Result<std::optional<JournalEntry>> Journal::find(std::int64_t entry) const
{
    static const std::string sql = std::string(kSelect) + "WHERE w.id = CAST(? AS INTEGER)";
    const std::string id = std::to_string(entry);
    auto found = select(sql.c_str(), std::array{std::string_view(id)});
    if (!found)
        return std::unexpected(found.error());
    return found->empty() ? std::optional<JournalEntry>() : std::optional(std::move(found->front()));
}

void appendJournalJson(std::string& out, const JournalEntry& entry)
{
    Json json;
    json.set("time", formatTimestamp(entry.changedAt));
    json.set("kind", toString(entry.kind));
    json.set("source", entry.source);
    if (!entry.target.empty())
        json.set("target", entry.target);
    json.set("id", entry.letterId);
    if (!entry.queue.empty())
        json.set("queue", entry.queue);
    json.set("outcome", toString(entry.state));
    if (!entry.reason.empty())
        json.set("reason", entry.reason);
    json.set("job", entry.job);
    json.set("entry", entry.id);
    json.dumpTo(out);
}

} // namespace eventscope::core
