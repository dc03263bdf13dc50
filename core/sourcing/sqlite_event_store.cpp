// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_event_store.h"

#include "sourcing/sqlite_event_reader.h"
#include "sourcing/sqlite_event_tables.h"
#include "sourcing/sqlite_event_writer.h"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace eventscope::core {

namespace {

// In the order that SqliteEventReader takes them.
#define SELECT_EVENTS "SELECT e.position, e.stream, e.version, e.id, e.type, e.time, e.metadata, e.data"

constexpr std::string_view kAllForward = SELECT_EVENTS " FROM events e WHERE e.position >= ?1 ORDER BY e.position";
constexpr std::string_view kAllBackward
    = SELECT_EVENTS " FROM events e WHERE e.position <= ?1 ORDER BY e.position DESC";
constexpr std::string_view kById = SELECT_EVENTS " FROM events e WHERE e.id = ?1";
constexpr std::string_view kPending = SELECT_EVENTS " FROM outbox o JOIN events e ON e.position = o.position"
                                                    " WHERE o.position > ?1 ORDER BY o.position";

constexpr std::string_view kCategoryForward = SELECT_EVENTS
    " FROM category_blocks b CROSS JOIN events e ON e.position >= max(?1, b.block * " EVENTSCOPE_SQL_BLOCK ")"
    " AND e.position < (b.block + 1) * " EVENTSCOPE_SQL_BLOCK
    " WHERE b.category = ?2 AND b.block >= ?1 / " EVENTSCOPE_SQL_BLOCK " ORDER BY b.block, e.position";
constexpr std::string_view kCategoryBackward = SELECT_EVENTS
    " FROM category_blocks b CROSS JOIN events e ON e.position >= b.block * " EVENTSCOPE_SQL_BLOCK
    " AND e.position <= min(?1, b.block * " EVENTSCOPE_SQL_BLOCK " + (" EVENTSCOPE_SQL_BLOCK " - 1))"
    " WHERE b.category = ?2 AND b.block <= ?1 / " EVENTSCOPE_SQL_BLOCK " ORDER BY b.block DESC, e.position DESC";

// One half of the streams' index.
#define OF_STREAM(half, comparison, order)                                                                             \
    SELECT_EVENTS " FROM " half " i CROSS JOIN events e ON e.position = i.position"                                    \
                  " WHERE i.stream = ?2 AND i.version " comparison " ?1 ORDER BY i.version" order

constexpr std::array<std::string_view, 2> kStreamForward{
    OF_STREAM("stream_events", ">=", ""), OF_STREAM("recent_stream_events", ">=", "")};
constexpr std::array<std::string_view, 2> kStreamBackward{
    OF_STREAM("recent_stream_events", "<=", " DESC"), OF_STREAM("stream_events", "<=", " DESC")};

constexpr std::string_view kStreamVersion
    = "SELECT e.version FROM streams s JOIN events e ON e.position = " EVENTSCOPE_SQL_LAST_POSITION
      " WHERE s.name = ?1";

// A category's names lie between its own and "order." ('.' follows '-'), among a few others.
#define SELECT_STREAMS                                                                                                 \
    "SELECT s.name, e.version, s.first_position, e.position, s.first_time, e.time FROM streams s"                      \
    " CROSS JOIN events e ON e.position = " EVENTSCOPE_SQL_LAST_POSITION " WHERE s.name > ?1"

constexpr std::string_view kStreams = SELECT_STREAMS " ORDER BY s.name";
constexpr std::string_view kStreamsOfCategory = SELECT_STREAMS " AND s.name >= ?2 AND s.name < ?3 ORDER BY s.name";

// Format 1 knew no categories, and whoever appends must keep them.
Status checkFormat(const SqliteDatabase& database)
{
    auto read = database.read();
    if (!read)
        return std::unexpected(read.error());
    const auto there = read->connection().hasTable("category_blocks");
    if (!there)
        return std::unexpected(there.error());
    if (*there)
        return {};
    return fail(ErrorCode::UnsupportedVersion,
        fmt::format(
            "'{}' was written by an older Eventscope (format 1, this one reads format {}); export its events with "
            "that one and import them into a new store.",
            database.path().string(), SqliteDatabase::kFormatVersion));
}

} // namespace

