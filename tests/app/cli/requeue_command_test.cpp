// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "story_store.h"

#include "sourcing/sqlite_database.h"
#include "sourcing/sqlite_dead_letter_store.h"
#include "sourcing/sqlite_redelivery_queue.h"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

using namespace eventscope;
using namespace eventscope::core;
using test::at;
using test::Finished;
using test::jsonLines;

namespace {

/// A store with two dead letters and a state folder of its own for the journal.
class LetterStore {
public:
    Finished run(std::vector<std::string> words) const
    {
        return test::runProgram(command(std::move(words)), options());
    }

    std::vector<std::string> command(std::vector<std::string> words) const
    {
        std::ranges::replace(words, "STORE", m_story.url());
        words.insert(words.begin(), EVENTSCOPE_PROGRAM);
        return words;
    }
    test::ChildProcess::Options options() const
    {
        return {.directory = m_story.folder().path().string(),
            .environment = {"XDG_STATE_HOME=" + (m_story.folder() / "state").string()}};
    }

    std::vector<std::string> letterIds() const
    {
        std::vector<std::string> ids;
        for (const Json& line : jsonLines(run({"dead-letters", "STORE"}).output)) {
            ids.emplace_back(line.stringOr("id"));
        }
        return ids;
    }
    std::vector<Redelivery> redeliveries() const
    {
        const auto database = SqliteDatabase::open(m_story.file(), {.access = SqliteAccess::ReadWrite});
        return *(*SqliteRedeliveryQueue::open(*database))->pending(100'000);
    }
    void park(int count) const
    {
        const auto database = SqliteDatabase::open(m_story.file(), {.access = SqliteAccess::ReadWrite});
        const auto letters = std::move(*SqliteDeadLetterStore::open(*database));
        for (int i = 0; i < count; ++i) {
            ParkedEvent letter;
            letter.id = fmt::format("letter-{:04}", i);
            letter.queue = "mail";
            letter.original.id = fmt::format("event-{:04}", i);
            letter.original.type = "OrderPlaced";
            letter.original.stream = fmt::format("order-{}", i);
            letter.original.data = "{}";
            letter.failedAt = Timestamp(std::chrono::days(20'000) + std::chrono::seconds(i));
            ASSERT_TRUE(letters->park(letter));
        }
    }
    const test::StoryStore& story() const { return m_story; }

private:
    test::StoryStore m_story;
};

} // namespace

TEST(RequeueCommand, IsRefusedWhileTheSourceIsLocked)
{
    const LetterStore store;
    const Finished run = store.run({"requeue", "STORE", "--all"});
    EXPECT_EQ(run.exitCode, 1);
    EXPECT_EQ(run.output, "");
    EXPECT_NE(run.errors.find("--unlock"), std::string::npos);
    EXPECT_EQ(store.letterIds().size(), 2U);
    EXPECT_EQ(store.run({"journal"}).output, "");
}

TEST(RequeueCommand, ShowsInADryRunWhatWouldGoAndChangesNothing)
{
    const LetterStore store;
    const Finished run = store.run({"requeue", "STORE", "--all", "--dry-run"});
    EXPECT_EQ(run.exitCode, 0) << run.errors;
    const auto lines = jsonLines(run.output);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(at(lines[0], "/outcome"), "\"skipped\"");
    EXPECT_NE(at(lines[0], "/reason").find("dry run: would go to"), std::string::npos);
    EXPECT_EQ(store.letterIds().size(), 2U);
    EXPECT_TRUE(store.redeliveries().empty());
    EXPECT_EQ(store.run({"journal"}).output, "");
}

TEST(RequeueCommand, SendsTheChosenLettersAndNoOther)
{
    const LetterStore store;
    const std::vector<std::string> ids = store.letterIds();
    const Finished run = store.run({"requeue", "STORE", "--id", ids[0], "--unlock"});
    EXPECT_EQ(run.exitCode, 0) << run.errors;
    EXPECT_EQ(run.lines(), std::vector{fmt::format(R"({{"id":"{}","outcome":"requeued"}})", ids[0])});
    EXPECT_EQ(store.letterIds(), std::vector{ids[1]});
    ASSERT_EQ(store.redeliveries().size(), 1U);
    EXPECT_EQ(store.redeliveries()[0].queue, "mail");
    const auto journal = jsonLines(store.run({"journal"}).output);
    ASSERT_EQ(journal.size(), 1U);
    EXPECT_EQ(at(journal[0], "/kind"), "\"requeue\"");
    EXPECT_EQ(at(journal[0], "/outcome"), "\"done\"");
    EXPECT_EQ(journal[0].stringOr("id"), ids[0]);
    EXPECT_EQ(store.run({"journal", "--since", "2099-01-01T00:00:00Z"}).output, "");
}

TEST(RequeueCommand, ChoosesByFilterQueueAndSendsElsewhere)
{
    const LetterStore store;
    const Finished run
        = store.run({"requeue", "STORE", "--filter", "queue = 'search' AND EXISTS error", "--to", "mail", "--unlock"});
    EXPECT_EQ(run.exitCode, 0) << run.errors;
    EXPECT_EQ(run.lines().size(), 1U);
    ASSERT_EQ(store.redeliveries().size(), 1U);
    EXPECT_EQ(store.redeliveries()[0].queue, "mail");
    EXPECT_EQ(store.run({"dead-letters", "STORE", "--queue", "search"}).output, "");
}

TEST(RequeueCommand, EditsThePayloadByJsonPatch)
{
    const LetterStore store;
    store.park(1);
    std::ofstream(store.story().folder() / "patch.json") << R"([{"op":"add","path":"/fixed","value":1.50}])";
    const Finished run = store.run({"requeue", "STORE", "--id", "letter-0000", "--edit", "patch.json", "--unlock"});
    EXPECT_EQ(run.exitCode, 0) << run.errors;
    ASSERT_EQ(store.redeliveries().size(), 1U);
    EXPECT_EQ(store.redeliveries()[0].event.data, R"({"fixed":1.50})");
}

TEST(RequeueCommand, SaysWhatIsWrongWithTheRequest)
{
    const LetterStore store;
    std::ofstream(store.story().folder() / "bad.json") << "{}";
    const std::vector<std::pair<std::vector<std::string>, int>> requests{
        {{"requeue", "STORE", "--unlock"}, 2},
        {{"requeue", "STORE", "--all", "--id", "x", "--unlock"}, 2},
        {{"requeue", "STORE", "--filter", "type =", "--unlock"}, 2},
        {{"requeue", "STORE", "--all", "--edit", "bad.json", "--unlock"}, 2},
        {{"requeue", "STORE", "--all", "--edit", "none.json", "--unlock"}, 2},
        {{"requeue", "STORE", "--all", "--rate", "0", "--unlock"}, 2},
        {{"requeue", "STORE", "--id", "nobody", "--unlock"}, 1},
        {{"requeue", "sqlite:none.db", "--all", "--unlock"}, 3},
        {{"discard", "STORE", "--id", "nobody", "--unlock"}, 1},
        {{"journal", "--since", "yesterday"}, 2},
    };
    for (const auto& [words, code] : requests) {
        const Finished run = store.run(words);
        EXPECT_EQ(run.exitCode, code) << fmt::format("{}", fmt::join(words, " "));
        EXPECT_TRUE(code == 1 || !run.errors.empty());
    }
    EXPECT_EQ(store.letterIds().size(), 2U);
    EXPECT_TRUE(store.redeliveries().empty());
}

TEST(DiscardCommand, RemovesALetterAndKeepsItInTheJournal)
{
    const LetterStore store;
    const std::vector<std::string> ids = store.letterIds();
    EXPECT_EQ(store.run({"discard", "STORE", "--id", ids[0]}).exitCode, 1);
    EXPECT_EQ(store.letterIds().size(), 2U);
    const Finished run = store.run({"discard", "STORE", "--id", ids[0], "--unlock"});
    EXPECT_EQ(run.exitCode, 0) << run.errors;
    EXPECT_EQ(run.lines(), std::vector{fmt::format(R"({{"id":"{}","outcome":"discarded"}})", ids[0])});
    EXPECT_EQ(store.letterIds(), std::vector{ids[1]});
    EXPECT_TRUE(store.redeliveries().empty());
    EXPECT_EQ(at(jsonLines(store.run({"journal"}).output)[0], "/kind"), "\"discard\"");
}

TEST(DiscardCommand, PutsALetterBackThatWasDiscarded)
{
    const LetterStore store;
    const std::vector<std::string> ids = store.letterIds();
    EXPECT_EQ(store.run({"discard", "STORE", "--id", ids[0], "--undo", "--unlock"}).exitCode, 1) << "it is there";
    ASSERT_EQ(store.run({"discard", "STORE", "--id", ids[0], "--unlock"}).exitCode, 0);
    EXPECT_EQ(store.run({"discard", "STORE", "--id", ids[0], "--undo"}).exitCode, 1);
    EXPECT_EQ(store.letterIds().size(), 1U);
    const Finished run = store.run({"discard", "STORE", "--id", ids[0], "--undo", "--unlock"});
    EXPECT_EQ(run.exitCode, 0) << run.errors;
    EXPECT_EQ(run.lines(), std::vector{fmt::format(R"({{"id":"{}","outcome":"restored"}})", ids[0])});
    EXPECT_EQ(store.letterIds().size(), 2U);
    EXPECT_EQ(store.run({"discard", "STORE", "--id", ids[0], "--undo", "--unlock"}).exitCode, 1) << "only once";
    EXPECT_EQ(store.letterIds().size(), 2U);
}

// The promise of the whole thing: a thousand letters, a program that dies fifty times.
TEST(RequeueCommand, KilledAgainAndAgainLosesNoLetterAndDoublesNoneUnreported)
{
    constexpr int kLetters = 1000;
    constexpr int kKills = 50;
    const LetterStore store;
    ASSERT_EQ(store.run({"requeue", "STORE", "--all", "--unlock"}).exitCode, 0);
    const std::size_t before = store.redeliveries().size();
    store.park(kLetters);
    std::mt19937 random(20'261'123);
    std::set<std::string> doubtful;
    const auto note = [&](const std::string& output) {
        for (const std::string& line : test::splitLines(output)) {
            const auto json = Json::parse(line);
            if (json && json->stringOr("outcome") == "in-doubt") {
                doubtful.emplace(json->stringOr("id"));
            }
        }
    };
    int killed = 0;
    for (int life = 0; life < kKills; ++life) {
        test::ChildProcess child(store.command({"requeue", "STORE", "--all", "--unlock"}), store.options());
        // A random number of letters, so that every life gets somewhere and dies at another place.
        const auto letters = static_cast<std::ptrdiff_t>(random() % 18);
        child.readOutputUntil([&](std::string_view seen) { return std::ranges::count(seen, '\n') >= letters; });
        child.signal(SIGKILL);
        killed += child.wait() == 128 + SIGKILL;
        note(child.output());
    }
    const Finished last = store.run({"requeue", "STORE", "--all", "--unlock"});
    ASSERT_EQ(last.exitCode, 0) << last.errors;
    note(last.output);
    std::map<std::string, int> arrived;
    for (const Redelivery& redelivery : store.redeliveries()) {
        ++arrived[redelivery.event.id];
    }
    int lost = 0, doubled = 0;
    for (int i = 0; i < kLetters; ++i) {
        const int times = arrived[fmt::format("event-{:04}", i)];
        lost += times == 0;
        doubled += times > 1 && !doubtful.contains(fmt::format("letter-{:04}", i));
    }
    fmt::print("{} letters, killed {} times: {} lost, {} sent twice unreported, {} reported in doubt\n", kLetters,
        killed, lost, doubled, doubtful.size());
    EXPECT_GT(killed, kKills / 2);
    EXPECT_EQ(lost, 0);
    EXPECT_EQ(doubled, 0);
    EXPECT_EQ(store.redeliveries().size(), before + kLetters);
    EXPECT_TRUE(store.letterIds().empty());
}
