// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/views/view_event_processor.h"

#include "event_inbox.h"

#include "event/clock.h"
#include "event/ids.h"
#include "sourcing/views/view_event_generator.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <thread>

using namespace eventscope::core;
using namespace eventscope::test;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp kStart{std::chrono::microseconds{1'700'000'000'000'000}};

std::vector<ViewEvent> generated(std::uint64_t seed, std::size_t count)
{
    ViewEventGenerator generator(
        seed, {.users = 500, .videos = 200, .concurrentViews = 300, .interval = 100us, .start = kStart});
    std::vector<ViewEvent> events(count);
    generator.fill(events);
    return events;
}

} // namespace

TEST(ViewEventGenerator, TellsTheSameStoryForTheSameSeed)
{
    EXPECT_EQ(generated(1, 5000), generated(1, 5000));
    EXPECT_NE(generated(1, 5000), generated(2, 5000));
}

TEST(ViewEventGenerator, MakesViewsThatHoldTogether)
{
    const std::vector<ViewEvent> events = generated(3, 50'000);
    std::map<ViewEventType, int> count;
    std::map<std::uint32_t, int> starts;
    Timestamp last = kStart - 1us;
    for (const ViewEvent& event : events) {
        ++count[event.type];
        starts[event.video] += event.type == ViewEventType::Started ? 1 : 0;
        EXPECT_LE(event.position, event.length);
        EXPECT_LE(event.advance, event.position);
        EXPECT_EQ(event.type == ViewEventType::Completed, event.position == event.length);
        EXPECT_GT(event.time, last);
        last = event.time;
    }
    EXPECT_GT(count[ViewEventType::Started], 1000);
    EXPECT_GT(count[ViewEventType::Progressed], 1000);
    EXPECT_GT(count[ViewEventType::Completed], 1000);
    EXPECT_LE(count[ViewEventType::Completed], count[ViewEventType::Started]);
    const auto most = std::ranges::max_element(starts, {}, [](const auto& entry) { return entry.second; });
    EXPECT_GT(most->second * 200, 5 * count[ViewEventType::Started]) << "some videos are watched far more than others";
}

TEST(ViewEvent, ReadsBackFromTheEventThatItWasStoredAs)
{
    const ManualClock clock(kStart);
    UuidV7Generator ids(clock, 1);
    for (const ViewEvent& view : generated(4, 200)) {
        const NewEvent event = toNewEvent(view, ids);
        RecordedEvent recorded;
        static_cast<NewEvent&>(recorded) = event;
        recorded.stream = viewStream(view);
        const Result<ViewEvent> read = viewEventOf(recorded);
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(*read, view);
        EXPECT_EQ(aggregateIdOf(recorded.stream), std::to_string(view.user));
    }
}

TEST(ViewEvent, RefusesWhatIsNoViewEvent)
{
    EXPECT_EQ(viewEventOf(eventOf("OrderPlaced", "1")).error().code, ErrorCode::Unparsable);
    for (const char* data :
        {"nothing", "[]", "{}", R"({"userId":"ann","videoId":"1","position":1,"advance":1,"length":1})",
            R"({"userId":"1","videoId":"1","position":-1,"advance":1,"length":1})",
            R"({"userId":"99999999999","videoId":"1","position":1,"advance":1,"length":1})"}) {
        const Result<ViewEvent> read = viewEventOf(eventOf("VideoViewStarted", "1", "viewer-1", 1, data));
        ASSERT_FALSE(read) << data;
        EXPECT_EQ(read.error().code, ErrorCode::Unparsable);
    }
}

TEST(ViewEventProcessor, RunsTheUpdatesOfAnEventInParallel)
{
    // Each update waits until all four are at it: one after the other they would never get through.
    Gate gate;
    const auto wait = [](void* context, std::span<const ViewEvent>) { static_cast<Gate*>(context)->pass(); };
    std::vector<ViewUpdate> updates;
    for (const char* name : {"history", "recommendations", "engagement", "trending"})
        updates.push_back({.name = name, .types = {}, .apply = wait, .context = &gate});
    ViewEventProcessor processor(updates);
    ASSERT_TRUE(processor.publish(generated(1, 1)));
    EXPECT_TRUE(gate.waitForWaiting(4));
    gate.open();
    processor.drain();
    for (const ViewUpdateProgress& progress : processor.progress())
        EXPECT_EQ(progress.applied, 1U) << progress.name;
}

TEST(StreamingViews, AgreeWithApplyingTheEventsOneAfterTheOther)
{
    const std::vector<ViewEvent> events = generated(5, 60'000);
    StreamingViews views({.users = 2000, .videos = 2000, .queueCapacity = 512});
    WatchHistory history(2000);
    Recommendations recommendations(2000, 2000);
    Engagement engagement(2000);
    Trending trending(2000);
    history.apply(events);
    recommendations.apply(events);
    engagement.apply(events);
    trending.apply(events);

    ASSERT_TRUE(views.processor().publish(events));
    views.processor().drain();
    EXPECT_EQ(views.processor().published(), events.size());
    EXPECT_EQ(views.engagement().total(), engagement.total());
    for (std::uint32_t user = 0; user < 500; ++user) {
        EXPECT_EQ(views.history().of(user), history.of(user));
        EXPECT_EQ(views.recommendations().forUser(user, 5), recommendations.forUser(user, 5));
    }
    const Timestamp now = events.back().time;
    const auto top = views.trending().top(10, now);
    const auto expected = trending.top(10, now);
    ASSERT_EQ(top.size(), 10U);
    for (std::size_t i = 0; i < top.size(); ++i) {
        EXPECT_EQ(top[i].video, expected[i].video);
        EXPECT_DOUBLE_EQ(top[i].score, expected[i].score);
    }
}

TEST(StreamingViews, CountEveryEventOfSeveralPublishersWhileSomebodyLooks)
{
    StreamingViews views({.users = 2000, .videos = 2000, .queueCapacity = 256});
    std::vector<std::thread> publishers;
    std::uint64_t starts = 0;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const std::vector<ViewEvent> events = generated(seed, 20'000);
        starts += static_cast<std::uint64_t>(std::ranges::count(events, ViewEventType::Started, &ViewEvent::type));
        publishers.emplace_back([&views, events] {
            for (std::size_t i = 0; i < events.size(); i += 100)
                ASSERT_TRUE(views.processor().publish(std::span(events).subspan(i, 100)));
        });
    }
    std::uint64_t seen = 0;
    for (int look = 0; look < 50; ++look) {
        const std::uint64_t now = views.engagement().total().started;
        EXPECT_GE(now, seen);
        seen = now;
        views.history().of(1);
        views.trending().top(5, kStart);
    }
    for (std::thread& publisher : publishers)
        publisher.join();
    EXPECT_EQ(views.processor().stop(), 60'000U);
    EXPECT_EQ(views.engagement().total().started, starts);
    EXPECT_EQ(views.processor().publish(generated(1, 1)).error().code, ErrorCode::Cancelled);
}

TEST(StreamingViews, StayWithinTheirMemory)
{
    ViewEventGenerator generator(9, {.users = 1'000'000, .videos = 1'000'000, .start = kStart});
    std::vector<ViewEvent> events(50'000);
    generator.fill(events);
    StreamingViews views({.users = 1024, .videos = 1024});
    ASSERT_TRUE(views.processor().publish(events));
    views.processor().drain();
    EXPECT_GT(views.history().displaced(), 0U);
    EXPECT_GT(views.engagement().displaced(), 0U);
    EXPECT_EQ(views.trending().top(1'000'000, events.back().time).size(), 1024U);
}
