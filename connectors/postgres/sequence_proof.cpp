// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sequence_proof.h"

#include "event_rows.h"

#include <algorithm>

#include <fmt/format.h>

namespace eventscope::postgres {

namespace {

constexpr int kStep = 4000;

// Locks are shown to everybody, whoever holds them; a prepared transaction holds them without a process.
constexpr const char* kSequenceHolders = R"sql(
SELECT DISTINCT l.virtualtransaction FROM pg_locks l
WHERE l.locktype = 'relation' AND l.relation = $1::oid AND l.granted AND l.mode = 'RowExclusiveLock'
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND l.pid IS DISTINCT FROM pg_backend_pid())sql";

// Every transaction that runs holds its own number, those that only read included.
constexpr const char* kAllHolders = R"sql(
SELECT DISTINCT l.virtualtransaction FROM pg_locks l
WHERE l.locktype IN ('virtualxid', 'transactionid') AND l.granted AND l.mode = 'ExclusiveLock'
    AND l.pid IS DISTINCT FROM pg_backend_pid())sql";

} // namespace

PgResult<SettledHorizon::Holders> sequenceHolders(PgLink& link, const std::string& sequenceOid)
{
    const PgParameter oid(sequenceOid);
    const auto rows = sequenceOid.empty() ? link.prepared(kAllHolders) : link.prepared(kSequenceHolders, {&oid, 1});
    if (!rows)
        return std::unexpected(rows.error());
    SettledHorizon::Holders holders;
    for (int i = 0; i < rows->size(); ++i)
        holders.push_back(rows->text(i, 0));
    std::ranges::sort(holders);
    return holders;
}

PgResult<void> advance(SettledHorizon& horizon, PgLink& link, const std::string& table, const std::string& column,
    const std::string& sequenceOid)
{
    const std::string next
        = fmt::format("SELECT {0} FROM {1} WHERE {0} > $1::int8 ORDER BY {0} LIMIT {2}", column, table, kStep);
    // Without holes there is nothing to prove.
    std::int64_t last = horizon.settled();
    bool hole = last == 0;
    while (!hole) {
        const PgParameter after(std::to_string(last));
        const auto rows = link.prepared(next, {&after, 1}, PgFormat::Binary);
        if (!rows)
            return std::unexpected(rows.error());
        int i = 0;
        for (; i < rows->size() && bigEndian(rows->bytes(i, 0)) == last + 1; ++i)
            ++last;
        horizon.complete(last);
        hole = i < rows->size();
        if (!hole && i < kStep)
            return {};
    }
    const auto head = link.prepared(fmt::format("SELECT coalesce(max({}), 0)::int8 FROM {}", column, table));
    if (!head)
        return std::unexpected(head.error());
    const auto holders = sequenceHolders(link, sequenceOid);
    if (!holders)
        return std::unexpected(holders.error());
    horizon.look(head->integer(0, 0), *holders);
    return {};
}

} // namespace eventscope::postgres
