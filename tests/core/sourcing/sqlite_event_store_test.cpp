// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_event_store.h"

#include "event_store_append_contract.h"
#include "event_store_contract.h"
#include "event_store_threads_contract.h"
#include "forked_process.h"
#include "outbox_contract.h"
#include "temp_dir.h"
#include "untouched.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

using namespace eventscope;
using namespace eventscope::test;

namespace {

std::shared_ptr<core::SqliteEventStore> openStore(
    const std::filesystem::path& path, core::SqliteAccess access = core::SqliteAccess::Create)
{
    const auto database = core::SqliteDatabase::open(path, {.access = access, .durable = false});
    if (!database)
        throw std::runtime_error(database.error().message);
    const auto store = core::SqliteEventStore::open(*database, {.outbox = true});
    if (!store)
        throw std::runtime_error(store.error().message);
    return *store;
}

class SqliteFixture {
public:
    core::EventStore& store() { return *m_store; }
    core::Outbox& outbox() { return *m_store; }

private:
    TempDir m_folder;
    std::shared_ptr<core::SqliteEventStore> m_store = openStore(m_folder / "a.db");
};

/// Appends go through one object and its memory, reads through another file handle.
class TemporarySqliteFixture {
public:
    core::EventStore& store() { return *m_store; }
    core::Outbox& outbox() { return *m_store; }

private:
    std::shared_ptr<core::SqliteEventStore> m_store
        = core::SqliteEventStore::open(core::SqliteDatabase::temporary().value(), {.outbox = true}).value();
};

std::string idsIn(const core::EventStore& store)
{
    const auto events = store.readAll({.limit = core::kNoLimit});
    EXPECT_TRUE(events);
    return joinedIds(events.value_or(std::vector<core::RecordedEvent>{}));
}

core::Result<core::AppendResult> append(
    core::EventStore& store, std::string_view stream, core::ExpectedVersion expected, std::string id)
{
    return store.append(stream, expected, {{newEvent(std::move(id))}});
}

} // namespace

namespace eventscope::test {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, EventStoreContract, SqliteFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, EventStoreAppendContract, SqliteFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, EventStoreThreadsContract, SqliteFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, OutboxContract, SqliteFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(TemporarySqlite, EventStoreContract, TemporarySqliteFixture);

} // namespace eventscope::test

TEST(SqliteEventStore, GivesEverythingBackAfterAReopening)
{
    const TempDir folder;
    std::vector<core::RecordedEvent> events;
    std::vector<core::RecordedEvent> pending;
    {
        const auto store = openStore(folder / "a.db");
        ASSERT_TRUE(append(*store, "order-1", core::ExpectedVersion::noStream(), "a"));
        ASSERT_TRUE(
            append(*store, "order-2", core::ExpectedVersion::noStream(), "0190b6f0-7c1a-7000-8000-00000000abcd"));
        ASSERT_TRUE(append(*store, "order-1", core::ExpectedVersion::exactly({1}), "c"));
        events = store->readAll().value();
        pending = store->pending(10).value();
    }
    for (const auto access : {core::SqliteAccess::ReadOnly, core::SqliteAccess::ReadWrite}) {
        const auto store = openStore(folder / "a.db", access);
        EXPECT_EQ(store->readAll(), events);
        EXPECT_EQ(store->pending(10), pending);
        EXPECT_EQ(store->streamVersion("order-1"), core::StreamVersion{2});
        EXPECT_EQ(idsIn(*store), "a 0190b6f0-7c1a-7000-8000-00000000abcd c");
    }
    const auto store = openStore(folder / "a.db");
    EXPECT_FALSE(append(*store, "order-1", core::ExpectedVersion::exactly({1}), "d"));
    EXPECT_TRUE(append(*store, "order-1", core::ExpectedVersion::exactly({2}), "d"));
    EXPECT_EQ(store->lastPosition(), core::GlobalPosition{4});
}

