// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_database.h"

#include "constraints.h"
#include "forked_process.h"
#include "temp_dir.h"
#include "untouched.h"

#include <algorithm>
#include <chrono>
#include <string>

#include <gtest/gtest.h>
#include <sqlite3.h>

using namespace eventscope::core;
using namespace eventscope::test;

namespace {

using Access = SqliteAccess;
namespace fs = std::filesystem;

// The test itself still belongs to root's group after it has stepped down.
constexpr fs::perms kOthersMayLook = fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec
    | fs::perms::others_read | fs::perms::others_exec;
constexpr const char* kTable = "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)";

/// Another program's hand on a file.
class Raw {
public:
    explicit Raw(const fs::path& path) { sqlite3_open(path.c_str(), &m_handle); }
    ~Raw() { sqlite3_close(m_handle); }
    Raw(const Raw&) = delete;
    Raw& operator=(const Raw&) = delete;
    void run(const char* sql)
    {
        char* error = nullptr;
        EXPECT_EQ(sqlite3_exec(m_handle, sql, nullptr, nullptr, &error), SQLITE_OK) << sql << ": " << error;
        sqlite3_free(error);
    }

private:
    sqlite3* m_handle = nullptr;
};

void makeStore(const fs::path& path, int notes = 200)
{
    const auto database = SqliteDatabase::open(path, {.access = Access::Create, .durable = false});
    ASSERT_TRUE(database) << database.error().message;
    ASSERT_TRUE((*database)->ensureTable("note", kTable));
    auto write = (*database)->write();
    ASSERT_TRUE(write);
    auto insert = write->connection().prepared("INSERT INTO note(text) VALUES (?1)");
    ASSERT_TRUE(insert);
    const std::string text(300, 'x');
    for (int i = 0; i < notes; ++i)
        ASSERT_TRUE((*insert)->bind(1, text).run());
    ASSERT_TRUE(write->commit());
}

/// A store whose last writer was killed: part of its content is only in the "-wal".
void makeCrashedStore(const fs::path& path)
{
    makeStore(path, 10);
    ForkedProcess writer([&] {
        const auto database = SqliteDatabase::open(path, {.access = Access::ReadWrite});
        auto write = (*database)->write();
        if (!write->connection().execute("INSERT INTO note(text) VALUES ('after')") || !write->commit())
            return 1;
        ::kill(getpid(), SIGKILL);
        return 0;
    });
    ASSERT_EQ(writer.wait(), -1);
    ASSERT_GT(fs::file_size(path.string() + "-wal"), 0U);
}

SqliteOptions options(Access access)
{
    return {.access = access, .busyTimeout = std::chrono::milliseconds(20)};
}

std::int64_t countNotes(const SqliteDatabase& database)
{
    auto read = database.read();
    if (!read) {
        ADD_FAILURE() << read.error().message;
        return -1;
    }
    const auto count = read->connection().integer("SELECT count(*) FROM note");
    EXPECT_TRUE(count) << count.error().message;
    return count.value_or(-1);
}

/// Opening fails with that code and a sentence that names the file, and leaves the folder as it was.
void expectRefused(const TempDir& folder, const fs::path& path, Access access, ErrorCode code)
{
    const auto before = contentsOf(folder.path());
    const auto database = SqliteDatabase::open(path, options(access));
    ASSERT_FALSE(database) << "opened for " << static_cast<int>(access);
    EXPECT_EQ(toString(database.error().code), toString(code)) << database.error().message;
    EXPECT_NE(database.error().message.find(path.filename().string() + "'"), std::string::npos)
        << database.error().message;
    EXPECT_EQ(std::ranges::count(database.error().message, '\n'), 0) << database.error().message;
    EXPECT_TRUE(before == contentsOf(folder.path())) << "left behind: " << namesIn(folder.path());
}

void expectRefusedByAll(const TempDir& folder, const fs::path& path, ErrorCode code)
{
    for (const Access access : {Access::ReadOnly, Access::ReadWrite, Access::Create})
        expectRefused(folder, path, access, code);
}

} // namespace

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

TEST(SqliteOpening, RefusesAStoreOfANewerProgram)
{
    const TempDir folder;
    makeStore(folder / "a.db");
    Raw(folder / "a.db").run("PRAGMA user_version=2");
    expectRefusedByAll(folder, folder / "a.db", ErrorCode::UnsupportedVersion);
}

TEST(SqliteOpening, RefusesAStoreOfANewerProgramThatIsStillInTheWal)
{
    const TempDir folder;
    makeStore(folder / "a.db");
    Raw live(folder / "a.db");
    live.run("PRAGMA user_version=2");
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

TEST(SqliteOpening, LeavesAStoreThatIsOnlyReadByteForByteAsItWas)
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

TEST(SqliteOpening, ReadsWhatACrashLeftInTheWalWithoutCarryingItOver)
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

TEST(SqliteOpening, ReadsALiveStoreOfAnotherProcessAndSeesItsNewCommits)
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

TEST(SqliteOpening, SeesAWriterThatComesAfterTheReader)
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

TEST(SqliteOpening, RespectsPermissions)
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

TEST(SqliteOpening, ReadsInAFolderThatMayNotBeWritten)
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

TEST(SqliteOpening, NoticesAWriterEvenWhereNothingMayBeLeftBesideTheFile)
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

TEST(SqliteOpening, ReadsOnAReadOnlyDiskAndRefusesToWriteThere)
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

TEST(SqliteOpening, ReportsAFullDiskAndLeavesNoFile)
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

TEST(SqliteOpening, ReportsAFullFileSystemAndLeavesTheStoreAsItWas)
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

TEST(SqliteOpening, ReportsADiskThatFillsUpDuringAWriteAndKeepsWhatWasThere)
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