SqliteEventStore::SqliteEventStore(std::shared_ptr<SqliteDatabase> database, Options options)
    : m_database(std::move(database))
    , m_writer(std::make_unique<SqliteEventWriter>(*m_database, m_streamNames, m_typeNames, options.outbox))
{
}

SqliteEventStore::~SqliteEventStore() = default;

Result<std::shared_ptr<SqliteEventStore>> SqliteEventStore::open(std::shared_ptr<SqliteDatabase> database)
{
    return open(std::move(database), {});
}

Result<std::shared_ptr<SqliteEventStore>> SqliteEventStore::open(
    std::shared_ptr<SqliteDatabase> database, Options options)
{
    const auto there = database->ensureTable("events", sqlite_events::kTables);
    if (!there)
        return std::unexpected(there.error());
    if (!*there)
        return fail(ErrorCode::NotAStore,
            fmt::format("'{}' holds no events: it is another kind of Eventscope file; check the path.",
                database->path().string()));
    if (const Status current = checkFormat(*database); !current)
        return std::unexpected(current.error());
    return std::shared_ptr<SqliteEventStore>(new SqliteEventStore(std::move(database), options));
}

Result<std::vector<AppendResult>> SqliteEventStore::appendAll(std::span<const StreamAppend> appends)
{
    auto done = m_writer->append(appends);
    if (!done)
        return std::unexpected(done.error());
    if (done->stored)
        m_bell.ring();
    return std::move(done->results);
}

Status SqliteEventStore::visitStream(
    std::string_view stream, const ReadStreamOptions& options, const EventVisitor& visit) const
{
    auto read = m_database->read();
    if (!read)
        return std::unexpected(read.error());
    SqliteConnection& connection = read->connection();
    // Both halves of the index as they are at one moment.
    if (const Status begun = connection.execute("BEGIN"); !begun)
        return begun;
    const auto select = connection.prepared("SELECT id FROM streams WHERE name = ?1");
    if (!select)
        return std::unexpected(select.error());
    const auto there = (*select)->bind(1, stream).step();
    if (!there)
        return std::unexpected(there.error());
    if (!*there)
        return fail(ErrorCode::NotFound, fmt::format("There is no stream '{}'.", stream));
    const std::int64_t id = (*select)->integer(0);

    const bool forward = options.direction == Direction::Forward;
    const std::int64_t edge = forward ? 0 : std::numeric_limits<std::int64_t>::max();
    const std::int64_t from = options.from ? options.from->value : edge;
    SqliteEventReader reader(connection, m_streamNames, m_typeNames);
    const std::string name(stream);
    std::size_t left = options.limit;
    for (const std::string_view half : forward ? kStreamForward : kStreamBackward) {
        const auto rows = connection.prepared(half);
        if (!rows)
            return std::unexpected(rows.error());
        (*rows)->bind(1, from).bind(2, id);
        for (; left > 0; --left) {
            const auto row = (*rows)->step();
            if (!row)
                return std::unexpected(row.error());
            if (!*row)
                break;
            const auto event = reader.eventOf(**rows, name);
            if (!event)
                return std::unexpected(event.error());
            if (!visit(*event))
                return {};
        }
    }
    return {};
}

Result<ReadAllEnd> SqliteEventStore::visitAll(const ReadAllOptions& options, const EventVisitor& visit) const
{
    auto read = m_database->read();
    if (!read)
        return std::unexpected(read.error());
    const bool forward = options.direction == Direction::Forward;
    const bool all = options.category.empty();
    const auto rows = read->connection().prepared(
        forward ? (all ? kAllForward : kCategoryForward) : (all ? kAllBackward : kCategoryBackward));
    if (!rows)
        return std::unexpected(rows.error());
    const std::int64_t edge = forward ? 0 : std::numeric_limits<std::int64_t>::max();
    (*rows)->bind(1, options.from ? options.from->value : edge);
    if (!all)
        (*rows)->bind(2, options.category);

    SqliteEventReader reader(read->connection(), m_streamNames, m_typeNames);
    ReadAllEnd end;
    while (end.count < options.limit) {
        const auto row = (*rows)->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return end;
        const auto stream = reader.streamOf(**rows);
        if (!stream)
            return std::unexpected(stream.error());
        if (!all && categoryOf(**stream) != options.category)
            continue;
        const auto event = reader.eventOf(**rows, **stream);
        if (!event)
            return std::unexpected(event.error());
        ++end.count;
        end.last = event->position;
        if (!visit(*event))
            break;
    }
    end.endReached = false;
    return end;
}

