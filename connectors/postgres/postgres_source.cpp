// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "postgres_source.h"

#include "follower.h"
#include "kept_sagas.h"
#include "postgres_source_private.h"
#include "store_catalog.h"
#include "store_probe.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace eventscope::postgres {

using core::ErrorCode;
using core::Result;
using core::SourceEvent;
using core::Status;

core::Error PostgresSource::Private::translated(const PgFailure& failure) const
{
    if (failure.isState("42501") && failure.message.find("large object") != std::string::npos)
        return {ErrorCode::Refused,
            fmt::format("{}: {}; the payloads are large objects: have GRANT SELECT ON LARGE OBJECT given for them, or "
                        "lo_compat_privileges set.",
                server, failure.message)};
    return toError(failure, server);
}

Status PostgresSource::Private::ensureLink(std::stop_token stop)
{
    if (link && link->isOpen())
        return {};
    auto opened = PgLink::open(login, PgAccess::Read, std::move(stop));
    if (!opened)
        return std::unexpected(translated(opened.error()));
    link = std::move(*opened);
    return {};
}

PgResult<PostgresSource::Private::Page> PostgresSource::Private::copyPage(
    const std::string& select, LayoutReader& reader, const Visitor& visit, std::stop_token stop)
{
    Page page;
    WireRow row;
    const auto copied = link->copyOut(
        fmt::format("COPY ({}) TO STDOUT (FORMAT binary)", select),
        [&](std::string_view message) {
            if (!cutCopyRow(message, reader.columns(), row))
                return true;
            ++page.rows;
            page.refused = !visit(reader.read(row));
            return !page.refused;
        },
        std::move(stop));
    if (!copied && !page.refused)
        return std::unexpected(copied.error());
    return page;
}

std::string PostgresSource::Private::behind(const SourceEvent& event) const
{
    const std::string& position = layout().field(EventField::Position).sql;
    if (!layout().positionsRepeat)
        return fmt::format("{} > {}", position, event.position);
    return fmt::format("({}, {}, {}) > ({}, {}, {})", position, layout().field(EventField::Stream).sql,
        layout().field(EventField::Version).sql, event.position, quotedLiteral(event.stream), event.version);
}

std::string PostgresSource::Private::ofStream(std::string_view stream) const
{
    return fmt::format("{} = {}", layout().field(EventField::Stream).sql, quotedLiteral(stream));
}

// Only where the server can compare; the reader compares everything once more.
std::string PostgresSource::Private::inTime(
    const std::optional<core::Timestamp>& from, const std::optional<core::Timestamp>& to) const
{
    const StoreLayout::Field& time = layout().field(EventField::Time);
    std::string sql;
    if (time.wire != WireType::Timestamp)
        return sql;
    if (from)
        sql += fmt::format(" AND {} >= '{}'", time.sql, core::formatTimestamp(*from));
    if (to)
        sql += fmt::format(" AND {} <= '{}'", time.sql, core::formatTimestamp(*to));
    return sql;
}

std::string PostgresSource::Private::newest(const std::string& condition, std::uint64_t count) const
{
    return fmt::format("SELECT * FROM ({}) AS newest ORDER BY {}",
        layout().select(condition, layout().orderBy(true), std::to_string(count)),
        layout().positionsRepeat ? "1, 2, 3" : "1");
}

PgResult<std::int64_t> PostgresSource::Private::lastPosition(std::stop_token stop)
{
    const std::string& position = layout().field(EventField::Position).sql;
    const auto rows = link->prepared(fmt::format("SELECT {0} {1} ORDER BY {0} DESC LIMIT 1", position, layout().from),
        {}, PgFormat::Text, std::move(stop));
    if (!rows)
        return std::unexpected(rows.error());
    return rows->size() == 0 ? 0 : rows->integer(0, 0);
}

std::vector<std::string> PostgresSource::Private::aboutStore() const
{
    std::vector<std::string> all;
    if (link && link->isStandby())
        all.push_back(
            fmt::format("{} is a standby: it shows what its primary has sent so far, and only the primary knows "
                        "which missing positions are still to come, so nothing is called settled here.",
                server));
    if (store.kind == 'v' || store.kind == 'm')
        all.push_back(fmt::format("{} is a view: a gap in its positions stays open as long as any transaction of the "
                                  "server runs.",
            layout().table));
    return all;
}

