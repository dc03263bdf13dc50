// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_database.h"

#include "forked_process.h"
#include "temp_dir.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

using namespace eventscope::core;
using namespace eventscope::test;

namespace {

constexpr const char* kTable = "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)";

std::shared_ptr<SqliteDatabase> openNotes(const std::filesystem::path& path)
{
    auto database = SqliteDatabase::open(path, {.access = SqliteAccess::Create, .durable = false});
    EXPECT_TRUE(database) << database.error().message;
    EXPECT_TRUE((*database)->ensureTable("note", kTable));
    return *database;
}

void addNote(SqliteDatabase& database, std::string_view text)
{
    auto write = database.write();
    ASSERT_TRUE(write) << write.error().message;
    auto insert = write->connection().prepared("INSERT INTO note(text) VALUES (?1)");
    ASSERT_TRUE(insert);
    ASSERT_TRUE((*insert)->bind(1, text).run());
    ASSERT_TRUE(write->commit());
}

std::int64_t countNotes(const SqliteDatabase& database)
{
    auto read = database.read();
    EXPECT_TRUE(read) << read.error().message;
    const auto count = read->connection().integer("SELECT count(*) FROM note");
    EXPECT_TRUE(count) << count.error().message;
    return count.value_or(-1);
}

} // namespace

TEST(SqliteDatabase, KeepsWhatWasCommittedOverAReopening)
{
    const TempDir folder;
    addNote(*openNotes(folder / "a.db"), "kept");
    EXPECT_EQ(countNotes(*openNotes(folder / "a.db")), 1);
}

TEST(SqliteDatabase, RollsBackAWriteThatIsNotCommitted)
{
    const TempDir folder;
    const auto database = openNotes(folder / "a.db");
    {
        auto write = database->write();
        ASSERT_TRUE(write);
        ASSERT_TRUE(write->connection().execute("INSERT INTO note(text) VALUES ('lost')"));
    }
    EXPECT_EQ(countNotes(*database), 0);
    addNote(*database, "the writer works on");
    EXPECT_EQ(countNotes(*database), 1);
}

TEST(SqliteDatabase, LetsReadersSeeTheStateBeforeARunningWrite)
{
    const TempDir folder;
    const auto database = openNotes(folder / "a.db");
    auto write = database->write();
    ASSERT_TRUE(write);
    ASSERT_TRUE(write->connection().execute("INSERT INTO note(text) VALUES ('new')"));
    EXPECT_EQ(countNotes(*database), 0);
    ASSERT_TRUE(write->commit());
    EXPECT_EQ(countNotes(*database), 1);
}

TEST(SqliteDatabase, RefusesAWriteWithinAWriteInsteadOfWaitingForItself)
{
    const TempDir folder;
    const auto database = openNotes(folder / "a.db");
    const auto outer = database->write();
    ASSERT_TRUE(outer);
    const auto inner = database->write();
    ASSERT_FALSE(inner);
    EXPECT_EQ(inner.error().code, ErrorCode::InvalidArgument);
}

TEST(SqliteDatabase, GivesEachThreadTheWriterInTurn)
{
    const TempDir folder;
    const auto database = openNotes(folder / "a.db");
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i)
                addNote(*database, "one of many");
        });
    }
    threads.clear();
    EXPECT_EQ(countNotes(*database), 400);
}

TEST(SqliteDatabase, KeepsAReadTransactionConsistentUntilItsConnectionIsReturned)
{
    const TempDir folder;
    const auto database = openNotes(folder / "a.db");
    {
        auto read = database->read();
        ASSERT_TRUE(read);
        ASSERT_TRUE(read->connection().execute("BEGIN"));
        EXPECT_EQ(read->connection().integer("SELECT count(*) FROM note").value_or(-1), 0);
        addNote(*database, "later");
        EXPECT_EQ(read->connection().integer("SELECT count(*) FROM note").value_or(-1), 0);
    }
    EXPECT_EQ(countNotes(*database), 1);
}

TEST(SqliteDatabase, KeepsTextWithEmbeddedNulAndEmptyTextApartFromNull)
{
    const TempDir folder;
    const auto database = openNotes(folder / "a.db");
    const std::string odd("a\0b", 3);
    addNote(*database, odd);
    addNote(*database, {});
    auto read = database->read();
    ASSERT_TRUE(read);
    auto select = read->connection().prepared("SELECT text FROM note ORDER BY id");
    ASSERT_TRUE(select);
    ASSERT_TRUE((*select)->step().value_or(false));
    EXPECT_EQ((*select)->text(0), odd);
    ASSERT_TRUE((*select)->step().value_or(false));
    EXPECT_FALSE((*select)->isNull(0));
    EXPECT_EQ((*select)->text(0), "");
    EXPECT_FALSE((*select)->step().value_or(true));
}

