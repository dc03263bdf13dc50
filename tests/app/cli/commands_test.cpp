// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "story_store.h"

#include <gtest/gtest.h>

using namespace eventscope;
using test::at;
using test::Finished;
using test::jsonLines;
using test::StoryStore;

TEST(StreamsCommand, ListsStreamsAndDeadLetters)
{
    const StoryStore store;
    const Finished run = store.run({"streams", "STORE"});
    EXPECT_EQ(run.exitCode, 0) << run.errors;
    EXPECT_EQ(run.errors, "");
    const auto lines = jsonLines(run.output);
    ASSERT_EQ(lines.size(), 7U);
    EXPECT_EQ(lines[1].dump(),
        R"({"name":"order-a","kind":"stream","count":3,"first":"2026-11-23T09:00:00.000000Z","last":"2026-11-23T09:00:02.000000Z"})");
    EXPECT_EQ(at(lines[0], "/name"), "\"odd one\"");
    EXPECT_EQ(at(lines[5], "/name"), "\"mail\"");
    EXPECT_EQ(at(lines[5], "/kind"), "\"dead-letter\"");
    EXPECT_EQ(at(lines[5], "/count"), "1");
}

TEST(ReadCommand, PrintsEveryEventExactly)
{
    const StoryStore store;
    const Finished run = store.run({"read", "STORE"});
    EXPECT_EQ(run.exitCode, 0);
    const auto lines = run.lines();
    ASSERT_EQ(lines.size(), 14U);
    EXPECT_EQ(lines[1],
        R"({"source":"story","stream":"order-a","position":"2","version":2,"id":"01890000-0000-7000-8000-000000000002",)"
        R"("type":"PaymentConfirmed","time":"2026-11-23T09:00:01.000000Z","correlationId":"flow-order-a",)"
        R"("data":{"orderId":"a","paymentId":"pay_a","amount":38.00}})");
    EXPECT_TRUE(lines[13].ends_with(R"("data":"just a text"})")) << lines[13];
    const auto receipt = jsonLines(run.errors);
    ASSERT_EQ(receipt.size(), 1U);
    EXPECT_EQ(at(receipt[0], "/scanned"), "14");
    EXPECT_EQ(at(receipt[0], "/matched"), "14");
    EXPECT_EQ(at(receipt[0], "/undecodable"), "0");
    EXPECT_EQ(at(receipt[0], "/filterErrors"), "0");
    EXPECT_EQ(at(receipt[0], "/ranges"), R"([{"from":"1","to":"14"}])");
    EXPECT_EQ(at(receipt[0], "/complete"), "true");
}

TEST(ReadCommand, ReadsOneStream)
{
    const StoryStore store;
    const Finished run = store.run({"read", "STORE", "--stream", "order-b"});
    EXPECT_EQ(run.exitCode, 0);
    const auto lines = jsonLines(run.output);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(at(lines[1], "/type"), "\"OrderCancelled\"");
    EXPECT_EQ(at(jsonLines(run.errors)[0], "/ranges"), R"([{"stream":"order-b","from":"4","to":"5"}])");
}

TEST(ReadCommand, ReadsARangeOfPositions)
{
    const StoryStore store;
    const auto lines = jsonLines(store.run({"read", "STORE", "--from", "3", "--to", "5"}).output);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(at(lines[0], "/position"), "\"3\"");
    EXPECT_EQ(at(lines[2], "/position"), "\"5\"");
}

TEST(ReadCommand, ReadsARangeOfTime)
{
    const StoryStore store;
    const auto lines = jsonLines(
        store.run({"read", "STORE", "--from", "2026-11-23T09:00:01Z", "--to", "2026-11-23 10:00:03+01:00"}).output);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(at(lines[0], "/position"), "\"2\"");
    EXPECT_EQ(at(lines[2], "/position"), "\"4\"");
}

TEST(ReadCommand, StopsAtItsLimitAndSaysSo)
{
    const StoryStore store;
    const Finished run = store.run({"read", "STORE", "--limit", "2"});
    EXPECT_EQ(run.exitCode, 0);
    EXPECT_EQ(run.lines().size(), 2U);
    const auto receipt = jsonLines(run.errors)[0];
    EXPECT_EQ(at(receipt, "/matched"), "2");
    EXPECT_EQ(at(receipt, "/complete"), "false");
    EXPECT_NE(at(receipt, "/stoppedBecause").find("limit of 2"), std::string::npos);

    EXPECT_EQ(at(jsonLines(store.run({"read", "STORE", "--limit", "14"}).errors)[0], "/complete"), "true");
    EXPECT_EQ(store.run({"read", "STORE", "--limit", "0"}).output, "");
    EXPECT_EQ(store.run({"read", "STORE", "--limit", "0", "--follow"}).exitCode, 0);
}

