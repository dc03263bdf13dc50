// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker.h"
#include "story_store.h"

#include "event/json.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

// What every command of the program does on a broker. The same story is in a store, to compare with.

namespace eventscope::test {

namespace {

class KafkaCommands : public testing::Test {
protected:
    /// "STORE" is the story's store, "TOPIC" a topic of this test's own.
    Finished run(std::vector<std::string> words) const
    {
        for (std::string& word : words)
            word = word == "TOPIC" ? m_url : word;
        return m_story.run(std::move(words));
    }

    std::string in(std::string_view name) const { return (m_story.folder() / name).string(); }

    void importStory()
    {
        const std::string file = in("story.ndjson");
        ASSERT_EQ(run({"export", "STORE", file}).exitCode, 0);
        const Finished imported = run({"import", file, "TOPIC", "--unlock"});
        ASSERT_EQ(imported.exitCode, 0) << imported.errors;
        EXPECT_EQ(at(jsonLines(imported.output)[0], "/imported"), "14");
    }

    /// What an event is wherever it lies: less its source, position and partition.
    static std::vector<std::string> eventsIn(const std::string& output)
    {
        std::vector<std::string> events;
        for (const core::Json& line : jsonLines(output)) {
            core::Json event;
            for (const char* name :
                {"stream", "version", "id", "type", "time", "correlationId", "causationId", "headers", "data"}) {
                if (const core::Json* member = line.find(name))
                    event.set(name, *member);
            }
            events.push_back(event.dump());
        }
        std::ranges::sort(events);
        return events;
    }

    static void expectSame(const std::string& output, const std::string& other)
    {
        EXPECT_EQ(eventsIn(output), eventsIn(other));
        EXPECT_FALSE(output.empty());
    }

    const StoryStore m_story;
    const std::string m_topic = uniqueName("story");
    const std::string m_url = "kafka://" + kafkaBrokers() + "/" + m_topic;
    KafkaFriend m_friend;
};

} // namespace

TEST_F(KafkaCommands, ReadBackWhatTheyImported)
{
    m_friend.makeTopic(m_topic, 3);
    importStory();
    const Finished read = run({"read", "TOPIC"});
    EXPECT_EQ(read.exitCode, 0) << read.errors;
    expectSame(read.output, run({"read", "STORE"}).output);
    EXPECT_NE(read.errors.find("\"complete\":true"), std::string::npos) << read.errors;

    const std::string file = in("out.ndjson");
    EXPECT_EQ(run({"export", "TOPIC", file}).exitCode, 0);
    expectSame(readFile(file), read.output);
    const std::string second = m_url + "-2";
    EXPECT_EQ(run({"import", file, second, "--unlock"}).exitCode, 0);
    expectSame(run({"read", second}).output, read.output);

    const std::string cloud = in("cloud.ndjson");
    EXPECT_EQ(run({"export", "TOPIC", cloud, "--format", "cloudevents"}).exitCode, 0);
    EXPECT_EQ(jsonLines(readFile(cloud)).size(), 14U);
}

TEST_F(KafkaCommands, ImportNothingUnlessUnlockedAndOnlyIntoATopic)
{
    const std::string file = in("story.ndjson");
    ASSERT_EQ(run({"export", "STORE", file}).exitCode, 0);
    const Finished locked = run({"import", file, "TOPIC"});
    EXPECT_EQ(locked.exitCode, 1);
    EXPECT_NE(locked.errors.find("--unlock"), std::string::npos) << locked.errors;
    const Finished nowhere = run({"import", file, "kafka://" + kafkaBrokers(), "--unlock"});
    EXPECT_EQ(nowhere.exitCode, 2) << nowhere.errors;
    EXPECT_NE(nowhere.errors.find("name it"), std::string::npos) << nowhere.errors;
    const Finished absent = run({"import", file, "kafka://127.0.0.1:1/t", "--unlock"});
    EXPECT_EQ(absent.exitCode, 3) << absent.errors;
    EXPECT_EQ(run({"journal"}).output, "") << "where nothing was written";
}

TEST_F(KafkaCommands, ListTheTopicWithItsCount)
{
    m_friend.makeTopic(m_topic, 3);
    importStory();
    const Finished streams = run({"streams", "TOPIC"});
    EXPECT_EQ(streams.exitCode, 0) << streams.errors;
    const auto lines = jsonLines(streams.output);
    ASSERT_EQ(lines.size(), 1U) << streams.output;
    EXPECT_EQ(lines[0].stringOr("name"), m_topic);
    EXPECT_EQ(lines[0].stringOr("kind"), "topic");
    EXPECT_GE(std::stoi(at(lines[0], "/count")), 14) << "offsets, with the transaction's markers among them";
}

TEST_F(KafkaCommands, ChooseEventsAsOnAStore)
{
    m_friend.makeTopic(m_topic, 1);
    importStory();
    const auto same = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {"read", "TOPIC"});
        const Finished onTopic = run(words);
        EXPECT_EQ(onTopic.exitCode, 0) << onTopic.errors;
        words[1] = "STORE";
        expectSame(onTopic.output, run(words).output);
    };
    same({"--stream", "order-a"});
    same({"--filter", "type = 'OrderShipped'"});
    same({"--filter", "data.totalAmount > 10"});
    same({"--from", "2026-11-23T09:00:03Z", "--to", "2026-11-23T09:00:06Z"});
    same({"--limit", "3"});
    const auto byOffset = jsonLines(run({"read", "TOPIC", "--from", "2", "--to", "4"}).output);
    ASSERT_EQ(byOffset.size(), 3U);
    EXPECT_EQ(byOffset[0].stringOr("position"), "2");
    EXPECT_EQ(run({"read", "TOPIC", "--stream", "order-z"}).exitCode, 1);
}

