// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "postgres_outbox.h"

#include "event/clock.h"
#include "event/ids.h"
#include "event_rows.h"
#include "events_table.h"
#include "pg_pool.h"
#include "pqxx_session.h"

#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace eventscope::postgres {

using core::ErrorCode;
using core::Result;
using core::Status;

struct PostgresOutbox::Private {
    Private(PgLogin login, Options o, EventsTable t)
        : options(std::move(o)), table(std::move(t)), sessions(login, PgAccess::Write), server(login.display())
    {
    }

    /// All of this may be done twice without harm.
    Result<PgTable> run(const std::string& sql, std::span<const std::optional<std::string>> parameters)
    {
        return sessions.use([&](PqxxSession& session) { return session.execute(sql, parameters); });
    }

    /// One claim at a time: two that do not see each other's could each take a part of one stream.
    Result<PgTable> claim(const std::string& sql, std::span<const std::optional<std::string>> parameters)
    {
        return sessions.use([&](PqxxSession& session) {
            auto done = session.execute(fmt::format("BEGIN; SELECT pg_advisory_xact_lock({})", table.lockKey));
            if (done)
                done = session.execute(sql, parameters);
            if (done) {
                if (const auto committed = session.execute("COMMIT"); !committed)
                    done = std::unexpected(committed.error());
            }
            if (!done)
                session.rollback();
            return done;
        });
    }

    const Options options;
    const EventsTable table;
    PgPool<PqxxSession> sessions;
    const std::string server;
    std::string owner;
};

PostgresOutbox::PostgresOutbox(std::unique_ptr<Private> p) : d(std::move(p)) { }
PostgresOutbox::~PostgresOutbox() = default;

Result<std::unique_ptr<PostgresOutbox>> PostgresOutbox::open(PgLogin login, Options options)
{
    const std::string server = login.display();
    const std::string name = EventsTable::qualified(options.schema, options.table);
    auto link = PgLink::open(login, PgAccess::Read);
    if (!link)
        return failed(link.error(), server);
    auto table = EventsTable::find(**link, options.schema, options.table);
    if (!table)
        return failed(table.error(), server);
    if (!*table || !(*table)->hasOutbox)
        return fail(ErrorCode::NotFound,
            fmt::format("{} has no outbox for {}; open its event store with the outbox on first.", server, name));
    auto p = std::make_unique<Private>(std::move(login), std::move(options), std::move(**table));
    p->owner = p->options.owner;
    if (p->owner.empty()) {
        const core::SystemClock clock;
        p->owner = core::UuidV7Generator(clock).next();
    }
    return std::unique_ptr<PostgresOutbox>(new PostgresOutbox(std::move(p)));
}

Result<std::vector<core::RecordedEvent>> PostgresOutbox::pending(std::size_t limit, core::GlobalPosition after) const
{
    const std::string sql = fmt::format(R"sql(
WITH c AS (
    SELECT p.position, p.claimed_by, p.claimed_until FROM {0} p
    WHERE p.position > $2 AND (p.claimed_by = $1 OR p.claimed_until IS NULL OR p.claimed_until < clock_timestamp())
        AND NOT EXISTS (SELECT 1 FROM {0} b WHERE b.stream_id = p.stream_id AND b.position < p.position
            AND b.claimed_by <> $1 AND b.claimed_until >= clock_timestamp())
    ORDER BY p.position LIMIT $3 FOR UPDATE OF p SKIP LOCKED
), u AS (
    UPDATE {0} SET claimed_by = $1, claimed_until = clock_timestamp() + $4 * interval '1 ms'
    WHERE position IN (SELECT position FROM c WHERE claimed_by IS DISTINCT FROM $1
        OR claimed_until < clock_timestamp() + $4 * interval '0.5 ms')
)
SELECT {2} FROM c JOIN {1} e ON e.id = c.position ORDER BY e.id)sql",
        d->table.outbox, d->table.name, kEventColumns);
    const std::array<std::optional<std::string>, 4> parameters{d->owner, std::to_string(after.value),
        limit == core::kNoLimit ? std::nullopt : std::optional(std::to_string(limit)),
        std::to_string(d->options.lease.count())};
    if (limit == 0)
        return std::vector<core::RecordedEvent>();
    const auto rows = d->claim(sql, parameters);
    if (!rows)
        return std::unexpected(rows.error());
    std::vector<core::RecordedEvent> events;
    for (std::size_t i = 0; i < rows->rows.size(); ++i)
        events.push_back(recordedFrom(*rows, i));
    return events;
}

Status PostgresOutbox::markPublished(std::span<const core::GlobalPosition> positions)
{
    if (positions.empty())
        return {};
    std::vector<std::optional<std::string>> numbers;
    for (const core::GlobalPosition position : positions)
        numbers.emplace_back(std::to_string(position.value));
    const std::optional<std::string> list(arrayLiteral(numbers));
    const auto done
        = d->run(fmt::format("DELETE FROM {} WHERE position = ANY($1::int8[])", d->table.outbox), {&list, 1});
    return done ? Status() : std::unexpected(done.error());
}

Result<std::size_t> PostgresOutbox::backlog() const
{
    const auto rows = d->run(fmt::format("SELECT count(*) FROM {}", d->table.outbox), {});
    if (!rows)
        return std::unexpected(rows.error());
    return static_cast<std::size_t>(rows->integer(0, 0));
}

} // namespace eventscope::postgres
