// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/flow_tracker.h"

#include "sample_flow.h"
#include "scripted_source.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

using namespace eventscope::core;
using eventscope::test::ChangeWaiter;
using eventscope::test::SampleFlow;

namespace {

class FlowTrackerTest : public testing::Test {
protected:
    std::shared_ptr<FlowTracker> follow(const std::string& id)
    {
        auto tracker = std::make_shared<FlowTracker>(id);
        m_listening = tracker->onChanged([this] { m_changed.notify(); });
        m_worker.add(tracker);
        return tracker;
    }

    /// Waits until the tracker has seen the whole log, and for what it made of it.
    FlowTracker::Result resultOf(const FlowTracker& tracker, std::uint64_t events)
    {
        m_changed.wait([&] { return tracker.result().events == events && tracker.scanned() == m_log.size(); });
        return tracker.result();
    }

    EventLog m_log;
    ChangeWaiter m_changed;
    std::shared_ptr<void> m_listening;
    LogWorker m_worker{m_log};
};

} // namespace

TEST_F(FlowTrackerTest, HasAnEmptyFlowBeforeItHasFoundAnything)
{
    SampleFlow(m_log, "c-1").addOrder();
    const auto tracker = follow("c-none");
    const FlowTracker::Result result = resultOf(*tracker, 0);
    ASSERT_NE(result.flow, nullptr);
    EXPECT_TRUE(result.flow->nodes.empty());
    EXPECT_EQ(tracker->correlationId(), "c-none");
}

TEST_F(FlowTrackerTest, FindsTheEventsOfItsFlowAmongOthers)
{
    SampleFlow other(m_log, "c-0");
    other.add("x1", "", "order-1", "OrderPlaced", 0);
    SampleFlow(m_log, "c-1").addOrder();
    other.add("x2", "x1", "order-1", "OrderShipped", 2000);
    const FlowTracker::Result result = resultOf(*follow("c-1"), 5);
    ASSERT_EQ(result.flow->nodes.size(), 5U);
    EXPECT_EQ(result.flow->lanes.size(), 3U);
    for (const FlowNode& node : result.flow->nodes)
        EXPECT_EQ(m_log.text(m_log.correlationAt(node.row)), "c-1");
}

TEST_F(FlowTrackerTest, GrowsAsTheLogGrows)
{
    SampleFlow flow(m_log, "c-1");
    const auto tracker = follow("c-1"); // whose id nobody has seen yet
    flow.addOrder();
    EXPECT_EQ(resultOf(*tracker, 5).flow->nodes.size(), 5U);
    flow.add("e6", "e5", "mail-1", "MailSent", 1200);
    const FlowTracker::Result result = resultOf(*tracker, 6);
    const auto node = result.flow->nodeOf(5);
    ASSERT_TRUE(node);
    EXPECT_EQ(result.flow->nodes[result.flow->nodes[*node].parent].row, 4U);
}

TEST_F(FlowTrackerTest, GivesTheSameFlowAsLongAsNothingOfItComes)
{
    SampleFlow(m_log, "c-1").addOrder();
    const auto tracker = follow("c-1");
    const FlowTracker::Result before = resultOf(*tracker, 5);
    SampleFlow(m_log, "c-2").addOrder();
    EXPECT_EQ(resultOf(*tracker, 5).flow, before.flow);
}

TEST_F(FlowTrackerTest, CountsBeyondWhatItPutsInOrder)
{
    SampleFlow flow(m_log, "c-1");
    const int events = static_cast<int>(FlowTracker::kMaxEvents) + 7;
    for (int i = 0; i < events; ++i)
        flow.add(fmt::format("e{}", i), i > 0 ? fmt::format("e{}", i - 1) : "", fmt::format("order-{}", i % 10),
            "Ticked", i);
    const FlowTracker::Result result = resultOf(*follow("c-1"), static_cast<std::uint64_t>(events));
    EXPECT_EQ(result.flow->nodes.size(), FlowTracker::kMaxEvents);
    EXPECT_EQ(result.flow->lanes.size(), 10U);
    EXPECT_EQ(result.flow->missingCauses, 0U);
}

TEST_F(FlowTrackerTest, FollowsNothingWithoutAnId)
{
    SampleFlow(m_log, "").addOrder();
    EXPECT_TRUE(resultOf(*follow(""), 0).flow->nodes.empty());
}

TEST_F(FlowTrackerTest, EndsWithTheLastWhoHoldsIt)
{
    SampleFlow(m_log, "c-1").addOrder();
    std::weak_ptr<FlowTracker> gone;
    {
        const auto tracker = follow("c-1");
        resultOf(*tracker, 5);
        gone = tracker;
    }
    m_changed.wait([&] { // the worker may be at it for one slice more
        SampleFlow(m_log, "c-1").add("more", "", "order-1", "OrderPlaced", 0);
        m_changed.notify();
        return gone.expired();
    });
    EXPECT_TRUE(gone.expired());
}
