// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "child_process.h"
#include "rabbit_server.h"
#include "temp_dir.h"

#include "event/json.h"
#include "management_api.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

using namespace eventscope;
using namespace eventscope::test;
using namespace eventscope::rabbitmq;

namespace {

class RabbitCommandLine : public testing::Test {
protected:
    std::string url(const std::string& options = {}) const
    {
        const RabbitOptions& broker = m_vhost.options();
        return fmt::format("amqp://{}@{}:{}/{}?management={}{}", broker.user, broker.host, broker.port, broker.vhost,
            broker.management, options);
    }
    Finished run(std::vector<std::string> arguments)
    {
        arguments.insert(arguments.begin(), EVENTSCOPE_PROGRAM);
        return runProgram(arguments,
            {.environment = {"XDG_STATE_HOME=" + m_folder.path().string(), "XDG_CACHE_HOME=" + m_folder.path().string(),
                 "DISPLAY=", "WAYLAND_DISPLAY=", "QT_QPA_PLATFORM="}});
    }
    void park(const std::string& id)
    {
        MessageProperties properties;
        properties.messageId = id;
        properties.headers = {{"eventType", "OrderPlaced"}, {"eventscope-error-type", "DomainRule"},
            {"eventscope-error-message", "no such customer"}, {"eventscope-queue", "orders"}};
        m_vhost.publish("orders.dlq", R"({"total":38.00})", properties);
    }

    OwnVhost m_vhost;
    TempDir m_folder;
};

} // namespace

TEST_F(RabbitCommandLine, ListsReadsAndFollowsWithoutTouchingAnything)
{
    m_vhost.declareQueue("log", {{"x-queue-type", "stream"}});
    MessageProperties properties;
    properties.messageId = "m-1";
    m_vhost.publish("log",
        R"({"eventId":"e-1","eventType":"OrderPlaced","timestamp":"2026-11-23T09:14:02.113000Z","aggregateId":"order-7","version":1,"data":{"total":38.00}})",
        properties);
    const Finished streams = run({"streams", url()});
    EXPECT_EQ(streams.exitCode, 0) << streams.errors;
    EXPECT_NE(streams.output.find(R"("name":"log","kind":"stream")"), std::string::npos) << streams.output;
    const Finished read = run({"read", url()});
    EXPECT_EQ(read.exitCode, 0) << read.errors;
    ASSERT_EQ(read.lines().size(), 1u);
    const auto event = core::Json::parse(read.lines()[0]);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->stringOr("id"), "e-1");
    EXPECT_EQ(event->stringOr("position"), "0");
    EXPECT_EQ(event->stringOr("stream"), "order-7");
    EXPECT_EQ(event->at("/data/total")->numberText(), "38.00");
    const Finished followed = run({"read", url(), "--follow", "--limit", "1"});
    EXPECT_EQ(followed.exitCode, 0) << followed.errors;
    EXPECT_EQ(followed.lines().size(), 1u);
}

TEST_F(RabbitCommandLine, RequeuesAndDiscardsOnlyWhenUnlocked)
{
    m_vhost.declareQueue("orders");
    m_vhost.declareQueue("orders.dlq");
    park("m-1");
    park("m-2");
    const Finished letters = run({"dead-letters", url()});
    ASSERT_EQ(letters.lines().size(), 2u) << letters.errors;
    const auto letter = core::Json::parse(letters.lines()[0]);
    ASSERT_TRUE(letter);
    EXPECT_EQ(letter->stringOr("convention"), "eventscope");
    EXPECT_EQ(run({"requeue", url(), "--all"}).exitCode, 1);
    const Finished dry = run({"requeue", url(), "--all", "--dry-run"});
    EXPECT_EQ(dry.exitCode, 0);
    EXPECT_NE(dry.output.find("would go to the queue 'orders'"), std::string::npos) << dry.output;
    EXPECT_EQ(m_vhost.depth("orders.dlq"), 2u);
    EXPECT_EQ(m_vhost.depth("orders"), 0u);
    const std::string id(letter->stringOr("id"));
    const Finished sent = run({"requeue", url(), "--id", id, "--unlock"});
    EXPECT_EQ(sent.exitCode, 0) << sent.errors;
    EXPECT_NE(sent.output.find(R"("outcome":"requeued")"), std::string::npos) << sent.output;
    EXPECT_EQ(m_vhost.depth("orders"), 1u);
    const auto other = core::Json::parse(letters.lines()[1]);
    const Finished discarded = run({"discard", url(), "--id", std::string(other->stringOr("id")), "--unlock"});
    EXPECT_EQ(discarded.exitCode, 0) << discarded.errors;
    EXPECT_EQ(m_vhost.depth("orders.dlq"), 0u);
    EXPECT_EQ(run({"journal"}).lines().size(), 2u);
    const Finished undone = run({"discard", url(), "--id", std::string(other->stringOr("id")), "--undo", "--unlock"});
    EXPECT_EQ(undone.exitCode, 0) << undone.errors;
    EXPECT_NE(undone.output.find(R"("outcome":"restored")"), std::string::npos) << undone.output;
    EXPECT_EQ(run({"dead-letters", url()}).lines(), std::vector{letters.lines()[1]}) << "as it was, in every field";
}

