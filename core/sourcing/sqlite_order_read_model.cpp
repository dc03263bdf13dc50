// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_order_read_model.h"

#include <array>
#include <cstdint>
#include <fmt/core.h>
#include <string>
#include <utility>

namespace eventscope::core {

namespace {

// {0} is "" or "_rebuild", {1} tells the indexes of two generations apart: an index keeps its name when
// its table is renamed.
constexpr const char* kRowTables = R"sql(
CREATE TABLE order_read_model{0} (
    order_id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL,
    customer_name TEXT NOT NULL,
    total_amount TEXT NOT NULL,
    status TEXT NOT NULL,
    items TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX order_read_model_by_customer_{1} ON order_read_model{0} (customer_id, created_at DESC, order_id DESC);
CREATE TABLE order_read_model_version{0} (
    order_id TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kCheckpointTable = R"sql(
CREATE TABLE order_read_model_checkpoint (
    target TEXT NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL,
    generation INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO order_read_model_checkpoint VALUES ('live', 0, 1);
)sql";

constexpr const char* kSwap = R"sql(
DROP TABLE order_read_model;
ALTER TABLE order_read_model_rebuild RENAME TO order_read_model;
DROP TABLE order_read_model_version;
ALTER TABLE order_read_model_version_rebuild RENAME TO order_read_model_version;
DELETE FROM order_read_model_checkpoint WHERE target = 'live';
UPDATE order_read_model_checkpoint SET target = 'live' WHERE target = 'rebuild';
)sql";

constexpr const char* kDrop = R"sql(
DROP TABLE IF EXISTS order_read_model_rebuild;
DROP TABLE IF EXISTS order_read_model_version_rebuild;
DELETE FROM order_read_model_checkpoint WHERE target = 'rebuild';
)sql";

std::string_view nameOf(ProjectionTarget target)
{
    return target == ProjectionTarget::Live ? "live" : "rebuild";
}

/// `live` or `rebuild`, by target.
std::string_view pick(ProjectionTarget target, std::string_view live, std::string_view rebuild)
{
    return target == ProjectionTarget::Live ? live : rebuild;
}

constexpr std::string_view kColumns
    = "order_id, customer_id, customer_name, total_amount, status, items, created_at, updated_at";

Result<OrderRow> rowFrom(const SqliteStatement& statement)
{
    const auto createdAt = parseTimestamp(statement.text(6));
    const auto updatedAt = parseTimestamp(statement.text(7));
    if (!createdAt || !updatedAt)
        return fail(
            ErrorCode::Corrupt, fmt::format("The row of order \"{}\" has no readable times.", statement.text(0)));
    return OrderRow{.orderId = std::string(statement.text(0)),
        .customerId = std::string(statement.text(1)),
        .customerName = std::string(statement.text(2)),
        .totalAmount = std::string(statement.text(3)),
        .status = std::string(statement.text(4)),
        .items = std::string(statement.text(5)),
        .createdAt = *createdAt,
        .updatedAt = *updatedAt};
}

Result<std::vector<OrderRow>> rowsFrom(SqliteStatement& statement)
{
    std::vector<OrderRow> rows;
    while (true) {
        const auto there = statement.step();
        if (!there)
            return std::unexpected(there.error());
        if (!*there)
            return rows;
        auto row = rowFrom(statement);
        if (!row)
            return std::unexpected(std::move(row.error()));
        rows.push_back(std::move(*row));
    }
}

Result<std::optional<OrderRow>> findIn(SqliteConnection& connection, std::string_view sql, std::string_view orderId)
{
    const auto statement = connection.prepared(sql);
    if (!statement)
        return std::unexpected(statement.error());
    (*statement)->bind(1, orderId);
    auto rows = rowsFrom(**statement);
    if (!rows)
        return std::unexpected(std::move(rows.error()));
    return rows->empty() ? std::nullopt : std::optional(std::move(rows->front()));
}

} // namespace

class SqliteOrderReadModel::SqliteTransaction final : public Transaction {
public:
    explicit SqliteTransaction(SqliteDatabase::Write write) : m_write(std::move(write)) { }

    Result<std::optional<OrderRow>> find(ProjectionTarget target, std::string_view orderId) override
    {
        return findIn(connection(),
            fmt::format(
                "SELECT {} FROM order_read_model{} WHERE order_id = ?1", kColumns, pick(target, "", "_rebuild")),
            orderId);
    }