TEST(ReadCommand, RefusesAStreamThatIsNotThere)
{
    const StoryStore store;
    const Finished run = store.run({"read", "STORE", "--stream", "order-nobody"});
    EXPECT_EQ(run.exitCode, 1);
    EXPECT_EQ(run.output, "");
    EXPECT_NE(run.errors.find("order-nobody"), std::string::npos) << run.errors;
    EXPECT_EQ(test::splitLines(run.errors).size(), 1U) << run.errors;
}

TEST(ReadCommand, KeepsToAFilter)
{
    const StoryStore store;
    const auto positions = [&](std::vector<std::string> options) {
        std::vector<std::string> words{"read", "STORE"};
        words.insert(words.end(), options.begin(), options.end());
        std::string found;
        for (const core::Json& line : jsonLines(store.run(words).output)) {
            found += at(line, "/position") + ' ';
        }
        return found;
    };
    EXPECT_EQ(positions({"--filter", "type = 'OrderPlaced'"}), R"("1" "4" )");
    EXPECT_EQ(positions({"--filter", "data.totalAmount > 10"}), R"("1" )");
    EXPECT_EQ(positions({"--filter", "type LIKE 'Order%'", "--limit", "2", "--from", "2"}), R"("3" "4" )");
    EXPECT_EQ(positions({"--filter", "false"}), "");

    const Finished run = store.run({"read", "STORE", "--filter", "data.totalAmount > 10"});
    EXPECT_EQ(run.exitCode, 0);
    const auto receipt = jsonLines(test::splitLines(run.errors).back())[0];
    EXPECT_EQ(at(receipt, "/scanned"), "14");
    EXPECT_EQ(at(receipt, "/matched"), "1");
    EXPECT_EQ(at(receipt, "/filterErrors"), "12");
    EXPECT_EQ(at(receipt, "/complete"), "true");

    const Finished wrong = store.run({"read", "STORE", "--filter", "type = = 'x'"});
    EXPECT_EQ(wrong.exitCode, 2);
    EXPECT_EQ(wrong.output, "");
}

TEST(ReplayCommand, ShowsTheStateAfterTheLastEvent)
{
    const StoryStore store;
    const Finished run = store.run({"replay", "STORE", "order-a"});
    EXPECT_EQ(run.exitCode, 0) << run.errors;
    EXPECT_EQ(run.errors, "");
    const auto lines = jsonLines(run.output);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(at(lines[0], "/stream"), "\"order-a\"");
    EXPECT_EQ(at(lines[0], "/version"), "3");
    EXPECT_EQ(at(lines[0], "/state/status"), "\"shipped\"");
    EXPECT_EQ(at(lines[0], "/state/totalAmount"), "38.00") << "numbers as written";
}

TEST(ReplayCommand, TravelsToAVersion)
{
    const StoryStore store;
    const auto state = [&](std::vector<std::string> options) {
        std::vector<std::string> words{"replay", "STORE", "order-a"};
        words.insert(words.end(), options.begin(), options.end());
        return jsonLines(store.run(words).output).at(0);
    };
    EXPECT_EQ(at(state({"--at", "1"}), "/state/status"), "\"pending\"");
    EXPECT_EQ(at(state({"--at", "2"}), "/state/status"), "\"paid\"");
    EXPECT_EQ(at(state({"--at", "0"}), "/state"), "{}");
    EXPECT_EQ(at(state({"--skip", "2"}), "/state/payment"), "absent");
    EXPECT_EQ(at(state({"--skip", "2", "3"}), "/state/status"), "\"pending\"");
    EXPECT_EQ(at(state({"--reducer", "merge"}), "/state/paymentId"), "\"pay_a\"");
}

