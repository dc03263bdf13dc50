// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/relay_progress.h"

#include "event_inbox.h"

#include <gtest/gtest.h>

using namespace eventscope::core;
using namespace eventscope::test;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp kNow{std::chrono::microseconds{1'700'000'000'000'000}};

RecordedEvent at(std::int64_t position, std::string stream)
{
    RecordedEvent event = eventOf("T", std::to_string(position), std::move(stream));
    event.position = {position};
    return event;
}

} // namespace

TEST(RelayProgress, LetsNothingGoTwice)
{
    RelayProgress progress;
    const RecordedEvent event = at(1, "a");
    EXPECT_TRUE(progress.mayGo(event));
    progress.published(event);
    EXPECT_FALSE(progress.mayGo(event)) << "under way";
    progress.safe({1});
    EXPECT_FALSE(progress.mayGo(event)) << "safe, but not marked yet";
    EXPECT_EQ(progress.toMark(), std::vector<GlobalPosition>{{1}});
    progress.marked();
    EXPECT_TRUE(progress.isIdle());
}

TEST(RelayProgress, HoldsTheStreamOfARefusedEventOnly)
{
    RelayProgress progress;
    progress.refused(at(1, "a"), kNow + 1s);
    EXPECT_FALSE(progress.mayGo(at(2, "a")));
    EXPECT_TRUE(progress.mayGo(at(3, "b")));
    EXPECT_EQ(progress.refusals(at(1, "a")), 1);
    EXPECT_EQ(progress.nextDue(), kNow + 1s);
    EXPECT_EQ(progress.release(kNow), std::nullopt);
    EXPECT_EQ(progress.release(kNow + 1s), GlobalPosition{1});
    EXPECT_TRUE(progress.mayGo(at(1, "a")));
    progress.published(at(1, "a"));
    EXPECT_EQ(progress.refusals(at(1, "a")), 0);
}

TEST(RelayProgress, BringsAStreamHomeBeforeItGoesAgain)
{
    RelayProgress progress;
    for (int position = 1; position <= 3; ++position)
        progress.published(at(position, "a"));
    progress.again({2}, kNow);
    EXPECT_EQ(progress.release(kNow), std::nullopt);
    progress.safe({1});
    progress.again({3}, kNow + 1s);
    EXPECT_EQ(progress.release(kNow), std::nullopt);
    EXPECT_EQ(progress.release(kNow + 1s), GlobalPosition{2});
    EXPECT_TRUE(progress.mayGo(at(2, "a")));
}

TEST(RelayProgress, LeavesRoomForOthersWhenAStreamIsStuck)
{
    RelayProgress progress;
    const auto most = static_cast<std::int64_t>(RelayProgress::kPerStream);
    for (int position = 1; position <= most; ++position) {
        EXPECT_TRUE(progress.mayGo(at(position, "a")));
        progress.published(at(position, "a"));
    }
    EXPECT_FALSE(progress.mayGo(at(most + 1, "a")));
    EXPECT_FALSE(progress.mayGo(at(most + 2, "a")));
    EXPECT_TRUE(progress.mayGo(at(most + 3, "b")));
    EXPECT_EQ(progress.nextDue(), std::nullopt) << "not a matter of time";
    for (int position = 1; position <= most / 2; ++position) {
        EXPECT_EQ(progress.release(kNow), std::nullopt);
        progress.safe({position});
    }
    EXPECT_EQ(progress.release(kNow), GlobalPosition{most + 1});
}

TEST(RelayProgress, ForgetsWhatNeverWasItsOwn)
{
    RelayProgress progress;
    progress.safe({7});
    progress.again({8}, kNow);
    EXPECT_TRUE(progress.isIdle());
}
