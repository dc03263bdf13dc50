// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_event_store.h"

#include "faulty_disk.h"
#include "new_events.h"
#include "temp_dir.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

using namespace eventscope::core;
using namespace eventscope::test;

namespace {

namespace fs = std::filesystem;

std::shared_ptr<SqliteEventStore> openStore(const fs::path& path)
{
    auto database = SqliteDatabase::open(path, {.access = SqliteAccess::Create, .durable = true});
    EXPECT_TRUE(database) << database.error().message;
    auto store = SqliteEventStore::open(*database, {.outbox = false});
    EXPECT_TRUE(store) << store.error().message;
    return *store;
}

/// A store whose next events but a few make it carry its index over.
const fs::path& beforeCarryOver()
{
    static const TempDir folder;
    static const fs::path path = [] {
        const FaultyDisk quick(folder.path());
        const fs::path made = folder / "a.db";
        const auto store = openStore(made);
        std::vector<NewEvent> events;
        for (int i = 0; i < 16'380; ++i)
            events.push_back(newEvent(fmt::format("old-{}", i)));
        for (std::size_t from = 0; from < events.size(); from += 1'000)
            EXPECT_TRUE(store->append("old-1", ExpectedVersion::any(),
                std::span(events).subspan(from, std::min<std::size_t>(1'000, events.size() - from))));
        return made;
    }();
    return path;
}

/// One append of the story: two streams, and more than what the log gathers at once.
struct Step {
    std::vector<NewEvent> first, second;
    std::vector<StreamAppend> appends;

    explicit Step(int number)
    {
        for (int i = 0; i < 3; ++i)
            first.push_back(
                newEvent(fmt::format("first-{}-{}", number, i), "OrderPlaced", '"' + std::string(60'000, 'x') + '"'));
        second.push_back(newEvent(fmt::format("second-{}", number)));
        appends = {{"order-first", ExpectedVersion::exactly({3 * number}), first},
            {"order-second", ExpectedVersion::exactly({number}), second}};
    }
};

constexpr int kSteps = 5;

/// Every operation in the beginning, then one of several, at ever other places.
int nextPlace(int at)
{
    return at < 20 ? at + 1 : at + 37;
}

void expectWhole(const fs::path& path, int acknowledged, int attempted)
{
    const FaultyDisk quick(path.parent_path());
    const auto store = openStore(path);
    const auto intact = store->database()->read()->connection().prepared("PRAGMA integrity_check");
    ASSERT_TRUE((*intact)->step().value_or(false));
    EXPECT_EQ((*intact)->text(0), "ok");
    (*intact)->reset();

    const auto second = store->streamVersion("order-second");
    ASSERT_TRUE(second) << second.error().message;
    const std::int64_t steps = second->value;
    EXPECT_GE(steps, acknowledged);
    EXPECT_LE(steps, attempted);
    const auto events = store->readAll({.limit = kNoLimit, .category = "order"});
    ASSERT_TRUE(events) << events.error().message;
    EXPECT_EQ(events->size(), static_cast<std::size_t>(4 * steps));
    if (steps == 0)
        return;
    const auto first = store->readStream("order-first");
    ASSERT_TRUE(first) << first.error().message;
    ASSERT_EQ(first->size(), static_cast<std::size_t>(3 * steps));
    for (std::size_t i = 0; i < first->size(); ++i) {
        EXPECT_EQ((*first)[i].id, fmt::format("first-{}-{}", i / 3, i % 3));
        EXPECT_EQ((*first)[i].version.value, static_cast<std::int64_t>(i) + 1);
    }
    // And it takes more.
    const Step next(static_cast<int>(steps));
    const auto done = store->appendAll(next.appends);
    EXPECT_TRUE(done) << done.error().message;
}

} // namespace

TEST(SqliteFaults, LoseNothingWhereverTheDiskFails)
{
    for (const bool forGood : {false, true}) {
        bool struck = true;
        for (int at = 1; struck; at = nextPlace(at)) {
            SCOPED_TRACE(fmt::format("operation {}{}", at, forGood ? " and all after it" : ""));
            const TempDir folder;
            fs::copy_file(beforeCarryOver(), folder / "a.db");
            int acknowledged = 0, attempted = 0;
            {
                FaultyDisk disk(folder.path());
                auto store = openStore(folder / "a.db");
                disk.failAt(disk.operations() + at, forGood);
                const int last = disk.operations() + at;
                for (; attempted < kSteps && acknowledged == attempted;) {
                    const Step step(attempted++);
                    auto done = store->appendAll(step.appends);
                    if (!done) {
                        const ErrorCode code = done.error().code;
                        EXPECT_TRUE(code == ErrorCode::InDoubt || code == ErrorCode::Io) << done.error().message;
                        done = store->appendAll(step.appends);
                    }
                    if (done)
                        ++acknowledged;
                    EXPECT_TRUE(done || forGood) << done.error().message;
                }
                // What it leaves in the log it cannot carry over either.
                store.reset();
                struck = disk.operations() >= last;
                disk.onOperation(nullptr);
            }
            expectWhole(folder / "a.db", acknowledged, attempted);
            if (HasFailure())
                return;
        }
    }
}

TEST(SqliteFaults, KeepWhatWasAcknowledgedThroughAPowerCut)
{
    std::uint64_t seed = 1;
    bool struck = true;
    for (int at = 1; struck; at = nextPlace(at)) {
        const TempDir folder;
        fs::copy_file(beforeCarryOver(), folder / "a.db");
        FaultyDisk disk(folder.path());
        auto store = openStore(folder / "a.db");
        int acknowledged = 0, attempted = 0;
        const TempDir after;
        const int last = disk.operations() + at;
        disk.onOperation([&](const FaultyDisk::Operation& operation) {
            if (operation.number == last) {
                for (int variant = 0; variant < 2; ++variant) {
                    const fs::path found = after / fmt::format("{}-{}", variant, acknowledged);
                    fs::create_directory(found);
                    disk.cutPower(found, ++seed);
                }
            }
            return FaultyDisk::Fault::None;
        });
        int acknowledgedThen = 0;
        for (; attempted < kSteps;) {
            const Step step(attempted++);
            ASSERT_TRUE(store->appendAll(step.appends));
            ++acknowledged;
            if (disk.operations() < last)
                acknowledgedThen = acknowledged;
        }
        store.reset();
        struck = disk.operations() >= last;
        disk.onOperation(nullptr);
        for (const auto& found : fs::directory_iterator(after.path())) {
            SCOPED_TRACE(fmt::format("before operation {}, seed up to {}", at, seed));
            expectWhole(found.path() / "a.db", acknowledgedThen, kSteps);
        }
        if (HasFailure())
            return;
    }
}

TEST(SqliteFaults, CallAnAppendInDoubtWhenTheDiskFailsToSyncIt)
{
    const TempDir folder, crashed;
    FaultyDisk disk(folder.path());
    const auto store = openStore(folder / "a.db");
    bool failing = true;
    disk.onOperation([&](const FaultyDisk::Operation& operation) {
        return failing && operation.what == FaultyDisk::What::Sync ? FaultyDisk::Fault::Io : FaultyDisk::Fault::None;
    });
    const std::vector<NewEvent> events{newEvent("a")};
    const auto doubtful = store->append("order-1", ExpectedVersion::noStream(), events);
    ASSERT_FALSE(doubtful);
    EXPECT_EQ(doubtful.error().code, ErrorCode::InDoubt);
    EXPECT_NE(doubtful.error().message.find("It is not known whether"), std::string::npos);
    EXPECT_FALSE(store->findById("a").value()) << "a reader sees only what is acknowledged";

    // Killed now, its log already holds the event …
    for (const char* name : {"a.db", "a.db-wal"})
        fs::copy_file(folder / name, crashed / name);
    const auto survivor = openStore(crashed / "a.db");
    EXPECT_TRUE(survivor->findById("a").value());
    const auto again = survivor->append("order-1", ExpectedVersion::noStream(), events);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_TRUE(again->alreadyStored);

    // … and alive it stores it with the next attempt.
    failing = false;
    const auto repeated = store->append("order-1", ExpectedVersion::noStream(), events);
    ASSERT_TRUE(repeated) << repeated.error().message;
    EXPECT_FALSE(repeated->alreadyStored);
    EXPECT_EQ(joinedIds(store->readAll().value()), "a");
}

TEST(SqliteFaults, SayThatTheDiskIsFullWhenItIs)
{
    const TempDir folder;
    FaultyDisk disk(folder.path());
    const auto store = openStore(folder / "a.db");
    disk.onOperation([&](const FaultyDisk::Operation& operation) {
        return operation.what == FaultyDisk::What::Write ? FaultyDisk::Fault::Full : FaultyDisk::Fault::None;
    });
    const Step step(0);
    const auto refused = store->appendAll(step.appends);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::DiskFull);
    disk.onOperation(nullptr);
    EXPECT_TRUE(store->appendAll(step.appends));
}

// What a transaction too big for the cache has written before it fails must not be written once more
// when the log belongs to somebody else.
TEST(SqliteFaults, LeaveTheLogToTheNextWriterAfterABigWriteThatFailed)
{
    const TempDir folder;
    const FaultyDisk quick(folder.path());
    openStore(folder / "a.db").reset(); // so that its log is empty
    const auto ours = openStore(folder / "a.db"), theirs = openStore(folder / "a.db");
    {
        auto write = ours->database()->write();
        ASSERT_TRUE(write);
        ASSERT_TRUE(write->connection().execute(
            "INSERT INTO event_types(name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
            "i < 60000) SELECT hex(randomblob(100)) || i FROM n"));
    }
    std::vector<NewEvent> events;
    for (int i = 0; i < 5'000; ++i)
        events.push_back(newEvent(fmt::format("e{}", i), "OrderPlaced", '"' + std::string(1'000, 'x') + '"'));
    ASSERT_TRUE(theirs->append("order-1", ExpectedVersion::noStream(), events));
    ASSERT_TRUE(ours->append("order-2", ExpectedVersion::noStream(), newEvents({"ours"})));
    EXPECT_EQ(theirs->readStream("order-1").value().size(), events.size());
    EXPECT_TRUE(ours->findById("e4999").value());
}