TEST(SqliteEventStore, ReadsWithoutTouchingTheFileAndRefusesToWriteIt)
{
    const TempDir folder;
    ASSERT_TRUE(append(*openStore(folder / "a.db"), "order-1", core::ExpectedVersion::any(), "a"));
    const auto before = contentsOf(folder.path());
    {
        const auto store = openStore(folder / "a.db", core::SqliteAccess::ReadOnly);
        EXPECT_EQ(idsIn(*store), "a");
        EXPECT_EQ(store->streams()->size(), 1U);
        EXPECT_EQ(store->backlog(), 1U);
        const auto refused = append(*store, "order-1", core::ExpectedVersion::any(), "b");
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, core::ErrorCode::ReadOnly);
        const core::Status marked = store->markPublished({{core::GlobalPosition{1}}});
        ASSERT_FALSE(marked);
        EXPECT_EQ(marked.error().code, core::ErrorCode::ReadOnly);
    }
    EXPECT_TRUE(before == contentsOf(folder.path())) << namesIn(folder.path());
}

TEST(SqliteEventStore, SaysWhenAFileOfOursHoldsNoEvents)
{
    const TempDir folder;
    ASSERT_TRUE(core::SqliteDatabase::open(folder / "journal.db", {.access = core::SqliteAccess::Create}));
    const auto database = core::SqliteDatabase::open(folder / "journal.db", {});
    ASSERT_TRUE(database);
    const auto store = core::SqliteEventStore::open(*database);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, core::ErrorCode::NotAStore);
    EXPECT_NE(store.error().message.find("journal.db"), std::string::npos);
}

TEST(SqliteEventStore, RefusesAStoreOfTheFormatWithoutCategoriesAndSaysHowToBringItsEventsOver)
{
    const TempDir folder;
    {
        const auto store = openStore(folder / "old.db");
        auto write = store->database()->write();
        ASSERT_TRUE(write);
        ASSERT_TRUE(write->connection().execute("DROP TABLE category_blocks; PRAGMA user_version=1"));
        ASSERT_TRUE(write->commit());
    }
    using core::SqliteAccess;
    for (const SqliteAccess access : {SqliteAccess::ReadOnly, SqliteAccess::ReadWrite, SqliteAccess::Create}) {
        const auto database = core::SqliteDatabase::open(folder / "old.db", {.access = access});
        ASSERT_TRUE(database) << database.error().message;
        const auto refused = core::SqliteEventStore::open(*database);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, core::ErrorCode::UnsupportedVersion);
        EXPECT_NE(refused.error().message.find("export its events"), std::string::npos) << refused.error().message;
    }
}

TEST(SqliteEventStore, NoticesWhatOtherWritersDidToTheStreamsItRemembers)
{
    const TempDir folder;
    const auto first = openStore(folder / "a.db");
    const auto database = first->database();
    const auto sameDatabase = core::SqliteEventStore::open(database).value();
    const auto otherFile = openStore(folder / "a.db");
    std::int64_t version = 0;
    // Each in turn finds its memory outdated by the others.
    for (int round = 0; round < 3; ++round) {
        for (core::EventStore* store : {static_cast<core::EventStore*>(first.get()),
                 static_cast<core::EventStore*>(sameDatabase.get()), static_cast<core::EventStore*>(otherFile.get())}) {
            const auto stale = append(*store, "order-1", core::ExpectedVersion::exactly({version + 1}), "too early");
            ASSERT_FALSE(stale);
            EXPECT_EQ(stale.error().code, core::ErrorCode::WrongExpectedVersion);
            const auto done
                = append(*store, "order-1", core::ExpectedVersion::exactly({version}), "e" + std::to_string(version));
            ASSERT_TRUE(done) << done.error().message;
            EXPECT_EQ(done->lastVersion.value, ++version);
            const auto again = append(
                *store, "order-1", core::ExpectedVersion::exactly({version - 1}), "e" + std::to_string(version - 1));
            ASSERT_TRUE(again) << again.error().message;
            EXPECT_TRUE(again->alreadyStored);
        }
    }
    EXPECT_EQ(first->streamVersion("order-1"), core::StreamVersion{9});
    EXPECT_EQ(first->streams()->front().count, 9);
}

TEST(SqliteEventStore, ForgetsStreamsAndTypesOfARolledBackAppend)
{
    const TempDir folder;
    const auto store = openStore(folder / "a.db");
    ASSERT_TRUE(append(*store, "order-1", core::ExpectedVersion::any(), "a"));
    const std::vector<core::NewEvent> rolledBack{newEvent("n", "TypeOfNobody")}, bad{newEvent("m")};
    const std::vector<core::StreamAppend> half{{"ghost-1", core::ExpectedVersion::noStream(), rolledBack},
        {"order-1", core::ExpectedVersion::exactly({7}), bad}};
    ASSERT_FALSE(store->appendAll(half));
    // Another stream and another type now get the ids of those that were taken back.
    ASSERT_TRUE(store->append("real-1", core::ExpectedVersion::noStream(), {{newEvent("b", "RealType")}}));
    const auto events = store->readAll();
    ASSERT_TRUE(events);
    ASSERT_EQ(events->size(), 2U);
    EXPECT_EQ((*events)[1].stream, "real-1");
    EXPECT_EQ((*events)[1].type, "RealType");
    ASSERT_TRUE(store->append("ghost-1", core::ExpectedVersion::noStream(), rolledBack));
    EXPECT_EQ(store->readStream("ghost-1")->front().type, "TypeOfNobody");
}

