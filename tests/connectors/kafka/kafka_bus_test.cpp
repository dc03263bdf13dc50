// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker.h"
#include "event_inbox.h"

#include "event/clock.h"
#include "event/json.h"
#include "event_record.h"
#include "kafka_bus.h"
#include "sourcing/idempotent_handler.h"
#include "sourcing/memory_idempotency_store.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace eventscope::test {

namespace {

class KafkaBusTest : public testing::Test {
protected:
    void SetUp() override { m_friend.makeTopic(m_topic, 4); }

    std::unique_ptr<kafka::KafkaBus> open(kafka::KafkaBusOptions options = {})
    {
        options.connect = kafkaConnect();
        options.topic = m_topic;
        auto bus = kafka::KafkaBus::open(m_clock, std::move(options));
        EXPECT_TRUE(bus);
        return std::move(*bus);
    }

    static std::unique_ptr<core::Subscription> subscribe(
        core::MessageBus& bus, std::string group, std::string topic, core::EventHandler handler)
    {
        auto subscription = bus.subscribe({.name = std::move(group),
            .pattern = std::move(topic),
            .handler = std::move(handler),
            .retry = {.maxRetries = 0}});
        EXPECT_TRUE(subscription) << (subscription ? "" : subscription.error().message);
        return subscription ? std::move(*subscription) : nullptr;
    }

    std::vector<TestRecord> waitForRecords(const std::string& topic, std::size_t count)
    {
        // A commit is answered before its markers are in every partition: readers see it a little later.
        std::vector<TestRecord> records;
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (records.size() < count && std::chrono::steady_clock::now() < end)
            records = m_friend.readAll(topic);
        EXPECT_GE(records.size(), count) << topic;
        return records;
    }

    static std::string headerOf(const TestRecord& record, std::string_view name)
    {
        const auto found = std::ranges::find(record.headers, name, &core::Header::name);
        return found == record.headers.end() ? "(absent)" : found->value;
    }

    const std::string m_topic = uniqueName("bus");
    KafkaFriend m_friend;
    core::SystemClock m_clock;
};

} // namespace

TEST_F(KafkaBusTest, WritesExactlyTheSpecifiedRecord)
{
    const auto bus = open();
    const core::RecordedEvent event = eventOf("OrderPlaced", "e-1", "order-7f3a", 1, R"({"totalAmount":10.00})");
    ASSERT_TRUE(bus->publish(event));
    core::RecordedEvent alone = eventOf("Started", "e-2");
    alone.stream.clear();
    ASSERT_TRUE(bus->publishBatch(std::vector{alone}));
    // Another client's eyes.
    const Finished kcat
        = runProgram({"kcat", "-C", "-b", kafkaBrokers(), "-t", m_topic, "-e", "-q", "-f", "%k|%h|%s\n"});
    ASSERT_EQ(kcat.exitCode, 0) << kcat.errors;
    std::vector<std::string> lines = kcat.lines();
    std::ranges::sort(lines);
    ASSERT_EQ(lines.size(), 2u) << kcat.output;
    const std::string time = core::formatTimestamp(event.time);
    EXPECT_EQ(
        lines[0], "7f3a|eventType=OrderPlaced,eventId=e-1,timestamp=" + time + "|" + core::eventToClassicJson(event));
    EXPECT_EQ(lines[1], "e-2|eventType=Started,eventId=e-2,timestamp=" + time + "|" + core::eventToClassicJson(alone));
}

TEST_F(KafkaBusTest, PublishesABatchWholeOrNotAtAll)
{
    const auto bus = open({.topicOf = [&](const core::RecordedEvent& event) {
        return event.type == "Bad" ? std::string("no such / topic") : m_topic;
    }});
    const core::Status refused
        = bus->publishBatch(std::vector{eventOf("Good", "a"), eventOf("Good", "b"), eventOf("Bad", "c")});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().code, core::ErrorCode::InDoubt) << refused.error().message;
    EXPECT_TRUE(m_friend.readAll(m_topic).empty());
    ASSERT_TRUE(bus->publishBatch(std::vector{eventOf("Good", "a"), eventOf("Good", "b")}));
    EXPECT_EQ(waitForRecords(m_topic, 2).size(), 2u);
}

