// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "postgres_event_store.h"

#include "event_appender.h"
#include "event_rows.h"
#include "events_table.h"
#include "pg_pool.h"
#include "sequence_proof.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace eventscope::postgres {

using core::Direction;
using core::ErrorCode;
using core::EventView;
using core::Result;
using core::Status;

namespace {

constexpr std::size_t kPage = 1000;

PgParameter number(std::int64_t value)
{
    return std::to_string(value);
}

bool holdsNul(std::string_view text)
{
    return text.find('\0') != std::string_view::npos;
}

} // namespace

struct PostgresEventStore::Private {
    Private(PgLogin login, Options o, EventsTable t)
        : options(std::move(o))
        , table(std::move(t))
        , readers(login, PgAccess::Read)
        , writers(login, PgAccess::Write)
        , appender(writers, table, options.outbox)
        , server(login.display())
    {
    }

    /// A statement on a reader; one whose connection turns out to be gone is asked again on a new one.
    Result<PgRows> ask(const std::string& sql, std::span<const PgParameter> parameters, PgFormat format)
    {
        return readers.use([&](PgLink& link) { return link.prepared(sql, parameters, format); });
    }

    /// The last position that is settled now.
    Result<std::int64_t> settled()
    {
        const std::scoped_lock lock(settling);
        bool isStandby = false;
        auto bound = readers.use([&](PgLink& link) -> PgResult<std::int64_t> {
            isStandby = link.isStandby();
            if (isStandby)
                return 0;
            if (auto done = advance(horizon, link, table.name, "id", table.sequence); !done)
                return std::unexpected(done.error());
            return horizon.settled();
        });
        if (bound && isStandby)
            return fail(ErrorCode::Unsupported,
                fmt::format("{} is a standby, which cannot tell which positions are settled; let projections read from "
                            "its primary (target_session_attrs=read-write finds it among several hosts).",
                    server));
        return bound;
    }

    std::string select(std::string_view rest) const
    {
        return fmt::format("SELECT {} FROM {} e {}", kEventColumns, table.name, rest);
    }

    const Options options;
    const EventsTable table;
    PgPool<PgLink> readers;
    PgPool<PqxxSession> writers;
    EventAppender appender;
    const std::string server;
    std::mutex settling;
    SettledHorizon horizon;
    core::Bell bell;
};

PostgresEventStore::PostgresEventStore(std::unique_ptr<Private> p) : d(std::move(p)) { }
PostgresEventStore::~PostgresEventStore() = default;

Result<std::shared_ptr<PostgresEventStore>> PostgresEventStore::open(PgLogin login, Options options)
{
    const std::string server = login.display();
    const std::string name = EventsTable::qualified(options.schema, options.table);
    auto link = PgLink::open(login, PgAccess::Read);
    if (!link)
        return failed(link.error(), server);
    if (options.access == PgAccess::Write && (*link)->isStandby())
        return fail(ErrorCode::ReadOnly,
            fmt::format("{} is a standby, which takes no writes; write to its primary (target_session_attrs=read-write "
                        "finds it among several hosts).",
                server));
    auto table = EventsTable::find(**link, options.schema, options.table);
    const bool complete = table && *table && ((*table)->hasOutbox || !options.outbox);
    if (table && !complete && options.createTable) {
        const auto session = PqxxSession::open(login, PgAccess::Write);
        if (!session)
            return failed(session.error(), server);
        // Two that make it at the same time would fail on the system's tables.
        std::string ddl = EventsTable::ddl(options.schema, options.table);
        if (options.outbox)
            ddl += EventsTable::outboxDdl(options.schema, options.table);
        const auto made = (*session)->execute("BEGIN; SELECT pg_advisory_xact_lock(7305809837411); " + ddl + "COMMIT");
        if (!made)
            return failed(made.error(), server);
        table = EventsTable::find(**link, options.schema, options.table);
    }
    if (!table)
        return failed(table.error(), server);
    if (!*table)
        return fail(ErrorCode::NotFound,
            fmt::format("{} has no table {}; have it created, or name the one that holds the events.", server, name));
    if (options.outbox && !(*table)->hasOutbox)
        return fail(ErrorCode::NotFound, fmt::format("{} has no outbox for {}; have it created.", server, name));
    return std::shared_ptr<PostgresEventStore>(
        new PostgresEventStore(std::make_unique<Private>(std::move(login), std::move(options), std::move(**table))));
}