TEST(SqliteEventStore, LetsAProjectionWriteItsRowAndCheckpointIntoTheSameFile)
{
    const TempDir folder;
    const auto store = openStore(folder / "a.db");
    ASSERT_TRUE(append(*store, "order-1", core::ExpectedVersion::any(), "a"));
    core::SqliteDatabase& database = *store->database();
    ASSERT_TRUE(database.ensureTable("seen_events", "CREATE TABLE seen_events (position INTEGER PRIMARY KEY) STRICT"));
    auto write = database.write();
    ASSERT_TRUE(write);
    const auto read = store->visitAll({}, [&](const core::EventView& event) {
        const auto insert = write->connection().prepared("INSERT INTO seen_events(position) VALUES (?1)");
        return insert && (*insert)->bind(1, event.position.value).run();
    });
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->endReached);
    ASSERT_TRUE(write->commit());
    EXPECT_EQ(database.read()->connection().integer("SELECT count(*) FROM seen_events"), 1);
}

TEST(SqliteEventStore, IsWrittenByTwoProcessesAtOnceWithoutLossOrDoubling)
{
    const TempDir folder;
    constexpr int kEach = 150;
    const auto work = [](core::EventStore& store, const std::string& who) {
        for (int i = 0; i < kEach; ++i) {
            for (;;) {
                const auto version = store.streamVersion("order-1");
                if (!version)
                    return 1;
                const auto done
                    = append(store, "order-1", core::ExpectedVersion::exactly(*version), who + std::to_string(i));
                if (done)
                    break;
                if (done.error().code != core::ErrorCode::WrongExpectedVersion)
                    return 2;
            }
        }
        return 0;
    };
    {
        const auto made = openStore(folder / "a.db");
    }
    ForkedProcess other([&] { return work(*openStore(folder / "a.db"), "theirs "); });
    const auto store = openStore(folder / "a.db");
    EXPECT_EQ(work(*store, "ours "), 0);
    EXPECT_EQ(other.wait(), 0);
    const auto events = store->readStream("order-1");
    ASSERT_TRUE(events);
    ASSERT_EQ(events->size(), static_cast<std::size_t>(2 * kEach));
    std::set<std::string> ids;
    for (std::size_t i = 0; i < events->size(); ++i) {
        EXPECT_EQ((*events)[i].version.value, static_cast<std::int64_t>(i + 1));
        EXPECT_EQ((*events)[i].position.value, static_cast<std::int64_t>(i + 1));
        ids.insert((*events)[i].id);
    }
    EXPECT_EQ(ids.size(), events->size());
}

