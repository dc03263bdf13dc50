// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store_finder.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace eventscope::postgres {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

bool isNamed(const TableShape& table, std::string_view wanted)
{
    return table.table == wanted || fmt::format("{}.{}", table.schema, table.table) == wanted;
}

std::string grantFor(const TableShape& table, std::string_view user)
{
    std::string sql;
    if (!table.schemaUsable)
        sql = fmt::format("GRANT USAGE ON SCHEMA {} TO {}; ", quotedIdentifier(table.schema), quotedIdentifier(user));
    return sql + fmt::format("GRANT SELECT ON {} TO {};", table.qualified(), quotedIdentifier(user));
}

std::string optionsFor(const TableShape& table, const HouseMapping& mapping)
{
    std::string text = fmt::format("?table={}.{}", table.schema, table.table);
    for (const auto& [field, column] : mapping)
        text += fmt::format("&{}={}", nameOf(field), column);
    return text;
}

/// A store whose own tables, those it is joined with, may be read too.
const TableShape* unreadable(const std::vector<TableShape>& tables, const TableShape& main, const StoreLayout& layout)
{
    if (!main.readable || !main.schemaUsable)
        return &main;
    for (const TableShape& table : tables) {
        if (!table.readable
            && layout.from.find(quotedIdentifier(table.schema) + '.' + table.table + ' ') != std::string::npos)
            return &table;
    }
    return nullptr;
}

Result<FoundStore> opened(
    std::vector<TableShape> tables, const TableShape& main, StoreLayout layout, const PgLogin& login)
{
    if (const TableShape* closed = unreadable(tables, main, layout))
        return fail(ErrorCode::Refused,
            fmt::format("{} has the events of {} in {}, but this user may not read {}; its owner can allow it: {}",
                login.display(), layout.name, main.qualified(), closed->qualified(),
                grantFor(*closed, login.user.empty() ? "PUBLIC" : login.user)));
    const char kind = main.kind;
    return FoundStore{.layout = std::move(layout), .kind = kind, .tables = std::move(tables)};
}

} // namespace

Result<FoundStore> findStore(
    PgLink& link, const PgLogin& login, const PostgresSourceOptions& options, std::stop_token stop)
{
    auto tables = tableShapes(link, std::move(stop));
    if (!tables)
        return failed(tables.error(), login.display());
    const std::string server = login.display();
    const auto chosen = [&](const TableShape& table) { return options.table.empty() || isNamed(table, options.table); };
    if (!options.mapping.empty()) {
        const auto table = std::ranges::find_if(*tables, chosen);
        if (options.table.empty() || table == tables->end())
            return fail(ErrorCode::NotFound,
                fmt::format(
                    "{} has no table {}; name the one whose columns these are with ?table=.", server, options.table));
        auto layout = layoutOf(options.mapping, *table);
        if (!layout)
            return std::unexpected(layout.error());
        const TableShape main = *table;
        return opened(std::move(*tables), main, std::move(*layout), login);
    }
    // The order of dialects counts before that of tables, but what may be read before what may not.
    const TableShape* best = nullptr;
    const Dialect* dialect = nullptr;
    for (const TableShape& table : *tables) {
        const Dialect* its = chosen(table) ? dialectOf(table) : nullptr;
        if (its != nullptr
            && (dialect == nullptr || (table.readable && !best->readable)
                || (its < dialect && table.readable == best->readable))) {
            best = &table;
            dialect = its;
        }
    }
    if (dialect != nullptr) {
        const TableShape main = *best;
        StoreLayout layout = layoutOf(*dialect, main);
        return opened(std::move(*tables), main, std::move(layout), login);
    }
    for (const TableShape& table : *tables) {
        const auto guess = chosen(table) ? guessMapping(table) : std::nullopt;
        if (guess)
            return fail(ErrorCode::NotAStore,
                fmt::format(
                    "{} looks like a table of events, but of no framework that is known; if these are its columns, "
                    "open it with {}",
                    table.qualified(), optionsFor(table, *guess)));
    }
    const auto there = std::ranges::find_if(*tables, chosen);
    if (!options.table.empty() && there != tables->end())
        return fail(ErrorCode::NotAStore,
            fmt::format("{} of {} is no table of events that is known; say which columns are what with "
                        "&stream=…&position=…&type=…&data=….",
                there->qualified(), server));
    if (!options.table.empty())
        return fail(ErrorCode::NotFound, fmt::format("{} has no table {}; check its name.", server, options.table));
    return fail(ErrorCode::NotFound,
        fmt::format("{} has no table of events that is known; name the table with ?table=schema.name, or check the "
                    "database's name.",
            server));
}

PgResult<std::string> sequenceOf(PgLink& link, const StoreLayout& layout)
{
    const bool named = !layout.sequenceName.empty();
    if (!named && layout.sequenceColumn.empty())
        return std::string();
    // A column's own sequence, else the one that its default calls.
    static constexpr const char* kOfColumn = R"sql(
SELECT s.seqrelid::text, s.seqcache FROM pg_sequence s WHERE s.seqrelid = coalesce(
    (SELECT d.objid FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_class'::regclass AND d.refobjid = $1::regclass AND a.attname = $2
            AND d.deptype IN ('a', 'i') AND d.objid IN (SELECT seqrelid FROM pg_sequence) LIMIT 1),
    (SELECT p.refobjid FROM pg_attrdef f JOIN pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum
        JOIN pg_depend p ON p.classid = 'pg_attrdef'::regclass AND p.objid = f.oid
        WHERE f.adrelid = $1::regclass AND a.attname = $2 AND p.refobjid IN (SELECT seqrelid FROM pg_sequence) LIMIT 1)))sql";
    static constexpr const char* kOfName
        = "SELECT s.seqrelid::text, s.seqcache FROM pg_sequence s WHERE s.seqrelid = to_regclass($1)";
    std::vector<PgParameter> parameters;
    if (named)
        parameters = {layout.sequenceName};
    else
        parameters = {layout.table, layout.sequenceColumn};
    auto rows = link.query(named ? kOfName : kOfColumn, parameters);
    if (!rows)
        return std::unexpected(rows.error());
    if (named && rows->size() == 0 && !layout.sequenceColumn.empty()) {
        parameters = {layout.table, layout.sequenceColumn};
        rows = link.query(kOfColumn, parameters);
        if (!rows)
            return std::unexpected(rows.error());
    }
    return rows->size() == 1 && rows->integer(0, 1) == 1 ? rows->text(0, 0) : std::string();
}

} // namespace eventscope::postgres
