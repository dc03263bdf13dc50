// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/views/engagement.h"
#include "sourcing/views/recommendations.h"
#include "sourcing/views/trending.h"
#include "sourcing/views/watch_history.h"

#include <gtest/gtest.h>

#include <array>

using namespace eventscope::core;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp kStart{std::chrono::microseconds{1'700'000'000'000'000}};

ViewEvent started(std::uint32_t user, std::uint32_t video, std::chrono::seconds after = 0s)
{
    return {.type = ViewEventType::Started, .user = user, .video = video, .length = 100, .time = kStart + after};
}

ViewEvent progressed(std::uint32_t user, std::uint32_t video, std::uint32_t position, std::uint32_t advance)
{
    return {.type = ViewEventType::Progressed,
        .user = user,
        .video = video,
        .position = position,
        .advance = advance,
        .length = 100,
        .time = kStart};
}

ViewEvent completed(std::uint32_t user, std::uint32_t video)
{
    return {.type = ViewEventType::Completed,
        .user = user,
        .video = video,
        .position = 100,
        .advance = 10,
        .length = 100,
        .time = kStart};
}

std::vector<std::uint32_t> videosOf(const auto& list)
{
    std::vector<std::uint32_t> videos;
    for (const auto& entry : list)
        videos.push_back(entry.video);
    return videos;
}

} // namespace

TEST(WatchHistory, ShowsTheLatestFirstAndWhereToGoOn)
{
    WatchHistory history(100);
    history.apply(std::array{started(1, 7), progressed(1, 7, 40, 40), started(1, 8), started(2, 9), completed(1, 7)});
    const std::vector<WatchedVideo> watched = history.of(1);
    EXPECT_EQ(videosOf(watched), (std::vector<std::uint32_t>{7, 8}));
    EXPECT_EQ(
        watched[0], (WatchedVideo{.video = 7, .position = 100, .length = 100, .completed = true, .time = kStart}));
    EXPECT_EQ(watched[1].position, 0U);
    EXPECT_EQ(videosOf(history.of(2)), (std::vector<std::uint32_t>{9}));
    EXPECT_TRUE(history.of(3).empty());
}

TEST(WatchHistory, ForgetsTheOldestVideoOfAUser)
{
    WatchHistory history(100);
    for (std::uint32_t video = 0; video < 20; ++video)
        history.apply(std::array{started(1, video)});
    const std::vector<WatchedVideo> watched = history.of(1);
    ASSERT_EQ(watched.size(), WatchHistory::kPerUser);
    EXPECT_EQ(watched.front().video, 19U);
    EXPECT_EQ(watched.back().video, 4U);
}

TEST(Recommendations, SuggestWhatTheSameUsersFinished)
{
    Recommendations recommendations(100, 100);
    for (std::uint32_t user = 0; user < 5; ++user)
        recommendations.apply(std::array{completed(user, 10), completed(user, 20), completed(user, 30 + user)});
    recommendations.apply(std::array{completed(50, 10), started(50, 77)});
    const std::vector<Recommendation> suggested = recommendations.forUser(50, 3);
    ASSERT_EQ(suggested.size(), 3U);
    EXPECT_EQ(suggested[0], (Recommendation{.video = 20, .score = 5}));
    EXPECT_EQ(suggested[1], (Recommendation{.video = 30, .score = 1}));
    EXPECT_EQ(recommendations.similarTo(20, 1)[0], (Recommendation{.video = 10, .score = 5}));
    EXPECT_TRUE(recommendations.forUser(99, 3).empty());
}

TEST(Recommendations, NeverSuggestWhatTheUserFinishedHimself)
{
    Recommendations recommendations(100, 100);
    recommendations.apply(std::array{completed(1, 10), completed(1, 20), completed(1, 10)});
    EXPECT_TRUE(recommendations.forUser(1, 10).empty());
    EXPECT_EQ(recommendations.similarTo(10, 10), (std::vector<Recommendation>{{.video = 20, .score = 2}}));
}

TEST(Recommendations, KeepTheStrongNeighboursOfAVideoWithManyWeakOnes)
{
    Recommendations recommendations(10'000, 10'000);
    std::uint32_t user = 0;
    for (int round = 0; round < 50; ++round) {
        for (int strong = 0; strong < 3; ++strong, ++user)
            recommendations.apply(std::array{completed(user, 1), completed(user, 2)});
        recommendations.apply(
            std::array{completed(user, 1), completed(user, 100U + static_cast<std::uint32_t>(round))});
        ++user;
    }
    const std::vector<Recommendation> near = recommendations.similarTo(1, 100);
    EXPECT_EQ(near.size(), Recommendations::kNeighbours);
    EXPECT_EQ(near.front(), (Recommendation{.video = 2, .score = 150}));
}

TEST(Engagement, CountsViewsCompletionsAndTime)
{
    Engagement engagement(100);
    engagement.apply(
        std::array{started(1, 7), started(2, 7), progressed(1, 7, 90, 90), completed(1, 7), started(1, 8)});
    const std::optional<VideoEngagement> video = engagement.of(7);
    ASSERT_TRUE(video);
    EXPECT_EQ(*video, (VideoEngagement{.started = 2, .completed = 1, .secondsWatched = 100}));
    EXPECT_DOUBLE_EQ(video->completionRate(), 0.5);
    EXPECT_EQ(engagement.total().started, 3U);
    EXPECT_FALSE(engagement.of(9));
    EXPECT_DOUBLE_EQ(VideoEngagement{}.completionRate(), 0.0);
}

TEST(Trending, LetsOldViewsFade)
{
    Trending trending(100, 600s);
    for (int i = 0; i < 8; ++i)
        trending.apply(std::array{started(1, 7)});
    for (int i = 0; i < 3; ++i)
        trending.apply(std::array{started(1, 8, 1200s)});
    trending.apply(std::array{completed(1, 9)});
    EXPECT_EQ(videosOf(trending.top(10, kStart)), (std::vector<std::uint32_t>{7, 8}));
    const std::vector<TrendingVideo> later = trending.top(1, kStart + 1200s);
    ASSERT_EQ(later.size(), 1U);
    EXPECT_EQ(later[0].video, 8U);
    EXPECT_NEAR(trending.top(2, kStart + 1200s)[1].score, 2.0, 1e-9);
}

TEST(Trending, CountsALateEventAsOfNow)
{
    Trending trending(100, 600s);
    trending.apply(std::array{started(1, 7, 600s), started(1, 7, 0s)});
    EXPECT_NEAR(trending.top(1, kStart + 600s)[0].score, 2.0, 1e-9);
}
