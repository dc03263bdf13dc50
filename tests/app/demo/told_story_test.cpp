// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/told_story.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <stop_token>

using namespace eventscope;
using namespace std::chrono_literals;

namespace {

std::map<std::string, int> typesOf(const core::EventStore& store)
{
    std::map<std::string, int> types;
    const auto events = store.readAll({.limit = core::kNoLimit}).value();
    for (const core::RecordedEvent& event : events) {
        ++types[event.type];
    }
    return types;
}

} // namespace

TEST(ToldStory, HoldsInItsFirstFourSecondsWhatTheDemoPromises)
{
    const core::Timestamp before = core::SystemClock().now();
    const auto story = app::ToldStory::tell({}, 4s, {});
    ASSERT_TRUE(story) << story.error().message;
    const app::DemoSystem& system = (*story)->system();
    auto types = typesOf(system.events());
    EXPECT_GT(system.figures().events, 100);
    EXPECT_GE(types["OrderPlaced"], 20);
    EXPECT_GE(types["SagaCompleted"], 1);
    EXPECT_GE(types["SagaCompensated"], 1);
    EXPECT_GE(system.figures().deadLetters, 1U);

    const auto events = system.events().readAll({.limit = core::kNoLimit}).value();
    EXPECT_GE(events.front().time, before - 4s) << "the story is over now, so it began four seconds ago";
    EXPECT_LE(events.back().time - events.front().time, 4s);
    for (std::size_t i = 1; i < events.size(); ++i) {
        EXPECT_GE(events[i].time + 1s, events[i - 1].time);
    }
}

TEST(ToldStory, IsAsLongAsItIsWanted)
{
    const auto nothing = app::ToldStory::tell({}, 0s, {});
    ASSERT_TRUE(nothing);
    const auto longer = app::ToldStory::tell({.rate = 5}, 8s, {});
    ASSERT_TRUE(longer);
    auto types = typesOf((*longer)->system().events());
    EXPECT_GE(types["OrderPlaced"], 30);
    EXPECT_EQ(types["SagaStuck"], 1) << "the sixth order's refund is given up after some seconds";
}

TEST(ToldStory, EndsWhenItIsInterrupted)
{
    const auto stop = std::make_unique<std::stop_source>();
    stop->request_stop();
    const auto story = app::ToldStory::tell({}, 60s, stop->get_token());
    ASSERT_FALSE(story);
    EXPECT_EQ(story.error().code, core::ErrorCode::Cancelled);
}
