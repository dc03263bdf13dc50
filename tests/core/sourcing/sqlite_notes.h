// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/sqlite_database.h"

#include "forked_process.h"
#include "temp_dir.h"
#include "untouched.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

/// Stores of notes, good and bad, for the tests of opening them.
namespace eventscope::test {

using core::ErrorCode;
using core::SqliteDatabase;
using core::SqliteOptions;

using Access = core::SqliteAccess;
namespace fs = std::filesystem;

// The test itself still belongs to root's group after it has stepped down.
inline constexpr fs::perms kOthersMayLook = fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec
    | fs::perms::others_read | fs::perms::others_exec;
inline constexpr const char* kTable = "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)";

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

inline void makeStore(const fs::path& path, int notes = 200)
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
inline void makeCrashedStore(const fs::path& path)
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

inline SqliteOptions options(Access access)
{
    return {.access = access, .busyTimeout = std::chrono::milliseconds(20)};
}

inline std::int64_t countNotes(const SqliteDatabase& database)
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
inline void expectRefused(const TempDir& folder, const fs::path& path, Access access, ErrorCode code)
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

inline void expectRefusedByAll(const TempDir& folder, const fs::path& path, ErrorCode code)
{
    for (const Access access : {Access::ReadOnly, Access::ReadWrite, Access::Create})
        expectRefused(folder, path, access, code);
}

} // namespace eventscope::test
