// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "postgres_order_read_model.h"

#include "event/timestamp.h"
#include "pg_pool.h"
#include "pqxx_session.h"

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace eventscope::postgres {

using core::ErrorCode;
using core::OrderRow;
using core::ProjectionTarget;
using core::Result;
using core::Status;

namespace {

using Parameter = std::optional<std::string>;

// {0} is the schema with its dot, {1} "" or "_rebuild", {2} tells the indexes of two generations apart.
constexpr const char* kRowTables = R"sql(
CREATE TABLE {0}order_read_model{1} (order_id VARCHAR(255) PRIMARY KEY, customer_id VARCHAR(255) NOT NULL,
    customer_name TEXT NOT NULL, total_amount NUMERIC NOT NULL, status VARCHAR(32) NOT NULL, items JSON NOT NULL,
    created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL);
CREATE INDEX order_read_model_by_customer_{2} ON {0}order_read_model{1} (customer_id, created_at DESC, order_id DESC);
CREATE TABLE {0}order_read_model_version{1} (order_id VARCHAR(255) PRIMARY KEY, version BIGINT NOT NULL);
)sql";

constexpr const char* kCheckpoint = R"sql(
CREATE TABLE {0}order_read_model_checkpoint (target VARCHAR(32) PRIMARY KEY, position BIGINT NOT NULL, generation BIGINT NOT NULL);
INSERT INTO {0}order_read_model_checkpoint VALUES ('live', 0, 1);
)sql";

constexpr const char* kSwap = R"sql(
DROP TABLE {0}order_read_model;
ALTER TABLE {0}order_read_model_rebuild RENAME TO order_read_model;
DROP TABLE {0}order_read_model_version;
ALTER TABLE {0}order_read_model_version_rebuild RENAME TO order_read_model_version;
DELETE FROM {0}order_read_model_checkpoint WHERE target = 'live';
UPDATE {0}order_read_model_checkpoint SET target = 'live' WHERE target = 'rebuild'
)sql";

constexpr const char* kDrop = R"sql(
DROP TABLE IF EXISTS {0}order_read_model_rebuild;
DROP TABLE IF EXISTS {0}order_read_model_version_rebuild;
DELETE FROM {0}order_read_model_checkpoint WHERE target = 'rebuild'
)sql";

constexpr std::string_view kColumns
    = "order_id, customer_id, customer_name, total_amount, status, items, created_at, updated_at";
constexpr std::int64_t kLock = 0x6f72646572; // one writer at a time

std::string suffix(ProjectionTarget target)
{
    return target == ProjectionTarget::Live ? "" : "_rebuild";
}

Parameter nameOf(ProjectionTarget target)
{
    return target == ProjectionTarget::Live ? "live" : "rebuild";
}

Result<std::vector<OrderRow>> rowsFrom(const PgTable& table)
{
    std::vector<OrderRow> rows;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        const auto text = [&](std::size_t column) { return std::string(table.text(i, column)); };
        const auto createdAt = core::parseTimestamp(table.text(i, 6));
        const auto updatedAt = core::parseTimestamp(table.text(i, 7));
        if (!createdAt || !updatedAt)
            return fail(ErrorCode::Corrupt, fmt::format("The row of order \"{}\" has no readable times.", text(0)));
        rows.push_back({.orderId = text(0),
            .customerId = text(1),
            .customerName = text(2),
            .totalAmount = text(3),
            .status = text(4),
            .items = text(5),
            .createdAt = *createdAt,
            .updatedAt = *updatedAt});
    }
    return rows;
}

Result<std::optional<OrderRow>> firstOf(Result<std::vector<OrderRow>> rows)
{
    if (!rows)
        return std::unexpected(std::move(rows.error()));
    return rows->empty() ? std::nullopt : std::optional(std::move(rows->front()));
}

} // namespace

struct PostgresOrderReadModel::Private {
    Private(PgLogin login, PgAccess a, const std::string& schema)
        : access(a)
        , prefix(schema.empty() ? "" : quotedIdentifier(schema) + '.')
        , readers(login, PgAccess::Read)
        , writers(login, PgAccess::Write)
        , server(login.display())
    {
    }

    Result<PgTable> ask(const std::string& sql, std::span<const Parameter> parameters)
    {
        return readers.use([&](PqxxSession& session) { return session.execute(sql, parameters); });
    }
    std::string script(const char* sql) const { return fmt::format(fmt::runtime(sql), prefix); }

    const PgAccess access;
    const std::string prefix;
    PgPool<PqxxSession> readers, writers;
    const std::string server;
};

