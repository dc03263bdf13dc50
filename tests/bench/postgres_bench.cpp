// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"

#include "postgres_stage.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace eventscope::bench {

namespace {

constexpr int kBatch = 1000;

} // namespace

EVENTSCOPE_BENCH(postgres_read)
try {
    const std::size_t rows = wantedSize(isNamed() ? 1'000'000 : 100'000);
    BareSession bare;
    makeStore(bare, "bench_read");
    fillStore(bare, "bench_read", rows);
    const auto source = openSource("bench_read");
    report.compare(
        {.what = fmt::format("Postgres, {} events into the log", rows),
            .baselineName = "bare COPY (FORMAT binary)",
            .target = 0.9,
            .rounds = 3},
        [&] {
            const std::uint64_t read = readIntoLog(*source);
            return Work{static_cast<double>(read), read};
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
    BareSession bare;
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
    BareSession bare;
    makeStore(bare, "bench_big");
    makeStore(bare, "bench_small");
    fillStore(bare, "bench_big", rows);
    fillStore(bare, "bench_small", 10'000);
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
