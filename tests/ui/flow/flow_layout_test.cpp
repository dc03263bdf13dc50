// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow/flow_layout.h"

#include "sample_flow.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <numeric>
#include <random>
#include <string>

using namespace eventscope;
using ui::FlowLayout;

namespace {

/// A flow of thousands of events in twenty streams, each caused by one of those before it.
class FlowLayoutTest : public testing::Test {
protected:
    void add(int events, int lanes)
    {
        std::mt19937 random(11);
        test::SampleFlow flow(log, "c-1");
        for (int i = 0; i < events; ++i) {
            const std::string cause
                = i == 0 ? std::string() : "e" + std::to_string(random() % static_cast<unsigned>(i));
            flow.add("e" + std::to_string(i), cause,
                "stream-" + std::to_string(random() % static_cast<unsigned>(lanes)), "Ticked", i / 3);
        }
        std::vector<core::LogRow> rows(log.size());
        std::iota(rows.begin(), rows.end(), core::LogRow{0});
        layout.setFlow(std::make_shared<const core::Flow>(core::buildFlow(log, rows)), log);
        layout.spread(800, 130);
    }

    core::EventLog log;
    FlowLayout layout;
};

} // namespace

TEST_F(FlowLayoutTest, HasNothingAnywhereWithoutAFlow)
{
    layout.spread(800, 130);
    EXPECT_FALSE(layout.dotAt({0, 0}, 10));
    EXPECT_FALSE(layout.nearestIn(0, 0));
    EXPECT_TRUE(layout.dotsIn({0, 0, 800, 600}).empty());
    EXPECT_TRUE(layout.arrowsIn({0, 0, 800, 600}).empty());
}

TEST_F(FlowLayoutTest, PutsNoDotUponAnother)
{
    add(5000, 20);
    std::vector<QPointF> places;
    for (std::size_t node = 0; node < layout.flow().nodes.size(); ++node) {
        places.push_back(layout.place(node));
    }
    std::ranges::sort(places, {}, [](const QPointF& at) { return std::pair(at.y(), at.x()); });
    for (std::size_t i = 1; i < places.size(); ++i) {
        ASSERT_TRUE(
            places[i].y() > places[i - 1].y() || places[i].x() - places[i - 1].x() > FlowLayout::kSmallestGap - 0.01);
    }
}

TEST_F(FlowLayoutTest, FindsTheDotThatIsNearest)
{
    add(5000, 20);
    std::mt19937 random(3);
    const auto nodes = layout.flow().nodes.size();
    for (int i = 0; i < 500; ++i) {
        const QPointF point(
            static_cast<double>(random() % 8000), static_cast<double>(random() % (20 * FlowLayout::kLaneHeight)));
        std::optional<std::size_t> expected;
        double best = 10 * 10;
        for (std::size_t node = 0; node < nodes; ++node) {
            const QPointF away = layout.place(node) - point;
            if (const double distance = QPointF::dotProduct(away, away); distance <= best) {
                best = distance;
                expected = node;
            }
        }
        const auto found = layout.dotAt(point, 10);
        ASSERT_EQ(found.has_value(), expected.has_value());
        if (found) {
            EXPECT_EQ(layout.place(*found), layout.place(*expected));
        }
    }
}

TEST_F(FlowLayoutTest, DrawsEveryDotOfAnAreaAndFewBeside)
{
    add(5000, 20);
    const QRectF area(3000, 100, 800, 400);
    const std::vector<std::size_t> dots = layout.dotsIn(area);
    for (std::size_t node = 0; node < layout.flow().nodes.size(); ++node) {
        if (area.contains(layout.place(node))) {
            EXPECT_NE(std::ranges::find(dots, node), dots.end());
        }
    }
    EXPECT_LT(dots.size(), 600U);
}

TEST_F(FlowLayoutTest, DrawsTheArrowsThatEndInAnAreaAndFewThatOnlyPass)
{
    add(10'000, 20);
    const QRectF area(3000, 0, 800, 600);
    const std::vector<std::size_t> arrows = layout.arrowsIn(area);
    for (std::size_t node = 0; node < layout.flow().nodes.size(); ++node) {
        if (layout.flow().nodes[node].parent != core::FlowNode::kNoParent && area.contains(layout.place(node))) {
            EXPECT_NE(std::ranges::find(arrows, node), arrows.end());
        }
    }
    EXPECT_LT(arrows.size(), 2500U);
}

TEST_F(FlowLayoutTest, SpreadsFurtherOnlyWhereItMust)
{
    add(4, 4);
    EXPECT_EQ(layout.width(), 800);
    add(5000, 20);
    EXPECT_GT(layout.width(), 800);
}
