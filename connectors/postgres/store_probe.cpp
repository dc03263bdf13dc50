// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store_probe.h"

#include "dialect.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace eventscope::postgres {

namespace {

enum class Side { DeadLetters, Outbox, Checkpoint };

/// A kind of table beside the events. In the expression [name] is a column, as in a dialect.
struct SideKind {
    Side side;
    std::string_view table;       ///< part of its normalised name that must be there; empty: any
    std::string_view fingerprint; ///< normalised columns
    std::string_view sql;         ///< which rows count; of a checkpoint: the position
    std::string_view where{};
};

constexpr std::array kKinds{
    SideKind{
        Side::DeadLetters, "deadletterentry", "processinggroup,sequenceidentifier,sequenceindex,causetype", "true"},
    SideKind{Side::DeadLetters, "wolverinedeadletters", "id,body,messagetype,exceptiontype,exceptionmessage", "true"},
    SideKind{Side::DeadLetters, "mtdocdeadletterevent", "id,data", "true"},
    SideKind{Side::Outbox, "outbox", "position,streamid,claimedby,claimeduntil", "true"},
    SideKind{Side::Outbox, "wolverineoutgoingenvelopes", "id,body", "true"},
    SideKind{Side::Outbox, "outbox", "id,aggregatetype,aggregateid,type,payload", "true"},
    SideKind{Side::Outbox, "outbox", "id,consumed,payload", "NOT [consumed]"},
    SideKind{Side::Checkpoint, "mteventprogression", "name,lastseqid", "[lastseqid]", "[name] <> 'HighWaterMark'"},
    SideKind{Side::Checkpoint, "orderreadmodelcheckpoint", "target,position", "[position]", "[target] = 'live'"},
    SideKind{Side::Checkpoint, "checkpoints", "id,position", "[position]"},
    SideKind{Side::Checkpoint, "tracking", "applicationname,notificationid", "[notificationid]"},
    SideKind{Side::Checkpoint, "subscriptions", "streamuuid,subscriptionname,lastseen", "[lastseen]",
        "[streamuuid] = '$all'"},
};

bool matches(const SideKind& kind, const TableShape& table)
{
    if (!table.readable || !table.schemaUsable || normalisedColumn(table.table).find(kind.table) == std::string::npos)
        return false;
    return hasColumns(table, kind.fingerprint);
}

std::string sqlOf(std::string_view sql, const TableShape& table)
{
    return filledIn(sql.empty() ? "true" : sql, table).value_or("true");
}

template <class Use>
void eachOf(Side side, const std::vector<TableShape>& tables, const Use& use)
{
    for (const TableShape& table : tables) {
        const auto kind = std::ranges::find_if(
            kKinds, [&](const SideKind& one) { return one.side == side && matches(one, table); });
        if (kind != kKinds.end())
            use(*kind, table);
    }
}

std::vector<SideTable> tablesOf(Side side, const std::vector<TableShape>& tables)
{
    std::vector<SideTable> found;
    eachOf(side, tables, [&](const SideKind& kind, const TableShape& table) {
        found.push_back({.name = fmt::format("{}.{}", table.schema, table.table),
            .qualified = table.qualified(),
            .where = sqlOf(kind.sql, table)});
    });
    return found;
}

PgResult<std::optional<std::int64_t>> sumOf(PgLink& link, const std::vector<SideTable>& tables, std::stop_token stop)
{
    std::optional<std::int64_t> sum;
    for (const SideTable& table : tables) {
        const auto count = countOf(link, table, stop);
        if (!count)
            return std::unexpected(count.error());
        sum = sum.value_or(0) + *count;
    }
    return sum;
}

} // namespace

std::vector<SideTable> deadLetterTables(const std::vector<TableShape>& tables)
{
    return tablesOf(Side::DeadLetters, tables);
}

PgResult<std::int64_t> countOf(PgLink& link, const SideTable& table, std::stop_token stop)
{
    const auto rows = link.prepared(fmt::format("SELECT count(*) FROM {} e WHERE {}", table.qualified, table.where), {},
        PgFormat::Text, std::move(stop));
    if (!rows)
        return std::unexpected(rows.error());
    return rows->integer(0, 0);
}

PgResult<core::Probe> probeOf(PgLink& link, const FoundStore& store, std::int64_t lastPosition, std::stop_token stop)
{
    core::Probe probe;
    probe.lastPosition = lastPosition;
    const auto letters = sumOf(link, deadLetterTables(store.tables), stop);
    if (!letters)
        return std::unexpected(letters.error());
    probe.deadLetters = *letters;
    const auto outbox = sumOf(link, tablesOf(Side::Outbox, store.tables), stop);
    if (!outbox)
        return std::unexpected(outbox.error());
    probe.outboxBacklog = *outbox;
    std::optional<PgFailure> failure;
    eachOf(Side::Checkpoint, store.tables, [&](const SideKind& kind, const TableShape& table) {
        const auto rows = link.prepared(fmt::format("SELECT min({}) FROM {} e WHERE {}", sqlOf(kind.sql, table),
                                            table.qualified(), sqlOf(kind.where, table)),
            {}, PgFormat::Text, stop);
        if (!rows)
            failure = rows.error();
        else if (!rows->isNull(0, 0)) // the projection that is farthest behind
            probe.lag = std::max(probe.lag.value_or(0), lastPosition - rows->integer(0, 0));
    });
    if (failure && failure->endsConnection())
        return std::unexpected(*failure);
    return probe;
}

} // namespace eventscope::postgres