TEST(SqliteEventStore, KeepsEveryAcknowledgedEventOfAProcessThatIsKilled)
{
    const TempDir folder;
    {
        const auto made = openStore(folder / "a.db");
    }
    std::int64_t acknowledged = 0;
    for (int round = 0; round < 10; ++round) {
        PipeBell told;
        ForkedProcess writer([&] {
            const auto store = openStore(folder / "a.db");
            for (std::int64_t i = acknowledged;; ++i) {
                const std::string stream = "order-" + std::to_string(i % 7);
                if (!append(*store, stream, core::ExpectedVersion::any(), "e" + std::to_string(i)))
                    return 1;
                told.ring();
            }
        });
        // What it told is acknowledged; the kill comes while it goes on.
        for (int i = 0; i < 5 + 7 * round; ++i) {
            ASSERT_TRUE(told.await());
            ++acknowledged;
        }
        writer.kill();
        const auto store = openStore(folder / "a.db");
        const auto events = store->readAll({.limit = core::kNoLimit});
        ASSERT_TRUE(events) << events.error().message;
        ASSERT_GE(static_cast<std::int64_t>(events->size()), acknowledged);
        acknowledged = static_cast<std::int64_t>(events->size());
        std::int64_t counted = 0;
        const auto streams = store->streams();
        for (const core::StreamInfo& info : *streams)
            counted += info.count;
        EXPECT_EQ(counted, acknowledged);
        EXPECT_EQ(store->backlog(), static_cast<std::size_t>(acknowledged));
        for (std::int64_t i = 0; i < acknowledged; ++i)
            ASSERT_EQ((*events)[static_cast<std::size_t>(i)].id, "e" + std::to_string(i));
        EXPECT_EQ(store->database()->read()->connection().integer(
                      "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
            0);
    }
}

TEST(SqliteEventStore, ReadsStreamsAcrossBothHalvesOfTheirIndex)
{
    const TempDir folder;
    const auto store = openStore(folder / "a.db");
    // New events are carried over at every 16 384th position; here twice, with some left behind it.
    constexpr std::int64_t kEvents = 40'000, kStreams = 7;
    std::vector<core::NewEvent> events;
    for (std::int64_t i = 0; i < kEvents; ++i)
        events.push_back(newEvent(std::to_string(i)));
    std::vector<core::StreamAppend> batch;
    for (std::int64_t i = 0; i < kEvents; ++i) {
        static const std::array<std::string, kStreams> kNames{"s-0", "s-1", "s-2", "s-3", "s-4", "s-5", "s-6"};
        const auto index = static_cast<std::size_t>(i);
        batch.push_back(
            {kNames[index % kStreams], core::ExpectedVersion::exactly({i / kStreams}), {&events[index], 1}});
        if (batch.size() == 1000) {
            ASSERT_TRUE(store->appendAll(batch));
            batch.clear();
        }
    }
    const auto count = [&](const char* table) {
        return store->database()
            ->read()
            ->connection()
            .integer("SELECT count(*) FROM " + std::string(table))
            .value_or(-1);
    };
    EXPECT_EQ(count("stream_events"), 33'000);
    EXPECT_EQ(count("recent_stream_events"), 7'000);

    const auto other = openStore(folder / "a.db", core::SqliteAccess::ReadOnly);
    constexpr std::int64_t kInStream = 5715; // of s-0, events 0, 7, 14, …
    constexpr std::int64_t kCarriedOver = 33'000 / kStreams + 1;
    for (const auto& reader : {store, other}) {
        EXPECT_EQ(reader->streamVersion("s-0"), core::StreamVersion{kInStream});
        const auto all = reader->readStream("s-0");
        ASSERT_TRUE(all);
        ASSERT_EQ(all->size(), static_cast<std::size_t>(kInStream));
        for (std::int64_t i = 0; i < kInStream; ++i) {
            const core::RecordedEvent& event = (*all)[static_cast<std::size_t>(i)];
            ASSERT_EQ(event.version.value, i + 1);
            ASSERT_EQ(event.id, std::to_string(i * kStreams));
        }
        auto reversed = reader->readStream("s-0", {.direction = core::Direction::Backward}).value();
        std::ranges::reverse(reversed);
        EXPECT_TRUE(reversed == *all);
        for (const std::int64_t from : {kCarriedOver - 1, kCarriedOver, kCarriedOver + 1}) {
            const auto part = reader->readStream("s-0", {.from = core::StreamVersion{from}, .limit = 3});
            ASSERT_EQ(part->size(), 3U);
            EXPECT_EQ(part->front().version.value, from);
            EXPECT_EQ(part->back().version.value, from + 2);
            const auto back = reader->readStream(
                "s-0", {.from = core::StreamVersion{from}, .direction = core::Direction::Backward, .limit = 3});
            EXPECT_EQ(back->back().version.value, from - 2);
        }
        const auto infos = reader->streams();
        ASSERT_EQ(infos->size(), static_cast<std::size_t>(kStreams));
        EXPECT_EQ(infos->front().count, kInStream);
        EXPECT_EQ(infos->front().last, all->back().position);
    }
    // Repetitions are recognised on either side, and a writer without memory finds the streams' ends.
    const auto fresh = openStore(folder / "a.db");
    EXPECT_TRUE(append(*fresh, "s-0", core::ExpectedVersion::exactly({0}), "0")->alreadyStored);
    EXPECT_TRUE(append(*fresh, "s-0", core::ExpectedVersion::exactly({kInStream - 1}), "39998")->alreadyStored);
    EXPECT_TRUE(append(*fresh, "s-0", core::ExpectedVersion::exactly({kInStream}), "new"));
    EXPECT_EQ(store->streamVersion("s-0"), core::StreamVersion{kInStream + 1});
}

TEST(SqliteEventStore, ReadsACategoryWithoutTheEventsOfOthers)
{
    const TempDir folder;
    const auto store = openStore(folder / "a.db");
    // Both ends, and a place in the middle, belong to orders; all else to customers.
    std::vector<core::NewEvent> events;
    std::vector<std::string> orders;
    for (int i = 0; i < 3000; ++i) {
        events.push_back(newEvent(std::to_string(i)));
        if (i < 3 || i == 1500 || i > 2997)
            orders.push_back(events.back().id);
    }
    std::vector<core::StreamAppend> appends;
    for (const core::NewEvent& event : events) {
        const bool isOrder = std::ranges::find(orders, event.id) != orders.end();
        appends.push_back({isOrder ? "order-1" : "customer-1", core::ExpectedVersion::any(), {&event, 1}});
    }
    ASSERT_TRUE(store->appendAll(appends));
    {
        // Who reads this row finds a damaged store.
        auto write = store->database()->write();
        ASSERT_TRUE(write->connection().execute("UPDATE events SET stream = 999 WHERE position = 1001"));
        ASSERT_TRUE(write->commit());
    }
    const auto other = openStore(folder / "a.db", core::SqliteAccess::ReadOnly);
    EXPECT_EQ(other->readAll({.limit = core::kNoLimit}).error().code, core::ErrorCode::Corrupt);
    const auto read = [&](core::ReadAllOptions options) {
        options.category = "order";
        const auto found = other->readAll(options);
        EXPECT_TRUE(found) << found.error().message;
        return joinedIds(found.value_or(std::vector<core::RecordedEvent>()));
    };
    EXPECT_EQ(read({}), "0 1 2 1500 2998 2999");
    EXPECT_EQ(read({.from = core::GlobalPosition{3}, .limit = 2}), "2 1500");
    EXPECT_EQ(read({.from = core::GlobalPosition{1502}, .limit = 1}), "2998");
    EXPECT_EQ(read({.from = core::GlobalPosition{1501}, .direction = core::Direction::Backward}), "1500 2 1 0");
    EXPECT_EQ(read({.direction = core::Direction::Backward, .limit = 2}), "2999 2998");
    EXPECT_EQ(read({.from = core::GlobalPosition{9000}}), "");
}

TEST(SqliteEventStore, NotesTheBlockOfACategoryAgainAfterARefusedAppend)
{
    const TempDir folder;
    const auto store = openStore(folder / "a.db");
    // The second append of the two is refused, and with it what the first one noted.
    const std::vector<core::NewEvent> first{newEvent("a")}, second{newEvent("b")};
    const std::vector<core::StreamAppend> both = {{"order-1", core::ExpectedVersion::noStream(), first},
        {"order-2", core::ExpectedVersion::streamExists(), second}};
    EXPECT_EQ(store->appendAll(both).error().code, core::ErrorCode::WrongExpectedVersion);
    ASSERT_TRUE(append(*store, "order-1", core::ExpectedVersion::noStream(), "a"));
    EXPECT_EQ(joinedIds(store->readAll({.category = "order"}).value()), "a");
}

TEST(SqliteEventStore, ReadsPositionsBeyond32Bits)
{
    const TempDir folder;
    const auto store = openStore(folder / "a.db");
    ASSERT_TRUE(append(*store, "order-1", core::ExpectedVersion::any(), "a"));
    {
        auto write = store->database()->write();
        ASSERT_TRUE(
            write->connection().execute("UPDATE events SET position = 5000000000, version = 6000000000;"
                                        "UPDATE recent_stream_events SET position = 5000000000, version = 6000000000"));
        ASSERT_TRUE(write->commit());
    }
    const auto other = openStore(folder / "a.db");
    const auto done = append(*other, "order-1", core::ExpectedVersion::exactly({6'000'000'000}), "b");
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(done->lastPosition.value, 5'000'000'001);
    EXPECT_EQ(done->lastVersion.value, 6'000'000'001);
    EXPECT_EQ(joinedIds(other->readAll({.from = core::GlobalPosition{5'000'000'000}}).value()), "a b");
    EXPECT_EQ(joinedIds(other->readStream("order-1", {.from = core::StreamVersion{6'000'000'001}}).value()), "b");
}