TEST_F(RabbitCommandLine, SaysWhatIsWrongWithTheUrlAndTheWayIn)
{
    const Finished option = run({"streams", url("&pek=force")});
    EXPECT_EQ(option.exitCode, 2) << option.errors;
    EXPECT_NE(option.errors.find("'pek'"), std::string::npos) << option.errors;
    const Finished nobody = run({"streams", "amqp://127.0.0.1:1"});
    EXPECT_EQ(nobody.exitCode, 3) << nobody.errors;
    m_vhost.declareQueue("careful", {{"x-queue-type", "quorum"}, {"x-delivery-limit", 2}});
    m_vhost.publish("careful", "{}");
    const Finished refused = run({"read", url(), "--stream", "careful"});
    EXPECT_EQ(refused.exitCode, 1) << refused.errors;
    EXPECT_NE(refused.errors.find("peek=force"), std::string::npos) << refused.errors;
    EXPECT_EQ(run({"read", url("&peek=force"), "--stream", "careful"}).lines().size(), 1u);
}

TEST_F(RabbitCommandLine, RunsTheOrderSystemOverTheBroker)
{
    EXPECT_EQ(run({"demo", "--to", url(), "--seconds", "1"}).exitCode, 1) << "locked";
    const Finished demo = run({"demo", "--to", url(), "--unlock", "--seconds", "3", "--rate", "10"});
    EXPECT_EQ(demo.exitCode, 0) << demo.errors;
    const Finished read = run({"read", url()});
    EXPECT_EQ(read.exitCode, 0) << read.errors;
    EXPECT_GT(read.lines().size(), 50u);
    EXPECT_NE(read.output.find(R"("type":"OrderPlaced")"), std::string::npos);
    const Finished sagas = run({"sagas", url()});
    EXPECT_FALSE(sagas.lines().empty()) << sagas.errors;
}

TEST_F(RabbitCommandLine, ShowsEventsQueuesAndDeadLettersInTheWindow)
{
    m_vhost.declareQueue("log", {{"x-queue-type", "stream"}});
    m_vhost.declareQueue("orders");
    m_vhost.declareQueue("orders.dlq");
    for (const char* id : {"m-1", "m-2", "m-3"}) {
        MessageProperties properties;
        properties.messageId = id;
        m_vhost.publish("log", "{}", properties);
    }
    park("m-4");
    park("m-5");
    const std::string shots = (m_folder.path() / "shots").string();
    core::Json summary;
    // A slow machine needs longer.
    for (const char* seconds : {"1", "10", "40"}) {
        const Finished window = run({url(), "--screenshots", shots, "--seconds", seconds});
        ASSERT_EQ(window.exitCode, 0) << window.errors;
        ASSERT_EQ(window.lines().size(), 1u) << window.output;
        summary = core::Json::parse(window.lines()[0]).value_or(core::Json());
        if (summary.at("/deadLetters") && summary.at("/deadLetters")->numberText() == "2")
            break;
    }
    const auto number = [&](const char* name) { return summary.find(name) ? summary.find(name)->numberText() : ""; };
    EXPECT_EQ(number("events"), "3") << summary.dump();
    EXPECT_EQ(number("catalog"), "3") << summary.dump();
    EXPECT_EQ(number("deadLetters"), "2") << summary.dump();
    EXPECT_FALSE(std::filesystem::is_empty(shots));
    EXPECT_EQ(m_vhost.depth("orders.dlq"), 2u) << "only looked at";
}

