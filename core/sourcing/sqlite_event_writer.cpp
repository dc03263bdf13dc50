// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_event_writer.h"

#include "sourcing/sqlite_event_reader.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace eventscope::core {

namespace {

// About 100 MB of names; beyond that the memory starts afresh.
constexpr std::size_t kRememberedStreams = 1'000'000;

constexpr std::string_view kInsertEvent
    = "INSERT INTO events(position, stream, version, id, type, time, metadata, data) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";
constexpr std::string_view kInsertStream
    = "INSERT INTO streams(name, version, first_position, first_time, last_position, last_time) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";
constexpr std::string_view kUpdateStream
    = "UPDATE streams SET version = ?2, last_position = ?3, last_time = ?4 WHERE id = ?1";

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
    bool stored() const { return m_stored; }

private:
    Status prepare();
    Result<Entry*> entry(std::string_view name, bool reload);
    Result<std::int64_t> typeId(const std::string& name);
    Result<std::optional<StoredPlace>> placeOf(const NewEvent& event, std::int64_t stream);
    Result<bool> store(Entry& entry, std::span<const NewEvent> events);
    Result<bool> makeStream(Entry& entry, std::span<const NewEvent> events);
    Result<bool> insert(const Stream& stream, std::int64_t version, const NewEvent& event);
    Status writeHeads();

    SqliteEventWriter& m_writer;
    SqliteConnection& m_connection;
    SqliteStatement* m_insertEvent = nullptr;
    std::int64_t m_last = 0; // position
    bool m_stored = false;
};

Status SqliteEventWriter::Attempt::prepare()
{
    const auto last = m_connection.integer("SELECT max(position) FROM events");
    if (!last)
        return std::unexpected(last.error());
    m_last = *last;
    const auto insert = m_connection.prepared(kInsertEvent);
    if (!insert)
        return std::unexpected(insert.error());
    m_insertEvent = *insert;
    return {};
}

Result<std::optional<std::vector<AppendResult>>> SqliteEventWriter::Attempt::fromMemory(
    std::span<const StreamAppend> appends)
{
    if (const Status prepared = prepare(); !prepared)
        return std::unexpected(prepared.error());
    std::vector<AppendResult> results;
    results.reserve(appends.size());
    for (const StreamAppend& append : appends) {
        if (append.events.empty() || append.stream.empty())
            return std::nullopt;
        const auto found = entry(append.stream, false);
        if (!found)
            return std::unexpected(found.error());
        Stream& stream = (*found)->second;
        if (!isAsExpected(append.expected, stream.head.version))
            return std::nullopt;
        const auto done = store(**found, append.events);
        if (!done)
            return std::unexpected(done.error());
        if (!*done)
            return std::nullopt;
        results.push_back({.lastVersion = stream.head.version, .lastPosition = stream.head.position});
    }
    if (const Status written = writeHeads(); !written)
        return std::unexpected(written.error());
    return results;
}

Result<std::vector<AppendResult>> SqliteEventWriter::Attempt::fromTables(std::span<const StreamAppend> appends)
{
    Status ready = checkAppends(appends);
    if (ready)
        ready = prepare();
    if (!ready)
        return std::unexpected(ready.error());
    std::vector<AppendResult> results;
    for (const StreamAppend& append : appends) {
        const auto found = entry(append.stream, true);
        if (!found)
            return std::unexpected(found.error());
        Stream& stream = (*found)->second;
        const auto decision
            = decideAppend(append, stream.head, [&](const NewEvent& event) { return placeOf(event, stream.id); });
        if (!decision)
            return std::unexpected(decision.error());
        if (*decision) {
            results.push_back(**decision);
            continue;
        }
        const auto done = store(**found, append.events);
        if (!done)
            return std::unexpected(done.error());
        if (!*done)
            return fail(ErrorCode::Corrupt,
                fmt::format("The stream '{}' of '{}' has more events than its head says; the store is damaged: restore "
                            "it from a backup.",
                    append.stream, m_writer.m_database.path().string()));
        results.push_back({.lastVersion = stream.head.version, .lastPosition = stream.head.position});
    }
    if (const Status written = writeHeads(); !written)
        return std::unexpected(written.error());
    return results;
}

