// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_event_writer.h"

#include "sourcing/sqlite_event_reader.h"
#include "sourcing/sqlite_event_tables.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace eventscope::core {

namespace {

// About 100 MB of names; beyond that the memory starts afresh.
constexpr std::size_t kRememberedStreams = 1'000'000;

// So many appends before its turn a stream is fetched from memory.
constexpr std::size_t kAhead = 8;

constexpr std::string_view kInsertStream
    = "INSERT INTO streams(name, first_position, first_time) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
constexpr std::string_view kSelectStream
    = "SELECT s.id, e.version, e.position FROM streams s"
      " JOIN events e ON e.position = " EVENTSCOPE_SQL_LAST_POSITION " WHERE s.name = ?1";

constexpr std::int64_t kCarryOverEvery = 16'384;
constexpr std::string_view kEnterIndex = "INSERT OR IGNORE INTO recent_stream_events(stream, version, position)"
                                         " SELECT stream, version, position FROM events WHERE position > ?1";
// OR FAIL: so SQLite keeps no copies of the pages that it changes.
constexpr const char* kCarryOver = "INSERT OR FAIL INTO stream_events(stream, version, position)"
                                   " SELECT stream, version, position FROM recent_stream_events"
                                   " ORDER BY stream, version;"
                                   "DELETE FROM recent_stream_events";
constexpr std::string_view kInsertBlock = "INSERT OR IGNORE INTO category_blocks(category, block) VALUES (?1, ?2)";

std::int64_t microseconds(Timestamp time)
{
    return time.time_since_epoch().count();
}

} // namespace

class SqliteEventWriter::Attempt {
public:
    Attempt(SqliteEventWriter& writer, SqliteConnection& connection) : m_writer(writer), m_connection(connection) { }

    /// nullopt when the memory does not suffice for a sure answer.
    Result<std::optional<std::vector<AppendResult>>> fromMemory(std::span<const StreamAppend> appends);
    /// From what the tables say; sure.
    Result<std::vector<AppendResult>> fromTables(std::span<const StreamAppend> appends);
    std::int64_t last() const { return m_last; }
    bool stored() const { return m_last > m_before; }

private:
    Status begin();
    Status finish();
    Status enterIndex();
    Result<Stream*> stream(std::string_view name, std::size_t hash, bool reload);
    Result<std::int64_t> typeId(const std::string& name);
    Result<std::optional<StoredPlace>> placeOf(const NewEvent& event, std::int64_t stream);
    Result<bool> add(Stream& stream, std::span<const NewEvent> events);
    Result<bool> makeStream(Stream& stream, const NewEvent& first);
    Status noteBlock(Stream& stream, std::int64_t block);

    SqliteEventWriter& m_writer;
    SqliteConnection& m_connection;
    std::int64_t m_before = 0, m_last = 0; // positions
};

// Every other writer leaves a higher last position behind: then any stream may have moved.
Status SqliteEventWriter::Attempt::begin()
{
    const auto last = m_connection.integer("SELECT max(position) FROM events");
    if (!last)
        return std::unexpected(last.error());
    m_before = m_last = *last;
    if (m_writer.m_last != m_before || m_writer.m_streams.size() > kRememberedStreams) {
        m_writer.m_streams.clear();
        m_writer.m_types.clear();
    }
    m_writer.m_last = m_before;
    return {};
}

Status SqliteEventWriter::Attempt::finish()
{
    if (!stored())
        return {};
    if (const Status entered = enterIndex(); !entered)
        return entered;
    if (!m_writer.m_outbox)
        return {};
    const auto enter
        = m_connection.prepared("INSERT INTO outbox(position) SELECT position FROM events WHERE position > ?1");
    if (!enter)
        return std::unexpected(enter.error());
    return (*enter)->bind(1, m_before).run();
}

Status SqliteEventWriter::Attempt::enterIndex()
{
    const auto enter = m_connection.prepared(kEnterIndex);
    if (!enter)
        return std::unexpected(enter.error());
    if (const Status done = (*enter)->bind(1, m_before).run(); !done)
        return done;
    if (m_connection.changes() != m_last - m_before)
        return fail(ErrorCode::Corrupt,
            fmt::format("The indexes of '{}' contradict each other; the store is damaged: restore it from a backup.",
                m_writer.m_database.path().string()));
    if (m_before / kCarryOverEvery == m_last / kCarryOverEvery)
        return {};
    return m_connection.execute(kCarryOver);
}

