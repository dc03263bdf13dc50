// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker.h"
#include "collecting_sink.h"

#include "kafka_source.h"

#include <algorithm>
#include <map>
#include <thread>

#include <gtest/gtest.h>

namespace eventscope::test {

namespace {

using core::ErrorCode;
using core::ReadRange;
using core::ScanReceipt;
using core::SourceEvent;
using kafka::KafkaSource;

constexpr std::int64_t kTime = 1'700'000'000'000;

TestRecord recordOf(int number, std::string key = "order-1")
{
    return {.key = std::move(key), .value = R"({"n":)" + std::to_string(number) + "}", .milliseconds = kTime + number};
}

class KafkaSourceTest : public testing::Test {
protected:
    void SetUp() override { m_topic = uniqueName("source"); }

    std::unique_ptr<KafkaSource> open(
        std::vector<kafka::Property> properties = {}, std::vector<std::string> topics = {})
    {
        auto source = KafkaSource::open(
            {.name = "kafka@test", .connect = kafkaConnect(std::move(properties)), .topics = std::move(topics)}, {});
        EXPECT_TRUE(source) << (source ? "" : source.error().message);
        return source ? std::move(*source) : nullptr;
    }

    /// One record a millisecond, spread over the partitions in turn.
    void fill(int records, int partitions)
    {
        m_friend.makeTopic(m_topic, partitions);
        for (int partition = 0; partition < partitions; ++partition) {
            std::vector<TestRecord> part;
            for (int i = partition; i < records; i += partitions)
                part.push_back(recordOf(i));
            m_friend.write(m_topic, part, partition);
        }
    }

    ScanReceipt read(ReadRange range, CollectingSink& sink)
    {
        const auto source = open();
        const auto receipt = source->read(range, sink, {});
        EXPECT_TRUE(receipt) << (receipt ? "" : receipt.error().message);
        return receipt.value_or(ScanReceipt());
    }

    static std::vector<std::int64_t> milliseconds(const CollectingSink& sink)
    {
        std::vector<std::int64_t> times;
        for (const SourceEvent& event : sink.events())
            times.push_back(event.time.time_since_epoch().count() / 1000 - kTime);
        return times;
    }

