// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "story_store.h"
#include "untouched.h"

#include <gtest/gtest.h>

#include <csignal>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

using namespace eventscope;
using test::ChildProcess;
using test::Finished;
using test::StoryStore;

// What every command owes its caller: exit codes, one sentence, clean streams, and nothing touched.

namespace {

const std::vector<std::vector<std::string>> kLooks{
    {"streams", "STORE"},
    {"read", "STORE"},
    {"replay", "STORE", "order-a"},
    {"sagas", "STORE"},
    {"dead-letters", "STORE"},
};

// The store cannot be had: exit code 3, one sentence with `words` in it, nothing on standard output.
void expectUnreachable(const StoryStore& store, std::string_view words)
{
    const auto before = test::contentsOf(store.folder().path());
    for (const std::vector<std::string>& look : kLooks) {
        const Finished run = store.run(look);
        EXPECT_EQ(run.exitCode, 3) << look[0] << ": " << run.errors;
        EXPECT_EQ(run.output, "") << look[0];
        EXPECT_EQ(test::splitLines(run.errors).size(), 1U) << look[0] << ": " << run.errors;
        EXPECT_NE(run.errors.find(words), std::string::npos) << look[0] << ": " << run.errors;
    }
    EXPECT_EQ(test::contentsOf(store.folder().path()), before) << test::namesIn(store.folder().path());
}

int openSqlite(const std::filesystem::path& file, sqlite3*& handle)
{
    return sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READWRITE, nullptr);
}

} // namespace

TEST(CommandLine, LooksWithoutTouching)
{
    const StoryStore store;
    const auto before = test::contentsOf(store.folder().path());
    for (const std::vector<std::string>& look : kLooks) {
        EXPECT_EQ(store.run(look).exitCode, 0);
    }
    EXPECT_EQ(test::contentsOf(store.folder().path()), before) << test::namesIn(store.folder().path());
}

TEST(CommandLine, ReadsAStoreThatMayNotBeWritten)
{
    const StoryStore store;
    std::filesystem::permissions(store.file(), std::filesystem::perms::owner_read);
    std::filesystem::permissions(
        store.folder().path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
    for (const std::vector<std::string>& look : kLooks) {
        const Finished run = store.run(look);
        EXPECT_EQ(run.exitCode, 0) << run.errors;
    }
    std::filesystem::permissions(store.folder().path(), std::filesystem::perms::owner_all);
}

TEST(CommandLine, SaysWhenThereIsNoStore)
{
    const StoryStore store;
    std::filesystem::remove(store.file());
    expectUnreachable(store, "story.db");
    EXPECT_FALSE(std::filesystem::exists(store.file()));
}

TEST(CommandLine, SaysWhenTheFileIsNoStore)
{
    const StoryStore store;
    test::writeFile(store.file(), "Dear diary, today I was not a database at all.\n");
    expectUnreachable(store, "story.db");
    test::writeFile(store.file(), "");
    expectUnreachable(store, "story.db");
}

TEST(CommandLine, SaysWhenTheFileIsSomebodyElsesDatabase)
{
    const StoryStore store;
    std::filesystem::remove(store.file());
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(store.file().c_str(), &handle), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(handle, "CREATE TABLE songs (title TEXT)", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(handle);
    expectUnreachable(store, "story.db");
}

TEST(CommandLine, SaysWhenTheStoreIsCutShort)
{
    const StoryStore store;
    const std::string whole = test::readFile(store.file());
    for (const std::size_t kept : {whole.size() / 2, whole.size() - 1, std::size_t{50}}) {
        test::writeFile(store.file(), std::string_view(whole).substr(0, kept));
        expectUnreachable(store, "story.db");
    }
}

TEST(CommandLine, SaysWhenTheStoreIsFromANewerProgram)
{
    const StoryStore store;
    sqlite3* handle = nullptr;
    ASSERT_EQ(openSqlite(store.file(), handle), SQLITE_OK);
    ASSERT_EQ(
        sqlite3_exec(handle, "PRAGMA user_version = 9999; PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr, nullptr),
        SQLITE_OK);
    sqlite3_close(handle);
    expectUnreachable(store, "newer");
}

TEST(CommandLine, SaysWhenItIsAFolder)
{
    const StoryStore store;
    std::filesystem::remove(store.file());
    std::filesystem::create_directory(store.file());
    expectUnreachable(store, "story.db");
}

TEST(CommandLine, SaysWhichServerItCannotReach)
{
    const StoryStore store;
    const Finished run = store.run({"streams", "kafka://nowhere:9092?sasl.password=canary"});
    EXPECT_EQ(run.exitCode, 3);
    EXPECT_NE(run.errors.find("nowhere:9092"), std::string::npos) << run.errors;
    EXPECT_EQ(run.errors.find("canary"), std::string::npos);
}

TEST(CommandLine, RefusesWrongUsageWithCodeTwo)
{
    const StoryStore store;
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"frobnicate"}, {"read"},
             {"read", "story.db"}, {"read", "STORE", "--limit", "many"}, {"read", "STORE?mode=rw"}, {"--nonsense"}}) {
        const Finished run = store.run(words);
        EXPECT_EQ(run.exitCode, 2) << words.back();
        EXPECT_EQ(run.output, "");
        EXPECT_NE(run.errors, "");
    }
    EXPECT_EQ(store.run({"streams", store.url() + "?mode=rw"}).exitCode, 2);
}

