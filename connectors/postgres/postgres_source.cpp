// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "postgres_source.h"

#include "follower.h"
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

PgResult<void> PostgresSource::Private::look(SettledHorizon& horizon, std::stop_token stop)
{
    const auto head = lastPosition(std::move(stop));
    if (!head)
        return std::unexpected(head.error());
    if (layout().gapless) {
        horizon.complete(*head);
        return {};
    }
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

std::string PostgresSource::cursor() const
{
    return d->cursor;
}

Result<core::ScanReceipt> PostgresSource::read(
    const core::ReadRange& range, core::EventSink& sink, std::stop_token stop)
{
    if (const Status connected = d->ensureLink(stop); !connected)
        return std::unexpected(connected.error());
    core::ScanReceipt receipt;
    if (range.stream.find('\0') != std::string::npos)
        return fail(ErrorCode::NotFound, "There is no stream whose name holds a NUL character.");
    const std::string& position = d->layout().field(EventField::Position).sql;
    std::string fixed = "true";
    if (!range.stream.empty())
        fixed += " AND " + d->ofStream(range.stream);
    if (range.toPosition)
        fixed += fmt::format(" AND {} <= {}", position, *range.toPosition);
    fixed += d->inTime(range.fromTime, range.toTime);
    std::string from = range.fromPosition ? fmt::format(" AND {} >= {}", position, *range.fromPosition) : "";

    LayoutReader reader(d->layout(), d->name);
    Deliverer delivery(sink, kBatch);
    std::uint64_t delivered = 0;
    std::int64_t first = 0, last = 0;
    std::string next;
    std::int64_t inPage = 0, pageSize = 0;
    const auto stopBecause = [&](std::string why) {
        receipt.stoppedBecause = std::move(why);
        return false;
    };
    const Private::Visitor visit = [&](const SourceEvent& event) {
        if (range.limit && delivered == *range.limit)
            return stopBecause(fmt::format("the limit of {} events was reached", *range.limit));
        first = receipt.scanned == 0 ? event.position : first;
        last = event.position;
        ++receipt.scanned;
        receipt.bytes += event.payload.size();
        receipt.undecodable += event.undecodable.empty() ? 0 : 1;
        if (++inPage == pageSize)
            next = d->behind(event);
        const bool inTime = !event.hasTime
            || (!(range.fromTime && event.time < *range.fromTime) && !(range.toTime && event.time > *range.toTime));
        if (!inTime)
            return true;
        ++delivered;
        return delivery.add(event) || stopBecause("its receiver wanted no more");
    };
    for (bool more = true; more && receipt.stoppedBecause.empty();) {
        // One more than the limit tells whether there is more.
        pageSize = range.limit ? static_cast<std::int64_t>(
                       std::min<std::uint64_t>(*range.limit - delivered + 1, static_cast<std::uint64_t>(kCopyPage)))
                               : kCopyPage;
        inPage = 0;
        const std::string select = range.last
            ? d->newest(fixed + from, *range.last)
            : d->layout().select(fixed + from, d->layout().orderBy(false), std::to_string(pageSize));
        const auto page = d->copyPage(select, reader, visit, stop);
        if (!page) {
            const PgFailure& failure = page.error();
            if (failure.isState("22P02") && !range.stream.empty())
                break; // no such name can be a UUID
            if (failure.kind == PgFailure::Kind::Cancelled && stop.stop_requested()) {
                receipt.stoppedBecause = "it was stopped";
                break;
            }
            return std::unexpected(d->translated(failure));
        }
        more = !range.last && page->rows == pageSize;
        from = " AND " + next;
    }
    if (!delivery.flush() && receipt.stoppedBecause.empty())
        receipt.stoppedBecause = "its receiver wanted no more";
    receipt.complete = receipt.stoppedBecause.empty();
    if (receipt.scanned > 0)
        receipt.ranges.push_back({range.stream, -1, first, last});
    else if (!range.stream.empty() && receipt.complete) {
        const auto any
            = d->link->query(d->layout().select(d->ofStream(range.stream), {}, "1"), {}, PgFormat::Binary, stop);
        if (!any && !any.error().isState("22P02"))
            return std::unexpected(d->translated(any.error()));
        if (!any || any->size() == 0)
            return fail(ErrorCode::NotFound, fmt::format("There is no stream '{}'.", range.stream));
    }
    return receipt;
}

Status PostgresSource::follow(const core::FollowStart& start, core::EventSink& sink, std::stop_token stop)
{
    if (const Status connected = d->ensureLink(stop); !connected)
        return connected;
    Follower follower(*d, start, sink, stop);
    return follower.run();
}

} // namespace eventscope::postgres
