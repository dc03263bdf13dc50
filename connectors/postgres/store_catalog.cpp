// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store_catalog.h"

#include "store_probe.h"

#include <utility>

#include <fmt/format.h>

namespace eventscope::postgres {

using core::CatalogEntry;

namespace {

constexpr double kSmall = 20'000; // rows that are counted at once
constexpr int kSteps = 500;
constexpr int kNewest = 20'000;

std::string timeSql(const StoreLayout& layout, std::string_view function)
{
    const StoreLayout::Field& time = layout.field(EventField::Time);
    return time.wire == WireType::Absent ? "NULL" : fmt::format("{}({})::text", function, time.sql);
}

std::string whereOf(const StoreLayout& layout)
{
    return layout.where.empty() ? "true" : layout.where;
}

std::string countAll(const StoreLayout& layout)
{
    return fmt::format("SELECT ({0})::text, count(*), {1}, {2} {3} WHERE {4} AND {0} IS NOT NULL GROUP BY 1 ORDER BY 1",
        layout.field(EventField::Stream).sql, timeSql(layout, "min"), timeSql(layout, "max"), layout.from,
        whereOf(layout));
}

/// From one name to the next by the index: a few reads a stream, however long the streams are.
std::string stepThrough(const StoreLayout& layout)
{
    const std::string& stream = layout.field(EventField::Stream).sql;
    const StoreLayout::Field& time = layout.field(EventField::Time);
    const std::string& version = layout.field(EventField::Version).sql;
    const auto edge = [&](std::string_view what, std::string_view order) {
        return fmt::format("(SELECT ({})::text {} WHERE {} = s.name ORDER BY {} {} LIMIT 1)", what, layout.from, stream,
            version, order);
    };
    const std::string first = time.sql.empty() ? "NULL" : edge(time.sql, ""),
                      last = time.sql.empty() ? "NULL" : edge(time.sql, "DESC");
    return fmt::format(
        "WITH RECURSIVE s AS ((SELECT {0} AS name FROM {1} e ORDER BY {0} LIMIT 1) UNION ALL "
        "SELECT (SELECT {0} FROM {1} e WHERE {0} > s.name ORDER BY {0} LIMIT 1) FROM s WHERE s.name IS NOT NULL) "
        "SELECT s.name::text, {2}::int8 - {3}::int8 + 1, {4}, {5} FROM s WHERE s.name IS NOT NULL LIMIT {6}",
        stream, layout.table, edge(version, "DESC"), edge(version, ""), first, last, kSteps);
}

std::string countNewest(const StoreLayout& layout)
{
    return fmt::format(
        "SELECT x.stream, NULL, min(x.time), max(x.time) FROM (SELECT ({})::text AS stream, {} AS time {} "
        "WHERE {} ORDER BY {} LIMIT {}) x WHERE x.stream IS NOT NULL GROUP BY 1 ORDER BY 1",
        layout.field(EventField::Stream).sql, timeSql(layout, ""), layout.from, whereOf(layout), layout.orderBy(true),
        kNewest);
}

std::optional<core::Timestamp> timeOf(const PgRows& rows, int row, int column)
{
    if (rows.isNull(row, column))
        return std::nullopt;
    const auto time = core::parseTimestamp(rows.bytes(row, column));
    return time ? std::optional(*time) : std::nullopt;
}

} // namespace

PgResult<std::vector<CatalogEntry>> catalogOf(PgLink& link, const FoundStore& store, bool exact, std::stop_token stop)
{
    const StoreLayout& layout = store.layout;
    const StoreLayout::Field& stream = layout.field(EventField::Stream);
    const bool small = layout.estimate >= 0 && layout.estimate <= kSmall;
    const bool steps = stream.bare && stream.indexed && layout.has(EventField::Version);
    const std::string sql = exact || small ? countAll(layout) : steps ? stepThrough(layout) : countNewest(layout);
    const auto rows = link.query(sql, {}, PgFormat::Text, stop);
    if (!rows)
        return std::unexpected(rows.error());
    std::vector<CatalogEntry> entries;
    for (int i = 0; i < rows->size(); ++i) {
        CatalogEntry entry;
        entry.name = rows->text(i, 0);
        if (!rows->isNull(i, 1))
            entry.count = rows->integer(i, 1);
        entry.countIsEstimate = !exact && !small;
        entry.first = timeOf(*rows, i, 2);
        entry.last = timeOf(*rows, i, 3);
        entries.push_back(std::move(entry));
    }
    for (const SideTable& table : deadLetterTables(store.tables)) {
        const auto count = countOf(link, table, stop);
        if (!count)
            return std::unexpected(count.error());
        CatalogEntry entry;
        entry.name = table.name;
        entry.kind = core::CatalogKind::DeadLetter;
        entry.count = *count;
        entries.push_back(std::move(entry));
    }
    return entries;
}

} // namespace eventscope::postgres