Result<std::optional<std::vector<AppendResult>>> SqliteEventWriter::Attempt::fromMemory(
    std::span<const StreamAppend> appends)
{
    if (const Status begun = begin(); !begun)
        return std::unexpected(begun.error());
    std::vector<AppendResult> results;
    results.reserve(appends.size());
    StreamHeads& streams = m_writer.m_streams;
    std::vector<std::size_t>& hashes = m_writer.m_hashes;
    hashes.clear();
    for (const StreamAppend& append : appends)
        hashes.push_back(StreamHeads::hashOf(append.stream));
    for (std::size_t i = 0; i < appends.size(); ++i) {
        if (i + 2 * kAhead < appends.size())
            streams.fetchPlace(hashes[i + 2 * kAhead]);
        if (i + kAhead < appends.size())
            streams.fetchStream(hashes[i + kAhead]);
        const StreamAppend& append = appends[i];
        if (append.events.empty() || append.stream.empty())
            return std::nullopt;
        const auto found = this->stream(append.stream, hashes[i], false);
        if (!found)
            return std::unexpected(found.error());
        Stream& stream = **found;
        if (!isAsExpected(append.expected, stream.head.version))
            return std::nullopt;
        const auto added = add(stream, append.events);
        if (!added)
            return std::unexpected(added.error());
        if (!*added)
            return std::nullopt;
        results.push_back({.lastVersion = stream.head.version, .lastPosition = stream.head.position});
    }
    const auto inserted = m_writer.m_rows.insert(m_connection);
    if (!inserted)
        return std::unexpected(inserted.error());
    if (!*inserted)
        return std::nullopt;
    if (const Status finished = finish(); !finished)
        return std::unexpected(finished.error());
    return results;
}

Result<std::vector<AppendResult>> SqliteEventWriter::Attempt::fromTables(std::span<const StreamAppend> appends)
{
    Status ready = checkAppends(appends);
    if (ready)
        ready = begin();
    if (!ready)
        return std::unexpected(ready.error());
    std::vector<AppendResult> results;
    for (const StreamAppend& append : appends) {
        const auto found = this->stream(append.stream, StreamHeads::hashOf(append.stream), true);
        if (!found)
            return std::unexpected(found.error());
        Stream& stream = **found;
        const auto decision
            = decideAppend(append, stream.head, [&](const NewEvent& event) { return placeOf(event, stream.id); });
        if (!decision)
            return std::unexpected(decision.error());
        if (*decision) {
            results.push_back(**decision);
            continue;
        }
        auto done = add(stream, append.events);
        if (done && *done)
            done = m_writer.m_rows.insert(m_connection);
        if (!done)
            return std::unexpected(done.error());
        if (!*done)
            return fail(ErrorCode::Corrupt,
                fmt::format(
                    "The index of event ids of '{}' contradicts itself; the store is damaged: restore it from a "
                    "backup.",
                    m_writer.m_database.path().string()));
        results.push_back({.lastVersion = stream.head.version, .lastPosition = stream.head.position});
    }
    if (const Status finished = finish(); !finished)
        return std::unexpected(finished.error());
    return results;
}

// A stream that this transaction has touched is as the tables say anyway.
Result<SqliteEventWriter::Stream*> SqliteEventWriter::Attempt::stream(
    std::string_view name, std::size_t hash, bool reload)
{
    Stream* stream = m_writer.m_streams.find(name, hash);
    if (stream != nullptr && (!reload || stream->touched))
        return stream;
    const auto select = m_connection.prepared(kSelectStream);
    if (!select)
        return std::unexpected(select.error());
    const auto row = (*select)->bind(1, name).step();
    if (!row)
        return std::unexpected(row.error());
    if (stream == nullptr)
        stream = &m_writer.m_streams.add(name, hash);
    stream->id = *row ? (*select)->integer(0) : 0;
    stream->head = {};
    if (*row)
        stream->head = {.version = {(*select)->integer(1)}, .position = {(*select)->integer(2)}};
    (*select)->reset();
    return stream;
}

Result<std::int64_t> SqliteEventWriter::Attempt::typeId(const std::string& name)
{
    if (const auto known = m_writer.m_types.find(name); known != m_writer.m_types.end())
        return known->second;
    const auto select = m_connection.prepared("SELECT id FROM event_types WHERE name = ?1");
    if (!select)
        return std::unexpected(select.error());
    const auto row = (*select)->bind(1, name).step();
    if (!row)
        return std::unexpected(row.error());
    std::int64_t id = *row ? (*select)->integer(0) : 0;
    (*select)->reset();
    if (id == 0) {
        const auto insert = m_connection.prepared("INSERT INTO event_types(name) VALUES (?1)");
        if (!insert)
            return std::unexpected(insert.error());
        if (const Status done = (*insert)->bind(1, name).run(); !done)
            return std::unexpected(done.error());
        id = m_connection.lastInsertRowId();
    }
    m_writer.m_types.emplace(name, id);
    m_writer.m_newTypes.push_back(name);
    return id;
}