    Status put(ProjectionTarget target, const OrderRow& row) override
    {
        const auto statement = connection().prepared(
            fmt::format("INSERT OR REPLACE INTO order_read_model{} ({}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                pick(target, "", "_rebuild"), kColumns));
        if (!statement)
            return std::unexpected(statement.error());
        const std::string createdAt = formatTimestamp(row.createdAt);
        const std::string updatedAt = formatTimestamp(row.updatedAt);
        const std::array<std::string_view, 8> values{row.orderId, row.customerId, row.customerName, row.totalAmount,
            row.status, row.items, createdAt, updatedAt};
        for (std::size_t i = 0; i < values.size(); ++i)
            (*statement)->bind(static_cast<int>(i) + 1, values[i]);
        return (*statement)->run();
    }

    Result<StreamVersion> version(ProjectionTarget target, std::string_view orderId) override
    {
        const auto value = integer(fmt::format("SELECT version FROM order_read_model_version{} WHERE order_id = ?1",
                                       pick(target, "", "_rebuild")),
            orderId);
        if (!value)
            return std::unexpected(value.error());
        return StreamVersion{*value};
    }

    Status setVersion(ProjectionTarget target, std::string_view orderId, StreamVersion version) override
    {
        const auto statement = connection().prepared(
            fmt::format("INSERT OR REPLACE INTO order_read_model_version{} (order_id, version) VALUES (?1, ?2)",
                pick(target, "", "_rebuild")));
        if (!statement)
            return std::unexpected(statement.error());
        return (*statement)->bind(1, orderId).bind(2, version.value).run();
    }

    Result<GlobalPosition> checkpoint(ProjectionTarget target) override
    {
        const auto value
            = integer("SELECT position FROM order_read_model_checkpoint WHERE target = ?1", nameOf(target));
        if (!value)
            return std::unexpected(value.error());
        return GlobalPosition{*value};
    }

    Status setCheckpoint(ProjectionTarget target, GlobalPosition position) override
    {
        const auto statement
            = connection().prepared("UPDATE order_read_model_checkpoint SET position = ?2 WHERE target = ?1");
        if (!statement)
            return std::unexpected(statement.error());
        return (*statement)->bind(1, nameOf(target)).bind(2, position.value).run();
    }

    Result<bool> isRebuilding() override
    {
        const auto count = integer("SELECT count(*) FROM order_read_model_checkpoint WHERE target = ?1", "rebuild");
        if (!count)
            return std::unexpected(count.error());
        return *count > 0;
    }

    Status beginRebuild() override
    {
        if (auto dropped = dropRebuild(); !dropped)
            return dropped;
        const auto generation = connection().integer("SELECT max(generation) + 1 FROM order_read_model_checkpoint");
        if (!generation)
            return std::unexpected(generation.error());
        const std::string sql = fmt::format(fmt::runtime(kRowTables), "_rebuild", *generation)
            + fmt::format("INSERT INTO order_read_model_checkpoint VALUES ('rebuild', 0, {});", *generation);
        return connection().execute(sql.c_str());
    }

    Status swapRebuild() override { return connection().execute(kSwap); }
    Status dropRebuild() override { return connection().execute(kDrop); }
    Status commit() override
    {
        const Status committed = m_write->commit();
        m_write.reset(); // the next one may begin
        return committed;
    }

private:
    SqliteConnection& connection() { return m_write->connection(); }

    /// 0 without a row.
    Result<std::int64_t> integer(std::string_view sql, std::string_view key)
    {
        const auto statement = connection().prepared(sql);
        if (!statement)
            return std::unexpected(statement.error());
        (*statement)->bind(1, key);
        const auto there = (*statement)->step();
        if (!there)
            return std::unexpected(there.error());
        const std::int64_t value = *there ? (*statement)->integer(0) : 0;
        // A statement still being stepped would forbid to drop its table.
        (*statement)->reset();
        return value;
    }

    std::optional<SqliteDatabase::Write> m_write; // until committed
};

SqliteOrderReadModel::SqliteOrderReadModel(std::shared_ptr<SqliteDatabase> database, bool hasTables)
    : m_database(std::move(database)), m_hasTables(hasTables)
{
}

Result<std::unique_ptr<SqliteOrderReadModel>> SqliteOrderReadModel::open(std::shared_ptr<SqliteDatabase> database)
{
    const std::string ddl = fmt::format(fmt::runtime(kRowTables), "", 1) + kCheckpointTable;
    const auto hasTables = database->ensureTable("order_read_model", ddl.c_str());
    if (!hasTables)
        return std::unexpected(hasTables.error());
    return std::unique_ptr<SqliteOrderReadModel>(new SqliteOrderReadModel(std::move(database), *hasTables));
}

Result<std::optional<OrderRow>> SqliteOrderReadModel::find(std::string_view orderId) const
{
    if (!m_hasTables)
        return std::nullopt;
    auto read = m_database->read();
    if (!read)
        return std::unexpected(std::move(read.error()));
    return findIn(
        read->connection(), fmt::format("SELECT {} FROM order_read_model WHERE order_id = ?1", kColumns), orderId);
}

Result<std::vector<OrderRow>> SqliteOrderReadModel::ofCustomer(std::string_view customerId, std::size_t limit) const
{
    if (!m_hasTables)
        return std::vector<OrderRow>();
    auto read = m_database->read();
    if (!read)
        return std::unexpected(std::move(read.error()));
    const auto statement = read->connection().prepared(fmt::format(
        "SELECT {} FROM order_read_model WHERE customer_id = ?1 ORDER BY created_at DESC, order_id DESC LIMIT ?2",
        kColumns));
    if (!statement)
        return std::unexpected(statement.error());
    const std::int64_t atMost = limit == kNoLimit ? -1 : static_cast<std::int64_t>(limit);
    (*statement)->bind(1, customerId).bind(2, atMost);
    return rowsFrom(**statement);
}

Result<std::size_t> SqliteOrderReadModel::count() const
{
    if (!m_hasTables)
        return 0;
    auto read = m_database->read();
    if (!read)
        return std::unexpected(std::move(read.error()));
    const auto count = read->connection().integer("SELECT count(*) FROM order_read_model");
    if (!count)
        return std::unexpected(count.error());
    return static_cast<std::size_t>(*count);
}

Result<std::unique_ptr<OrderReadModel::Transaction>> SqliteOrderReadModel::begin()
{
    auto write = m_database->write();
    if (!write)
        return std::unexpected(std::move(write.error()));
    return std::make_unique<SqliteTransaction>(std::move(*write));
}

} // namespace eventscope::core
