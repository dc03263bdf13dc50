// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "story_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

using namespace eventscope;
using test::at;
using test::Finished;
using test::jsonLines;
using test::StoryStore;

namespace {

std::string in(const StoryStore& store, std::string_view name)
{
    return (store.folder() / name).string();
}

} // namespace

TEST(ExportCommand, WritesWhatReadPrints)
{
    const StoryStore store;
    const std::string file = in(store, "out.ndjson");
    const Finished run = store.run({"export", "STORE", file});
    EXPECT_EQ(run.exitCode, 0) << run.errors;
    EXPECT_EQ(run.output, "");
    EXPECT_EQ(at(jsonLines(run.errors)[0], "/matched"), "14");
    const std::string printed = store.run({"read", "STORE"}).output;
    EXPECT_EQ(test::readFile(file), printed);
    EXPECT_EQ(store.run({"read", "file:" + file}).output, printed) << "and it reads back identical";
    EXPECT_EQ(store.run({"export", "STORE", "-"}).output, printed);
}

TEST(ExportCommand, ChoosesEventsAsReadDoes)
{
    const StoryStore store;
    const std::string file = in(store, "out.ndjson");
    EXPECT_EQ(
        store.run({"export", "STORE", file, "--stream", "order-a", "--filter", "type = 'OrderShipped'"}).exitCode, 0);
    EXPECT_EQ(jsonLines(test::readFile(file)).size(), 1U);
    EXPECT_EQ(store.run({"export", "STORE", file, "--limit", "3"}).exitCode, 0);
    EXPECT_EQ(jsonLines(test::readFile(file)).size(), 3U) << "a new export takes the old one's place";
}

TEST(ExportCommand, LeavesNoHalfFileBehind)
{
    const StoryStore store;
    const std::string file = in(store, "out.ndjson");
    EXPECT_EQ(store.run({"export", "STORE", file, "--stream", "order-z"}).exitCode, 1);
    EXPECT_FALSE(std::filesystem::exists(file));
    EXPECT_EQ(store.run({"export", "STORE", in(store, "no/such/folder")}).exitCode, 1);
    EXPECT_EQ(store.run({"export", "STORE", file, "--format", "xml"}).exitCode, 2);
    EXPECT_EQ(store.run({"export", "sqlite:" + in(store, "none.db"), file}).exitCode, 3);
}

TEST(ExportCommand, WritesCloudEventsThatReadBack)
{
    const StoryStore store;
    const std::string file = in(store, "out.json");
    EXPECT_EQ(store.run({"export", "STORE", file, "--format", "cloudevents"}).exitCode, 0);
    const auto events = jsonLines(test::readFile(file));
    ASSERT_EQ(events.size(), 14U);
    EXPECT_EQ(at(events[1], "/specversion"), "\"1.0\"");
    EXPECT_EQ(at(events[1], "/subject"), "\"order-a\"");
    EXPECT_EQ(at(events[1], "/data/amount"), "38.00");
    EXPECT_EQ(store.run({"read", "file:" + file}).output, store.run({"read", "STORE"}).output);
}

TEST(ExportCommand, WritesCsvForSpreadsheets)
{
    const StoryStore store;
    const std::string csv = store.run({"export", "STORE", "-", "--format", "csv", "--stream", "order-a"}).output;
    EXPECT_TRUE(csv.starts_with("source,stream,position,")) << csv;
    EXPECT_NE(
        csv.find("\r\nstory,order-a,2,,2,01890000-0000-7000-8000-000000000002,PaymentConfirmed,"), std::string::npos)
        << csv;
    EXPECT_NE(csv.find(R"("{""orderId"":""a"",""paymentId"":""pay_a"",""amount"":38.00}",)"), std::string::npos) << csv;
}

TEST(ExportCommand, WritesACaptureThatReadsBackAndImports)
{
    const StoryStore store;
    const std::string capture = in(store, "story.eventscope");
    const Finished run = store.run({"export", "STORE", capture});
    EXPECT_EQ(run.exitCode, 0) << run.errors;
    EXPECT_EQ(at(jsonLines(run.errors)[0], "/matched"), "14");
    const std::string printed = store.run({"read", "STORE"}).output;
    EXPECT_EQ(store.run({"read", capture}).output, printed) << "by its path alone";
    EXPECT_EQ(store.run({"read", "file:" + capture}).output, printed);
    EXPECT_EQ(store.run({"read", capture, "--last", "2"}).lines().size(), 2U);
    const auto isStream = [](const std::string& line) { return line.find(R"("kind":"stream")") != std::string::npos; };
    EXPECT_EQ(std::ranges::count_if(store.run({"streams", capture}).lines(), isStream),
        std::ranges::count_if(store.run({"streams", "STORE"}).lines(), isStream))
        << "the queues of dead letters stay with the store";
    EXPECT_EQ(store.run({"replay", capture, "order-a"}).output, store.run({"replay", "STORE", "order-a"}).output);
    std::filesystem::create_directory(store.folder() / "copy");
    const std::string target = "sqlite:" + in(store, "copy/story.db");
    EXPECT_EQ(store.run({"import", capture, target, "--unlock"}).exitCode, 0);
    EXPECT_EQ(store.run({"read", target}).output, printed);
    const std::string other = in(store, "other.bin");
    EXPECT_EQ(store.run({"export", "STORE", other, "--format", "capture", "--stream", "order-a"}).exitCode, 0);
    EXPECT_EQ(store.run({"read", other}).output, store.run({"read", "STORE", "--stream", "order-a"}).output);
    EXPECT_EQ(store.run({"export", "STORE", "-", "--format", "capture"}).exitCode, 1) << "a capture needs a file";
}

