// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite_notes.h"

#include "constraints.h"

#include <memory>
#include <utility>

using namespace eventscope::core;
using namespace eventscope::test;

TEST(SqliteAccess, LeavesAStoreThatIsOnlyReadByteForByteAsItWas)
{
    const TempDir folder;
    makeStore(folder / "a.db");
    const auto before = contentsOf(folder.path());
    ASSERT_EQ(namesIn(folder.path()), "a.db ");
    {
        const auto database = SqliteDatabase::open(folder / "a.db", options(Access::ReadOnly));
        ASSERT_TRUE(database) << database.error().message;
        EXPECT_TRUE((*database)->isReadOnly());
        EXPECT_EQ(countNotes(**database), 200);
        const auto write = (*database)->write();
        ASSERT_FALSE(write);
        EXPECT_EQ(write.error().code, ErrorCode::ReadOnly);
    }
    EXPECT_TRUE(before == contentsOf(folder.path())) << namesIn(folder.path());
}

TEST(SqliteAccess, ReadsWhatACrashLeftInTheWalWithoutCarryingItOver)
{
    const TempDir folder;
    makeCrashedStore(folder / "a.db");
    const std::string main = readFile(folder / "a.db");
    const std::string wal = readFile(folder / "a.db-wal");
    {
        const auto database = SqliteDatabase::open(folder / "a.db", options(Access::ReadOnly));
        ASSERT_TRUE(database) << database.error().message;
        EXPECT_EQ(countNotes(**database), 11);
    }
    EXPECT_TRUE(readFile(folder / "a.db") == main);
    EXPECT_TRUE(readFile(folder / "a.db-wal") == wal);
}

TEST(SqliteAccess, ReadsALiveStoreOfAnotherProcessAndSeesItsNewCommits)
{
    const TempDir folder;
    makeStore(folder / "a.db", 1);
    PipeBell go, committed;
    ForkedProcess writer([&] {
        const auto database = SqliteDatabase::open(folder / "a.db", {.access = Access::ReadWrite, .durable = false});
        committed.ring();
        while (go.await()) {
            auto write = (*database)->write();
            if (!write->connection().execute("INSERT INTO note(text) VALUES ('live')") || !write->commit())
                return 1;
            committed.ring();
        }
        return 0;
    });
    ASSERT_TRUE(committed.await());
    const auto database = SqliteDatabase::open(folder / "a.db", options(Access::ReadOnly));
    ASSERT_TRUE(database) << database.error().message;
    for (int i = 1; i <= 20; ++i) {
        EXPECT_EQ(countNotes(**database), i);
        go.ring();
        ASSERT_TRUE(committed.await());
    }
    writer.kill();
    EXPECT_EQ(countNotes(**database), 21);
}

TEST(SqliteAccess, SeesAWriterThatComesAfterTheReader)
{
    const TempDir folder;
    makeStore(folder / "a.db", 1);
    const auto database = SqliteDatabase::open(folder / "a.db", options(Access::ReadOnly));
    ASSERT_TRUE(database);
    EXPECT_EQ(countNotes(**database), 1);
    ForkedProcess writer([&] {
        const auto theirs = SqliteDatabase::open(folder / "a.db", {.access = Access::ReadWrite, .durable = false});
        auto write = (*theirs)->write();
        return write->connection().execute("INSERT INTO note(text) VALUES ('late')") && write->commit() ? 0 : 1;
    });
    EXPECT_EQ(writer.wait(), 0);
    EXPECT_EQ(countNotes(**database), 2);
}

TEST(SqliteAccess, RespectsPermissions)
{
    const TempDir folder;
    makeStore(folder / "a.db");
    fs::permissions(folder / "a.db", fs::perms::none);
    fs::permissions(folder.path(), fs::perms::all);
    {
        const Unprivileged user;
        for (const Access access : {Access::ReadOnly, Access::ReadWrite, Access::Create}) {
            const auto database = SqliteDatabase::open(folder / "a.db", options(access));
            ASSERT_FALSE(database);
            EXPECT_EQ(database.error().code, ErrorCode::Refused) << database.error().message;
        }
    }
    fs::permissions(folder / "a.db", fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
    const auto before = contentsOf(folder.path());
    {
        const Unprivileged user;
        for (const Access access : {Access::ReadWrite, Access::Create}) {
            const auto database = SqliteDatabase::open(folder / "a.db", options(access));
            ASSERT_FALSE(database);
            EXPECT_EQ(database.error().code, ErrorCode::ReadOnly) << database.error().message;
        }
        const auto database = SqliteDatabase::open(folder / "a.db", options(Access::ReadOnly));
        ASSERT_TRUE(database) << database.error().message;
        EXPECT_EQ(countNotes(**database), 200);
    }
    EXPECT_TRUE(before == contentsOf(folder.path())) << namesIn(folder.path());
}

TEST(SqliteAccess, ReadsInAFolderThatMayNotBeWritten)
{
    const TempDir folder;
    fs::create_directory(folder / "still");
    const fs::path path = folder / "still" / "a.db";
    makeStore(path, 3);
    fs::permissions(folder.path(), kOthersMayLook);
    fs::permissions(folder / "still", kOthersMayLook & ~fs::perms::owner_write);
    {
        const Unprivileged user;
        const auto made = SqliteDatabase::open(folder / "still" / "new.db", options(Access::Create));
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, ErrorCode::ReadOnly);
        const auto database = SqliteDatabase::open(path, options(Access::ReadOnly));
        ASSERT_TRUE(database) << database.error().message;
        EXPECT_EQ(countNotes(**database), 3);
    }
    fs::permissions(folder / "still", fs::perms::owner_all);
    EXPECT_EQ(namesIn(folder.path()), "still/a.db ");
}

