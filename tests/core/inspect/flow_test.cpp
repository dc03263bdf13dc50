// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/flow.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

using namespace eventscope::core;

namespace {

struct Step {
    std::string id, cause;
    int seconds = 0;
    std::string stream = "order-1";
    std::string source = "demo";
};

class FlowTest : public testing::Test {
protected:
    void add(const std::vector<Step>& steps)
    {
        for (const Step& step : steps) {
            const SourceEvent event{.source = step.source,
                .stream = step.stream,
                .position = static_cast<std::int64_t>(m_log.size()),
                .id = step.id,
                .time = Timestamp{std::chrono::seconds{step.seconds}},
                .correlationId = "flow",
                .causationId = step.cause};
            m_log.append({&event, 1});
        }
    }

    Flow flow() const
    {
        std::vector<LogRow> rows(m_log.size());
        std::iota(rows.begin(), rows.end(), LogRow{0});
        return buildFlow(m_log, rows);
    }

    /// One line an event, indented by its depth.
    std::string tree() const
    {
        std::string text;
        for (const FlowNode& node : flow().nodes) {
            static constexpr const char* kMarks[]{"", " requested", "", " cause missing", " cycle"};
            text += fmt::format("{}{}{}\n", std::string(node.depth * 2, ' '), m_log.idAt(node.row).toString(),
                kMarks[static_cast<int>(node.cause)]);
        }
        return text;
    }

    EventLog m_log;
};

} // namespace

TEST_F(FlowTest, OfNoEventsIsEmpty)
{
    EXPECT_TRUE(flow().nodes.empty());
    EXPECT_TRUE(flow().lanes.empty());
}

TEST_F(FlowTest, PutsEffectsBehindTheirCauses)
{
    add({{"shipped", "paid", 4}, {"paid", "placed", 2}, {"placed", "", 1}, {"noted", "placed", 3}, {"other", "", 0}});
    EXPECT_EQ(tree(),
        "other\n"
        "placed\n"
        "  paid\n"
        "    shipped\n"
        "  noted\n");
    EXPECT_EQ(flow().from, Timestamp{std::chrono::seconds{0}});
    EXPECT_EQ(flow().to, Timestamp{std::chrono::seconds{4}});
}

TEST_F(FlowTest, KeepsAnEffectUnderItsCauseEvenWhenClocksDisagree)
{
    add({{"effect", "cause", 1}, {"cause", "", 5}});
    EXPECT_EQ(tree(), "cause\n  effect\n");
}

TEST_F(FlowTest, SaysWhenACauseIsNotThere)
{
    add({{"a", "command-1", 1}, {"b", "a", 2}, {"c", "command-2", 3}});
    EXPECT_EQ(tree(), "a cause missing\n  b\nc cause missing\n");
    EXPECT_EQ(flow().missingCauses, 2u);
}

TEST_F(FlowTest, TellsTheRequestThatBeganAFlowFromAMissingCause)
{
    add({{"placed", "flow", 1}, {"paid", "command-1", 2}});
    EXPECT_EQ(tree(), "placed requested\npaid cause missing\n");
    EXPECT_EQ(flow().missingCauses, 1u);
}

TEST_F(FlowTest, TakesAnEventThatNamesItselfAsABeginning)
{
    add({{"a", "a", 1}, {"b", "a", 2}, {"", "", 3}});
    EXPECT_EQ(tree(), "a\n  b\n\n");
    EXPECT_EQ(flow().cycles, 0u);
}

TEST_F(FlowTest, CutsACycleAtItsEarliestEvent)
{
    add({{"a", "c", 3}, {"b", "a", 1}, {"c", "b", 2}, {"d", "c", 4}});
    EXPECT_EQ(tree(), "b cycle\n  c\n    a\n    d\n");
    EXPECT_EQ(flow().cycles, 1u);
}

TEST_F(FlowTest, PrefersTheCauseOfTheSameSource)
{
    add({{"a", "", 1, "order-1", "kafka"}, {"a", "", 2, "order-1", "store"}, {"b", "a", 3, "order-1", "store"},
        {"c", "a", 4, "order-1", "rabbit"}});
    EXPECT_EQ(tree(), "a\n  c\na\n  b\n");
}