Result<std::vector<core::AppendResult>> PostgresEventStore::appendAll(std::span<const core::StreamAppend> appends)
{
    if (d->options.access == PgAccess::Read)
        return fail(ErrorCode::ReadOnly,
            fmt::format("{} is open for reading only, so nothing was written; open it for writing first.", d->server));
    auto done = d->appender.append(appends);
    if (!done)
        return std::unexpected(done.error());
    if (done->stored)
        d->bell.ring();
    return std::move(done->results);
}

Status PostgresEventStore::visitStream(
    std::string_view stream, const core::ReadStreamOptions& options, const core::EventVisitor& visit) const
{
    const auto absent = [&] { return fail(ErrorCode::NotFound, fmt::format("There is no stream '{}'.", stream)); };
    if (holdsNul(stream))
        return absent();
    const bool forward = options.direction == Direction::Forward;
    constexpr std::int64_t kLast = std::numeric_limits<std::int32_t>::max();
    const std::string sql
        = d->select(fmt::format("WHERE e.stream_id = $1 AND e.version {} $2 ORDER BY e.version{} LIMIT $3",
            forward ? ">=" : "<=", forward ? "" : " DESC"));
    std::int64_t from = options.from ? std::clamp<std::int64_t>(options.from->value, 0, kLast) : forward ? 0 : kLast;
    bool any = false;
    for (std::size_t left = options.limit; left > 0;) {
        const std::size_t page = std::min(left, kPage);
        const std::array<PgParameter, 3> parameters{
            std::string(stream), number(from), number(static_cast<std::int64_t>(page))};
        const auto rows = d->ask(sql, parameters, PgFormat::Binary);
        if (!rows)
            return std::unexpected(rows.error());
        EventRows events(*rows);
        for (int i = 0; i < events.size(); ++i) {
            any = true;
            const EventView event = events.at(i);
            from = event.version.value + (forward ? 1 : -1);
            if (!visit(event))
                return {};
        }
        if (static_cast<std::size_t>(events.size()) < page || (forward && from > kLast))
            break;
        left -= page;
    }
    if (any)
        return {};
    const auto version = streamVersion(stream);
    if (!version)
        return std::unexpected(version.error());
    return version->value == 0 ? absent() : Status();
}

Result<core::ReadAllEnd> PostgresEventStore::visitAll(
    const core::ReadAllOptions& options, const core::EventVisitor& visit) const
{
    core::ReadAllEnd end{.count = 0, .last = {}, .endReached = false};
    if (options.limit == 0)
        return end;
    const auto bound = d->settled();
    if (!bound)
        return std::unexpected(bound.error());
    const bool forward = options.direction == Direction::Forward;
    std::int64_t from = options.from ? std::max<std::int64_t>(options.from->value, 0) : forward ? 0 : *bound;
    if (!forward)
        from = std::min(from, *bound);
    const std::string sql = d->select(fmt::format("WHERE e.id >= $1 AND e.id <= $2{} ORDER BY e.id{} LIMIT $3",
        options.category.empty() ? "" : " AND split_part(e.stream_id, '-', 1) = $4", forward ? "" : " DESC"));
    for (std::size_t left = options.limit; left > 0;) {
        const std::size_t page = std::min(left, kPage);
        std::vector<PgParameter> parameters{
            number(forward ? from : 0), number(forward ? *bound : from), number(static_cast<std::int64_t>(page))};
        if (!options.category.empty())
            parameters.emplace_back(options.category);
        const auto rows = d->ask(sql, parameters, PgFormat::Binary);
        if (!rows)
            return std::unexpected(rows.error());
        EventRows events(*rows);
        for (int i = 0; i < events.size(); ++i) {
            const EventView event = events.at(i);
            ++end.count;
            end.last = event.position;
            from = event.position.value + (forward ? 1 : -1);
            if (!visit(event))
                return end;
        }
        if (static_cast<std::size_t>(events.size()) < page) {
            end.endReached = true;
            return end;
        }
        left -= page;
    }
    return end;
}