TEST(CommandLine, ExplainsItselfOnStandardOutput)
{
    const StoryStore store;
    const Finished help = store.run({"--help"});
    EXPECT_EQ(help.exitCode, 0);
    EXPECT_NE(help.output.find("dead-letters"), std::string::npos);
    EXPECT_EQ(help.errors, "");
    const Finished version = store.run({"--version"});
    EXPECT_EQ(version.exitCode, 0);
    EXPECT_TRUE(version.output.starts_with("eventscope "));
}

TEST(CommandLine, NeedsADisplayForTheWindowOnly)
{
    const std::vector<std::string> none{"DISPLAY=", "WAYLAND_DISPLAY=", "QT_QPA_PLATFORM="};
    const Finished window = test::runProgram({EVENTSCOPE_PROGRAM}, {.environment = none});
    EXPECT_EQ(window.exitCode, 1);
    EXPECT_EQ(window.output, "");
    EXPECT_NE(window.errors.find("no display"), std::string::npos) << window.errors;
    EXPECT_EQ(test::splitLines(window.errors).size(), 1U) << window.errors;
}

TEST(CommandLine, SavesScreenshotsWithoutADisplay)
{
    const test::TempDir folder;
    const std::vector<std::string> none{"DISPLAY=", "WAYLAND_DISPLAY=", "QT_QPA_PLATFORM=",
        "XDG_STATE_HOME=" + folder.path().string(), "XDG_CONFIG_HOME=" + folder.path().string()};
    const Finished run = test::runProgram(
        {EVENTSCOPE_PROGRAM, "--screenshots", (folder / "shots").string(), "--seconds", "1"}, {.environment = none});
    EXPECT_EQ(run.exitCode, 0) << run.errors;
    const auto summary = test::jsonLines(run.output);
    ASSERT_EQ(summary.size(), 1U) << run.output;
    EXPECT_GT(std::stoi(test::at(summary[0], "/events")), 0);
    const core::Json* shots = summary[0].find("screenshots");
    ASSERT_NE(shots, nullptr);
    ASSERT_GE(shots->asArray().size(), 2U);
    for (const core::Json& shot : shots->asArray()) {
        EXPECT_TRUE(test::readFile(shot.asString()).starts_with("\x89PNG")) << shot.asString();
    }
}

TEST(CommandLine, EndsQuietlyWhenItsReaderHasSeenEnough)
{
    const StoryStore store;
    ChildProcess child({EVENTSCOPE_PROGRAM, "read", store.url(), "--follow"});
    ASSERT_TRUE(child.readOutputUntil([](std::string_view text) { return text.find('\n') != std::string_view::npos; }));
    child.closeOutput();
    EXPECT_EQ(child.wait(), 0) << child.errors();
    EXPECT_NE(child.errors().find("\"complete\":false"), std::string::npos) << child.errors();
}

TEST(CommandLine, SaysWhenItsOutputCannotBeWritten)
{
    const StoryStore store;
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    ASSERT_GE(full, 0);
    const Finished run = test::runProgram({EVENTSCOPE_PROGRAM, "streams", store.url()}, {.standardOutput = full});
    ::close(full);
    EXPECT_EQ(run.exitCode, 1);
    EXPECT_NE(run.errors.find("No space left"), std::string::npos) << run.errors;
}

TEST(CommandLine, EndsAtOnceWhenInterrupted)
{
    const StoryStore store;
    for (const int signal : {SIGINT, SIGTERM}) {
        ChildProcess child({EVENTSCOPE_PROGRAM, "read", store.url(), "--follow"});
        ASSERT_TRUE(
            child.readOutputUntil([](std::string_view text) { return text.find("Noted") != std::string_view::npos; }));
        child.signal(signal);
        EXPECT_EQ(child.wait(), 130);
        const auto receipt = test::jsonLines(child.errors());
        ASSERT_EQ(receipt.size(), 1U) << child.errors();
        EXPECT_EQ(test::at(receipt[0], "/matched"), "14");
        EXPECT_EQ(test::at(receipt[0], "/complete"), "false");
    }
}