Result<StreamVersion> SqliteEventStore::streamVersion(std::string_view stream) const
{
    auto read = m_database->read();
    if (!read)
        return std::unexpected(read.error());
    const auto select = read->connection().prepared(kStreamVersion);
    if (!select)
        return std::unexpected(select.error());
    const auto row = (*select)->bind(1, stream).step();
    if (!row)
        return std::unexpected(row.error());
    return StreamVersion{*row ? (*select)->integer(0) : 0};
}

Result<GlobalPosition> SqliteEventStore::lastPosition() const
{
    auto read = m_database->read();
    if (!read)
        return std::unexpected(read.error());
    const auto last = read->connection().integer("SELECT max(position) FROM events");
    if (!last)
        return std::unexpected(last.error());
    return GlobalPosition{*last};
}

Result<std::vector<StreamInfo>> SqliteEventStore::streams(
    std::string_view after, std::size_t limit, std::string_view category) const
{
    auto read = m_database->read();
    if (!read)
        return std::unexpected(read.error());
    const auto select = read->connection().prepared(category.empty() ? kStreams : kStreamsOfCategory);
    if (!select)
        return std::unexpected(select.error());
    const std::string end = std::string(category) + '.';
    (*select)->bind(1, after);
    if (!category.empty())
        (*select)->bind(2, category).bind(3, end);

    std::vector<StreamInfo> infos;
    while (infos.size() < limit) {
        const auto row = (*select)->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            break;
        const std::string_view name = (*select)->text(0);
        if (!category.empty() && categoryOf(name) != category)
            continue;
        infos.push_back({.name = std::string(name),
            .count = (*select)->integer(1),
            .version = {(*select)->integer(1)},
            .first = {(*select)->integer(2)},
            .last = {(*select)->integer(3)},
            .firstTime = sqliteTime((*select)->integer(4)),
            .lastTime = sqliteTime((*select)->integer(5))});
    }
    return infos;
}

Result<std::optional<RecordedEvent>> SqliteEventStore::findById(std::string_view eventId) const
{
    auto read = m_database->read();
    if (!read)
        return std::unexpected(read.error());
    const auto select = read->connection().prepared(kById);
    if (!select)
        return std::unexpected(select.error());
    const SqliteEventId id(eventId);
    id.bindTo(**select, 1);
    const auto row = (*select)->step();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return std::nullopt;
    SqliteEventReader reader(read->connection(), m_streamNames, m_typeNames);
    return reader.recordedOf(**select);
}

std::shared_ptr<void> SqliteEventStore::onAppended(std::function<void()> bell)
{
    return m_bell.listen(std::move(bell));
}

Result<std::vector<RecordedEvent>> SqliteEventStore::pending(std::size_t limit, GlobalPosition after) const
{
    auto read = m_database->read();
    if (!read)
        return std::unexpected(read.error());
    const auto rows = read->connection().prepared(kPending);
    if (!rows)
        return std::unexpected(rows.error());
    (*rows)->bind(1, after.value);
    SqliteEventReader reader(read->connection(), m_streamNames, m_typeNames);
    std::vector<RecordedEvent> events;
    while (events.size() < limit) {
        const auto row = (*rows)->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            break;
        auto event = reader.recordedOf(**rows);
        if (!event)
            return std::unexpected(event.error());
        events.push_back(std::move(*event));
    }
    return events;
}

Status SqliteEventStore::markPublished(std::span<const GlobalPosition> positions)
{
    if (positions.empty())
        return {};
    auto write = m_database->write();
    if (!write)
        return std::unexpected(write.error());
    const auto remove = write->connection().prepared("DELETE FROM outbox WHERE position = ?1");
    if (!remove)
        return std::unexpected(remove.error());
    for (const GlobalPosition position : positions) {
        if (const Status done = (*remove)->bind(1, position.value).run(); !done)
            return done;
    }
    return write->commit();
}

Result<std::size_t> SqliteEventStore::backlog() const
{
    auto read = m_database->read();
    if (!read)
        return std::unexpected(read.error());
    const auto count = read->connection().integer("SELECT count(*) FROM outbox");
    if (!count)
        return std::unexpected(count.error());
    return static_cast<std::size_t>(*count);
}

} // namespace eventscope::core
