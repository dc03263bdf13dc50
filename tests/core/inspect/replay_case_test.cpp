// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/json.h"
#include "inspect/replay_case.h"
#include "inspect/stream_history.h"
#include "one_order.h"
#include "sourcing/order_state.h"

#include <gtest/gtest.h>

#include <memory>

using namespace eventscope;

namespace {

core::Replay orderReplay()
{
    auto history = std::make_shared<core::StreamHistory>("order-7f3a");
    for (const core::SourceEvent& event : test::oneOrder()) {
        history->append(event);
    }
    return {
        history, core::makeNativeReducer("order"), std::make_shared<const core::UpcasterChain>(core::orderUpcasters())};
}

} // namespace

TEST(ReplayCase, GivesTheEventsOfTheBranchAndExpectsItsState)
{
    core::Replay replay = orderReplay();
    replay.setSkipped(2, true);
    const auto test = core::Json::parse(core::ReplayCase::json(replay, 3));
    ASSERT_TRUE(test) << test.error().message;
    EXPECT_EQ(test->stringOr("reducer"), "order");
    ASSERT_EQ(test->find("given")->asArray().size(), 2U);
    EXPECT_EQ(test->find("given")->asArray().front().stringOr("type"), "OrderPlaced");
    EXPECT_EQ(*test->find("expected"), replay.stateAt(3));
}

TEST(ReplayCase, IsALineAnEventToo)
{
    core::Replay replay = orderReplay();
    const std::string lines = core::ReplayCase::ndjson(replay, 1);
    const std::size_t end = lines.find('\n');
    EXPECT_EQ(core::Json::parse(lines.substr(0, end))->at("/data/totalAmount")->numberText(), "38.00");
    EXPECT_EQ(*core::Json::parse(lines.substr(end + 1))->find("expected"), replay.stateAt(1));
}
