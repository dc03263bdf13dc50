// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/replay.h"

#include "inspect/merge_reducer.h"
#include "inspect/order_reducer.h"
#include "order_stories.h"
#include "sourcing/order_state.h"

#include <gtest/gtest.h>

using namespace eventscope::core;
using namespace eventscope::test;

namespace {

const auto kUpcasters = std::make_shared<const UpcasterChain>(orderUpcasters());

Replay orderReplay(std::shared_ptr<StreamHistory> history, Replay::Options options = {})
{
    return Replay(std::move(history), std::make_shared<OrderReducer>(), kUpcasters, options);
}

std::vector<StoryEvent> teaStory()
{
    return {{"OrderPlaced", 2, R"({"orderId":"1","customerId":"c","items":[],"totalAmount":38.00})"},
        {"PaymentConfirmed", 1, R"({"orderId":"1","paymentId":"p","amount":38.00})"},
        {"AddressChanged", 1, R"({"city":"x"})"},
        {"OrderShipped", 1, R"({"trackingNumber":"TRK","shippedAt":"2026-11-23T09:14:07Z"})"}};
}

/// Every state of the story by the plainest possible fold, without checkpoints or runs.
std::vector<Json> plainStates(const StreamHistory& history, Reducer& reducer, const std::set<std::size_t>& skipped = {})
{
    std::vector<Json> states = {reducer.initialState()};
    for (std::size_t i = 0; i < history.size(); ++i) {
        Json state = states.back();
        if (!skipped.contains(i + 1))
            (void)reducer.apply(state, ReducerEvent(history.at(i), *kUpcasters, {}));
        states.push_back(std::move(state));
    }
    return states;
}

std::string status(const Json& state)
{
    return std::string(state.stringOr("status", "none"));
}

} // namespace

TEST(Replay, StepsForwardAndBackThroughAnOrder)
{
    Replay replay = orderReplay(historyOf(teaStory()));
    EXPECT_EQ(replay.size(), 4u);
    EXPECT_EQ(replay.position(), 0u);
    EXPECT_EQ(replay.current().after.dump(), "{}");
    EXPECT_FALSE(replay.back());
    const std::vector<std::string> statuses = {"pending", "paid", "paid", "shipped"};
    for (const std::string& expected : statuses) {
        ASSERT_TRUE(replay.forward());
        EXPECT_EQ(status(replay.current().after), expected);
    }
    EXPECT_FALSE(replay.forward());
    ASSERT_TRUE(replay.back());
    ASSERT_TRUE(replay.back());
    EXPECT_EQ(replay.position(), 2u);
    EXPECT_EQ(status(replay.current().before), "pending");
    EXPECT_EQ(status(replay.current().after), "paid");
}

TEST(Replay, ShowsWhatEachStepChanged)
{
    Replay replay = orderReplay(historyOf(teaStory()));
    EXPECT_EQ(patchToJson(replay.stepAt(4).diff).dump(),
        R"([{"op":"replace","path":"/status","value":"shipped"},{"op":"add","path":"/trackingNumber","value":"TRK"},)"
        R"({"op":"add","path":"/shippedAt","value":"2026-11-23T09:14:07Z"}])");
    EXPECT_TRUE(replay.stepAt(3).diff.empty());
    EXPECT_TRUE(replay.stepAt(0).diff.empty());
}

TEST(Replay, JumpsNoFurtherThanTheEnd)
{
    Replay replay = orderReplay(historyOf(teaStory()));
    replay.jump(99);
    EXPECT_EQ(replay.position(), 4u);
    EXPECT_EQ(status(replay.current().after), "shipped");
    replay.jump(0);
    EXPECT_EQ(replay.current().after.dump(), "{}");
}

TEST(Replay, UpcastsOldEventsAndKeepsTheirBytes)
{
    Replay replay = orderReplay(historyOf({{"OrderPlaced", 1, R"({"orderId":"1","customerId":"c","amount":99.90})"}}));
    EXPECT_EQ(replay.stateAt(1).dump(),
        R"({"status":"pending","orderId":"1","customerId":"c","items":[],"totalAmount":99.90,"currency":"USD"})");
    EXPECT_EQ(replay.eventAt(1).payload, R"({"orderId":"1","customerId":"c","amount":99.90})");
}