PgResult<void> PostgresSource::Private::look(SettledHorizon& horizon, std::stop_token stop)
{
    const auto head = lastPosition(std::move(stop));
    if (!head)
        return std::unexpected(head.error());
    if (layout().gapless) {
        horizon.complete(*head);
        return {};
    }
    if (link->isStandby())
        return {}; // locks of the primary's transactions are not seen here
    const auto holders = sequenceHolders(*link, sequence);
    if (!holders)
        return std::unexpected(holders.error());
    horizon.look(*head, *holders);
    return {};
}

PostgresSource::PostgresSource(std::unique_ptr<Private> p) : d(std::move(p)) { }
PostgresSource::~PostgresSource() = default;

Result<std::unique_ptr<PostgresSource>> PostgresSource::open(
    std::string name, PgLogin login, PostgresSourceOptions options, std::stop_token stop)
{
    auto p = std::make_unique<Private>();
    p->name = std::move(name);
    p->login = std::move(login);
    p->options = std::move(options);
    p->server = p->login.display();
    if (const Status connected = p->ensureLink(stop); !connected)
        return std::unexpected(connected.error());
    auto found = findStore(*p->link, p->login, p->options, stop);
    if (!found)
        return std::unexpected(found.error());
    p->store = std::move(*found);
    auto sequence = sequenceOf(*p->link, p->layout());
    if (!sequence)
        return std::unexpected(p->translated(sequence.error()));
    p->sequence = std::move(*sequence);
    return std::unique_ptr<PostgresSource>(new PostgresSource(std::move(p)));
}

const std::string& PostgresSource::name() const
{
    return d->name;
}

const std::string& PostgresSource::dialect() const
{
    return d->layout().name;
}

core::Capabilities PostgresSource::capabilities() const
{
    return {.readRange = true,
        .follow = true,
        .backward = true,
        .streams = d->layout().has(EventField::Version),
        .deadLetters = !deadLetterTables(d->store.tables).empty(),
        .sagas = true};
}

Result<std::vector<core::CatalogEntry>> PostgresSource::catalog(std::stop_token stop)
{
    if (const Status connected = d->ensureLink(stop); !connected)
        return std::unexpected(connected.error());
    auto entries = catalogOf(*d->link, d->store, d->options.exactCounts, stop);
    if (!entries)
        return std::unexpected(d->translated(entries.error()));
    return std::move(*entries);
}

Result<core::Probe> PostgresSource::probe(std::stop_token stop)
{
    if (const Status connected = d->ensureLink(stop); !connected)
        return std::unexpected(connected.error());
    const auto last = d->lastPosition(stop);
    if (!last)
        return std::unexpected(d->translated(last.error()));
    auto probe = probeOf(*d->link, d->store, *last, stop);
    if (!probe)
        return std::unexpected(d->translated(probe.error()));
    return *probe;
}

Result<std::vector<core::KeptSaga>> PostgresSource::keptSagas(std::stop_token stop)
{
    if (const Status connected = d->ensureLink(stop); !connected)
        return std::unexpected(connected.error());
    d->sagaProblem.clear();
    auto sagas = postgres::keptSagas(*d->link, d->store.tables, stop);
    if (!sagas && sagas.error().endsConnection())
        return std::unexpected(d->translated(sagas.error()));
    if (!sagas) { // they are asked for again and again: a missing right is said, and no reason to fail
        d->sagaProblem = d->translated(sagas.error()).message;
        return std::vector<core::KeptSaga>();
    }
    return std::move(*sagas);
}

std::vector<std::string> PostgresSource::notices() const
{
    std::vector<std::string> all = d->remarks;
    if (!d->sagaProblem.empty())
        all.push_back(d->sagaProblem);
    if (!d->saidAboutStore) {
        const std::vector<std::string> about = d->aboutStore();
        all.insert(all.end(), about.begin(), about.end());
    }
    return all;
}

std::string PostgresSource::cursor() const
{
    return d->cursor;
}

Result<core::ScanReceipt> PostgresSource::read(
    const core::ReadRange& range, core::EventSink& sink, std::stop_token stop)
{
    if (const Status connected = d->ensureLink(stop); !connected)
        return std::unexpected(connected.error());
    if (range.stream.find('\0') != std::string::npos)
        return fail(ErrorCode::NotFound, "There is no stream whose name holds a NUL character.");
    if (const FilterSql filter = d->filterOf(range); !filter.isEmpty()) {
        if (auto receipt = d->readFiltered(range, filter, sink, stop))
            return std::move(*receipt);
    }
    return d->readAll(range, sink, stop);
}

Status PostgresSource::follow(const core::FollowStart& start, core::EventSink& sink, std::stop_token stop)
{
    if (const Status connected = d->ensureLink(stop); !connected)
        return connected;
    Follower follower(*d, start, sink, stop);
    return follower.run();
}

} // namespace eventscope::postgres