class PostgresOrderReadModel::PostgresTransaction final : public Transaction {
public:
    PostgresTransaction(Private& model, PgPool<PqxxSession>::Lease session)
        : m_model(model), m_session(std::move(session))
    {
    }
    ~PostgresTransaction() override
    {
        if (!m_done)
            m_session->rollback();
    }
    PostgresTransaction(const PostgresTransaction&) = delete;
    PostgresTransaction& operator=(const PostgresTransaction&) = delete;

    Result<std::optional<OrderRow>> find(ProjectionTarget target, std::string_view orderId) override
    {
        const Parameter id{std::string(orderId)};
        const auto rows = run(fmt::format("SELECT {} FROM {}order_read_model{} WHERE order_id = $1", kColumns,
                                  m_model.prefix, suffix(target)),
            {&id, 1});
        if (!rows)
            return std::unexpected(rows.error());
        return firstOf(rowsFrom(*rows));
    }

    Status put(ProjectionTarget target, const OrderRow& row) override
    {
        const std::array<Parameter, 8> values{row.orderId, row.customerId, row.customerName, row.totalAmount,
            row.status, row.items, core::formatTimestamp(row.createdAt), core::formatTimestamp(row.updatedAt)};
        return statusOf(run(
            fmt::format("INSERT INTO {}order_read_model{} ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
                        "ON CONFLICT (order_id) DO UPDATE SET customer_id = $2, customer_name = $3, total_amount = $4, "
                        "status = $5, items = $6, created_at = $7, updated_at = $8",
                m_model.prefix, suffix(target), kColumns),
            values));
    }

    Result<core::StreamVersion> version(ProjectionTarget target, std::string_view orderId) override
    {
        const auto value = integer(fmt::format("SELECT version FROM {}order_read_model_version{} WHERE order_id = $1",
                                       m_model.prefix, suffix(target)),
            std::string(orderId));
        if (!value)
            return std::unexpected(value.error());
        return core::StreamVersion{*value};
    }

    Status setVersion(ProjectionTarget target, std::string_view orderId, core::StreamVersion version) override
    {
        const std::array<Parameter, 2> values{std::string(orderId), std::to_string(version.value)};
        return statusOf(run(fmt::format("INSERT INTO {}order_read_model_version{} (order_id, version) VALUES ($1, $2) "
                                        "ON CONFLICT (order_id) DO UPDATE SET version = $2",
                                m_model.prefix, suffix(target)),
            values));
    }

    Result<core::GlobalPosition> checkpoint(ProjectionTarget target) override
    {
        const auto value = integer(
            fmt::format("SELECT position FROM {}order_read_model_checkpoint WHERE target = $1", m_model.prefix),
            nameOf(target));
        if (!value)
            return std::unexpected(value.error());
        return core::GlobalPosition{*value};
    }

    Status setCheckpoint(ProjectionTarget target, core::GlobalPosition position) override
    {
        const std::array<Parameter, 2> values{nameOf(target), std::to_string(position.value)};
        return statusOf(
            run(fmt::format("UPDATE {}order_read_model_checkpoint SET position = $2 WHERE target = $1", m_model.prefix),
                values));
    }

    Result<bool> isRebuilding() override
    {
        const auto count = integer(
            fmt::format("SELECT count(*) FROM {}order_read_model_checkpoint WHERE target = $1", m_model.prefix),
            "rebuild");
        if (!count)
            return std::unexpected(count.error());
        return *count > 0;
    }

    Status beginRebuild() override
    {
        if (Status dropped = dropRebuild(); !dropped)
            return dropped;
        const auto generation = checked(m_session->execute(
            fmt::format("SELECT max(generation) + 1 FROM {}order_read_model_checkpoint", m_model.prefix)));
        if (!generation)
            return std::unexpected(generation.error());
        const std::int64_t next = generation->integer(0, 0);
        return statusOf(
            checked(m_session->execute(fmt::format(fmt::runtime(kRowTables), m_model.prefix, "_rebuild", next)
                + fmt::format(
                    "INSERT INTO {}order_read_model_checkpoint VALUES ('rebuild', 0, {})", m_model.prefix, next))));
    }

    Status swapRebuild() override { return statusOf(checked(m_session->execute(m_model.script(kSwap)))); }
    Status dropRebuild() override { return statusOf(checked(m_session->execute(m_model.script(kDrop)))); }
    Status commit() override
    {
        const auto committed = m_session->execute("COMMIT");
        m_done = true;
        if (committed)
            return {};
        if (committed.error().endsConnection())
            return fail(ErrorCode::InDoubt,
                fmt::format(
                    "The connection to {} broke during the commit; what was read anew shows whether it was stored.",
                    m_model.server));
        return failed(committed.error(), m_model.server);
    }

private:
    Result<PgTable> checked(PgResult<PgTable> done)
    {
        if (!done)
            return failed(done.error(), m_model.server);
        return std::move(*done);
    }
    Result<PgTable> run(const std::string& sql, std::span<const Parameter> parameters)
    {
        return checked(m_session->execute(sql, parameters));
    }
    static Status statusOf(const Result<PgTable>& done) { return done ? Status() : std::unexpected(done.error()); }
    /// 0 without a row.
    Result<std::int64_t> integer(const std::string& sql, const Parameter& key)
    {
        const auto rows = run(sql, {&key, 1});
        if (!rows)
            return std::unexpected(rows.error());
        return rows->empty() ? 0 : rows->integer(0, 0);
    }

