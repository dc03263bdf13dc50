// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker.h"
#include "child_process.h"
#include "temp_dir.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace eventscope::test {

namespace {

constexpr int kLetters = 1000;
constexpr int kKills = 52;
constexpr int kTopics = 4;

std::string bigEndian(std::uint64_t value, int bytes)
{
    std::string text;
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        text += static_cast<char>(value >> shift & 0xff);
    return text;
}

/// One letter in each family's own words, in turn.
TestRecord letterOf(int number, const std::string& origin)
{
    TestRecord record{.key = "key-" + std::to_string(number % 50),
        .value = "{\"n\":" + std::to_string(number) + "}",
        .headers = {{"eventId", "message-" + std::to_string(number)}},
        .milliseconds = 1'700'000'000'000 + number};
    const auto add
        = [&](std::initializer_list<core::Header> headers) { record.headers.insert(record.headers.end(), headers); };
    const std::string offset = std::to_string(number);
    switch (number % 9) {
    case 0:
        add({{"kafka_dlt-original-topic", origin}, {"kafka_dlt-original-partition", bigEndian(0, 4)},
            {"kafka_dlt-exception-message", "boom"}});
        break;
    case 1:
        add({{"kafka_original-topic", origin}, {"kafka_original-partition", bigEndian(0, 4)},
            {"kafka_exception-message", "boom"}});
        break;
    case 2:
        add({{"x-original-topic", origin}, {"x-original-partition", bigEndian(0, 4)}, {"x-exception-message", "boom"}});
        break;
    case 3: add({{"__connect.errors.topic", origin}, {"__connect.errors.partition", "0"}}); break;
    case 4: add({{"__streams.errors.topic", origin}, {"__streams.errors.partition", "0"}}); break;
    case 5: add({{"dead-letter-topic", origin}, {"dead-letter-partition", "0"}, {"dead-letter-reason", "boom"}}); break;
    case 6: add({{"original-destination", "kafka://topic/" + origin}, {"exception-type", "Boom"}}); break;
    case 7: add({{"source_topic", origin}, {"source_partition", "0"}, {"source_offset", offset}}); break;
    default: add({{"topic_poisoned", origin}, {"reason_poisoned", "boom"}}); break;
    }
    return record;
}

/// One topic's letters, requeued by a program that dies again and again.
struct Deaths {
    std::string origin = uniqueName("killed");
    int killed = 0;
    std::size_t arrived = 0;
    std::size_t twice = 0;
    std::set<std::string> reportedInDoubt;
};

void requeueWithDeaths(Deaths& deaths, int kills, int letterCount, unsigned seed)
{
    KafkaFriend other;
    const std::string letters = deaths.origin + ".dead-letter";
    other.makeTopic(deaths.origin);
    other.makeTopic(letters);
    std::vector<TestRecord> records;
    for (int i = 0; i < letterCount; ++i)
        records.push_back(letterOf(i, deaths.origin));
    other.write(letters, records);

    const TempDir state;
    const std::vector<std::string> command{
        EVENTSCOPE_PROGRAM, "requeue", "kafka://" + kafkaBrokers() + "/" + deaths.origin, "--all", "--unlock"};
    const ChildProcess::Options options{.environment = {"XDG_STATE_HOME=" + state.path().string()}};
    std::minstd_rand random(seed);
    const auto note = [&](const std::string& output) {
        for (const std::string& line : splitLines(output)) {
            if (line.find("\"in-doubt\"") != std::string::npos)
                deaths.reportedInDoubt.insert(line);
        }
    };
    for (int life = 0; life < kills; ++life) {
        ChildProcess program(command, options);
        const std::size_t lines = 1 + random() % static_cast<unsigned>(2 * letterCount / kills);
        program.readOutputUntil([&](std::string_view output) {
            std::size_t count = 0;
            for (std::size_t at = 0; (at = output.find("\"requeued\"", at)) != std::string_view::npos; ++at)
                ++count;
            return count >= lines;
        });
        program.signal(SIGKILL);
        deaths.killed += program.wait() == 128 + SIGKILL ? 1 : 0;
        note(program.output());
    }
    const Finished last = runProgram(command, options);
    EXPECT_EQ(last.exitCode, 0) << last.errors;
    note(last.output);
    std::map<std::string, int> arrived;
    for (const TestRecord& record : other.readAll(deaths.origin))
        ++arrived[*record.value];
    deaths.arrived = arrived.size();
    for (const auto& [value, times] : arrived)
        deaths.twice += times > 1 ? 1 : 0;
}

} // namespace

TEST(KafkaRequeue, SurvivesTheProgramsDeathAtAnyMoment)
{
    // Four topics side by side: a program that starts and ends waits most of its time.
    std::array<Deaths, kTopics> all;
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < kTopics; ++i)
            threads.emplace_back([&, i] { requeueWithDeaths(all[i], kKills / kTopics, kLetters / kTopics, 7 + i); });
    }
    int killed = 0;
    for (const Deaths& deaths : all) {
        killed += deaths.killed;
        std::cout << deaths.origin << ": killed " << deaths.killed << " times; arrived: " << deaths.arrived
                  << ", twice: " << deaths.twice << ", reported in doubt: " << deaths.reportedInDoubt.size() << '\n';
        EXPECT_EQ(deaths.arrived, static_cast<std::size_t>(kLetters / kTopics));
        EXPECT_LE(deaths.twice, deaths.reportedInDoubt.size());
    }
    EXPECT_GE(killed, kKills / 2) << "most lives have to end early for this to say anything";
}

} // namespace eventscope::test