TEST_F(FlowTest, GivesEachStreamOfEachSourceALane)
{
    add({{"a", "", 2, "order-1"}, {"b", "a", 1, "payment-1"}, {"c", "a", 3, "order-1"},
        {"d", "", 4, "order-1", "kafka"}});
    const Flow result = flow();
    ASSERT_EQ(result.lanes.size(), 3u);
    EXPECT_EQ(m_log.text(result.lanes[0].stream), "payment-1");
    EXPECT_EQ(m_log.text(result.lanes[1].stream), "order-1");
    EXPECT_EQ(result.lanes[1].events, 2u);
    EXPECT_EQ(m_log.text(result.lanes[2].source), "kafka");
    EXPECT_EQ(result.nodes[0].lane, 1u);
    EXPECT_EQ(result.nodes[1].lane, 0u);
}

TEST_F(FlowTest, KnowsItsEventsByTimeAndByRow)
{
    add({{"late", "", 9}, {"first", "", 1}, {"effect", "late", 10}, {"second", "first", 2, "order-2"}});
    const Flow shown = flow();
    std::vector<LogRow> inTime;
    for (const std::size_t node : shown.inTime)
        inTime.push_back(shown.nodes[node].row);
    EXPECT_EQ(inTime, (std::vector<LogRow>{1, 3, 0, 2}));
    for (LogRow row = 0; row < 4; ++row) {
        ASSERT_TRUE(shown.nodeOf(row));
        EXPECT_EQ(shown.nodes[*shown.nodeOf(row)].row, row);
    }
    EXPECT_FALSE(shown.nodeOf(4));
    EXPECT_FALSE(Flow().nodeOf(0));
}

TEST_F(FlowTest, StandsAChainAsLongAsTheLog)
{
    for (int i = 0; i < 100'000; ++i)
        add({{fmt::format("e{}", i), i == 0 ? "" : fmt::format("e{}", i - 1), i}});
    EXPECT_EQ(flow().nodes.back().depth, 99'999u);
}

TEST_F(FlowTest, IsATreeOfAllEventsWhateverTheyName)
{
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        std::mt19937 random(seed);
        EventLog log;
        const auto count = random() % 30 + 1;
        for (std::size_t i = 0; i < count; ++i) {
            const std::string id = fmt::format("{}", random() % 25);
            const std::string cause = fmt::format("{}", random() % 30);
            const std::string source = random() % 3 == 0 ? "kafka" : "demo";
            const SourceEvent event{.source = source,
                .id = id,
                .time = Timestamp{std::chrono::seconds{random() % 10}},
                .hasTime = random() % 5 != 0,
                .causationId = cause};
            log.append({&event, 1});
        }
        std::vector<LogRow> rows(log.size());
        std::iota(rows.begin(), rows.end(), LogRow{0});
        const Flow flow = buildFlow(log, rows);
        ASSERT_EQ(flow.nodes.size(), rows.size());
        std::vector<LogRow> seen;
        std::size_t missing = 0;
        for (std::size_t i = 0; i < flow.nodes.size(); ++i) {
            const FlowNode& node = flow.nodes[i];
            seen.push_back(node.row);
            missing += node.cause == FlowCause::NotInFlow ? 1 : 0;
            if (node.cause == FlowCause::InFlow) {
                ASSERT_LT(node.parent, i);
                ASSERT_EQ(node.depth, flow.nodes[node.parent].depth + 1);
                ASSERT_EQ(log.idAt(flow.nodes[node.parent].row).toString(), log.at(node.row).causationId.toString());
            } else {
                ASSERT_EQ(node.parent, FlowNode::kNoParent);
                ASSERT_EQ(node.depth, 0u);
            }
        }
        std::ranges::sort(seen);
        ASSERT_EQ(seen, rows);
        ASSERT_EQ(flow.missingCauses, missing);
    }
}