    KafkaFriend m_friend;
    std::string m_topic;
};

std::vector<std::int64_t> countUp(std::int64_t from, std::int64_t to)
{
    std::vector<std::int64_t> numbers;
    for (; from < to; ++from)
        numbers.push_back(from);
    return numbers;
}

} // namespace

TEST_F(KafkaSourceTest, ListsTopicsWithTheirCounts)
{
    fill(7, 3);
    const auto catalog = open()->catalog({});
    ASSERT_TRUE(catalog);
    const auto entry = std::ranges::find(*catalog, m_topic, &core::CatalogEntry::name);
    ASSERT_NE(entry, catalog->end());
    EXPECT_EQ(entry->count, 7);
    EXPECT_EQ(entry->kind, core::CatalogKind::Topic);
    EXPECT_TRUE(std::ranges::none_of(*catalog, [](const auto& e) { return e.name.starts_with("__"); }));
}

TEST_F(KafkaSourceTest, MergesPartitionsByTimeAndKnowsTheirEnds)
{
    fill(2000, 4);
    CollectingSink sink;
    const ScanReceipt receipt = read({.stream = m_topic}, sink);
    EXPECT_TRUE(receipt.complete) << receipt.stoppedBecause;
    EXPECT_EQ(receipt.scanned, 2000u);
    EXPECT_EQ(milliseconds(sink), countUp(0, 2000));
    ASSERT_EQ(receipt.ranges.size(), 4u);
    for (const ScanReceipt::Range& range : receipt.ranges) {
        EXPECT_EQ(range.stream, m_topic);
        EXPECT_EQ(range.from, 0);
        EXPECT_EQ(range.to, 499);
    }
}

TEST_F(KafkaSourceTest, KeepsTheOrderOfAPartitionWhateverItsTimesSay)
{
    m_friend.makeTopic(m_topic, 2);
    m_friend.write(m_topic, {recordOf(50), recordOf(10), recordOf(30)}, 0);
    m_friend.write(m_topic, {recordOf(20), recordOf(40)}, 1);
    CollectingSink sink;
    read({.stream = m_topic}, sink);
    std::map<int, std::vector<std::int64_t>> offsets;
    for (const SourceEvent& event : sink.events())
        offsets[event.partition].push_back(event.position);
    EXPECT_EQ(offsets[0], countUp(0, 3));
    EXPECT_EQ(offsets[1], countUp(0, 2));
}

TEST_F(KafkaSourceTest, ReadsByOffset)
{
    fill(20, 1);
    CollectingSink sink;
    const ScanReceipt receipt = read({.stream = m_topic + "/0", .fromPosition = 5, .toPosition = 8}, sink);
    EXPECT_EQ(milliseconds(sink), countUp(5, 9));
    EXPECT_TRUE(receipt.complete);
}

TEST_F(KafkaSourceTest, ReadsFromATimeToAnother)
{
    fill(100, 3);
    CollectingSink sink;
    const auto at = [](int ms) { return core::Timestamp(std::chrono::milliseconds(kTime + ms)); };
    const ScanReceipt receipt = read({.stream = m_topic, .fromTime = at(40), .toTime = at(59)}, sink);
    EXPECT_EQ(milliseconds(sink), countUp(40, 60));
    EXPECT_TRUE(receipt.complete);
}

TEST_F(KafkaSourceTest, ReadsTheLastRecordsOfAllPartitions)
{
    fill(1000, 5);
    CollectingSink sink;
    const ScanReceipt receipt = read({.stream = m_topic, .last = 50}, sink);
    EXPECT_EQ(milliseconds(sink), countUp(950, 1000));
    EXPECT_EQ(receipt.scanned, 50u);
    EXPECT_TRUE(receipt.complete);
}

TEST_F(KafkaSourceTest, StopsAtALimitAndSaysSo)
{
    fill(30, 2);
    CollectingSink sink;
    const ScanReceipt receipt = read({.stream = m_topic, .limit = 10}, sink);
    EXPECT_EQ(milliseconds(sink), countUp(0, 10));
    EXPECT_FALSE(receipt.complete);
    CollectingSink all;
    EXPECT_TRUE(read({.stream = m_topic, .limit = 30}, all).complete);
}

TEST_F(KafkaSourceTest, ShowsNothingOfAnAbortedTransactionUnlessAsked)
{
    m_friend.makeTopic(m_topic, 1);
    m_friend.writeInTransaction(m_topic, {recordOf(0), recordOf(1)}, true);
    m_friend.writeInTransaction(m_topic, {recordOf(2), recordOf(3)}, false);
    CollectingSink committed, everything;
    const ScanReceipt receipt = read({.stream = m_topic}, committed);
    EXPECT_EQ(milliseconds(committed), countUp(0, 2));
    EXPECT_TRUE(receipt.complete) << receipt.stoppedBecause;
    const auto source = open({{"isolation.level", "read_uncommitted"}});
    ASSERT_TRUE(source->read({.stream = m_topic}, everything, {}));
    EXPECT_EQ(milliseconds(everything), countUp(0, 4));
}

TEST_F(KafkaSourceTest, FollowsWhatIsThereAndWhatComes)
{
    fill(10, 2);
    const auto source = open();
    CollectingSink sink;
    {
        core::FollowStart start(core::Source::kBeginning);
        start.stream = m_topic;
        const std::jthread follower([&](std::stop_token stop) { EXPECT_TRUE(source->follow(start, sink, stop)); });
        sink.waitFor(10);
        m_friend.write(m_topic, {recordOf(10)}, 1);
        sink.waitFor(11);
        m_friend.write(m_topic, {recordOf(11)}, 0);
        sink.waitFor(12);
    }
    EXPECT_EQ(milliseconds(sink), countUp(0, 12));
}

TEST_F(KafkaSourceTest, GoesOnBehindItsCursor)
{
    fill(10, 2);
    auto source = open();
    CollectingSink first;
    first.stopAt(10);
    core::FollowStart start(core::Source::kBeginning);
    start.stream = m_topic;
    ASSERT_TRUE(source->follow(start, first, {}));
    start.cursor = source->cursor();
    source.reset();
    m_friend.write(m_topic, {recordOf(10)}, 0);
    source = open();
    CollectingSink second;
    second.stopAt(1);
    ASSERT_TRUE(source->follow(start, second, {}));
    EXPECT_EQ(milliseconds(second), countUp(10, 11));
}

TEST_F(KafkaSourceTest, FollowsOnlyTheNewestOfALongHistory)
{
    fill(1000, 4);
    const auto source = open();
    CollectingSink sink;
    sink.stopAt(100);
    core::FollowStart start(core::Source::kBeginning);
    start.stream = m_topic;
    start.last = 100;
    ASSERT_TRUE(source->follow(start, sink, {}));
    EXPECT_EQ(milliseconds(sink), countUp(900, 1000));
}

TEST_F(KafkaSourceTest, FindsTopicsThatCameLater)
{
    const auto source = open({}, {});
    CollectingSink sink;
    const std::jthread follower(
        [&](std::stop_token stop) { EXPECT_TRUE(source->follow(core::SourceEvent::kNone, sink, stop)); });
    fill(3, 1);
    sink.waitFor(3);
}

TEST_F(KafkaSourceTest, NamesAStreamByAggregateElseKeyElsePartition)
{
    m_friend.makeTopic(m_topic, 1);
    m_friend.write(m_topic,
        {{.key = "7f3a",
             .value
             = R"({"eventId":"e1","eventType":"OrderPlaced","aggregateType":"order","aggregateId":"7f3a","data":{}})",
             .milliseconds = kTime},
            {.key = "customer-9", .value = R"({"name":"Ann"})", .milliseconds = kTime},
            {.key = std::nullopt, .value = "plain text", .milliseconds = kTime},
            {.key = "k\1", .value = std::nullopt, .milliseconds = kTime},
            {.key = "other",
                .value = R"({"eventId":"e2","eventType":"Paid","aggregateId":"a1","data":1})",
                .headers = {{"tenant", "blue"}, {"tenant", "red"}},
                .milliseconds = kTime}});
    CollectingSink sink;
    read({.stream = m_topic}, sink);
    ASSERT_EQ(sink.count(), 5u);
    const auto events = sink.events();
    EXPECT_EQ(events[0].stream, "order-7f3a");
    EXPECT_EQ(events[0].source, "kafka@test/" + m_topic);
    EXPECT_EQ(events[0].type, "OrderPlaced");
    EXPECT_TRUE(events[0].headers.empty());
    EXPECT_EQ(events[1].stream, "customer-9");
    EXPECT_EQ(events[1].payload, R"({"name":"Ann"})");
    EXPECT_EQ(events[2].stream, m_topic + "/0");
    EXPECT_TRUE(events[3].payloadIsNull);
    EXPECT_EQ(events[4].stream, "a1");
    ASSERT_EQ(events[4].headers.size(), 3u);
    EXPECT_EQ(events[4].headers[0].value, "blue");
    EXPECT_EQ(events[4].headers[1].value, "red");
    EXPECT_EQ(events[4].headers[2].name, "kafkakey");
    EXPECT_EQ(events[4].headers[2].value, "other");
}

TEST_F(KafkaSourceTest, FindsAStreamThatIsNoTopic)
{
    m_friend.makeTopic(m_topic, 3);
    for (int i = 0; i < 30; ++i)
        m_friend.write(m_topic, {recordOf(i, "order-" + std::to_string(i % 3))}, -1);
    const auto source = open({}, {m_topic});
    CollectingSink sink;
    ASSERT_TRUE(source->read({.stream = "order-2"}, sink, {}));
    EXPECT_EQ(sink.count(), 10u);
    CollectingSink none;
    const auto missing = source->read({.stream = "order-9"}, none, {});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::NotFound);
}

TEST_F(KafkaSourceTest, TellsTheLagOfEveryGroup)
{
    fill(10, 2);
    const std::string group = uniqueName("billing");
    m_friend.commitOffset(group, m_topic, 0, 2);
    m_friend.commitOffset(group, m_topic, 1, 5);
    const auto source = open();
    const auto groups = source->groups({});
    ASSERT_TRUE(groups) << groups.error().message;
    const auto found = std::ranges::find(*groups, group, [](const auto& g) { return g.group.name; });
    ASSERT_NE(found, groups->end());
    EXPECT_EQ(found->total, 3);
    EXPECT_EQ((found->lag.at({m_topic, 0})), 3);
    const auto probe = source->probe({});
    ASSERT_TRUE(probe);
    EXPECT_GE(probe->lag.value_or(-1), 3);
}

TEST_F(KafkaSourceTest, TellsATopicsConfiguration)
{
    m_friend.makeTopic(m_topic, 1, {{"cleanup.policy", "compact"}});
    const auto configuration = open()->configuration(m_topic, {});
    ASSERT_TRUE(configuration) << configuration.error().message;
    EXPECT_NE(std::ranges::find(*configuration, kafka::Property{"cleanup.policy", "compact"}), configuration->end());
}

} // namespace eventscope::test
