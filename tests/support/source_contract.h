// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "collecting_sink.h"
#include "inspect/source.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace eventscope::test {

/// An event that the contract's fixture puts where the source looks, past the source.
struct ContractEvent {
    std::string stream;
    std::string id;
    std::string type = "OrderPlaced";
    core::Timestamp time{};
    std::string correlationId = "flow";
    std::string data = R"({"total":99.50})";
};

/// What every Source keeps. The fixture type, made anew for each test, has nothing in it at first and
///   core::Source& source()               the one that is looked at, open
///   void add(const ContractEvent&)       puts one more there; its position is above all before
///   std::string footprint()              all that looking must not change: bytes, offsets, counters
/// What a source cannot do by its capabilities is not asked of it.
template <class Fixture>
class SourceContract : public ::testing::Test {
protected:
    static constexpr core::Timestamp kStart{std::chrono::seconds{1'790'000'000}};

    core::Source& source() { return m_fixture.source(); }
    core::Capabilities capabilities() { return source().capabilities(); }

    /// Event number n: id "e<n>", of stream order-a when it is even, else order-b, n seconds after kStart.
    void add(int count)
    {
        for (int i = 0; i < count; ++i, ++m_added) {
            m_fixture.add({.stream = m_added % 2 == 0 ? "order-a" : "order-b",
                .id = "e" + std::to_string(m_added),
                .time = kStart + std::chrono::seconds(m_added)});
        }
    }

    std::string idsOf(const core::ReadRange& range)
    {
        CollectingSink sink;
        const auto receipt = source().read(range, sink, {});
        EXPECT_TRUE(receipt) << receipt.error().message;
        m_receipt = receipt.value_or(core::ScanReceipt{});
        return ids(sink);
    }

    std::vector<std::int64_t> positions()
    {
        CollectingSink sink;
        EXPECT_TRUE(source().read({}, sink, {}));
        std::vector<std::int64_t> positions;
        for (const core::SourceEvent& event : sink.events()) {
            positions.push_back(event.position);
        }
        return positions;
    }

    static std::string ids(const CollectingSink& sink)
    {
        std::string ids;
        for (const core::SourceEvent& event : sink.events()) {
            ids += (ids.empty() ? "" : " ") + std::string(event.id);
        }
        return ids;
    }

    Fixture m_fixture;
    core::ScanReceipt m_receipt;
    int m_added = 0;
};
TYPED_TEST_SUITE_P(SourceContract);

TYPED_TEST_P(SourceContract, ReadsEverythingInOrderAndSaysSo)
{
    if (!this->capabilities().readRange) {
        return;
    }
    this->add(5);
    CollectingSink sink;
    const auto receipt = this->source().read({}, sink, {});
    ASSERT_TRUE(receipt) << receipt.error().message;
    EXPECT_EQ(this->ids(sink), "e0 e1 e2 e3 e4");
    EXPECT_EQ(receipt->scanned, 5U);
    EXPECT_GT(receipt->bytes, 0U);
    EXPECT_EQ(receipt->undecodable, 0U);
    EXPECT_TRUE(receipt->complete) << receipt->stoppedBecause;
    ASSERT_FALSE(receipt->ranges.empty());
    const core::SourceEvent event = sink.events()[3];
    EXPECT_EQ(event.stream, "order-b");
    EXPECT_EQ(event.type, "OrderPlaced");
    EXPECT_TRUE(event.hasTime);
    EXPECT_EQ(event.time, this->kStart + std::chrono::seconds(3));
    EXPECT_EQ(event.correlationId, "flow");
    EXPECT_EQ(event.payload, R"({"total":99.50})");
    EXPECT_NE(event.position, core::SourceEvent::kNone);
}

TYPED_TEST_P(SourceContract, HasNothingWhereNothingIs)
{
    const auto catalog = this->source().catalog({});
    ASSERT_TRUE(catalog) << catalog.error().message;
    if (this->capabilities().readRange) {
        EXPECT_EQ(this->idsOf({}), "");
        EXPECT_TRUE(this->m_receipt.complete);
        EXPECT_EQ(this->m_receipt.scanned, 0U);
    }
}

TYPED_TEST_P(SourceContract, ListsWhatThereIsWithItsCount)
{
    this->add(5);
    const auto catalog = this->source().catalog({});
    ASSERT_TRUE(catalog) << catalog.error().message;
    int found = 0;
    for (const core::CatalogEntry& entry : *catalog) {
        if (entry.name == "order-a" || entry.name == "order-b") {
            ++found;
            EXPECT_EQ(entry.count, entry.name == "order-a" ? 3 : 2);
        }
    }
    EXPECT_EQ(found, 2);
}

TYPED_TEST_P(SourceContract, ReadsARangeOfPositions)
{
    if (!this->capabilities().readRange) {
        return;
    }
    this->add(6);
    // Positions that are counted for each stream by itself are asked for by stream.
    std::vector<std::int64_t> positions;
    CollectingSink sink;
    ASSERT_TRUE(this->source().read({.stream = "order-a"}, sink, {}));
    for (const core::SourceEvent& event : sink.events()) {
        positions.push_back(event.position);
    }
    ASSERT_EQ(positions.size(), 3U);
    EXPECT_EQ(this->idsOf({.stream = "order-a", .fromPosition = positions[1]}), "e2 e4");
    EXPECT_EQ(this->idsOf({.stream = "order-a", .toPosition = positions[1]}), "e0 e2");
    EXPECT_EQ(this->idsOf({.stream = "order-a", .fromPosition = positions[1], .toPosition = positions[1]}), "e2");
    EXPECT_TRUE(this->m_receipt.complete);
    EXPECT_EQ(this->idsOf({.stream = "order-a", .fromPosition = positions[2] + 1}), "");
    EXPECT_TRUE(this->m_receipt.complete);
    EXPECT_EQ(this->idsOf({.stream = "order-a", .fromPosition = -7}), "e0 e2 e4");
}

TYPED_TEST_P(SourceContract, ReadsARangeOfTimes)
{
    if (!this->capabilities().readRange) {
        return;
    }
    this->add(6);
    const auto at = [this](int second) { return this->kStart + std::chrono::seconds(second); };
    EXPECT_EQ(this->idsOf({.fromTime = at(2), .toTime = at(3)}), "e2 e3");
    EXPECT_EQ(this->idsOf({.fromTime = at(4)}), "e4 e5");
    EXPECT_EQ(this->idsOf({.toTime = at(0)}), "e0");
    EXPECT_EQ(this->idsOf({.stream = "order-b", .fromTime = at(2)}), "e3 e5");
    EXPECT_TRUE(this->m_receipt.complete);
}

TYPED_TEST_P(SourceContract, ReadsOneStreamAndRefusesOneThatIsNotThere)
{
    if (!this->capabilities().readRange) {
        return;
    }
    this->add(5);
    EXPECT_EQ(this->idsOf({.stream = "order-b"}), "e1 e3");
    CollectingSink sink;
    const auto receipt = this->source().read({.stream = "order-z"}, sink, {});
    ASSERT_FALSE(receipt);
    EXPECT_EQ(receipt.error().code, core::ErrorCode::NotFound);
    EXPECT_NE(receipt.error().message.find("order-z"), std::string::npos);
}

TYPED_TEST_P(SourceContract, SaysWhenALimitCutTheReadShort)
{
    if (!this->capabilities().readRange) {
        return;
    }
    this->add(4);
    EXPECT_EQ(this->idsOf({.limit = 2}), "e0 e1");
    EXPECT_FALSE(this->m_receipt.complete);
    EXPECT_EQ(this->m_receipt.stoppedBecause, "the limit of 2 events was reached");
    EXPECT_EQ(this->idsOf({.limit = 4}), "e0 e1 e2 e3");
    EXPECT_TRUE(this->m_receipt.complete);
    EXPECT_EQ(this->idsOf({.limit = 0}), "");
}

TYPED_TEST_P(SourceContract, StopsWhenItsReceiverWantsNoMoreAndWhenItIsAskedTo)
{
    if (!this->capabilities().readRange) {
        return;
    }
    this->add(2);
    CollectingSink sink;
    sink.stopAt(1);
    const auto refused = this->source().read({}, sink, {});
    ASSERT_TRUE(refused);
    EXPECT_FALSE(refused->complete);
    EXPECT_FALSE(refused->stoppedBecause.empty());
    std::stop_source stop;
    stop.request_stop();
    CollectingSink none;
    const auto stopped = this->source().read({}, none, stop.get_token());
    EXPECT_TRUE(!stopped || !stopped->complete);
}

TYPED_TEST_P(SourceContract, FollowsWhatIsThereAndWhatComes)
{
    if (!this->capabilities().follow) {
        return;
    }
    this->add(2);
    CollectingSink sink;
    {
        const std::jthread follower([&](std::stop_token stop) {
            const core::Status ended = this->source().follow(core::Source::kBeginning, sink, stop);
            EXPECT_TRUE(ended) << ended.error().message;
        });
        sink.waitFor(2);
        this->add(1);
        sink.waitFor(3);
        this->add(2);
        sink.waitFor(5);
    }
    EXPECT_EQ(this->ids(sink), "e0 e1 e2 e3 e4");
}

TYPED_TEST_P(SourceContract, GoesOnWhereAFollowerEnded)
{
    if (!this->capabilities().follow) {
        return;
    }
    this->add(3);
    std::int64_t last = core::Source::kBeginning;
    std::string ids;
    {
        CollectingSink sink;
        const std::jthread follower(
            [&](std::stop_token stop) { EXPECT_TRUE(this->source().follow(core::Source::kBeginning, sink, stop)); });
        sink.waitFor(3);
        last = sink.events()[2].position;
    }
    core::FollowStart start(last);
    start.cursor = this->source().cursor();
    this->add(2);
    CollectingSink sink;
    {
        const std::jthread follower(
            [&](std::stop_token stop) { EXPECT_TRUE(this->source().follow(start, sink, stop)); });
        sink.waitFor(2);
    }
    EXPECT_EQ(this->ids(sink), "e3 e4");
}

TYPED_TEST_P(SourceContract, FollowsFromNowOnWhenAskedTo)
{
    if (!this->capabilities().follow) {
        return;
    }
    this->add(4);
    CollectingSink sink;
    sink.stopAt(1);
    // Whenever the follower is ready, none of the first four is delivered.
    std::jthread writer([&](std::stop_token stop) {
        while (!stop.stop_requested() && sink.count() == 0) {
            this->add(1);
            std::this_thread::yield();
        }
    });
    EXPECT_TRUE(this->source().follow(core::SourceEvent::kNone, sink, {}));
    writer.request_stop();
    writer.join();
    ASSERT_FALSE(sink.events().empty());
    EXPECT_GE(sink.events()[0].time, this->kStart + std::chrono::seconds(4));
}

TYPED_TEST_P(SourceContract, LooksWithoutTouching)
{
    this->add(3);
    const std::string before = this->m_fixture.footprint();
    EXPECT_TRUE(this->source().catalog({}));
    EXPECT_TRUE(this->source().probe({}));
    if (this->capabilities().readRange) {
        this->idsOf({});
        this->idsOf({.stream = "order-a", .limit = 1});
    }
    if (this->capabilities().follow) {
        CollectingSink sink;
        const std::jthread follower(
            [&](std::stop_token stop) { EXPECT_TRUE(this->source().follow(core::Source::kBeginning, sink, stop)); });
        sink.waitFor(3);
    }
    EXPECT_EQ(this->m_fixture.footprint(), before);
}

REGISTER_TYPED_TEST_SUITE_P(SourceContract, ReadsEverythingInOrderAndSaysSo, HasNothingWhereNothingIs,
    ListsWhatThereIsWithItsCount, ReadsARangeOfPositions, ReadsARangeOfTimes, ReadsOneStreamAndRefusesOneThatIsNotThere,
    SaysWhenALimitCutTheReadShort, StopsWhenItsReceiverWantsNoMoreAndWhenItIsAskedTo, FollowsWhatIsThereAndWhatComes,
    GoesOnWhereAFollowerEnded, FollowsFromNowOnWhenAskedTo, LooksWithoutTouching);

} // namespace eventscope::test