// What this transaction has done to a stream is only in memory until writeHeads().
Result<SqliteEventWriter::Entry*> SqliteEventWriter::Attempt::entry(std::string_view name, bool reload)
{
    auto found = m_writer.m_streams.find(name);
    if (found != m_writer.m_streams.end() && (!reload || found->second.touched))
        return &*found;
    const auto select = m_connection.prepared("SELECT id, version, last_position FROM streams WHERE name = ?1");
    if (!select)
        return std::unexpected(select.error());
    const auto row = (*select)->bind(1, name).step();
    if (!row)
        return std::unexpected(row.error());
    if (found == m_writer.m_streams.end())
        found = m_writer.m_streams.try_emplace(std::string(name)).first;
    Stream& stream = found->second;
    stream = {};
    if (*row)
        stream = {.id = (*select)->integer(0),
            .head = {.version = {(*select)->integer(1)}, .position = {(*select)->integer(2)}}};
    (*select)->reset();
    return &*found;
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
    const auto joined = m_writer.m_types.emplace(name, id).first;
    m_writer.m_newTypes.push_back(&*joined);
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

// False when an index refused one of the events (or the stream's name).
Result<bool> SqliteEventWriter::Attempt::store(Entry& entry, std::span<const NewEvent> events)
{
    Stream& stream = entry.second;
    if (!stream.touched) {
        stream.touched = true;
        stream.headBefore = stream.head;
        m_writer.m_touched.push_back(&entry);
    }
    if (stream.id == 0) {
        const auto made = makeStream(entry, events);
        if (!made || !*made)
            return made;
        stream.written = true;
    } else {
        stream.written = false;
    }
    for (const NewEvent& event : events) {
        const auto done = insert(stream, stream.head.version.value + 1, event);
        if (!done || !*done)
            return done;
        stream.head = {.version = stream.head.version.next(), .position = {m_last}};
    }
    stream.lastTime = microseconds(events.back().time);
    m_stored = true;
    return true;
}

Result<bool> SqliteEventWriter::Attempt::makeStream(Entry& entry, std::span<const NewEvent> events)
{
    const auto insert = m_connection.prepared(kInsertStream);
    if (!insert)
        return std::unexpected(insert.error());
    const auto count = static_cast<std::int64_t>(events.size());
    const Status done = (*insert)
                            ->bind(1, entry.first)
                            .bind(2, count)
                            .bind(3, m_last + 1)
                            .bind(4, microseconds(events.front().time))
                            .bind(5, m_last + count)
                            .bind(6, microseconds(events.back().time))
                            .run();
    if (!done)
        return std::unexpected(done.error());
    if (m_connection.changes() == 0)
        return false;
    entry.second.id = m_connection.lastInsertRowId();
    return true;
}

Result<bool> SqliteEventWriter::Attempt::insert(const Stream& stream, std::int64_t version, const NewEvent& event)
{
    if (event.id.empty())
        return false;
    const auto type = typeId(event.type);
    if (!type)
        return std::unexpected(type.error());
    const SqliteEventId id(event.id);
    const std::string metadata = metadataToJson(event.metadata, event.schemaVersion);

    SqliteStatement& statement = *m_insertEvent;
    statement.bind(1, m_last + 1).bind(2, stream.id).bind(3, version);
    id.bindTo(statement, 4);
    statement.bind(5, *type).bind(6, microseconds(event.time));
    if (metadata == "{}")
        statement.bindNull(7);
    else
        statement.bind(7, metadata);
    if (const Status done = statement.bind(8, event.data).run(); !done)
        return std::unexpected(done.error());
    if (m_connection.changes() == 0)
        return false;
    ++m_last;
    if (m_writer.m_outbox) {
        const auto pending = m_connection.prepared("INSERT INTO outbox(position) VALUES (?1)");
        if (!pending)
            return std::unexpected(pending.error());
        if (const Status done = (*pending)->bind(1, m_last).run(); !done)
            return std::unexpected(done.error());
    }
    return true;
}

Status SqliteEventWriter::Attempt::writeHeads()
{
    const auto update = m_connection.prepared(kUpdateStream);
    if (!update)
        return std::unexpected(update.error());
    for (Entry* entry : m_writer.m_touched) {
        Stream& stream = entry->second;
        if (stream.written)
            continue;
        const Status done = (*update)
                                ->bind(1, stream.id)
                                .bind(2, stream.head.version.value)
                                .bind(3, stream.head.position.value)
                                .bind(4, stream.lastTime)
                                .run();
        if (!done)
            return done;
        stream.written = true;
    }
    return {};
}

SqliteEventWriter::SqliteEventWriter(
    SqliteDatabase& database, NameTable& streamNames, NameTable& typeNames, bool outbox)
    : m_database(database), m_streamNames(streamNames), m_typeNames(typeNames), m_outbox(outbox)
{
}

// Another connection's commit may have moved any stream.
Status SqliteEventWriter::beginRemembering(SqliteConnection& connection)
{
    const auto version = connection.integer("PRAGMA data_version");
    if (!version)
        return std::unexpected(version.error());
    if (*version != m_dataVersion || m_streams.size() > kRememberedStreams)
        m_streams.clear();
    m_dataVersion = *version;
    return {};
}

void SqliteEventWriter::keep()
{
    for (Entry* entry : m_touched) {
        if (entry->second.headBefore.version.value == 0)
            m_streamNames.put(entry->second.id, entry->first);
        entry->second.touched = false;
    }
    for (const TypeMap::value_type* type : m_newTypes)
        m_typeNames.put(type->second, type->first);
    m_touched.clear();
    m_newTypes.clear();
}

void SqliteEventWriter::undo()
{
    for (Entry* entry : m_touched) {
        Stream& stream = entry->second;
        stream.head = stream.headBefore;
        stream.touched = false;
        // Its row, where it had none, is gone again.
        if (stream.head.version.value == 0)
            stream.id = 0;
    }
    // A type that was only looked up is looked up again.
    for (const TypeMap::value_type* type : m_newTypes)
        m_types.erase(m_types.find(type->first));
    m_touched.clear();
    m_newTypes.clear();
}

Result<SqliteEventWriter::Done> SqliteEventWriter::append(std::span<const StreamAppend> appends)
{
    for (const bool fromMemory : {true, false}) {
        auto write = m_database.write();
        if (!write)
            return std::unexpected(write.error());
        SqliteConnection& connection = write->connection();
        if (const Status ready = beginRemembering(connection); !ready)
            return std::unexpected(ready.error());

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
            keep();
        if (!done)
            return std::unexpected(done.error());
        if (*results)
            return Done{.results = std::move(**results), .stored = attempt.stored()};
    }
    return fail(ErrorCode::Io, "An append was neither stored nor refused.");
}

} // namespace eventscope::core