TEST(Replay, ShowsARefusedEventAndGoesOn)
{
    Replay replay = orderReplay(historyOf({{"OrderPlaced", 2, R"({"totalAmount":1})"},
        {"PaymentConfirmed", 1, "not json"}, {"OrderPlaced", 9, "{}"}, {"PaymentConfirmed", 1, R"({"amount":1})"}}));
    replay.jump(2);
    ASSERT_TRUE(replay.current().error);
    EXPECT_EQ(replay.current().error->message.find("version 2 (PaymentConfirmed): "), 0u)
        << replay.current().error->message;
    EXPECT_EQ(replay.current().before, replay.current().after);
    EXPECT_EQ(replay.stepAt(3).error->code, ErrorCode::UnsupportedVersion);
    EXPECT_FALSE(replay.stepAt(4).error);
    EXPECT_EQ(status(replay.stateAt(4)), "paid");
    EXPECT_TRUE(replay.prepare());
    EXPECT_EQ(replay.refusedCount(), 2u);
    EXPECT_TRUE(replay.isRefused(3));
    EXPECT_FALSE(replay.isRefused(4));
}

TEST(Replay, GivesTheSameStatesHoweverOneGetsThere)
{
    OrderStories stories(11);
    for (int round = 0; round < 60; ++round) {
        const auto history = historyOf(round % 3 == 0 ? stories.lawful() : stories.wild(1 + stories.below(60)));
        const bool merge = round % 4 == 1;
        const std::shared_ptr<Reducer> reducer = makeNativeReducer(merge ? "merge" : "order");
        const std::vector<Json> expected = plainStates(*history, *reducer);
        Replay replay(history, reducer, kUpcasters,
            {.checkpointEvery = 1 + stories.below(9), .checkpointBytes = 400 + 4000 * stories.below(4)});

        for (std::size_t step = 1; step < expected.size(); ++step) { // forward
            ASSERT_TRUE(replay.forward());
            ASSERT_EQ(replay.current().before, expected[step - 1]);
            ASSERT_EQ(replay.current().after, expected[step]);
        }
        while (replay.position() > 0) { // back
            ASSERT_TRUE(replay.back());
            ASSERT_EQ(replay.current().after, expected[replay.position()]);
        }
        for (int i = 0; i < 40; ++i) { // by jumps, and single steps from there
            replay.jump(stories.below(expected.size()));
            ASSERT_EQ(replay.current().after, expected[replay.position()]);
            (void)(stories.below(2) == 0 ? replay.forward() : replay.back());
            ASSERT_EQ(replay.current().after, expected[replay.position()]);
        }
        Replay fresh(history, reducer, kUpcasters); // from scratch
        const std::size_t step = stories.below(expected.size());
        ASSERT_EQ(fresh.stateAt(step), expected[step]);
        ASSERT_EQ(fresh.stateAt(expected.size() - 1), expected.back());
    }
}

TEST(Replay, HasPatchesThatLeadForwardAndInversesThatLeadBack)
{
    OrderStories stories(12);
    for (int round = 0; round < 40; ++round) {
        Replay replay = orderReplay(historyOf(stories.wild(30)));
        std::vector<JsonPatch> inverses;
        Json state = replay.stateAt(0);
        for (std::size_t step = 1; step <= replay.size(); ++step) {
            const ReplayStep taken = replay.stepAt(step);
            inverses.push_back(invertPatch(taken.diff, state).value());
            ASSERT_TRUE(applyPatch(state, taken.diff));
            ASSERT_EQ(state, taken.after);
        }
        for (std::size_t step = replay.size(); step > 0; --step) {
            ASSERT_TRUE(applyPatch(state, inverses[step - 1]));
            ASSERT_EQ(state, replay.stateAt(step - 1));
        }
    }
}

