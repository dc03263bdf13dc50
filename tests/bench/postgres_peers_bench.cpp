// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"
#include "postgres_stage.h"

#include "event/json.h"
#include "inspect/event_log.h"
#include "inspect/filter/filter_names.h"
#include "inspect/filter/payload_reader.h"
#include "node_package.h"
#include "postgres_event_store.h"
#include "postgres_source.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace eventscope::bench {

namespace {

constexpr int kAggregates = 20, kLoads = 10, kEventsEach = 100;

/// What a script of this folder printed: one JSON object. It finds the server as we do.
core::Json runNode(std::string_view script, std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), {"node", fmt::format("{}/{}", EVENTSCOPE_BENCH_DIR, script)});
    const test::Finished run = test::runProgram(
        arguments, {.environment = {"PGPASSWORD=" + serverVariable("EVENTSCOPE_TEST_POSTGRES_PASSWORD")}});
    auto json = core::Json::parse(run.output);
    if (run.exitCode != 0 || !json)
        throw std::runtime_error(fmt::format("{} failed: {}", script, run.errors));
    return std::move(*json);
}

double numberOf(const core::Json& json, std::string_view name)
{
    const core::Json* value = json.find(name);
    if (value == nullptr || !value->isNumber())
        throw std::runtime_error(fmt::format("there is no {} in what a script printed", name));
    return std::stod(value->numberText());
}

std::string nodeModules()
{
    return nodePackages(
        "postgres", {"pg@8.23.1", "@event-driven-io/emmett@0.42.0", "@event-driven-io/emmett-postgresql@0.42.0"});
}

} // namespace

EVENTSCOPE_BENCH(postgres_read_peers)
try {
    const std::size_t rows = wantedSize(isNamed() ? 1'000'000 : 100'000);
    BareSession bare;
    makeStore(bare, "bench_peers");
    fillStore(bare, "bench_peers", rows);
    const auto source = openSource("bench_peers");
    const std::string modules = nodeModules();
    report.compare(
        {.what = fmt::format("Postgres, {} events into the log", rows),
            .baselineName = "node-postgres, pages of 1000",
            .target = 3,
            .rounds = 3},
        [&] {
            const std::uint64_t read = readIntoLog(*source);
            return Work{static_cast<double>(read), read};
        },
        [&] {
            const core::Json said = runNode(
                "read_node_postgres.js", {modules, serverVariable("EVENTSCOPE_TEST_POSTGRES"), "bench_peers.events"});
            const double count = numberOf(said, "count");
            return Work{count, static_cast<std::uint64_t>(count), numberOf(said, "seconds")};
        });
    bare.run("DROP SCHEMA bench_peers CASCADE");
} catch (const std::exception& error) {
    report.failed("Postgres, events into the log against node-postgres", error.what());
}

EVENTSCOPE_BENCH(postgres_aggregate)
try {
    BareSession bare;
    const auto store = makeStore(bare, "bench_carts");
    for (int cart = 0; cart < kAggregates; ++cart) {
        std::vector<core::NewEvent> events(kEventsEach);
        for (int i = 1; i <= kEventsEach; ++i) {
            core::NewEvent& event = events[static_cast<std::size_t>(i - 1)];
            event.id = fmt::format("0190b6f0-7c1a-7000-8000-{:06x}{:06x}", cart, i);
            event.type = "ItemAdded";
            event.data = fmt::format(R"({{"sku": "SKU-{}", "price": 5.6, "quantity": {}}})", i, i % 7);
        }
        if (const auto done = store->append(fmt::format("cart-{}", cart), core::ExpectedVersion::noStream(), events);
            !done)
            throw std::runtime_error(done.error().message);
    }
    const std::string modules = nodeModules();
    const std::array<core::PathStep, 1> quantity{core::PathStep::member("quantity")};
    report.compare(
        {.what = "Postgres, aggregates of 100 events loaded and rebuilt",
            .unit = "aggregates",
            .baselineName = "Emmett",
            .target = 20,
            .rounds = 3},
        [&] {
            core::PayloadReader reader;
            std::int64_t total = 0;
            for (int load = 0; load < kAggregates * kLoads; ++load) {
                const auto read = store->visitStream(
                    fmt::format("cart-{}", load % kAggregates), {}, [&](const core::EventView& event) {
                        reader.setPayload(event.data);
                        if (const auto value = reader.field(quantity))
                            total += value->asNumber().toInteger().value_or(0);
                        return true;
                    });
                if (!read)
                    throw std::runtime_error(read.error().message);
            }
            return Work{double{kAggregates} * kLoads, static_cast<std::uint64_t>(total)};
        },
        [&] {
            bare.run("DROP SCHEMA IF EXISTS public CASCADE");
            bare.run("CREATE SCHEMA public");
            const core::Json said = runNode("load_emmett.mjs",
                {modules, serverVariable("EVENTSCOPE_TEST_POSTGRES"), std::to_string(kAggregates),
                    std::to_string(kLoads)});
            return Work{numberOf(said, "loaded"), static_cast<std::uint64_t>(numberOf(said, "total")),
                numberOf(said, "seconds")};
        });
    bare.run("DROP SCHEMA bench_carts CASCADE");
} catch (const std::exception& error) {
    report.failed("Postgres, aggregates loaded and rebuilt", error.what());
}

} // namespace eventscope::bench
