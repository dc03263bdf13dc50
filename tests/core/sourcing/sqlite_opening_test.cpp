// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite_notes.h"

#include "constraints.h"

#include <memory>
#include <vector>

using namespace eventscope::core;
using namespace eventscope::test;

TEST(SqliteOpening, ReportsAMissingFileAndAMissingFolder)
{
    const TempDir folder;
    expectRefused(folder, folder / "none.db", Access::ReadOnly, ErrorCode::NotFound);
    expectRefused(folder, folder / "none.db", Access::ReadWrite, ErrorCode::NotFound);
    const auto nowhere = SqliteDatabase::open(folder / "nowhere" / "a.db", options(Access::Create));
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, ErrorCode::NotFound);
    EXPECT_EQ(namesIn(folder.path()), "");
}

TEST(SqliteOpening, RefusesAFolderADeviceAndAnEmptyPath)
{
    const TempDir folder;
    fs::create_directory(folder / "sub.db");
    expectRefusedByAll(folder, folder / "sub.db", ErrorCode::NotAStore);
    for (const Access access : {Access::ReadOnly, Access::ReadWrite, Access::Create}) {
        const auto device = SqliteDatabase::open("/dev/null", options(access));
        ASSERT_FALSE(device);
        EXPECT_EQ(device.error().code, ErrorCode::NotAStore);
    }
    const auto nothing = SqliteDatabase::open("", options(Access::Create));
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().code, ErrorCode::InvalidArgument);
}

