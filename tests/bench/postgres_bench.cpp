// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"

#include "inspect/event_log.h"
#include "postgres_event_store.h"
#include "postgres_source.h"

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <libpq-fe.h>

namespace eventscope::bench {

namespace {

constexpr int kBatch = 1000;

std::string variable(const char* name)
{
    const char* value = std::getenv(name);
    if (value == nullptr)
        throw std::runtime_error(fmt::format("there is no PostgreSQL server: {} is not set; use ./dev bench", name));
    return value;
}

postgres::PgLogin login()
{
    const std::string url = variable("EVENTSCOPE_TEST_POSTGRES"); // postgres://user@host:port/database
    const std::size_t at = url.find('@'), colon = url.find(':', at), slash = url.find('/', colon);
    postgres::PgLogin result;
    result.user = url.substr(11, at - 11);
    std::uint16_t port = 0;
    std::from_chars(url.data() + colon + 1, url.data() + slash, port);
    result.hosts.push_back({url.substr(at + 1, colon - at - 1), port});
    result.database = url.substr(slash + 1);
    result.password = variable("EVENTSCOPE_TEST_POSTGRES_PASSWORD");
    result.options = {{"sslmode", "disable"}};
    return result;
}

/// libpq and nothing else.
class Bare {
public:
    Bare() : m_connection(PQconnectdb(postgres::conninfoOf(login()).c_str()), &PQfinish)
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

std::shared_ptr<postgres::PostgresEventStore> makeStore(Bare& bare, const std::string& schema)
{
    bare.run("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
    const auto store = postgres::PostgresEventStore::open(
        login(), {.access = postgres::PgAccess::Write, .createTable = true, .schema = schema});
    if (!store)
        throw std::runtime_error(store.error().message);
    return *store;
}

void fill(Bare& bare, const std::string& schema, std::size_t rows)
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

std::unique_ptr<postgres::PostgresSource> openSource(const std::string& schema)
{
    auto source = postgres::PostgresSource::open("bench", login(), {.table = schema + ".events", .mapping = {}});
    if (!source)
        throw std::runtime_error(source.error().message);
    return std::move(*source);
}

} // namespace

EVENTSCOPE_BENCH(postgres_read)
try {
    const std::size_t rows = wantedSize(isNamed() ? 1'000'000 : 100'000);
    Bare bare;
    makeStore(bare, "bench_read");
    fill(bare, "bench_read", rows);
    const auto source = openSource("bench_read");
    report.compare(
        {.what = fmt::format("Postgres, {} events into the log", rows),
            .baselineName = "bare COPY (FORMAT binary)",
            .target = 0.9,
            .rounds = 3},
        [&] {
            core::EventLog log({.budgetBytes = std::size_t{4} << 30});
            LogSink sink(log);
            const auto receipt = source->read({}, sink, {});
            if (!receipt)
                throw std::runtime_error(receipt.error().message);
            return Work{static_cast<double>(log.size()), log.size()};
        },
        [&] {
            const std::uint64_t copied = bare.copyOut(
                "COPY (SELECT id, stream_id, version, event_id, event_type, created_at, data, metadata FROM "
                "bench_read.events ORDER BY id) TO STDOUT (FORMAT binary)");
            return Work{static_cast<double>(copied), copied};
        });
    bare.run("DROP SCHEMA bench_read CASCADE");
} catch (const std::exception& error) {
    report.failed("Postgres, events into the log", error.what());
}

EVENTSCOPE_BENCH(postgres_append)
try {
    constexpr int kBatches = 10;
    Bare bare;
    const auto store = makeStore(bare, "bench_append");
    makeStore(bare, "bench_bare");
    std::string insert
        = "INSERT INTO bench_bare.events (event_id, stream_id, event_type, version, data, created_at) VALUES ";
    for (int i = 0; i < kBatch; ++i)
        insert += fmt::format("{}(${}, ${}, ${}, ${}, ${}, ${})", i == 0 ? "" : ", ", 6 * i + 1, 6 * i + 2, 6 * i + 3,
            6 * i + 4, 6 * i + 5, 6 * i + 6);
    int call = 0;
    const auto events = [&](std::string_view side) {
        ++call;
        std::vector<std::vector<core::NewEvent>> batches(kBatches);
        for (int b = 0; b < kBatches; ++b) {
            for (int i = 0; i < kBatch; ++i) {
                core::NewEvent event;
                event.id = fmt::format("{:08x}-0000-7000-8{:03x}-{:012x}", call, side.size(), b * kBatch + i);
                event.type = "OrderPlaced";
                event.time = core::Timestamp(std::chrono::seconds(1'790'000'000));
                event.data = fmt::format(R"({{"items": [], "orderId": {}, "totalAmount": 38.00}})", i);
                batches[static_cast<std::size_t>(b)].push_back(std::move(event));
            }
        }
        return batches;
    };
    report.compare(
        {.what = "Postgres, batches of 1000 appended",
            .baselineName = "bare multi-row INSERT",
            .target = 0.8,
            .rounds = 5},
        [&] {
            for (const auto& batch : events("ours")) {
                const auto done = store->append(
                    fmt::format("order-{}-{}", call, batch.front().id), core::ExpectedVersion::noStream(), batch);
                if (!done)
                    throw std::runtime_error(done.error().message);
            }
            return Work{double{kBatch} * kBatches, kBatch * kBatches};
        },
        [&] {
            for (const auto& batch : events("bare")) {
                const std::string stream = fmt::format("order-{}-{}", call, batch.front().id);
                std::vector<std::string> versions;
                for (int i = 1; i <= kBatch; ++i)
                    versions.push_back(std::to_string(i));
                std::vector<const char*> values;
                for (std::size_t i = 0; i < batch.size(); ++i) {
                    for (const char* value : {batch[i].id.c_str(), stream.c_str(), batch[i].type.c_str(),
                             versions[i].c_str(), batch[i].data.c_str(), "2026-09-21T14:13:20Z"})
                        values.push_back(value);
                }
                bare.run("BEGIN");
                bare.run(insert, values);
                bare.run("COMMIT");
            }
            return Work{double{kBatch} * kBatches, kBatch * kBatches};
        });
    bare.run("DROP SCHEMA bench_append CASCADE");
    bare.run("DROP SCHEMA bench_bare CASCADE");
} catch (const std::exception& error) {
    report.failed("Postgres, batches of 1000 appended", error.what());
}

EVENTSCOPE_BENCH(postgres_first_screen)
try {
    const std::size_t rows = wantedSize(isNamed() ? 10'000'000 : 500'000);
    Bare bare;
    makeStore(bare, "bench_big");
    makeStore(bare, "bench_small");
    fill(bare, "bench_big", rows);
    fill(bare, "bench_small", 10'000);
    const auto screen = [](const std::string& schema) {
        const auto source = openSource(schema);
        core::EventLog log({.budgetBytes = std::size_t{64} << 20});
        LogSink sink(log);
        const auto catalog = source->catalog({});
        const auto read = source->read({.last = 500}, sink, {});
        const auto probe = source->probe({});
        if (!catalog || !read || !probe)
            throw std::runtime_error("the first screen cannot be read");
        return Work{1, log.size()};
    };
    report.compare(
        {.what = fmt::format("Postgres, first screen of {} events", rows),
            .unit = "screens",
            .baselineName = "of 10000 events",
            .target = 0.5},
        [&] { return screen("bench_big"); }, [&] { return screen("bench_small"); });
    bare.run("DROP SCHEMA bench_big CASCADE");
    bare.run("DROP SCHEMA bench_small CASCADE");
} catch (const std::exception& error) {
    report.failed("Postgres, first screen", error.what());
}

} // namespace eventscope::bench
