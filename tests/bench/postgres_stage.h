// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"
#include "postgres_event_store.h"
#include "postgres_source.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <libpq-fe.h>

namespace eventscope::bench {

inline std::string serverVariable(const char* name)
{
    const char* value = std::getenv(name);
    if (value == nullptr)
        throw std::runtime_error(fmt::format("there is no PostgreSQL server: {} is not set; use ./dev bench", name));
    return value;
}

inline postgres::PgLogin serverLogin()
{
    const std::string url = serverVariable("EVENTSCOPE_TEST_POSTGRES"); // postgres://user@host:port/database
    const std::size_t at = url.find('@'), colon = url.find(':', at), slash = url.find('/', colon);
    postgres::PgLogin result;
    result.user = url.substr(11, at - 11);
    std::uint16_t port = 0;
    std::from_chars(url.data() + colon + 1, url.data() + slash, port);
    result.hosts.push_back({url.substr(at + 1, colon - at - 1), port});
    result.database = url.substr(slash + 1);
    result.password = serverVariable("EVENTSCOPE_TEST_POSTGRES_PASSWORD");
    result.options = {{"sslmode", "disable"}};
    return result;
}

/// libpq and nothing else; throws what the server says.
class BareSession {
public:
    BareSession() : m_connection(PQconnectdb(postgres::conninfoOf(serverLogin()).c_str()), &PQfinish)
    {
        if (PQstatus(m_connection.get()) != CONNECTION_OK)
            throw std::runtime_error(PQerrorMessage(m_connection.get()));
        run("SET client_min_messages = warning");
    }
    void run(const std::string& sql) { check(PQexec(m_connection.get(), sql.c_str())); }
    void run(const std::string& sql, const std::vector<const char*>& values)
    {
        check(PQexecParams(m_connection.get(), sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(),
            nullptr, nullptr, 0));
    }
    std::uint64_t copyOut(const std::string& sql)
    {
        run(sql);
        std::uint64_t rows = 0;
        char* row = nullptr;
        for (int size = 0; (size = PQgetCopyData(m_connection.get(), &row, 0)) > 0; PQfreemem(row))
            rows += size > 2 ? 1 : 0; // the last message says only that it is the last
        PQclear(PQgetResult(m_connection.get()));
        return rows;
    }

private:
    void check(PGresult* result)
    {
        const std::unique_ptr<PGresult, decltype(&PQclear)> kept(result, &PQclear);
        const ExecStatusType status = PQresultStatus(result);
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_OUT)
            throw std::runtime_error(PQerrorMessage(m_connection.get()));
    }

    std::unique_ptr<PGconn, decltype(&PQfinish)> m_connection;
};

inline std::shared_ptr<postgres::PostgresEventStore> makeStore(BareSession& bare, const std::string& schema)
{
    bare.run("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
    const auto store = postgres::PostgresEventStore::open(
        serverLogin(), {.access = postgres::PgAccess::Write, .createTable = true, .schema = schema});
    if (!store)
        throw std::runtime_error(store.error().message);
    return *store;
}

inline void fillStore(BareSession& bare, const std::string& schema, std::size_t rows)
{
    bare.run(fmt::format(
        "INSERT INTO {}.events (event_id, stream_id, event_type, version, data, metadata, created_at) "
        "SELECT gen_random_uuid(), 'order-' || i / 100, 'OrderPlaced', i % 100 + 1, "
        "jsonb_build_object('orderId', i, 'customerId', 'customer-' || i % 1000, 'totalAmount', 38.00, 'items', "
        "'[{{\"sku\": \"SKU-1015\", \"price\": 5.60, \"quantity\": 3}}]'::jsonb), "
        "jsonb_build_object('correlationId', gen_random_uuid()::text), now() FROM generate_series(0, {}) i",
        schema, rows - 1));
    bare.run(fmt::format("VACUUM ANALYZE {}.events", schema));
}

class LogSink final : public core::EventSink {
public:
    explicit LogSink(core::EventLog& log) : m_log(log) { }
    bool deliver(std::span<const core::SourceEvent> batch) override
    {
        m_log.append(batch);
        return true;
    }

private:
    core::EventLog& m_log;
};

/// How many events a log has of all that the source gives.
inline std::uint64_t readIntoLog(postgres::PostgresSource& source)
{
    core::EventLog log({.budgetBytes = std::size_t{4} << 30});
    LogSink sink(log);
    const auto receipt = source.read({}, sink, {});
    if (!receipt)
        throw std::runtime_error(receipt.error().message);
    return log.size();
}

inline std::unique_ptr<postgres::PostgresSource> openSource(const std::string& schema)
{
    auto source = postgres::PostgresSource::open("bench", serverLogin(), {.table = schema + ".events", .mapping = {}});
    if (!source)
        throw std::runtime_error(source.error().message);
    return std::move(*source);
}

} // namespace eventscope::bench