TEST(SqliteAccess, NoticesAWriterEvenWhereNothingMayBeLeftBesideTheFile)
{
    if (geteuid() != 0)
        GTEST_SKIP() << "needs root, to write where the reader may not";
    const TempDir folder;
    makeStore(folder / "a.db", 1);
    fs::permissions(folder.path(), kOthersMayLook);
    std::shared_ptr<SqliteDatabase> reader;
    const auto count = [&] {
        const Unprivileged user;
        if (reader == nullptr) {
            auto opened = SqliteDatabase::open(folder / "a.db", options(Access::ReadOnly));
            EXPECT_TRUE(opened) << opened.error().message;
            if (!opened)
                return std::int64_t{-1};
            reader = *opened;
        }
        return countNotes(*reader);
    };
    EXPECT_EQ(count(), 1);
    PipeBell committed, leave;
    ForkedProcess writer([&] {
        const auto theirs = SqliteDatabase::open(folder / "a.db", {.access = Access::ReadWrite, .durable = false});
        auto write = (*theirs)->write();
        if (!write->connection().execute("INSERT INTO note(text) VALUES ('late')") || !write->commit())
            return 1;
        committed.ring();
        leave.await();
        return 0;
    });
    ASSERT_TRUE(committed.await());
    EXPECT_EQ(count(), 2);
    leave.ring();
    EXPECT_EQ(writer.wait(), 0);
    EXPECT_EQ(count(), 2);
}

TEST(SqliteAccess, ReadsOnAReadOnlyDiskAndRefusesToWriteThere)
{
    const TempDir folder;
    fs::create_directory(folder / "disk");
    const TinyDisk disk((folder / "disk").string(), "8m");
    if (!disk.ok())
        GTEST_SKIP() << "this user may not mount a file system";
    makeStore(folder / "disk" / "a.db", 5);
    makeCrashedStore(folder / "disk" / "crashed.db");
    fs::copy(folder / "disk" / "crashed.db", folder / "disk" / "copied.db");
    fs::copy(folder / "disk" / "crashed.db-wal", folder / "disk" / "copied.db-wal");
    ASSERT_TRUE(disk.makeReadOnly());

    expectRefused(folder, folder / "disk" / "a.db", Access::ReadWrite, ErrorCode::ReadOnly);
    expectRefused(folder, folder / "disk" / "a.db", Access::Create, ErrorCode::ReadOnly);
    const auto made = SqliteDatabase::open(folder / "disk" / "new.db", options(Access::Create));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::ReadOnly);
    for (const auto& [name, notes] : {std::pair{"a.db", 5}, std::pair{"crashed.db", 11}, std::pair{"copied.db", 11}}) {
        const auto database = SqliteDatabase::open(folder / "disk" / name, options(Access::ReadOnly));
        ASSERT_TRUE(database) << database.error().message;
        EXPECT_EQ(countNotes(**database), notes) << name;
    }
}

TEST(SqliteAccess, ReportsAFullDiskAndLeavesNoFile)
{
    const TempDir folder;
    {
        const FileSizeLimit limit(1000);
        expectRefused(folder, folder / "new.db", Access::Create, ErrorCode::DiskFull);
    }
    makeStore(folder / "a.db");
    const FileSizeLimit limit(1000);
    expectRefused(folder, folder / "a.db", Access::ReadWrite, ErrorCode::DiskFull);
}

TEST(SqliteAccess, ReportsAFullFileSystemAndLeavesTheStoreAsItWas)
{
    const TempDir folder;
    fs::create_directory(folder / "disk");
    const TinyDisk disk((folder / "disk").string(), "1m");
    if (!disk.ok())
        GTEST_SKIP() << "this user may not mount a file system";
    makeStore(folder / "disk" / "a.db");
    writeFile(folder / "disk" / "filler", std::string(2'000'000, 'x'));
    expectRefused(folder, folder / "disk" / "new.db", Access::Create, ErrorCode::DiskFull);
    expectRefused(folder, folder / "disk" / "a.db", Access::ReadWrite, ErrorCode::DiskFull);
}

TEST(SqliteAccess, ReportsADiskThatFillsUpDuringAWriteAndKeepsWhatWasThere)
{
    const TempDir folder;
    const auto opened = SqliteDatabase::open(folder / "a.db", options(Access::Create));
    ASSERT_TRUE(opened);
    SqliteDatabase& database = **opened;
    ASSERT_TRUE(database.ensureTable("note", kTable));
    const std::string text(1000, 'x');
    int acknowledged = 0;
    Status last;
    {
        const FileSizeLimit limit(300'000);
        while (last && acknowledged < 10'000) {
            auto write = database.write();
            ASSERT_TRUE(write);
            auto insert = write->connection().prepared("INSERT INTO note(text) VALUES (?1)");
            ASSERT_TRUE(insert);
            last = (*insert)->bind(1, text).run();
            if (last)
                last = write->commit();
            acknowledged += last ? 1 : 0;
        }
    }
    ASSERT_FALSE(last);
    EXPECT_EQ(toString(last.error().code), "DiskFull") << last.error().message;
    EXPECT_GT(acknowledged, 10);
    EXPECT_EQ(countNotes(database), acknowledged);
    auto write = database.write();
    ASSERT_TRUE(write) << "room again: the store works on";
    ASSERT_TRUE(write->connection().execute("INSERT INTO note(text) VALUES ('more')"));
    ASSERT_TRUE(write->commit());
    EXPECT_EQ(countNotes(database), acknowledged + 1);
    EXPECT_EQ(database.read()->connection().integer(
                  "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
        0);
}
