// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/store_source.h"

#include "collecting_sink.h"
#include "new_events.h"
#include "sourcing/memory_dead_letter_store.h"
#include "sourcing/memory_event_store.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>

using namespace eventscope::core;
using namespace std::chrono_literals;
using eventscope::test::CollectingSink;
using eventscope::test::newEvent;

namespace {

class StoreSourceTest : public testing::Test {
protected:
    /// Event number n: id "e<n>", of stream order-<n % streams>, n seconds after the beginning.
    void add(int count, int streams = 2)
    {
        for (int i = 0; i < count; ++i, ++m_added) {
            NewEvent event = newEvent(fmt::format("e{}", m_added));
            event.time = Timestamp{std::chrono::seconds{m_added}};
            event.metadata.correlationId = "flow";
            ASSERT_TRUE(
                m_store->append(fmt::format("order-{}", m_added % streams), ExpectedVersion::any(), {&event, 1}));
        }
    }

    std::string idsOf(const ReadRange& range)
    {
        CollectingSink sink;
        m_receipt = m_source.read(range, sink, {}).value();
        std::string ids;
        for (const SourceEvent& event : sink.events())
            ids += std::string(event.id) + " ";
        return ids;
    }

    std::shared_ptr<MemoryEventStore> m_store
        = std::make_shared<MemoryEventStore>(MemoryEventStore::Options{.outbox = true});
    std::shared_ptr<MemoryDeadLetterStore> m_letters = std::make_shared<MemoryDeadLetterStore>();
    StoreSource m_source{"demo", {.events = m_store, .deadLetters = m_letters, .outbox = m_store}, {.batch = 3}};
    ScanReceipt m_receipt;
    int m_added = 0;
};

} // namespace

TEST_F(StoreSourceTest, ListsStreamsAndDeadLetterQueues)
{
    add(5);
    ASSERT_TRUE(m_letters->park({.id = "l1", .queue = "shipping", .failedAt = Timestamp{9s}}));
    ASSERT_TRUE(m_letters->park({.id = "l2", .queue = "shipping", .failedAt = Timestamp{7s}}));
    const auto catalog = m_source.catalog({}).value();
    ASSERT_EQ(catalog.size(), 3u);
    EXPECT_EQ(catalog[0].name, "order-0");
    EXPECT_EQ(catalog[0].kind, CatalogKind::Stream);
    EXPECT_EQ(catalog[0].count, 3);
    EXPECT_EQ(catalog[0].first, Timestamp{0s});
    EXPECT_EQ(catalog[0].last, Timestamp{4s});
    EXPECT_EQ(catalog[2].name, "shipping");
    EXPECT_EQ(catalog[2].kind, CatalogKind::DeadLetter);
    EXPECT_EQ(catalog[2].count, 2);
    EXPECT_EQ(catalog[2].first, Timestamp{7s});
    EXPECT_EQ(catalog[2].last, Timestamp{9s});
}

TEST_F(StoreSourceTest, ListsMoreStreamsThanFitAPage)
{
    add(4500, 4500);
    EXPECT_EQ(m_source.catalog({})->size(), 4500u);
}

TEST_F(StoreSourceTest, ReadsEverythingInOrderInBatches)
{
    add(7);
    CollectingSink sink;
    const ScanReceipt receipt = m_source.read({}, sink, {}).value();
    ASSERT_EQ(sink.count(), 7u);
    EXPECT_EQ(sink.batches(), (std::vector<std::size_t>{3, 3, 1}));
    EXPECT_EQ(sink.events()[4].id, "e4");
    EXPECT_EQ(sink.events()[4].version, 3);
    EXPECT_EQ(sink.events()[4].position, 5);
    EXPECT_EQ(sink.events()[4].correlationId, "flow");
    EXPECT_EQ(sink.events()[4].source, "demo");
    EXPECT_EQ(receipt.scanned, 7u);
    EXPECT_TRUE(receipt.complete);
    ASSERT_EQ(receipt.ranges.size(), 1u);
    EXPECT_EQ(receipt.ranges[0].from, 1);
    EXPECT_EQ(receipt.ranges[0].to, 7);
}

