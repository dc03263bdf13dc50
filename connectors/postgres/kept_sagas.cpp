// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kept_sagas.h"

#include "event/timestamp.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace eventscope::postgres {

using core::KeptSaga;

namespace {

/// How a framework keeps its sagas; the fields are SQL as in a Dialect, all but `state` as text.
struct SagaKind {
    std::string_view framework;
    std::string_view fingerprint;
    std::string_view tableHas{}; ///< a part of its normalised name that must be there
    std::string_view id, type{}, step{}, correlation{}, changedAt{};
    std::string_view state{}; ///< a bare column; empty: the whole row as JSON
};

constexpr std::array kKinds{
    SagaKind{.framework = "axon",
        .fingerprint = "sagaid,sagatype,serializedsaga",
        .id = "[sagaid]",
        .type = "[sagatype]",
        .state = "serializedsaga"},
    SagaKind{.framework = "masstransit",
        .fingerprint = "correlationid,currentstate",
        .id = "[correlationid]",
        .step = "[currentstate]",
        .correlation = "[correlationid]"},
    SagaKind{.framework = "nservicebus",
        .fingerprint = "id,metadata,data,persistenceversion,sagatypeversion,concurrency",
        .id = "[id]",
        .state = "data"},
    SagaKind{.framework = "wolverine",
        .fingerprint = "id,body,version,created,lastmodified",
        .tableHas = "saga",
        .id = "[id]",
        .changedAt = "[lastmodified]",
        .state = "body"},
    SagaKind{.framework = "marten",
        .fingerprint = "id,data,mtlastmodified,mtdotnettype",
        .tableHas = "saga",
        .id = "[id]",
        .type = "[mtdotnettype]",
        .changedAt = "[mtlastmodified]",
        .state = "data"},
    SagaKind{
        .framework = "rebus", .fingerprint = "id,revision,data", .tableHas = "saga", .id = "[id]", .state = "data"},
};

constexpr int kMost = 1000;

/// What finds a saga: a table of its own beside that of the sagas.
struct AssociationKind {
    std::string_view framework, fingerprint, saga, key, value;
};
constexpr std::array kAssociations{
    AssociationKind{"axon", "sagaid,associationkey,associationvalue", "sagaid", "associationkey", "associationvalue"},
    AssociationKind{"rebus", "sagatype,key,value,sagaid", "sagaid", "key", "value"},
};

const SagaKind* kindOf(const TableShape& table)
{
    const auto kind = std::ranges::find_if(kKinds, [&](const SagaKind& one) {
        return hasColumns(table, one.fingerprint)
            && normalisedColumn(table.table).find(one.tableHas) != std::string::npos;
    });
    return table.readable && table.schemaUsable && kind != kKinds.end() ? &*kind : nullptr;
}

std::string columnOf(std::string_view owner, const TableShape& table, std::string_view normalised)
{
    return fmt::format("{}.{}", owner, quotedIdentifier(table.find(normalised)->name));
}

/// A subselect of the associations of the saga `e`, "key\x1fvalue" each, with "\x1e" between them.
std::string associationsOf(const SagaKind& kind, const TableShape& sagas, const std::vector<TableShape>& tables)
{
    for (const AssociationKind& one : kAssociations) {
        const auto table = std::ranges::find_if(tables, [&](const TableShape& shape) {
            return one.framework == kind.framework && shape.schema == sagas.schema && shape.readable
                && hasColumns(shape, one.fingerprint);
        });
        if (table == tables.end())
            continue;
        const std::string key = columnOf("a", *table, one.key);
        return fmt::format("(SELECT string_agg(concat({0}, E'\\x1f', {1}), E'\\x1e' ORDER BY {0}) FROM {2} a WHERE "
                           "({3})::text = ({4})::text)",
            key, columnOf("a", *table, one.value), table->qualified(), columnOf("a", *table, one.saga),
            *filledIn(kind.id, sagas));
    }
    return "NULL::text";
}

std::string selectOf(const SagaKind& kind, const TableShape& table, const std::vector<TableShape>& tables)
{
    const auto text = [&](std::string_view sql) {
        const auto filled = filledIn(sql, table);
        return filled ? fmt::format("({})::text", *filled) : std::string("NULL::text");
    };
    const std::string state
        = kind.state.empty() ? "convert_to(to_jsonb(e)::text, 'UTF8')" : asBytes("e", *table.find(kind.state));
    return fmt::format("SELECT {}, {}, {}, {}, {}, {}, {} FROM {} e ORDER BY {} DESC NULLS LAST, 1 LIMIT {}",
        text(kind.id), text(kind.type), text(kind.step), text(kind.correlation), text(kind.changedAt),
        associationsOf(kind, table, tables), state, table.qualified(), kind.changedAt.empty() ? "1" : "5", kMost);
}

std::vector<std::pair<std::string, std::string>> cutAssociations(std::string_view text)
{
    std::vector<std::pair<std::string, std::string>> all;
    while (!text.empty()) {
        const std::string_view one = text.substr(0, text.find('\x1e'));
        text.remove_prefix(std::min(text.size(), one.size() + 1));
        const std::size_t middle = std::min(one.find('\x1f'), one.size());
        all.emplace_back(one.substr(0, middle), one.substr(std::min(one.size(), middle + 1)));
    }
    return all;
}

KeptSaga sagaOf(const SagaKind& kind, const TableShape& table, const PgRows& rows, int row)
{
    KeptSaga saga;
    saga.framework = kind.framework;
    saga.id = rows.text(row, 0);
    saga.type = rows.isNull(row, 1) ? table.table : rows.text(row, 1);
    saga.step = rows.text(row, 2);
    // MassTransit leaves the rows of those that ended where it was not told to remove them.
    saga.status = saga.step == "Final" ? "completed" : "running";
    saga.correlationId = rows.text(row, 3);
    if (const auto time = core::parseTimestamp(rows.bytes(row, 4)); time && !rows.isNull(row, 4))
        saga.changedAt = *time;
    saga.associations = cutAssociations(rows.bytes(row, 5));
    saga.state = rows.text(row, 6);
    return saga;
}

} // namespace

PgResult<std::vector<KeptSaga>> keptSagas(PgLink& link, const std::vector<TableShape>& tables, std::stop_token stop)
{
    std::vector<KeptSaga> sagas;
    for (const TableShape& table : tables) {
        const SagaKind* kind = kindOf(table);
        if (kind == nullptr)
            continue;
        const auto rows = link.prepared(selectOf(*kind, table, tables), {}, PgFormat::Binary, stop);
        if (!rows)
            return std::unexpected(rows.error());
        for (int i = 0; i < rows->size(); ++i)
            sagas.push_back(sagaOf(*kind, table, *rows, i));
    }
    return sagas;
}

} // namespace eventscope::postgres
