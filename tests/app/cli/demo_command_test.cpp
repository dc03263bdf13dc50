// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/story_store.h"
#include "untouched.h"

#include <gtest/gtest.h>

#include <csignal>

using namespace eventscope;
using test::at;
using test::ChildProcess;
using test::Finished;
using test::jsonLines;

namespace {

// The journal of these tests, away from the user's own.
const test::TempDir& stateFolder()
{
    static const test::TempDir folder;
    return folder;
}

test::ChildProcess::Options surroundings()
{
    return {.environment = {"DISPLAY=", "WAYLAND_DISPLAY=", "XDG_STATE_HOME=" + stateFolder().path().string()}};
}

Finished run(std::vector<std::string> words)
{
    words.insert(words.begin(), EVENTSCOPE_PROGRAM);
    return test::runProgram(words, surroundings());
}

int numberAt(const core::Json& json, std::string_view pointer)
{
    return std::stoi(at(json, pointer));
}

} // namespace

TEST(DemoCommand, PrintsALineASecond)
{
    const Finished demo = run({"demo", "--seconds", "1.2", "--rate", "20"});
    EXPECT_EQ(demo.exitCode, 0) << demo.errors;
    const auto lines = jsonLines(demo.output);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(at(lines[0], "/second"), "1");
    EXPECT_GT(numberAt(lines[0], "/orders"), 5);
    EXPECT_GT(numberAt(lines[0], "/events"), 20);
    EXPECT_EQ(numberAt(lines[0], "/orders") + numberAt(lines[1], "/orders"), numberAt(lines[1], "/total/orders"));
    EXPECT_EQ(numberAt(lines[0], "/events") + numberAt(lines[1], "/events"), numberAt(lines[1], "/total/events"));
}

TEST(DemoCommand, AddsViewEvents)
{
    const auto lines = jsonLines(run({"demo", "--seconds", "1", "--views"}).output);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_GT(numberAt(lines[0], "/views"), 100);
}

TEST(DemoCommand, WritesNothingToALockedStore)
{
    const test::TempDir folder;
    const Finished demo = run({"demo", "--to", "sqlite:" + (folder / "story.db").string()});
    EXPECT_EQ(demo.exitCode, 1);
    EXPECT_EQ(demo.output, "");
    EXPECT_NE(demo.errors.find("--unlock"), std::string::npos) << demo.errors;
    EXPECT_EQ(test::namesIn(folder.path()), "");
}

TEST(DemoCommand, KeepsItsStoryAndContinuesIt)
{
    const test::TempDir folder;
    const std::string store = "sqlite:" + (folder / "story.db").string();
    const Finished first = run({"demo", "--seconds", "1", "--to", store, "--unlock"});
    EXPECT_EQ(first.exitCode, 0) << first.errors;
    const auto told = jsonLines(run({"read", store}).output);
    EXPECT_GE(static_cast<int>(told.size()), numberAt(jsonLines(first.output).back(), "/total/events"));
    EXPECT_EQ(at(told[0], "/source"), "\"story\"");

    const Finished second = run({"demo", "--seconds", "1", "--to", store, "--unlock"});
    EXPECT_EQ(second.exitCode, 0) << second.errors;
    const auto continued = jsonLines(run({"read", store}).output);
    ASSERT_GT(continued.size(), told.size());
    for (std::size_t i = 0; i < told.size(); ++i) {
        ASSERT_EQ(continued[i], told[i]) << "what was told stays as it was";
    }
}

TEST(DemoCommand, LeavesAFileThatIsNoStoreAlone)
{
    const test::TempDir folder;
    const auto file = folder / "diary.txt";
    test::writeFile(file, "Dear diary");
    const Finished demo = run({"demo", "--to", "sqlite:" + file.string(), "--unlock"});
    EXPECT_EQ(demo.exitCode, 3);
    EXPECT_EQ(demo.output, "");
    EXPECT_EQ(test::splitLines(demo.errors).size(), 1U) << demo.errors;
    EXPECT_EQ(test::readFile(file), "Dear diary");
    EXPECT_EQ(run({"demo", "--to", "sqlite:/nowhere/at/all.db", "--unlock"}).exitCode, 3);
    EXPECT_EQ(run({"demo", "--to", "demo:", "--unlock"}).exitCode, 2);
}

