// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker.h"
#include "collecting_sink.h"
#include "temp_dir.h"

#include "event/clock.h"
#include "kafka_letters.h"
#include "kafka_source.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <thread>

#include <gtest/gtest.h>

namespace eventscope::test {

namespace {

/// What the broker says of a group, by its own tools: committed offsets, members and state.
std::string groupByTheBroker(const std::string& group)
{
    const std::string tool = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
    std::string all;
    for (const char* what : {"--offsets", "--members", "--state"}) {
        std::vector<std::string> lines
            = splitLines(kafkaTool({tool, "--bootstrap-server", kafkaBrokers(), "--describe", "--group", group, what}));
        std::ranges::sort(lines);
        for (const std::string& line : lines)
            all += line + '\n';
    }
    return all;
}

} // namespace

TEST(LookingAtKafka, ChangesNoGroupAndSendsOnlyQuestions)
{
    KafkaFriend other;
    const std::string topic = uniqueName("look");
    other.makeTopic(topic, 3);
    other.makeTopic(topic + ".DLT");
    std::vector<TestRecord> records;
    for (int i = 0; i < 300; ++i)
        records.push_back({.key = "k" + std::to_string(i), .value = "{}", .milliseconds = 1'700'000'000'000 + i});
    other.write(topic, records, -1);
    other.write(topic + ".DLT", {records[0]});
    const std::string group = uniqueName("watched");
    other.commitOffset(group, topic, 0, 7);
    const std::string before = groupByTheBroker(group);
    EXPECT_NE(before.find(group), std::string::npos) << before;

    std::mutex mutex;
    std::set<int> requests;
    kafka::ConnectOptions connect = kafkaConnect();
    connect.onRequest = [&](int apiKey) {
        const std::scoped_lock lock(mutex);
        requests.insert(apiKey);
    };
    {
        const auto source = kafka::KafkaSource::open({.name = "kafka", .connect = connect}, {});
        ASSERT_TRUE(source);
        CollectingSink followed, read, found;
        std::jthread follower([&](std::stop_token stop) {
            core::FollowStart start(core::Source::kBeginning);
            start.stream = topic;
            EXPECT_TRUE((*source)->follow(start, followed, stop));
        });
        followed.waitFor(300);
        other.write(topic, {records[0]}, 2); // the group has committed for another partition
        followed.waitFor(301);
        follower.request_stop();
        follower.join();
        ASSERT_TRUE((*source)->catalog({}));
        ASSERT_TRUE((*source)->read({.stream = topic}, read, {}));
        ASSERT_TRUE((*source)->read({.stream = topic, .last = 5}, found, {}));
        ASSERT_TRUE((*source)->probe({}));
        ASSERT_TRUE((*source)->configuration(topic, {}));
        core::SystemClock clock;
        const TempDir folder;
        const auto letters = kafka::KafkaLetters::open({.connect = connect, .hidden = folder / "hidden"}, clock, {});
        ASSERT_TRUE(letters);
        const auto listed = (*letters)->list(topic + ".DLT", {});
        ASSERT_TRUE(listed);
        EXPECT_EQ(listed->size(), 1u);
        ASSERT_TRUE((*letters)->newerOfSameKey(listed->front()));
    }
    EXPECT_EQ(groupByTheBroker(group), before);
    const std::string groups = kafkaTool(
        {"org.apache.kafka.tools.consumer.group.ConsumerGroupCommand", "--bootstrap-server", kafkaBrokers(), "--list"});
    EXPECT_EQ(groups.find("eventscope"), std::string::npos) << groups;
    // Fetch, ListOffsets, Metadata, OffsetFetch, FindCoordinator, DescribeGroups, ListGroups, SaslHandshake,
    // ApiVersions, OffsetForLeaderEpoch, DescribeConfigs, SaslAuthenticate: questions, all of them.
    const std::set<int> questions{1, 2, 3, 9, 10, 15, 16, 17, 18, 23, 32, 36};
    for (const int request : requests)
        EXPECT_TRUE(questions.contains(request)) << "request " << request;
    EXPECT_TRUE(requests.contains(1));
}

TEST(LookingAtKafka, MakesNoTopicByAskingForIt)
{
    KafkaFriend other;
    const std::string topic = uniqueName("absent");
    const auto source = kafka::KafkaSource::open({.name = "kafka", .connect = kafkaConnect(), .topics = {topic}}, {});
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().code, core::ErrorCode::NotFound);
    const std::string topics
        = kafkaTool({"org.apache.kafka.tools.TopicCommand", "--bootstrap-server", kafkaBrokers(), "--list"});
    EXPECT_EQ(topics.find(topic), std::string::npos);
}

} // namespace eventscope::test