TEST_F(KafkaCommands, FollowWhatComesUntilInterrupted)
{
    m_friend.makeTopic(m_topic, 1);
    importStory();
    ChildProcess child({EVENTSCOPE_PROGRAM, "read", m_url, "--follow"});
    ASSERT_TRUE(
        child.readOutputUntil([](std::string_view text) { return text.find("Noted") != std::string_view::npos; }));
    m_friend.write(m_topic, {{.key = "late", .value = R"({"eventId":"l","eventType":"CameLater"})"}});
    EXPECT_TRUE(
        child.readOutputUntil([](std::string_view text) { return text.find("CameLater") != std::string_view::npos; }));
    child.signal(SIGINT);
    EXPECT_EQ(child.wait(), 130) << child.errors();
}

TEST_F(KafkaCommands, ReplayAnAggregateAndFindItsSteps)
{
    m_friend.makeTopic(m_topic, 3);
    importStory();
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"replay", "TOPIC", "order-a"},
             {"replay", "TOPIC", "order-a", "--at", "2"}, {"replay", "TOPIC", "order-b", "--steps"},
             {"replay", "TOPIC", "order-a", "--skip", "2"},
             {"find-step", "TOPIC", "order-a", "--when", "state.status = 'paid'"}}) {
        const Finished onTopic = run(words);
        EXPECT_EQ(onTopic.exitCode, 0) << words[0] << ": " << onTopic.errors;
        std::vector<std::string> onStore = words;
        onStore[1] = "STORE";
        EXPECT_EQ(onTopic.output, run(onStore).output) << words[0];
    }
}

TEST_F(KafkaCommands, ShowSagasAndFlows)
{
    m_friend.makeTopic(m_topic, 3);
    importStory();
    const Finished sagas = run({"sagas", "TOPIC"});
    EXPECT_EQ(sagas.exitCode, 0) << sagas.errors;
    std::set<std::string> statuses;
    for (const core::Json& saga : jsonLines(sagas.output))
        statuses.insert(fmt::format("{} {}", saga.stringOr("id"), saga.stringOr("status")));
    EXPECT_EQ(statuses, (std::set<std::string>{"order-a completed", "order-b compensating"}));
    EXPECT_EQ(jsonLines(run({"sagas", "TOPIC", "--status", "completed"}).output).size(), 1U);

    const Finished flow = run({"flow", "TOPIC", "--correlation", "flow-order-a"});
    EXPECT_EQ(flow.exitCode, 0) << flow.errors;
    const auto events = jsonLines(flow.output);
    ASSERT_EQ(events.size(), 3U) << flow.output;
    EXPECT_EQ(events[0].stringOr("type"), "OrderPlaced");
    EXPECT_NE(at(events[0], "/depth"), "absent");
    EXPECT_EQ(jsonLines(run({"flow", "TOPIC", "STORE", "--correlation", "flow-order-a"}).output).size(), 6U);
}

TEST_F(KafkaCommands, TellTheDemoAndItsDeadLetters)
{
    const Finished demo = run({"demo", "--seconds", "4", "--failures", "0.5", "--to", "TOPIC", "--unlock"});
    EXPECT_EQ(demo.exitCode, 0) << demo.errors;
    EXPECT_FALSE(run({"sagas", "TOPIC"}).output.empty());

    const std::vector<std::string> look{"dead-letters", "TOPIC"};
    const Finished listed = run(look);
    EXPECT_EQ(listed.exitCode, 0) << listed.errors;
    const auto letters = jsonLines(listed.output);
    ASSERT_FALSE(letters.empty()) << demo.output;
    EXPECT_EQ(letters[0].stringOr("convention"), "eventscope");
    EXPECT_EQ(letters[0].stringOr("queue"), m_topic + ".dead-letter");
    EXPECT_EQ(at(letters[0], "/original/stream"), "\"" + m_topic + "\"");
    const std::string id(letters[0].stringOr("id"));

    const auto count = [&] { return m_friend.readAll(m_topic).size(); };
    const std::size_t before = count();
    EXPECT_EQ(run({"requeue", "TOPIC", "--id", id}).exitCode, 1) << "it is locked";
    const Finished dry = run({"requeue", "TOPIC", "--id", id, "--dry-run"});
    EXPECT_EQ(dry.exitCode, 0) << dry.errors;
    EXPECT_EQ(jsonLines(dry.output)[0].stringOr("reason"), "dry run: would go to " + m_topic);
    EXPECT_NE(dry.errors.find("Every consumer group"), std::string::npos) << dry.errors;
    EXPECT_EQ(count(), before);

    const Finished requeued = run({"requeue", "TOPIC", "--id", id, "--unlock"});
    EXPECT_EQ(requeued.exitCode, 0) << requeued.errors;
    EXPECT_EQ(jsonLines(requeued.output)[0].stringOr("outcome"), "requeued");
    EXPECT_EQ(count(), before + 1);
    const auto journal = jsonLines(run({"journal"}).output);
    ASSERT_EQ(journal.size(), 2U);
    EXPECT_TRUE(std::ranges::any_of(journal,
        [&](const core::Json& entry) { return entry.stringOr("id") == id && entry.stringOr("kind") == "requeue"; }));

    const Finished discarded = run({"discard", "TOPIC", "--id", id, "--unlock"});
    EXPECT_EQ(discarded.exitCode, 0) << discarded.errors;
    EXPECT_EQ(jsonLines(discarded.output)[0].stringOr("outcome"), "discarded");
    EXPECT_EQ(run(look).output.find("\"" + id + "\""), std::string::npos);
    EXPECT_EQ(m_friend.readAll(m_topic + ".dead-letter").size(), letters.size()) << "Kafka keeps it";
}

} // namespace eventscope::test