Result<core::StreamVersion> PostgresEventStore::streamVersion(std::string_view stream) const
{
    if (holdsNul(stream))
        return core::StreamVersion{};
    const PgParameter name{std::string(stream)};
    const auto rows = d->ask(
        fmt::format("SELECT version FROM {} WHERE stream_id = $1 ORDER BY version DESC LIMIT 1", d->table.name),
        {&name, 1}, PgFormat::Text);
    if (!rows)
        return std::unexpected(rows.error());
    return core::StreamVersion{rows->size() == 0 ? 0 : rows->integer(0, 0)};
}

Result<core::GlobalPosition> PostgresEventStore::lastPosition() const
{
    const auto bound = d->settled();
    if (!bound)
        return std::unexpected(bound.error());
    const PgParameter upTo = number(*bound);
    const auto rows = d->ask(
        fmt::format("SELECT coalesce(max(id), 0) FROM {} WHERE id <= $1", d->table.name), {&upTo, 1}, PgFormat::Text);
    if (!rows)
        return std::unexpected(rows.error());
    return core::GlobalPosition{rows->integer(0, 0)};
}

Result<std::vector<core::StreamInfo>> PostgresEventStore::streams(
    std::string_view after, std::size_t limit, std::string_view category) const
{
    const std::string sql = fmt::format(
        R"sql(SELECT s.stream_id, s.n, s.version, s.first, s.last, f.created_at, l.created_at FROM (
    SELECT stream_id, count(*) n, max(version) version, min(id) first, max(id) "last" FROM {0}
    WHERE stream_id COLLATE "C" > $1 AND ($2 = '' OR split_part(stream_id, '-', 1) = $2)
    GROUP BY stream_id ORDER BY stream_id COLLATE "C" LIMIT $3::int8) s
JOIN {0} f ON f.id = s.first JOIN {0} l ON l.id = s."last" ORDER BY s.stream_id COLLATE "C")sql",
        d->table.name);
    const std::array<PgParameter, 3> parameters{std::string(after), std::string(category),
        limit == core::kNoLimit ? PgParameter() : number(static_cast<std::int64_t>(limit))};
    const auto rows = d->ask(sql, parameters, PgFormat::Binary);
    if (!rows)
        return std::unexpected(rows.error());
    std::vector<core::StreamInfo> infos;
    for (int i = 0; i < rows->size(); ++i)
        infos.push_back({.name = rows->text(i, 0),
            .count = bigEndian(rows->bytes(i, 1)),
            .version = {bigEndian(rows->bytes(i, 2))},
            .first = {bigEndian(rows->bytes(i, 3))},
            .last = {bigEndian(rows->bytes(i, 4))},
            .firstTime = timestampOf(rows->bytes(i, 5)).value_or(core::Timestamp{}),
            .lastTime = timestampOf(rows->bytes(i, 6)).value_or(core::Timestamp{})});
    return infos;
}

Result<std::optional<core::RecordedEvent>> PostgresEventStore::findById(std::string_view eventId) const
{
    const PgParameter uuid(uuidOf(eventId));
    const auto rows = d->ask(d->select("WHERE e.event_id = $1"), {&uuid, 1}, PgFormat::Binary);
    if (!rows)
        return std::unexpected(rows.error());
    if (rows->size() == 0)
        return std::nullopt;
    EventRows events(*rows);
    const EventView event = events.at(0);
    return event.id == eventId ? std::optional(event.toRecorded()) : std::nullopt;
}

std::shared_ptr<void> PostgresEventStore::onAppended(std::function<void()> bell)
{
    return d->bell.listen(std::move(bell));
}

} // namespace eventscope::postgres