TEST(ReadCommand, SaysInOneSentenceWhatIsWrongWithACapture)
{
    const StoryStore store;
    const std::string capture = in(store, "story.eventscope");
    ASSERT_EQ(store.run({"export", "STORE", capture}).exitCode, 0);
    const std::string whole = test::readFile(capture);
    test::writeFile(capture, std::string_view(whole).substr(0, whole.size() / 2));
    const Finished cut = store.run({"read", capture});
    EXPECT_NE(cut.exitCode, 0);
    EXPECT_NE(cut.errors.find("is cut short"), std::string::npos) << cut.errors;
    EXPECT_EQ(store.run({"read", in(store, "none.eventscope")}).exitCode, 2) << "neither a URL nor a file";
}

TEST(ImportCommand, IsRefusedWhileTheStoreIsLocked)
{
    const StoryStore store;
    const std::string file = in(store, "out.ndjson");
    store.run({"export", "STORE", file});
    const std::string target = in(store, "copy.db");
    const Finished run = store.run({"import", file, "sqlite:" + target});
    EXPECT_EQ(run.exitCode, 1);
    EXPECT_NE(run.errors.find("--unlock"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(target));
}

TEST(ImportCommand, ReadsBackIdenticalAndKeepsWhatWasThere)
{
    const StoryStore store;
    const std::string file = in(store, "out.ndjson");
    store.run({"export", "STORE", file});
    std::filesystem::create_directory(store.folder() / "copy");
    const std::string target = "sqlite:" + in(store, "copy/story.db");
    const Finished run = store.run({"import", file, target, "--unlock"});
    EXPECT_EQ(run.exitCode, 0) << run.errors;
    EXPECT_EQ(run.output, "{\"imported\":14,\"alreadyThere\":0,\"idsMade\":0,\"timesMade\":0}\n");
    EXPECT_EQ(store.run({"read", target}).output, store.run({"read", "STORE"}).output);
    const Finished again = store.run({"import", file, target, "--unlock"});
    EXPECT_EQ(again.exitCode, 0) << again.errors;
    EXPECT_EQ(again.output, "{\"imported\":0,\"alreadyThere\":14,\"idsMade\":0,\"timesMade\":0}\n");
    EXPECT_EQ(store.run({"read", target}).lines().size(), 14U);
    const auto journal = jsonLines(store.run({"journal"}).output);
    ASSERT_EQ(journal.size(), 2U);
    EXPECT_EQ(at(journal[0], "/kind"), "\"import\"");
    EXPECT_EQ(at(journal[0], "/outcome"), "\"done\"");
    EXPECT_EQ(at(journal[0], "/reason"), "\"14 events\"");
}

TEST(ImportCommand, StopsAtWhatCannotBeImportedAndSaysWhat)
{
    const StoryStore store;
    const std::string file = in(store, "in.ndjson");
    const std::string target = "sqlite:" + in(store, "copy.db");
    test::writeFile(file,
        "{\"stream\":\"order-1\",\"id\":\"a\",\"type\":\"A\",\"data\":{}}\n{\"stream\":\"order-1\",\n"
        "{\"stream\":\"order-1\",\"id\":\"b\",\"type\":\"B\",\"data\":{}}\n");
    const Finished run = store.run({"import", file, target, "--unlock"});
    EXPECT_EQ(run.exitCode, 1);
    EXPECT_NE(run.errors.find("position 2 cannot be imported"), std::string::npos) << run.errors;
    EXPECT_NE(run.errors.find("1 events were imported before that"), std::string::npos) << run.errors;
    EXPECT_EQ(store.run({"read", target}).lines().size(), 1U);
    EXPECT_EQ(at(jsonLines(store.run({"journal"}).output)[0], "/outcome"), "\"failed\"");
}

TEST(ImportCommand, RenumbersAPartOfAStreamWhenAskedTo)
{
    const StoryStore store;
    const std::string file = in(store, "part.ndjson");
    const std::string target = "sqlite:" + in(store, "copy.db");
    store.run({"export", "STORE", file, "--stream", "order-a", "--from", "2"});
    EXPECT_EQ(store.run({"import", file, target, "--unlock"}).exitCode, 1) << "its version 1 is missing";
    EXPECT_EQ(store.run({"import", file, target, "--unlock", "--renumber"}).exitCode, 0);
    const auto lines = jsonLines(store.run({"read", target}).output);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(at(lines[0], "/version"), "1");
}

TEST(ImportCommand, TakesNoSourceThatIsNoStore)
{
    const StoryStore store;
    const std::string file = in(store, "out.ndjson");
    store.run({"export", "STORE", file});
    EXPECT_EQ(store.run({"import", file, "demo:", "--unlock"}).exitCode, 1);
    EXPECT_EQ(store.run({"import", in(store, "none"), "sqlite:" + in(store, "c.db"), "--unlock"}).exitCode, 3);
}

TEST(FlowCommand, PrintsCausesBeforeEffectsOverSeveralSources)
{
    const StoryStore store;
    const std::string file = in(store, "other.ndjson");
    test::writeFile(file,
        R"({"source":"mail","stream":"mail-1","position":"1","id":"m1","type":"MailSent","time":"2026-11-23T09:00:09Z","correlationId":"flow-order-a","causationId":"01890000-0000-7000-8000-000000000003","data":{}}
{"source":"mail","stream":"mail-2","position":"2","id":"m2","type":"MailSent","correlationId":"another","data":{}}
)");
    const Finished run = store.run({"flow", "STORE", "file:" + file, "--correlation", "flow-order-a"});
    EXPECT_EQ(run.exitCode, 0) << run.errors;
    const auto lines = jsonLines(run.output);
    bool found = false;
    for (const core::Json& line : lines) {
        EXPECT_NE(at(line, "/depth"), "absent");
        EXPECT_NE(at(line, "/parent"), "absent");
        if (at(line, "/id") == "\"m1\"") {
            found = true;
            EXPECT_EQ(at(line, "/parent"), "\"01890000-0000-7000-8000-000000000003\"");
            EXPECT_NE(at(line, "/depth"), "0");
        }
    }
    EXPECT_TRUE(found) << run.output;
    EXPECT_EQ(run.output.find("m2"), std::string::npos);
    EXPECT_EQ(store.run({"flow", "STORE", "--correlation", "none"}).exitCode, 1);
    EXPECT_EQ(store.run({"flow", "STORE"}).exitCode, 2);
    EXPECT_EQ(store.run({"flow", "STORE", "sqlite:" + in(store, "none.db"), "--correlation", "x"}).exitCode, 3);
}

TEST(FindStepCommand, PrintsTheFirstStepThatAnExpressionHoldsAfter)
{
    const StoryStore store;
    const Finished run = store.run({"find-step", "STORE", "order-a", "--when", "state.status = 'paid'"});
    EXPECT_EQ(run.exitCode, 0) << run.errors;
    const auto lines = jsonLines(run.output);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(at(lines[0], "/version"), "2");
    EXPECT_EQ(at(lines[0], "/type"), "\"PaymentConfirmed\"");
    EXPECT_EQ(at(lines[0], "/state/status"), "\"paid\"");
    const Finished never = store.run({"find-step", "STORE", "order-a", "--when", "state.status = 'lost'"});
    EXPECT_EQ(never.exitCode, 1);
    EXPECT_EQ(never.output, "");
    EXPECT_NE(never.errors.find("holds after none"), std::string::npos);
    EXPECT_EQ(store.run({"find-step", "STORE", "order-z", "--when", "TRUE"}).exitCode, 1);
    EXPECT_EQ(store.run({"find-step", "STORE", "order-a", "--when", "state ="}).exitCode, 2);
    EXPECT_EQ(store.run({"find-step", "STORE", "order-a"}).exitCode, 2);
}

TEST(FileSources, WorkWithEveryCommandThatLooks)
{
    const StoryStore store;
    const std::string file = in(store, "out.ndjson");
    store.run({"export", "STORE", file});
    const std::string url = "file:" + file;
    const auto streams = jsonLines(store.run({"streams", url}).output);
    ASSERT_EQ(streams.size(), 5U);
    EXPECT_EQ(at(streams[1], "/name"), "\"order-a\"");
    EXPECT_EQ(at(streams[1], "/count"), "3");
    EXPECT_EQ(store.run({"replay", url, "order-a"}).output, store.run({"replay", "STORE", "order-a"}).output);
    EXPECT_EQ(store.run({"sagas", url}).output, store.run({"sagas", "STORE"}).output);
    EXPECT_EQ(store.run({"find-step", url, "order-a", "--when", "state.status = 'shipped'"}).exitCode, 0);
    EXPECT_EQ(store.run({"read", url, "--stream", "order-b", "--from", "5"}).lines().size(), 1U);
    EXPECT_EQ(store.run({"read", "file:" + in(store, "none")}).exitCode, 3);
}