TEST(Replay, BranchesWithoutTheSkippedEventsAndLeavesTheOriginal)
{
    OrderStories stories(13);
    for (int round = 0; round < 30; ++round) {
        const auto history = historyOf(stories.wild(40));
        OrderReducer plain;
        const std::vector<Json> original = plainStates(*history, plain);
        Replay replay = orderReplay(history, {.checkpointEvery = 4});
        ASSERT_TRUE(replay.prepare());
        Replay branch = replay;
        for (int i = 0; i < 5; ++i)
            branch.setSkipped(1 + stories.below(40), stories.below(4) != 0);
        const std::vector<Json> without = plainStates(*history, plain, branch.skipped());
        for (int i = 0; i < 20; ++i) {
            const std::size_t step = stories.below(41);
            ASSERT_EQ(branch.stateAt(step), without[step]);
            ASSERT_EQ(replay.stateAt(step), original[step]);
        }
        while (!branch.skipped().empty())
            branch.setSkipped(*branch.skipped().begin(), false);
        EXPECT_FALSE(branch.isBranch());
        ASSERT_EQ(branch.stateAt(40), original[40]);
    }
}

TEST(Replay, MarksASkippedStepAndChangesNothingThere)
{
    Replay replay = orderReplay(historyOf(teaStory()));
    replay.jump(4);
    EXPECT_EQ(status(replay.current().after), "shipped");
    replay.setSkipped(4, true);
    EXPECT_TRUE(replay.current().skipped);
    EXPECT_TRUE(replay.current().diff.empty());
    EXPECT_EQ(status(replay.current().after), "paid");
}

TEST(Replay, BranchesWithAnEditedEvent)
{
    Replay original = orderReplay(historyOf(teaStory()));
    ASSERT_TRUE(original.prepare());
    Replay branch = original;
    branch.edit(1, R"({"orderId":"1","totalAmount":1.00})");
    branch.edit(2, "broken");
    EXPECT_TRUE(branch.isBranch());
    EXPECT_EQ(branch.stateAt(4).find("totalAmount")->numberText(), "1.00");
    EXPECT_TRUE(branch.stepAt(2).error);
    EXPECT_EQ(branch.eventAt(2).payload, "broken");
    EXPECT_EQ(original.stateAt(4).find("totalAmount")->numberText(), "38.00");
    EXPECT_EQ(original.eventAt(2).payload, teaStory()[1].data);
    branch.edit(1, std::nullopt);
    branch.edit(2, std::nullopt);
    EXPECT_EQ(branch.stateAt(4), original.stateAt(4));
}

TEST(Replay, KnowsEveryValueThatAPathHad)
{
    Replay replay = orderReplay(historyOf(teaStory()));
    const auto statuses = replay.historyOf("/status");
    ASSERT_TRUE(statuses);
    EXPECT_EQ(*statuses, (std::vector<PathValue>{{1, Json("pending")}, {2, Json("paid")}, {4, Json("shipped")}}));
    EXPECT_EQ(replay.historyOf("/nowhere")->size(), 0u);
    const auto whole = replay.historyOf("");
    EXPECT_EQ(whole->size(), 4u); // AddressChanged changed nothing

    const auto history = historyOf(
        {{"A", 1, R"({"x":1})"}, {"B", 1, R"({"x":1})"}, {"C", 1, R"({"x":null})"}, {"D", 1, R"({"x":1.0})"}});
    Replay merging(history, std::make_shared<MergeReducer>(), kUpcasters);
    EXPECT_EQ(*merging.historyOf("/x"),
        (std::vector<PathValue>{{1, Json(1)}, {3, std::nullopt}, {4, Json(Json::Number{"1.0"})}}));
}

TEST(Replay, FindsTheStepWhereAStateHolds)
{
    Replay replay = orderReplay(historyOf(teaStory()));
    const auto paid = [](const Json& state, std::size_t) { return status(state) == "paid"; };
    EXPECT_EQ(replay.findFirst(paid)->value(), 2u);
    EXPECT_EQ(replay.findNext(2, paid)->value(), 3u);
    EXPECT_EQ(*replay.findNext(3, paid), std::nullopt);
    EXPECT_EQ(replay.findFirst([](const Json&, std::size_t) { return true; })->value(), 0u);
    EXPECT_EQ(*replay.findNext(4, paid), std::nullopt);
}