TEST_F(KafkaBusTest, KeepsTheKeysOfAStreamInOnePartitionAsJavaDoes)
{
    const auto bus = open();
    std::vector<core::RecordedEvent> events;
    for (int i = 0; i < 50; ++i)
        events.push_back(eventOf("Counted", "e-" + std::to_string(i), "order-" + std::to_string(i % 10)));
    ASSERT_TRUE(bus->publishBatch(events));
    std::map<std::string, std::set<std::int32_t>> partitions;
    const std::vector<TestRecord> records = waitForRecords(m_topic, 50);
    for (const TestRecord& record : records)
        partitions[*record.key].insert(record.partition);
    EXPECT_EQ(partitions.size(), 10u);
    for (const auto& [key, in] : partitions)
        EXPECT_EQ(in.size(), 1u) << key;
    // murmur2 of "0" and "1" over 4 partitions, as Java's default partitioner gives them.
    EXPECT_EQ(*partitions["0"].begin(), 0);
    EXPECT_EQ(*partitions["1"].begin(), 3);
}

TEST_F(KafkaBusTest, BeginsWithWhatComesAndGoesOnWhereItWas)
{
    const auto bus = open();
    const std::string group = uniqueName("group");
    ASSERT_TRUE(bus->publish(eventOf("Old", "before")));
    EventInbox first, second;
    auto subscription = subscribe(*bus, group, m_topic, first.handler());
    ASSERT_TRUE(bus->publish(eventOf("New", "one")));
    ASSERT_TRUE(first.waitFor(1));
    subscription.reset();
    ASSERT_TRUE(bus->publish(eventOf("New", "two")));
    subscription = subscribe(*bus, group, m_topic, second.handler());
    ASSERT_TRUE(second.waitFor(1));
    EXPECT_EQ(first.ids(), (std::vector<std::string>{"one"}));
    EXPECT_EQ(second.ids(), (std::vector<std::string>{"two"}));
}

TEST_F(KafkaBusTest, LosesNothingPublishedBeforeTheFirstRecordWasHandled)
{
    // The member dies before it handled anything; its group's place was kept when it joined.
    const auto bus = open();
    const std::string group = uniqueName("group");
    subscribe(*bus, group, m_topic, [](const core::RecordedEvent&) { return core::Status(); }).reset();
    ASSERT_TRUE(bus->publish(eventOf("New", "between")));
    EventInbox inbox;
    const auto subscription = subscribe(*bus, group, m_topic, inbox.handler());
    EXPECT_TRUE(inbox.waitFor(1));
}

TEST_F(KafkaBusTest, DeadLettersWhatIsNoEventAsTheBytesItIs)
{
    const auto bus = open();
    EventInbox inbox;
    const auto subscription = subscribe(*bus, uniqueName("group"), m_topic, inbox.handler());
    const std::string poison("{\"eventId\":\xff\0 not json", 22);
    m_friend.write(
        m_topic, {{.key = "k", .value = poison, .headers = {{"tenant", "a"}}, .milliseconds = 1'700'000'000'000}}, 2);
    ASSERT_TRUE(bus->publish(eventOf("Good", "after")));
    ASSERT_TRUE(inbox.waitFor(1));
    const auto letters = waitForRecords(m_topic + ".dead-letter", 1);
    ASSERT_EQ(letters.size(), 1u);
    EXPECT_EQ(letters[0].value, poison);
    EXPECT_EQ(letters[0].key, "k");
    EXPECT_EQ(headerOf(letters[0], "tenant"), "a");
    EXPECT_EQ(headerOf(letters[0], kafka::dead_letter_header::kTopic), m_topic);
    EXPECT_EQ(headerOf(letters[0], kafka::dead_letter_header::kPartition), "2");
    EXPECT_EQ(headerOf(letters[0], kafka::dead_letter_header::kOffset), "0");
}