TEST(SqliteOpening, RefusesWhatIsNoSqliteFile)
{
    const TempDir folder;
    writeFile(folder / "text.db", "{\"this\":\"is JSON\"}\n");
    writeFile(folder / "long.db", std::string(10'000, 'x'));
    writeFile(folder / "zeros.db", std::string(8192, '\0'));
    expectRefusedByAll(folder, folder / "text.db", ErrorCode::NotAStore);
    expectRefusedByAll(folder, folder / "long.db", ErrorCode::NotAStore);
    expectRefusedByAll(folder, folder / "zeros.db", ErrorCode::NotAStore);
}

TEST(SqliteOpening, RefusesAnotherProgramsSqliteFile)
{
    const TempDir folder;
    Raw(folder / "bookmarks.db").run("CREATE TABLE bookmark (url TEXT); INSERT INTO bookmark VALUES ('x')");
    expectRefusedByAll(folder, folder / "bookmarks.db", ErrorCode::NotAStore);
    Raw(folder / "wal.db").run("PRAGMA journal_mode=WAL; PRAGMA application_id=7; CREATE TABLE bookmark (url TEXT)");
    expectRefusedByAll(folder, folder / "wal.db", ErrorCode::NotAStore);
}

TEST(SqliteOpening, RefusesAnEmptyFile)
{
    const TempDir folder;
    writeFile(folder / "a.db", "");
    expectRefusedByAll(folder, folder / "a.db", ErrorCode::NotAStore);
}

TEST(SqliteOpening, MakesNoStoreOverTheLeftoversOfAnother)
{
    const TempDir folder;
    makeCrashedStore(folder / "a.db");
    fs::remove(folder / "a.db");
    expectRefused(folder, folder / "a.db", Access::Create, ErrorCode::Corrupt);
    fs::remove(folder / "a.db-wal");
    const auto made = SqliteDatabase::open(folder / "a.db", options(Access::Create));
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ((*made)->ensureTable("note", kTable), true);
    EXPECT_EQ(countNotes(**made), 0);
}

TEST(SqliteOpening, RefusesAStoreOfANewerProgram)
{
    const TempDir folder;
    makeStore(folder / "a.db");
    Raw(folder / "a.db").run("PRAGMA user_version=3");
    expectRefusedByAll(folder, folder / "a.db", ErrorCode::UnsupportedVersion);
}

TEST(SqliteOpening, RefusesAStoreOfANewerProgramThatIsStillInTheWal)
{
    const TempDir folder;
    makeStore(folder / "a.db");
    Raw live(folder / "a.db");
    live.run("PRAGMA user_version=3");
    for (const Access access : {Access::ReadOnly, Access::ReadWrite, Access::Create}) {
        const auto database = SqliteDatabase::open(folder / "a.db", options(access));
        ASSERT_FALSE(database);
        EXPECT_EQ(database.error().code, ErrorCode::UnsupportedVersion);
    }
}

TEST(SqliteOpening, RefusesAStoreCutShortAnywhere)
{
    const TempDir folder;
    makeStore(folder / "whole.db");
    const std::string whole = readFile(folder / "whole.db");
    ASSERT_GT(whole.size(), 40'000U);
    for (const std::size_t size : {std::size_t{1}, std::size_t{15}, std::size_t{16}, std::size_t{99}, std::size_t{100},
             std::size_t{4095}, std::size_t{4096}, whole.size() / 2, whole.size() - 4096, whole.size() - 1}) {
        SCOPED_TRACE(size);
        writeFile(folder / "cut.db", whole.substr(0, size));
        expectRefusedByAll(folder, folder / "cut.db", ErrorCode::Corrupt);
    }
}

TEST(SqliteOpening, ReportsDamageAtTheOpeningOrAtTheReadingThatMeetsIt)
{
    const TempDir folder;
    makeStore(folder / "a.db");
    std::string bytes = readFile(folder / "a.db");
    const std::string whole = bytes;
    std::ranges::fill(bytes.begin() + 100, bytes.begin() + 4096, '\xa5');
    writeFile(folder / "a.db", bytes);
    expectRefusedByAll(folder, folder / "a.db", ErrorCode::Corrupt);

    bytes = whole;
    std::ranges::fill(bytes.begin() + 4096, bytes.end(), '\xa5');
    writeFile(folder / "b.db", bytes);
    const auto database = SqliteDatabase::open(folder / "b.db", options(Access::ReadOnly));
    ASSERT_TRUE(database) << database.error().message;
    auto read = (*database)->read();
    ASSERT_TRUE(read);
    const auto count = read->connection().integer("SELECT count(*) FROM note");
    ASSERT_FALSE(count);
    EXPECT_EQ(toString(count.error().code), "Corrupt") << count.error().message;
    EXPECT_EQ(readFile(folder / "b.db"), bytes);
}

TEST(SqliteOpening, ReportsAStoreHeldByAnotherProgramAsLocked)
{
    const TempDir folder;
    makeStore(folder / "a.db");
    PipeBell held, done;
    ForkedProcess other([&] {
        Raw holder(folder / "a.db");
        holder.run("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; INSERT INTO note(text) VALUES ('held'); COMMIT");
        held.ring();
        done.await();
        return 0;
    });
    ASSERT_TRUE(held.await());
    expectRefusedByAll(folder, folder / "a.db", ErrorCode::Locked);
    done.ring();
    EXPECT_EQ(other.wait(), 0);
}

TEST(SqliteOpening, FollowsLinksAndTakesOddNames)
{
    const TempDir folder;
    const fs::path odd = folder / "a ?#%41 \"ü\" '\n.db";
    makeStore(odd, 4);
    fs::create_symlink(odd, folder / "link.db");
    for (const fs::path& path : {odd, folder / "link.db"}) {
        const auto database = SqliteDatabase::open(path, options(Access::ReadOnly));
        ASSERT_TRUE(database) << database.error().message;
        EXPECT_EQ(countNotes(**database), 4);
    }
    fs::permissions(folder.path(), kOthersMayLook);
    const Unprivileged user;
    const auto still = SqliteDatabase::open(odd, options(Access::ReadOnly));
    ASSERT_TRUE(still) << still.error().message;
    EXPECT_EQ(countNotes(**still), 4);
}

TEST(SqliteOpening, IsNotFooledByTwoProgramsThatMakeTheSameStoreAtOnce)
{
    const TempDir folder;
    PipeBell go;
    std::vector<std::unique_ptr<ForkedProcess>> makers;
    for (int i = 0; i < 4; ++i) {
        makers.push_back(std::make_unique<ForkedProcess>([&] {
            go.await();
            const auto database = SqliteDatabase::open(folder / "a.db", {.access = Access::Create, .durable = false});
            if (!database || !(*database)->ensureTable("note", kTable))
                return 1;
            auto write = (*database)->write();
            return write && write->connection().execute("INSERT INTO note(text) VALUES ('x')") && write->commit() ? 0
                                                                                                                  : 2;
        }));
    }
    for (int i = 0; i < 4; ++i)
        go.ring();
    for (const auto& maker : makers)
        EXPECT_EQ(maker->wait(), 0);
    const auto database = SqliteDatabase::open(folder / "a.db", options(Access::ReadOnly));
    ASSERT_TRUE(database);
    EXPECT_EQ(countNotes(**database), 4);
}