TEST(ReplayCommand, PrintsEachStepWithItsDifference)
{
    const StoryStore store;
    const auto lines = jsonLines(store.run({"replay", "STORE", "order-a", "--steps", "--skip", "2"}).output);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(at(lines[0], "/version"), "1");
    EXPECT_EQ(at(lines[0], "/type"), "\"OrderPlaced\"");
    EXPECT_EQ(at(lines[0], "/time"), "\"2026-11-23T09:00:00.000000Z\"");
    EXPECT_EQ(at(lines[0], "/diff/0/op"), "\"add\"");
    EXPECT_EQ(at(lines[1], "/skipped"), "true");
    EXPECT_EQ(at(lines[1], "/diff"), "[]");
    EXPECT_EQ(at(lines[2], "/state/status"), "\"shipped\"");
}

TEST(ReplayCommand, GoesOnPastAnEventThatTheReducerRefuses)
{
    const StoryStore store;
    const Finished run = store.run({"replay", "STORE", "odd one"});
    EXPECT_EQ(run.exitCode, 0);
    EXPECT_EQ(run.output, "{\"stream\":\"odd one\",\"version\":1,\"state\":{}}\n");
    EXPECT_NE(run.errors.find("merge reducer passed over 1 of 1"), std::string::npos) << run.errors;
}

TEST(ReplayCommand, RefusesWhatIsNotThere)
{
    const StoryStore store;
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"replay", "STORE", "order-nobody"},
             {"replay", "STORE", "order-a", "--at", "4"},
             {"replay", "STORE", "order-a", "--skip", "9"},
         }) {
        const Finished run = store.run(words);
        EXPECT_EQ(run.exitCode, 1);
        EXPECT_EQ(run.output, "");
        EXPECT_EQ(test::splitLines(run.errors).size(), 1U) << run.errors;
    }
}

TEST(SagasCommand, ListsSagasWithTheirSteps)
{
    const StoryStore store;
    const Finished run = store.run({"sagas", "STORE"});
    EXPECT_EQ(run.exitCode, 0) << run.errors;
    const auto lines = run.lines();
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0],
        R"({"id":"order-a","type":"order-saga","status":"completed","correlationId":"flow-saga-order-a","steps":[)"
        R"({"name":"create order","status":"completed","startedAt":"2026-11-23T09:00:06.000000Z",)"
        R"("endedAt":"2026-11-23T09:00:07.000000Z","attempts":1}]})");
    const auto second = jsonLines(lines[1])[0];
    EXPECT_EQ(at(second, "/status"), "\"compensating\"");
    EXPECT_EQ(at(second, "/steps/0/error"), "\"no such thing\"");
}

TEST(SagasCommand, KeepsToAStatus)
{
    const StoryStore store;
    EXPECT_EQ(store.run({"sagas", "STORE", "--status", "completed"}).lines().size(), 1U);
    EXPECT_EQ(store.run({"sagas", "STORE", "--status", "stuck"}).output, "");
    EXPECT_EQ(store.run({"sagas", "STORE", "--status", "happy"}).exitCode, 2);
}

TEST(DeadLettersCommand, ListsWhatCouldNotBeHandled)
{
    const StoryStore store;
    const Finished run = store.run({"dead-letters", "STORE"});
    EXPECT_EQ(run.exitCode, 0) << run.errors;
    const auto lines = jsonLines(run.output);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(at(lines[0], "/id"), "\"letter-1\"");
    EXPECT_EQ(at(lines[0], "/queue"), "\"mail\"");
    EXPECT_EQ(at(lines[0], "/convention"), "\"eventscope\"");
    EXPECT_EQ(at(lines[0], "/original/stream"), "\"order-a\"");
    EXPECT_EQ(at(lines[0], "/original/position"), "\"1\"");
    EXPECT_EQ(at(lines[0], "/original/data/totalAmount"), "38.00");
    EXPECT_EQ(at(lines[0], "/error/message"), "\"no such recipient\"");
    EXPECT_EQ(at(lines[0], "/error/stack"), "\"at mail.cpp:12\"");
    EXPECT_EQ(at(lines[0], "/failedAt"), "\"2026-11-23T09:01:00.000000Z\"");
    EXPECT_EQ(at(lines[0], "/attempts"), "4");

    EXPECT_EQ(store.run({"dead-letters", "STORE", "--queue", "search"}).lines().size(), 1U);
    EXPECT_EQ(store.run({"dead-letters", "STORE", "--queue", "nobody"}).output, "");
    EXPECT_EQ(store.run({"dead-letters", "STORE", "--filter", "data.orderId = 'a'"}).lines().size(), 2U);
    EXPECT_EQ(store.run({"dead-letters", "STORE", "--filter", "type = 'OrderShipped'"}).output, "");
}