TEST_F(RabbitCommandLine, ImportsWithoutTheManagementPlugin)
{
    const std::string file = (m_folder.path() / "story.ndjson").string();
    ASSERT_EQ(run({"export", "demo:?seed=7", file}).exitCode, 0);
    const RabbitOptions& broker = m_vhost.options();
    const std::string without = fmt::format(
        "amqp://{}@{}:{}/{}?management=http://127.0.0.1:1", broker.user, broker.host, broker.port, broker.vhost);
    const Finished imported = run({"import", file, without, "--unlock"});
    EXPECT_EQ(imported.exitCode, 0) << imported.errors;
    const Finished again = run({"import", file, without, "--unlock"});
    EXPECT_NE(again.output.find(R"("imported":0)"), std::string::npos) << again.output << again.errors;
    EXPECT_EQ(run({"read", url()}).lines().size(), run({"read", "file:" + file}).lines().size());
}

// The rest of the commands, on a story that the program wrote there itself.
TEST_F(RabbitCommandLine, TellsAnImportedStoryAsTheFileDoes)
{
    const std::string file = (m_folder.path() / "story.ndjson").string();
    ASSERT_EQ(run({"export", "demo:?seed=7", file}).exitCode, 0);
    EXPECT_EQ(run({"import", file, url()}).exitCode, 1) << "locked";
    const Finished imported = run({"import", file, url(), "--unlock"});
    ASSERT_EQ(imported.exitCode, 0) << imported.errors;
    const auto summary = core::Json::parse(imported.lines().back());
    ASSERT_TRUE(summary);
    const std::size_t count = run({"read", "file:" + file}).lines().size();
    EXPECT_EQ(summary->find("imported")->numberText(), std::to_string(count));
    const Finished again = run({"import", file, url(), "--unlock"});
    EXPECT_EQ(again.exitCode, 0) << again.errors;
    EXPECT_NE(again.output.find(fmt::format(R"("alreadyThere":{})", count)), std::string::npos) << again.output;

    const auto story = [&](const std::string& source) {
        std::vector<std::string> events;
        for (const std::string& line : run({"read", source}).lines()) {
            const auto event = core::Json::parse(line);
            EXPECT_TRUE(event) << line;
            std::string text;
            for (const char* field :
                {"stream", "version", "id", "type", "time", "correlationId", "causationId", "data"}) {
                const core::Json* value = event->find(field);
                text += value ? value->dump() + ' ' : "- ";
            }
            events.push_back(text);
        }
        return events;
    };
    const std::vector<std::string> expected = story("file:" + file);
    EXPECT_EQ(story(url()), expected);

    const std::string back = (m_folder.path() / "back.ndjson").string();
    const Finished exported = run({"export", url(), back});
    EXPECT_EQ(exported.exitCode, 0) << exported.errors;
    EXPECT_EQ(story("file:" + back), expected);

    std::string order, flow;
    for (const std::string& line : run({"read", "file:" + file}).lines()) {
        const auto event = core::Json::parse(line);
        if (event->stringOr("type") == "OrderShipped") {
            order = event->stringOr("stream");
            flow = event->stringOr("correlationId");
        }
    }
    ASSERT_FALSE(order.empty());
    const auto isTheSame = [&](std::vector<std::string> verb, const std::vector<std::string>& rest) {
        std::vector<std::string> ours = verb, theirs = verb;
        ours.push_back(url());
        theirs.push_back("file:" + file);
        ours.insert(ours.end(), rest.begin(), rest.end());
        theirs.insert(theirs.end(), rest.begin(), rest.end());
        const Finished here = run(ours), there = run(theirs);
        EXPECT_EQ(here.exitCode, 0) << here.errors;
        EXPECT_FALSE(here.lines().empty());
        return std::pair(here.lines(), there.lines());
    };
    const auto [replayed, replayedThere] = isTheSame({"replay"}, {order});
    EXPECT_EQ(replayed, replayedThere);
    const auto [sagas, sagasThere] = isTheSame({"sagas"}, {});
    EXPECT_EQ(sagas.size(), sagasThere.size());
    const auto [flowing, flowingThere] = isTheSame({"flow"}, {"--correlation", flow});
    EXPECT_EQ(flowing.size(), flowingThere.size());
}