TEST(SqliteDatabase, CannotBeChangedThroughAReadersConnection)
{
    const TempDir folder;
    const auto database = openNotes(folder / "a.db");
    auto read = database->read();
    ASSERT_TRUE(read);
    const Status done = read->connection().execute("INSERT INTO note(text) VALUES ('sneaked in')");
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::ReadOnly);
}

TEST(SqliteDatabase, MakesATableOnceAndSaysWhenAReadOnlyStoreHasNone)
{
    const TempDir folder;
    {
        const auto database = openNotes(folder / "a.db");
        addNote(*database, "one");
        EXPECT_EQ(database->ensureTable("note", kTable), true);
        EXPECT_EQ(countNotes(*database), 1);
    }
    const auto database = SqliteDatabase::open(folder / "a.db", {});
    ASSERT_TRUE(database);
    EXPECT_EQ((*database)->ensureTable("note", kTable), true);
    EXPECT_EQ((*database)->ensureTable("other", "CREATE TABLE other (id INTEGER)"), false);
}

TEST(SqliteDatabase, IsWrittenByTwoObjectsAndTwoProcessesAtOnce)
{
    const TempDir folder;
    const auto path = folder / "a.db";
    {
        const auto made = openNotes(path);
    }
    ForkedProcess other([&] {
        const auto database = openNotes(path);
        for (int i = 0; i < 100; ++i)
            addNote(*database, "theirs");
        return 0;
    });
    const auto first = openNotes(path);
    const auto second = openNotes(path);
    std::jthread thread([&] {
        for (int i = 0; i < 100; ++i)
            addNote(*second, "second");
    });
    for (int i = 0; i < 100; ++i)
        addNote(*first, "first");
    thread.join();
    EXPECT_EQ(other.wait(), 0);
    EXPECT_EQ(countNotes(*first), 300);
}

TEST(SqliteDatabase, ReportsAnotherProgramsLongWriteAsLocked)
{
    const TempDir folder;
    const auto holder = openNotes(folder / "a.db");
    const auto held = holder->write();
    ASSERT_TRUE(held);
    const auto other = SqliteDatabase::open(
        folder / "a.db", {.access = SqliteAccess::ReadWrite, .busyTimeout = std::chrono::milliseconds(20)});
    ASSERT_TRUE(other) << other.error().message;
    const auto write = (*other)->write();
    ASSERT_FALSE(write);
    EXPECT_EQ(write.error().code, ErrorCode::Locked);
}

TEST(SqliteDatabase, KeepsAndRollsBackTransactionsThatOutgrowItsCache)
{
    const TempDir folder;
    const auto database = openNotes(folder / "a.db");
    // Pages that do not fit are appended to the log before the commit, and read back from it.
    const auto fill = [&](bool commit) {
        auto write = database->write();
        ASSERT_TRUE(write);
        SqliteConnection& connection = write->connection();
        ASSERT_TRUE(connection.execute("PRAGMA cache_size=20"));
        ASSERT_TRUE(connection.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
                                       "INSERT INTO note(text) SELECT hex(randomblob(300)) FROM n"));
        EXPECT_GE(connection.integer("SELECT count(*) FROM note WHERE length(text) = 600").value_or(0), 3000);
        ASSERT_TRUE(connection.execute("UPDATE note SET text = text || 'x' WHERE id % 7 = 0"));
        if (commit) {
            ASSERT_TRUE(write->commit());
        }
    };
    std::int64_t expected = 0;
    for (const bool commit : {true, false, true, false, false, true}) {
        fill(commit);
        expected += commit ? 3000 : 0;
        EXPECT_EQ(countNotes(*database), expected);
        addNote(*database, "one between");
        ++expected;
    }
    const auto other = SqliteDatabase::open(folder / "a.db", {});
    ASSERT_TRUE(other);
    EXPECT_EQ(countNotes(**other), expected);
    EXPECT_EQ((*other)->read()->connection().integer(
                  "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
        0);
}

TEST(SqliteDatabase, LeavesNothingBehindWhenItWasTemporary)
{
    std::filesystem::path path;
    {
        const auto database = SqliteDatabase::temporary();
        ASSERT_TRUE(database) << database.error().message;
        path = (*database)->path();
        ASSERT_TRUE((*database)->ensureTable("note", kTable));
        addNote(**database, "short-lived");
        EXPECT_EQ(countNotes(**database), 1);
    }
    EXPECT_FALSE(std::filesystem::exists(path.parent_path()));
}
