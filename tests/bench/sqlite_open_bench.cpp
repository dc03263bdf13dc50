// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"
#include "order_events.h"
#include "temp_dir.h"

#include "event/clock.h"
#include "inspect/log_worker.h"
#include "inspect/store_source.h"
#include "inspect/workspace.h"
#include "sourcing/sqlite_database.h"
#include "sourcing/sqlite_event_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

namespace eventscope::bench {

namespace {

using namespace eventscope::core;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kFew = 10'000;
constexpr std::size_t kUsual = 300'000;
constexpr std::size_t kBatch = 2'000;
constexpr LogRow kScreen = 50; ///< rows that fill one

std::shared_ptr<SqliteEventStore> openStore(const std::filesystem::path& path, SqliteAccess access)
{
    auto database = SqliteDatabase::open(path, {.access = access, .durable = false});
    if (!database)
        throw std::runtime_error(database.error().message);
    auto store = SqliteEventStore::open(*database);
    if (!store)
        throw std::runtime_error(store.error().message);
    return *store;
}

void fill(const std::filesystem::path& path, std::size_t size)
{
    const auto store = openStore(path, SqliteAccess::Create);
    OrderEvents events;
    for (std::size_t at = 0; at < size; at += kBatch) {
        const auto made = events.make(at, std::min(kBatch, size - at));
        std::vector<NewEvent> fresh;
        fresh.reserve(made.size());
        std::vector<StreamAppend> appends;
        for (const SourceEvent& event : made) {
            NewEvent& one = fresh.emplace_back();
            one.id = event.id;
            one.type = event.type;
            one.time = event.time;
            one.data = event.payload;
            appends.push_back({event.stream, ExpectedVersion::any(), {&one, 1}});
        }
        if (const auto done = store->appendAll(appends); !done)
            throw std::runtime_error(done.error().message);
    }
}

/// From nothing to a screenful of events in the log, as the window opens a store.
double secondsToFirstScreen(const std::filesystem::path& path)
{
    SystemClock clock;
    std::mutex mutex;
    std::condition_variable came;
    const auto began = SteadyClock::now();
    Workspace workspace(clock);
    const auto bell = workspace.log().onAppended([&] {
        const std::scoped_lock lock(mutex);
        came.notify_one();
    });
    const auto added = workspace.add(
        {.name = "store", .url = "sqlite:" + path.string(), .open = [&path]() -> Result<std::unique_ptr<Source>> {
             StoreSource::Options options;
             options.firstCatalog = 250; // as the window does
             return std::make_unique<StoreSource>(
                 "store", StoreParts{.events = openStore(path, SqliteAccess::ReadOnly)}, options);
         }});
    if (!added)
        throw std::runtime_error(added.error().message);
    std::unique_lock lock(mutex);
    came.wait(lock, [&] { return workspace.log().size() >= kScreen; });
    return std::chrono::duration<double>(SteadyClock::now() - began).count();
}

} // namespace

} // namespace eventscope::bench

using namespace eventscope::bench;

EVENTSCOPE_BENCH(sqlite_open)
try {
    const std::size_t size = wantedSize(kUsual);
    const eventscope::test::TempDir folder;
    const auto many = folder / "many.db";
    const auto few = folder / "few.db";
    fill(many, size);
    fill(few, kFew);
    report.compare(
        {.what = fmt::format("first screen of an SQLite store of {} events", size),
            .unit = "openings",
            .baselineName = fmt::format("one of {}", kFew),
            .target = 1 / 1.2,
            .rounds = 15,
            .warmUps = 2},
        [&] {
            return Work{1, 1, secondsToFirstScreen(many)};
        },
        [&] {
            return Work{1, 1, secondsToFirstScreen(few)};
        });
} catch (const std::exception& error) {
    report.failed("first screen of an SQLite store", error.what());
}
