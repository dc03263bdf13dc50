// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker.h"
#include "collecting_sink.h"
#include "event_inbox.h"

#include "event/clock.h"
#include "kafka_bus.h"
#include "kafka_source.h"
#include "mock_cluster.h"

#include <set>

#include <gtest/gtest.h>

#include <librdkafka/rdkafka_mock.h>

namespace eventscope::test {

namespace {

// Requests by their numbers in Kafka's protocol.
constexpr std::int16_t kProduce = 0, kFetch = 1, kListOffsets = 2, kMetadata = 3, kOffsetCommit = 8, kOffsetFetch = 9,
                       kFindCoordinator = 10, kJoinGroup = 11, kHeartbeat = 12, kSyncGroup = 14, kInitProducerId = 22,
                       kAddPartitionsToTxn = 24, kEndTxn = 26;

struct Injected {
    const char* name;
    std::int16_t request;
    rd_kafka_resp_err_t error;
};

class KafkaMockTest : public testing::TestWithParam<Injected> {
protected:
    void SetUp() override
    {
        auto mock = kafka::MockCluster::start(1);
        ASSERT_TRUE(mock) << mock.error().message;
        m_mock = std::move(*mock);
        m_mock->makeTopic("orders", 2);
        m_mock->makeTopic("orders.dead-letter", 1);
    }

    /// The next requests of that kind fail, the ones after them do not.
    void inject()
    {
        const Injected& injected = GetParam();
        rd_kafka_mock_push_request_errors(
            m_mock->handle(), injected.request, 3, injected.error, injected.error, injected.error);
    }

    std::unique_ptr<kafka::MockCluster> m_mock;
    core::SystemClock m_clock;
};

std::vector<core::RecordedEvent> someEvents(const std::string& prefix)
{
    std::vector<core::RecordedEvent> events;
    for (int i = 0; i < 10; ++i)
        events.push_back(eventOf("Counted", prefix + std::to_string(i), "order-" + std::to_string(i)));
    return events;
}

} // namespace

TEST_P(KafkaMockTest, PassesErrorsThatPassWithoutLosingAnything)
{
    auto bus = kafka::KafkaBus::open(m_clock,
        {.connect = {.brokers = m_mock->brokers()},
            .topic = "orders",
            .sessionTimeout = std::chrono::milliseconds(6000),
            .heartbeat = std::chrono::milliseconds(300)});
    ASSERT_TRUE(bus);
    EventInbox inbox;
    inject();
    auto subscription = (*bus)->subscribe({.name = "billing", .pattern = "orders", .handler = inbox.handler()});
    for (int tries = 0; !subscription && tries < 5; ++tries)
        subscription = (*bus)->subscribe({.name = "billing", .pattern = "orders", .handler = inbox.handler()});
    ASSERT_TRUE(subscription) << subscription.error().message;
    std::set<std::string> expected;
    inject();
    for (const core::RecordedEvent& event : someEvents("single-")) {
        core::Status published = (*bus)->publish(event);
        for (int tries = 0; !published && tries < 5; ++tries)
            published = (*bus)->publish(event);
        ASSERT_TRUE(published) << published.error().message;
        expected.insert(event.id);
    }
    inject();
    core::Status published = (*bus)->publishBatch(someEvents("batch-"));
    for (int tries = 0; !published && tries < 5; ++tries)
        published = (*bus)->publishBatch(someEvents("batch-"));
    ASSERT_TRUE(published) << published.error().message;
    for (const core::RecordedEvent& event : someEvents("batch-"))
        expected.insert(event.id);
    // A repeated publish may double, never lose.
    const auto all = [&] {
        const auto ids = inbox.ids();
        return std::set<std::string>(ids.begin(), ids.end());
    };
    for (std::size_t count = expected.size(); all() != expected && inbox.waitFor(count); ++count) { }
    EXPECT_EQ(all(), expected);

    const auto source = kafka::KafkaSource::open({.name = "mock", .connect = {.brokers = m_mock->brokers()}}, {});
    ASSERT_TRUE(source) << source.error().message;
    inject();
    CollectingSink sink;
    auto receipt = (*source)->read({.stream = "orders"}, sink, {});
    if (!receipt) { // said in a sentence, and gone the next time
        EXPECT_FALSE(receipt.error().message.empty());
        receipt = (*source)->read({.stream = "orders"}, sink, {});
    }
    ASSERT_TRUE(receipt) << receipt.error().message;
    EXPECT_TRUE(receipt->complete) << receipt->stoppedBecause;
    std::set<std::string> read;
    for (const core::SourceEvent& event : sink.events())
        read.insert(std::string(event.id));
    EXPECT_EQ(read, expected);
}

INSTANTIATE_TEST_SUITE_P(Requests, KafkaMockTest,
    testing::Values(Injected{"Produce", kProduce, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION},
        Injected{"Fetch", kFetch, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION},
        Injected{"ListOffsets", kListOffsets, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE},
        Injected{"Metadata", kMetadata, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE},
        Injected{"OffsetCommit", kOffsetCommit, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS},
        Injected{"OffsetFetch", kOffsetFetch, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS},
        Injected{"FindCoordinator", kFindCoordinator, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE},
        Injected{"JoinGroup", kJoinGroup, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS},
        Injected{"SyncGroup", kSyncGroup, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS},
        Injected{"Heartbeat", kHeartbeat, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS},
        Injected{"InitProducerId", kInitProducerId, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS},
        Injected{"AddPartitionsToTxn", kAddPartitionsToTxn, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS},
        Injected{"EndTxn", kEndTxn, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS}),
    [](const auto& instance) { return std::string(instance.param.name); });

} // namespace eventscope::test