TEST_F(StoreSourceTest, ReadsRangesOfPositionTimeAndStream)
{
    add(8);
    EXPECT_EQ(idsOf({.fromPosition = 3, .toPosition = 5}), "e2 e3 e4 ");
    EXPECT_TRUE(m_receipt.complete);
    EXPECT_EQ(idsOf({.fromTime = Timestamp{2s}, .toTime = Timestamp{3s}}), "e2 e3 ");
    EXPECT_EQ(m_receipt.scanned, 8u);
    EXPECT_EQ(idsOf({.stream = "order-1"}), "e1 e3 e5 e7 ");
    EXPECT_EQ(idsOf({.stream = "order-1", .fromPosition = 3, .toTime = Timestamp{5s}}), "e3 e5 ");
    EXPECT_EQ(idsOf({.fromPosition = 9}), "");
    EXPECT_TRUE(m_receipt.complete);
    EXPECT_TRUE(m_receipt.ranges.empty());
    EXPECT_EQ(idsOf({.fromPosition = -5, .limit = 1}), "e0 ");
}

TEST_F(StoreSourceTest, SaysWhenALimitCutTheReadShort)
{
    add(4);
    EXPECT_EQ(idsOf({.limit = 2}), "e0 e1 ");
    EXPECT_FALSE(m_receipt.complete);
    EXPECT_EQ(m_receipt.stoppedBecause, "the limit of 2 events was reached");
    EXPECT_EQ(m_receipt.scanned, 2u);
    EXPECT_EQ(idsOf({.limit = 4}), "e0 e1 e2 e3 ");
    EXPECT_TRUE(m_receipt.complete);
    EXPECT_EQ(idsOf({.limit = 0}), "");
    EXPECT_FALSE(m_receipt.complete);
}

TEST_F(StoreSourceTest, ReadsMoreThanAPage)
{
    add(20'000);
    CollectingSink sink;
    EXPECT_TRUE(m_source.read({}, sink, {})->complete);
    EXPECT_EQ(sink.count(), 20'000u);
    EXPECT_EQ(sink.events().back().id, "e19999");
}

TEST_F(StoreSourceTest, SaysThatAStreamIsNotThere)
{
    CollectingSink sink;
    EXPECT_EQ(m_source.read({.stream = "order-9"}, sink, {}).error().code, ErrorCode::NotFound);
}

TEST_F(StoreSourceTest, StopsWhenTheSinkWantsNoMore)
{
    add(10);
    CollectingSink sink;
    sink.stopAt(3);
    const ScanReceipt receipt = m_source.read({}, sink, {}).value();
    EXPECT_EQ(sink.count(), 3u);
    EXPECT_FALSE(receipt.complete);
    EXPECT_FALSE(receipt.stoppedBecause.empty());
}

TEST_F(StoreSourceTest, FollowsWhatIsThereAndWhatIsCommitted)
{
    add(4);
    CollectingSink sink;
    {
        const std::jthread follower([&](std::stop_token stop) { EXPECT_TRUE(m_source.follow(2, sink, stop)); });
        sink.waitFor(2);
        add(1);
        sink.waitFor(3);
        add(2);
        sink.waitFor(5);
    }
    ASSERT_EQ(sink.count(), 5u);
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(sink.events()[static_cast<std::size_t>(i)].position, i + 3);
}

TEST_F(StoreSourceTest, FollowsFromNowOnWhenAskedTo)
{
    add(4);
    CollectingSink sink;
    sink.stopAt(1);
    // The first commit after the start is the first one delivered, whenever the follower is ready.
    std::jthread writer([&](std::stop_token stop) {
        while (!stop.stop_requested() && sink.count() == 0)
            add(1);
    });
    EXPECT_TRUE(m_source.follow(SourceEvent::kNone, sink, {}));
    EXPECT_GT(sink.events()[0].position, 4);
}

TEST_F(StoreSourceTest, TellsHowItIsDoing)
{
    add(3);
    ASSERT_TRUE(m_letters->park({.id = "l1", .queue = "shipping"}));
    const Probe probe = m_source.probe({}).value();
    EXPECT_EQ(probe.lastPosition, 3);
    EXPECT_EQ(probe.deadLetters, 1);
    EXPECT_EQ(probe.outboxBacklog, 3);
    EXPECT_TRUE(m_source.capabilities().deadLetters);
    EXPECT_FALSE(m_source.capabilities().requeue);

    StoreSource bare{"bare", {.events = m_store}};
    EXPECT_FALSE(bare.capabilities().deadLetters);
    EXPECT_EQ(bare.probe({})->deadLetters, std::nullopt);
}
