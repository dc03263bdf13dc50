// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "events_table.h"

#include <array>

#include <fmt/format.h>

namespace eventscope::postgres {

namespace {

constexpr const char* kFind = R"sql(
SELECT c.oid::int8, n.nspname, string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ',' ORDER BY a.attnum),
    coalesce(pg_get_serial_sequence(quote_ident(n.nspname) || '.' || quote_ident(c.relname), 'id')::regclass::oid::text, ''),
    (SELECT s.seqcache FROM pg_sequence s
        WHERE s.seqrelid = pg_get_serial_sequence(quote_ident(n.nspname) || '.' || quote_ident(c.relname), 'id')::regclass)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.oid = to_regclass($1) GROUP BY c.oid, n.nspname, c.relname)sql";

// created_at may be with time zone just as well: it is read and written the same.
constexpr std::array<std::string_view, 8> kColumns{"id bigint", "event_id uuid", "stream_id ", "event_type ",
    "version integer", "data jsonb", "metadata jsonb", "created_at timestamp"};

bool hasColumns(std::string_view columns)
{
    const std::string all = ',' + std::string(columns);
    for (const std::string_view column : kColumns) {
        if (all.find(fmt::format(",{}", column)) == std::string::npos)
            return false;
    }
    return true;
}

} // namespace

std::string EventsTable::qualified(std::string_view schema, std::string_view table)
{
    return schema.empty() ? quotedIdentifier(table)
                          : fmt::format("{}.{}", quotedIdentifier(schema), quotedIdentifier(table));
}

std::string EventsTable::ddl(std::string_view schema, std::string_view table)
{
    const std::string name = qualified(schema, table);
    const auto index = [&](std::string_view column) {
        return fmt::format("CREATE INDEX IF NOT EXISTS {} ON {} ({});\n",
            quotedIdentifier(fmt::format("idx_{}_{}", table, column)), name, column);
    };
    std::string sql = schema.empty() ? "" : fmt::format("CREATE SCHEMA IF NOT EXISTS {};\n", quotedIdentifier(schema));
    sql += fmt::format(R"sql(CREATE TABLE IF NOT EXISTS {} (
    id BIGSERIAL PRIMARY KEY,
    event_id UUID NOT NULL UNIQUE,
    stream_id VARCHAR(255) NOT NULL,
    event_type VARCHAR(255) NOT NULL,
    version INTEGER NOT NULL,
    data JSONB NOT NULL,
    metadata JSONB,
    created_at TIMESTAMP NOT NULL DEFAULT NOW(),
    UNIQUE (stream_id, version)
);
)sql",
        name);
    return sql + index("stream_id") + index("event_type") + index("created_at");
}

std::string EventsTable::outboxDdl(std::string_view schema, std::string_view table)
{
    const std::string name = qualified(schema, fmt::format("{}_outbox", table));
    return fmt::format("CREATE TABLE IF NOT EXISTS {} (position BIGINT PRIMARY KEY, stream_id VARCHAR(255) NOT NULL, "
                       "claimed_by VARCHAR(64), claimed_until TIMESTAMPTZ);\n"
                       "CREATE INDEX IF NOT EXISTS {} ON {} (stream_id, position);\n",
        name, quotedIdentifier(fmt::format("idx_{}_outbox_stream_id", table)), name);
}

PgResult<std::optional<EventsTable>> EventsTable::find(PgLink& link, std::string_view schema, std::string_view table)
{
    const std::string name = qualified(schema, table);
    const PgParameter parameter(name);
    const auto rows = link.query(kFind, {&parameter, 1});
    if (!rows)
        return std::unexpected(rows.error());
    if (rows->size() == 0)
        return std::nullopt;
    if (!hasColumns(rows->bytes(0, 2)))
        return std::unexpected(PgFailure{.kind = PgFailure::Kind::Server,
            .state = "42703",
            .message = fmt::format("the table {} has the columns {}", name, rows->bytes(0, 2))});
    const std::string found = qualified(rows->bytes(0, 1), table);
    // Numbers that sessions keep for later transactions give no proof.
    const bool gives = rows->integer(0, 4) == 1;
    const std::string outbox = qualified(rows->bytes(0, 1), fmt::format("{}_outbox", table));
    const PgParameter outboxName(outbox);
    const auto there = link.query("SELECT to_regclass($1) IS NOT NULL", {&outboxName, 1});
    if (!there)
        return std::unexpected(there.error());
    return EventsTable{.name = found,
        .sequence = gives ? rows->text(0, 3) : std::string(),
        .outbox = outbox,
        .hasOutbox = there->isTrue(0, 0),
        .lockKey = rows->integer(0, 0)};
}

} // namespace eventscope::postgres