    Private& m_model;
    PgPool<PqxxSession>::Lease m_session;
    bool m_done = false;
};

PostgresOrderReadModel::PostgresOrderReadModel(std::unique_ptr<Private> p) : d(std::move(p)) { }
PostgresOrderReadModel::~PostgresOrderReadModel() = default;

Result<std::unique_ptr<PostgresOrderReadModel>> PostgresOrderReadModel::open(
    PgLogin login, PgAccess access, std::string schema)
{
    auto p = std::make_unique<Private>(std::move(login), access, schema);
    const std::string name = p->prefix + "order_read_model_checkpoint";
    const Parameter parameter(name);
    const auto there = p->ask("SELECT to_regclass($1) IS NOT NULL", {&parameter, 1});
    if (!there)
        return std::unexpected(there.error());
    if (there->text(0, 0) != "t") {
        if (access == PgAccess::Read)
            return fail(ErrorCode::NotFound, fmt::format("{} has no order_read_model.", p->server));
        auto session = p->writers.take();
        if (!session)
            return failed(session.error(), p->server);
        const std::string sql = fmt::format("BEGIN; SELECT pg_advisory_xact_lock({}); ", kLock)
            + (schema.empty() ? "" : fmt::format("CREATE SCHEMA IF NOT EXISTS {}; ", quotedIdentifier(schema)))
            + fmt::format(fmt::runtime(kRowTables), p->prefix, "", 1) + p->script(kCheckpoint) + "COMMIT";
        // 42P07: somebody else made them meanwhile.
        if (const auto made = (*session)->execute(sql); !made && !made.error().isState("42P07"))
            return failed(made.error(), p->server);
        (*session)->rollback();
    }
    return std::unique_ptr<PostgresOrderReadModel>(new PostgresOrderReadModel(std::move(p)));
}

Result<std::optional<OrderRow>> PostgresOrderReadModel::find(std::string_view orderId) const
{
    const Parameter id{std::string(orderId)};
    const auto rows
        = d->ask(fmt::format("SELECT {} FROM {}order_read_model WHERE order_id = $1", kColumns, d->prefix), {&id, 1});
    if (!rows)
        return std::unexpected(rows.error());
    return firstOf(rowsFrom(*rows));
}

Result<std::vector<OrderRow>> PostgresOrderReadModel::ofCustomer(std::string_view customerId, std::size_t limit) const
{
    const std::array<Parameter, 2> parameters{
        std::string(customerId), limit == core::kNoLimit ? Parameter() : Parameter(std::to_string(limit))};
    const auto rows = d->ask(fmt::format("SELECT {} FROM {}order_read_model WHERE customer_id = $1 "
                                         "ORDER BY created_at DESC, order_id COLLATE \"C\" DESC LIMIT $2",
                                 kColumns, d->prefix),
        parameters);
    if (!rows)
        return std::unexpected(rows.error());
    return rowsFrom(*rows);
}

Result<std::size_t> PostgresOrderReadModel::count() const
{
    const auto rows = d->ask(fmt::format("SELECT count(*) FROM {}order_read_model", d->prefix), {});
    if (!rows)
        return std::unexpected(rows.error());
    return static_cast<std::size_t>(rows->integer(0, 0));
}

Result<std::unique_ptr<core::OrderReadModel::Transaction>> PostgresOrderReadModel::begin()
{
    if (d->access == PgAccess::Read)
        return fail(ErrorCode::ReadOnly, fmt::format("{} is open for reading only.", d->server));
    for (bool again = true;; again = false) {
        auto session = d->writers.take();
        if (!session)
            return failed(session.error(), d->server);
        const auto begun = (*session)->execute(fmt::format(
            "BEGIN; SELECT pg_advisory_xact_lock({} # hashtextextended({}, 0))", kLock, quotedLiteral(d->prefix)));
        if (begun)
            return std::make_unique<PostgresTransaction>(*d, std::move(*session));
        (*session)->rollback();
        if (begun.error().kind != PgFailure::Kind::Lost || !again)
            return failed(begun.error(), d->server);
        d->writers.forgetIdle();
    }
}

} // namespace eventscope::postgres