TEST(DemoCommand, TellsTheJournalWhatItWrote)
{
    const test::TempDir folder;
    const std::string store = "sqlite:" + (folder / "story.db").string();
    const auto entryOf = [](const std::string& source) {
        core::Json found;
        for (const core::Json& line : jsonLines(run({"journal"}).output)) {
            found = line.stringOr("source") == source ? line : found;
        }
        return found;
    };
    EXPECT_EQ(run({"demo", "--to", store}).exitCode, 1);
    EXPECT_TRUE(entryOf(store).isNull()) << "nothing was written";

    const auto lines = jsonLines(run({"demo", "--seconds", "0.5", "--to", store, "--unlock"}).output);
    const core::Json done = entryOf(store);
    EXPECT_EQ(at(done, "/kind"), "\"append\"");
    EXPECT_EQ(at(done, "/outcome"), "\"done\"");
    EXPECT_GE(std::stoi(std::string(done.stringOr("reason"))), numberAt(lines.back(), "/total/events"));
    EXPECT_NE(done.stringOr("reason").find(" events"), std::string::npos);

    const std::string nowhere = "sqlite:/nowhere/at/all.db";
    EXPECT_EQ(run({"demo", "--to", nowhere, "--unlock"}).exitCode, 3);
    EXPECT_EQ(at(entryOf(nowhere), "/outcome"), "\"failed\"");
}

TEST(DemoCommand, EndsCleanlyWhenInterrupted)
{
    const test::TempDir folder;
    const std::string store = "sqlite:" + (folder / "story.db").string();
    ChildProcess child({EVENTSCOPE_PROGRAM, "demo", "--seconds", "60", "--to", store, "--unlock"}, surroundings());
    ASSERT_TRUE(child.readOutputUntil([](std::string_view text) { return text.find('\n') != std::string_view::npos; }));
    child.signal(SIGINT);
    EXPECT_EQ(child.wait(), 130);
    EXPECT_EQ(run({"streams", store}).exitCode, 0);
    EXPECT_EQ(test::namesIn(folder.path()), "story.db ") << "no journal is left beside the store";
}

TEST(DemoSource, ShowsTheFirstFourSecondsOfTheStory)
{
    const Finished read = run({"read", "demo:"});
    EXPECT_EQ(read.exitCode, 0) << read.errors;
    const auto lines = jsonLines(read.output);
    EXPECT_GT(lines.size(), 100U);
    int placed = 0, completed = 0, compensated = 0;
    for (const core::Json& line : lines) {
        EXPECT_EQ(at(line, "/source"), "\"demo\"");
        placed += line.stringOr("type") == "OrderPlaced" ? 1 : 0;
        completed += line.stringOr("type") == "SagaCompleted" ? 1 : 0;
        compensated += line.stringOr("type") == "SagaCompensated" ? 1 : 0;
    }
    EXPECT_GE(placed, 20);
    EXPECT_GE(completed, 1);
    EXPECT_GE(compensated, 1);
    EXPECT_GE(run({"dead-letters", "demo:"}).lines().size(), 1U);
    EXPECT_GE(run({"sagas", "demo:", "--status", "compensated"}).lines().size(), 1U);
    EXPECT_EQ(at(jsonLines(run({"replay", "demo:", "order-dd686db1"}).output)[0], "/state/status"), "\"shipped\"");
}

TEST(DemoSource, TakesItsOptions)
{
    EXPECT_EQ(run({"read", "demo:?seconds=0"}).exitCode, 0);
    const auto seven = jsonLines(run({"read", "demo:?seed=7&seconds=1&rate=20&failures=0"}).output);
    ASSERT_GT(seven.size(), 20U);
    EXPECT_NE(at(seven[0], "/stream"), "\"saga-order-dd686db1\"");
    for (const char* wrong :
        {"demo:?speed=1", "demo:?seconds=-1", "demo:?rate=nan", "demo:?failures=2", "demo:?seed=x"}) {
        const Finished read = run({"read", wrong});
        EXPECT_EQ(read.exitCode, 2) << wrong;
        EXPECT_EQ(test::splitLines(read.errors).size(), 1U) << read.errors;
    }
}

TEST(DemoSource, IsFollowedLive)
{
    ChildProcess child({EVENTSCOPE_PROGRAM, "read", "demo:", "--follow", "--limit", "30"});
    EXPECT_EQ(child.wait(), 0) << child.errors();
    EXPECT_EQ(test::splitLines(child.output()).size(), 30U);
}
