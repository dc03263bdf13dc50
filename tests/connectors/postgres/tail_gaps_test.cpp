// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tail_gaps.h"

#include "settled_horizon.h"

#include <gtest/gtest.h>

namespace eventscope::test {

using postgres::SettledHorizon;
using postgres::TailGaps;

TEST(TailGaps, RemembersTheNumbersThatWereLeftOut)
{
    TailGaps gaps(10);
    gaps.advanceTo(11, 0);
    EXPECT_FALSE(gaps.hasGaps());
    gaps.advanceTo(15, 0);
    gaps.advanceTo(17, 0);
    EXPECT_EQ(gaps.cursor(), "17;12-14,16-16");
    EXPECT_TRUE(gaps.fill(13));
    EXPECT_FALSE(gaps.fill(13));
    EXPECT_FALSE(gaps.fill(15));
    EXPECT_EQ(gaps.cursor(), "17;12-12,14-14,16-16");
    EXPECT_EQ(gaps.numbers(2), (std::vector<std::int64_t>{12, 14}));
    gaps.bury(14);
    EXPECT_EQ(gaps.cursor(), "17;16-16");
    EXPECT_TRUE(gaps.fill(16));
    EXPECT_EQ(gaps.cursor(), "17;");
}

TEST(TailGaps, WatchesNothingThatIsSettled)
{
    TailGaps gaps(0);
    gaps.advanceTo(100, 97);
    EXPECT_EQ(gaps.cursor(), "100;98-99");
}

TEST(TailGaps, GoesOnFromItsCursor)
{
    for (const std::string text : {"17;", "17;12-14,16-16", "-1;"}) {
        const auto gaps = TailGaps::fromCursor(text);
        ASSERT_TRUE(gaps) << text;
        EXPECT_EQ(gaps->cursor(), text);
    }
    for (const std::string text : {"", "17", "x;", "17;12", "17;12-", "17;14-12", "17;1-2;"})
        EXPECT_FALSE(TailGaps::fromCursor(text)) << text;
}

TEST(SettledHorizon, IsWhereItLooksWhenNobodyHoldsTheSequence)
{
    SettledHorizon horizon;
    horizon.look(7, {});
    EXPECT_EQ(horizon.settled(), 7);
}

TEST(SettledHorizon, WaitsForEveryHolderOfALookHoweverManyComeAfterThem)
{
    SettledHorizon horizon;
    horizon.look(10, {"3/1", "4/1"});
    EXPECT_EQ(horizon.settled(), 0);
    horizon.look(20, {"3/1", "5/1"}); // 4/1 has ended
    EXPECT_EQ(horizon.settled(), 0);
    horizon.look(30, {"5/1", "6/1"}); // and 3/1
    EXPECT_EQ(horizon.settled(), 10);
    horizon.look(40, {"6/1", "7/1"}); // and 5/1
    EXPECT_EQ(horizon.settled(), 20);
    horizon.complete(35);
    EXPECT_EQ(horizon.settled(), 35);
    horizon.look(50, {});
    EXPECT_EQ(horizon.settled(), 50);
    EXPECT_FALSE(horizon.isWaiting());
}

} // namespace eventscope::test
