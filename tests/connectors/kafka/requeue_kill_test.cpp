// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker.h"
#include "child_process.h"
#include "temp_dir.h"

#include <algorithm>
#include <csignal>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace eventscope::test {

namespace {

constexpr int kLetters = 1000;
constexpr int kKills = 50;

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

} // namespace

TEST(KafkaRequeue, SurvivesTheProgramsDeathAtAnyMoment)
{
    KafkaFriend other;
    const std::string origin = uniqueName("killed");
    const std::string letters = origin + ".dead-letter";
    other.makeTopic(origin);
    other.makeTopic(letters);
    std::vector<TestRecord> records;
    for (int i = 0; i < kLetters; ++i)
        records.push_back(letterOf(i, origin));
    other.write(letters, records);

    const TempDir state;
    const std::vector<std::string> command{
        EVENTSCOPE_PROGRAM, "requeue", "kafka://" + kafkaBrokers() + "/" + origin, "--all", "--unlock"};
    const ChildProcess::Options options{.environment = {"XDG_STATE_HOME=" + state.path().string()}};
    std::minstd_rand random(7);
    std::set<std::string> reportedInDoubt;
    const auto note = [&](const std::string& output) {
        for (const std::string& line : splitLines(output)) {
            if (line.find("\"in-doubt\"") != std::string::npos)
                reportedInDoubt.insert(line);
        }
    };
    int killed = 0;
    for (int life = 0; life < kKills; ++life) {
        ChildProcess program(command, options);
        const std::size_t lines = 1 + random() % (2 * kLetters / kKills);
        program.readOutputUntil([&](std::string_view output) {
            const auto requeued = [&] {
                std::size_t count = 0;
                for (std::size_t at = 0; (at = output.find("\"requeued\"", at)) != std::string_view::npos; ++at)
                    ++count;
                return count;
            };
            return requeued() >= lines;
        });
        program.signal(SIGKILL);
        killed += program.wait() == 128 + SIGKILL ? 1 : 0;
        note(program.output());
    }
    const Finished last = runProgram(command, options);
    EXPECT_EQ(last.exitCode, 0) << last.errors;
    note(last.output);

    std::map<std::string, int> arrived;
    for (const TestRecord& record : other.readAll(origin))
        ++arrived[*record.value];
    int twice = 0;
    for (const auto& [value, times] : arrived)
        twice += times > 1 ? 1 : 0;
    std::cout << "killed " << killed << " times; of " << kLetters << " letters arrived: " << arrived.size()
              << ", twice: " << twice << ", reported in doubt: " << reportedInDoubt.size() << '\n';
    EXPECT_EQ(arrived.size(), static_cast<std::size_t>(kLetters));
    EXPECT_LE(twice, static_cast<int>(reportedInDoubt.size()));
}

} // namespace eventscope::test