Result<std::optional<StoredPlace>> SqliteEventWriter::Attempt::placeOf(const NewEvent& event, std::int64_t stream)
{
    const auto select = m_connection.prepared("SELECT e.stream, e.version, e.position, t.name, e.data FROM events e "
                                              "JOIN event_types t ON t.id = e.type WHERE e.id = ?1");
    if (!select)
        return std::unexpected(select.error());
    const SqliteEventId id(event.id);
    id.bindTo(**select, 1);
    const auto row = (*select)->step();
    if (!row)
        return std::unexpected(row.error());
    std::optional<StoredPlace> place;
    if (*row)
        place = {.sameStream = (*select)->integer(0) == stream,
            .sameContent = (*select)->text(3) == event.type && (*select)->text(4) == event.data,
            .version = {(*select)->integer(1)},
            .position = {(*select)->integer(2)}};
    (*select)->reset();
    return place;
}

// The rows may still wait to be inserted. False when an index has refused one, or cannot but do so.
Result<bool> SqliteEventWriter::Attempt::add(Stream& stream, std::span<const NewEvent> events)
{
    if (!stream.touched) {
        stream.touched = true;
        stream.headBefore = stream.head;
        m_writer.m_touched.push_back(&stream);
    }
    if (stream.id == 0) {
        const auto made = makeStream(stream, events.front());
        if (!made || !*made)
            return made;
    }
    for (const NewEvent& event : events) {
        if (event.id.empty())
            return false;
        const auto type = typeId(event.type);
        if (!type)
            return std::unexpected(type.error());
        if (const std::int64_t block = (m_last + 1) / sqlite_events::kBlock; stream.category->block != block) {
            if (const Status noted = noteBlock(stream, block); !noted)
                return std::unexpected(noted.error());
        }
        stream.head = {.version = stream.head.version.next(), .position = {++m_last}};
        m_writer.m_rows.add(m_last, stream.id, stream.head.version.value, *type, event);
        if (m_writer.m_rows.isFull()) {
            const auto inserted = m_writer.m_rows.insert(m_connection);
            if (!inserted || !*inserted)
                return inserted;
        }
    }
    return true;
}

Result<bool> SqliteEventWriter::Attempt::makeStream(Stream& stream, const NewEvent& first)
{
    const auto insert = m_connection.prepared(kInsertStream);
    if (!insert)
        return std::unexpected(insert.error());
    const Status done = (*insert)->bind(1, stream.name).bind(2, m_last + 1).bind(3, microseconds(first.time)).run();
    if (!done)
        return std::unexpected(done.error());
    if (m_connection.changes() == 0)
        return false;
    stream.id = m_connection.lastInsertRowId();
    return true;
}

Status SqliteEventWriter::Attempt::noteBlock(Stream& stream, std::int64_t block)
{
    const auto insert = m_connection.prepared(kInsertBlock);
    if (!insert)
        return std::unexpected(insert.error());
    stream.category->block = block;
    m_writer.m_noted.push_back(stream.category);
    return (*insert)->bind(1, categoryOf(stream.name)).bind(2, block).run();
}

SqliteEventWriter::SqliteEventWriter(
    SqliteDatabase& database, NameTable& streamNames, NameTable& typeNames, bool outbox)
    : m_database(database), m_streamNames(streamNames), m_typeNames(typeNames), m_outbox(outbox)
{
}

void SqliteEventWriter::keep(std::int64_t last)
{
    m_last = last;
    for (Stream* stream : m_touched) {
        if (stream->headBefore.version.value == 0)
            m_streamNames.put(stream->id, stream->name);
        stream->touched = false;
    }
    for (const std::string& type : m_newTypes)
        m_typeNames.put(m_types.at(type), type);
    m_touched.clear();
    m_newTypes.clear();
    m_noted.clear();
}

void SqliteEventWriter::undo()
{
    for (StreamHeads::Category* category : m_noted)
        category->block = -1;
    for (Stream* stream : m_touched) {
        stream->head = stream->headBefore;
        stream->touched = false;
        // Its row, where it had none, is gone again.
        if (stream->head.version.value == 0)
            stream->id = 0;
    }
    // A type that was only looked up is looked up again.
    for (const std::string& type : m_newTypes)
        m_types.erase(type);
    m_touched.clear();
    m_newTypes.clear();
    m_noted.clear();
}

Result<SqliteEventWriter::Done> SqliteEventWriter::append(std::span<const StreamAppend> appends)
{
    for (const bool fromMemory : {true, false}) {
        auto write = m_database.write();
        if (!write)
            return std::unexpected(write.error());
        SqliteConnection& connection = write->connection();
        m_rows.clear();
        Attempt attempt(*this, connection);
        Result<std::optional<std::vector<AppendResult>>> results;
        if (fromMemory)
            results = attempt.fromMemory(appends);
        else
            results = attempt.fromTables(appends);
        Status done = results ? Status() : std::unexpected(results.error());
        if (done && *results && attempt.stored())
            done = write->commit();
        if (!done || !*results)
            undo();
        else
            keep(attempt.last());
        if (!done)
            return std::unexpected(done.error());
        if (*results)
            return Done{.results = std::move(**results), .stored = attempt.stored()};
    }
    return fail(ErrorCode::Io, "An append was neither stored nor refused.");
}

} // namespace eventscope::core