TEST_F(KafkaBusTest, DeadLettersAFailedEventInTheSpecifiedForm)
{
    const auto bus = open();
    const auto subscription
        = subscribe(*bus, uniqueName("group"), m_topic, [](const core::RecordedEvent&) -> core::Status {
              return core::fail(core::ErrorCode::DomainRule, "no such customer");
          });
    const core::RecordedEvent event = eventOf("OrderPlaced", "e-1", "order-7f3a", 1, R"({"totalAmount":10.00})");
    ASSERT_TRUE(bus->publish(event));
    const auto letters = waitForRecords(m_topic + ".dead-letter", 1);
    ASSERT_EQ(letters.size(), 1u);
    EXPECT_EQ(letters[0].key, "e-1");
    EXPECT_TRUE(letters[0].value->starts_with(R"({"originalEvent":)" + core::eventToClassicJson(event)
        + R"(,"error":{"message":"no such customer","stack":")"))
        << *letters[0].value;
    EXPECT_NE(letters[0].value->find(R"("},"failedAt":")"), std::string::npos);
}

TEST_F(KafkaBusTest, CommitsNothingThatIsNotHandled)
{
    const auto bus = open();
    const std::string group = uniqueName("group");
    std::atomic<int> calls{0};
    {
        // It never succeeds and is never parked before the subscription ends.
        auto subscription = bus->subscribe({.name = group,
            .pattern = m_topic,
            .handler = [&](const core::RecordedEvent&) -> core::Status {
                ++calls;
                calls.notify_all();
                return core::fail(core::ErrorCode::HeldByOther, "somebody else is at it");
            },
            .retry = {.maxRetries = 0, .firstDelay = std::chrono::hours(1)}});
        ASSERT_TRUE(subscription);
        ASSERT_TRUE(bus->publish(eventOf("New", "held")));
        calls.wait(0);
    }
    EventInbox inbox;
    const auto subscription = subscribe(*bus, group, m_topic, inbox.handler());
    ASSERT_TRUE(inbox.waitFor(1));
    EXPECT_EQ(inbox.ids(), (std::vector<std::string>{"held"}));
}

TEST_F(KafkaBusTest, HandlesEachEventOnceInEffectThroughRebalances)
{
    constexpr int kEvents = 400;
    const std::string group = uniqueName("group");
    core::MemoryIdempotencyStore store(m_clock);
    std::mutex mutex;
    std::map<std::string, int> effects;
    std::condition_variable changed;
    const core::IdempotentHandler once(store, [&](const core::RecordedEvent& event) -> core::Status {
        const std::scoped_lock lock(mutex);
        ++effects[event.id];
        changed.notify_all();
        return {};
    });
    const auto first = open();
    const auto second = open();
    const auto staying = subscribe(*first, group, m_topic, once);
    std::vector<core::RecordedEvent> events;
    for (int i = 0; i < kEvents; ++i)
        events.push_back(eventOf("Counted", "e-" + std::to_string(i), "order-" + std::to_string(i % 40)));
    ASSERT_TRUE(first->publishBatch(std::span(events).first(kEvents / 2)));
    auto coming = subscribe(*second, group, m_topic, once); // half of the partitions move
    ASSERT_TRUE(first->publishBatch(std::span(events).subspan(kEvents / 2)));
    coming.reset(); // and come back
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, kPatience, [&] { return effects.size() == kEvents; })) << effects.size();
    for (const auto& [id, times] : effects)
        EXPECT_EQ(times, 1) << id;
}

TEST_F(KafkaBusTest, SaysWhyItCannotPublish)
{
    kafka::KafkaBusOptions options;
    options.connect = {.brokers = "127.0.0.1:1", .properties = {{"socket.connection.setup.timeout.ms", "1000"}}};
    const auto bus = kafka::KafkaBus::open(m_clock, options);
    ASSERT_TRUE(bus);
    const auto refused = (*bus)->subscribe(
        {.name = "g", .pattern = "t", .handler = [](const core::RecordedEvent&) { return core::Status(); }});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, core::ErrorCode::Unreachable) << refused.error().message;
}

} // namespace eventscope::test