TEST(Replay, StopsLookingWhenAsked)
{
    Replay replay = orderReplay(historyOf(teaStory()));
    std::stop_source stop;
    stop.request_stop();
    EXPECT_FALSE(replay.prepare(stop.get_token()));
    EXPECT_EQ(replay.historyOf("/status", stop.get_token()).error().code, ErrorCode::Cancelled);
    EXPECT_EQ(replay.findFirst([](const Json&, std::size_t) { return false; }, stop.get_token()).error().code,
        ErrorCode::Cancelled);
    EXPECT_EQ(status(replay.stateAt(4)), "shipped");
}

TEST(Replay, SeesEventsThatComeLater)
{
    const auto history = historyOf({teaStory()[0]});
    Replay replay = orderReplay(history);
    replay.jump(1);
    EXPECT_FALSE(replay.forward());
    SourceEvent next = history->at(0);
    next.version = 2;
    next.type = "OrderCancelled";
    next.payload = "{}";
    next.headers = {};
    ASSERT_TRUE(history->append(next));
    ASSERT_TRUE(replay.forward());
    EXPECT_EQ(status(replay.current().after), "cancelled");
}

namespace {

/// Counts how often it is asked, and keeps what it counts as its state.
class CountingReducer final : public Reducer {
public:
    std::string_view name() const override { return "counting"; }
    Json initialState() const override { return Json::Object{{"n", Json(0)}}; }
    Status apply(Json& state, const ReducerEvent& event) override
    {
        ++applications;
        state.set("n", Json(event.envelope().version));
        state.set("payload", std::string(event.envelope().payload));
        return {};
    }
    std::size_t applications = 0;
};

std::shared_ptr<StreamHistory> longHistory(std::size_t length)
{
    return historyOf(std::vector<StoryEvent>(length, {"Ticked", 1, "{}"}));
}

} // namespace

TEST(Replay, StepsBackAtABoundedCostInALongStream)
{
    const auto reducer = std::make_shared<CountingReducer>();
    Replay replay(longHistory(100'000), reducer, kUpcasters);
    replay.jump(100'000);
    EXPECT_EQ(replay.current().after.find("n")->numberText(), "100000");
    for (const std::size_t target : {99'999u, 50'001u, 50'000u, 1u, 77'777u}) {
        reducer->applications = 0;
        replay.jump(target);
        EXPECT_EQ(replay.current().after.find("n")->numberText(), std::to_string(target));
        EXPECT_LE(reducer->applications, replay.checkpointEvery() + 1);
    }
    for (int i = 0; i < 200; ++i) {
        reducer->applications = 0;
        ASSERT_TRUE(replay.back());
        replay.current();
        ASSERT_LE(reducer->applications, replay.checkpointEvery() + 1);
    }
    reducer->applications = 0;
    ASSERT_TRUE(replay.forward());
    EXPECT_EQ(reducer->applications, 1u);
}

TEST(Replay, KeepsItsCheckpointsWithinTheirBudget)
{
    const auto reducer = std::make_shared<CountingReducer>();
    Replay replay(longHistory(20'000), reducer, kUpcasters, {.checkpointEvery = 4, .checkpointBytes = 20'000});
    ASSERT_TRUE(replay.prepare());
    EXPECT_LE(replay.checkpointBytes(), 20'000u);
    EXPECT_GT(replay.checkpointEvery(), 4u);
    EXPECT_GE(replay.checkpointCount() * replay.checkpointEvery(), 20'000u / 2);
    for (const std::size_t step : {0u, 1u, 9'999u, 20'000u})
        EXPECT_EQ(replay.stateAt(step).find("n")->numberText(), std::to_string(step));
}

TEST(Reducer, IsFoundByItsNameAndByItsStream)
{
    EXPECT_EQ(makeNativeReducer("order")->name(), "order");
    EXPECT_EQ(makeNativeReducer("merge")->name(), "merge");
    EXPECT_EQ(makeNativeReducer("order.js"), nullptr);
    EXPECT_EQ(nativeReducerFor("order-1")->name(), "order");
    EXPECT_EQ(nativeReducerFor("payment-1")->name(), "merge");
}
