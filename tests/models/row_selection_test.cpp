// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "row_selection.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <limits>
#include <random>
#include <set>

using eventscope::models::RowSelection;
using Ranges = std::vector<RowSelection::Range>;

TEST(RowSelection, JoinsRangesThatTouch)
{
    RowSelection selection;
    selection.addRange(5, 7);
    selection.addRange(10, 8);
    EXPECT_EQ(selection.ranges(), (Ranges{{5, 10}}));
    EXPECT_EQ(selection.count(), 6U);
}

TEST(RowSelection, TogglesARowOutOfTheMiddle)
{
    RowSelection selection;
    selection.setRange(1, 5);
    selection.toggle(3);
    EXPECT_EQ(selection.ranges(), (Ranges{{1, 2}, {4, 5}}));
    EXPECT_FALSE(selection.contains(3));
    selection.toggle(3);
    EXPECT_EQ(selection.ranges(), (Ranges{{1, 5}}));
}

TEST(RowSelection, HoldsEverythingInOneRange)
{
    RowSelection selection;
    selection.setRange(0, 100'000'000'000);
    EXPECT_EQ(selection.ranges().size(), 1U);
    EXPECT_TRUE(selection.contains(99'999'999'999));
    EXPECT_FALSE(selection.contains(100'000'000'001));
    selection.addRange(std::numeric_limits<std::uint64_t>::max(), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(selection.ranges().size(), 2U);
}

TEST(RowSelection, AgreesWithASetOfRows)
{
    std::mt19937 random(7);
    RowSelection selection;
    std::set<std::uint64_t> model;
    for (int step = 0; step < 3000; ++step) {
        const std::uint64_t a = random() % 60, b = random() % 60;
        const std::uint64_t low = std::min(a, b), high = std::max(a, b);
        if (step % 2 == 0) {
            selection.addRange(a, b);
            for (auto row = low; row <= high; ++row) {
                model.insert(row);
            }
        } else {
            selection.removeRange(a, b);
            for (auto row = low; row <= high; ++row) {
                model.erase(row);
            }
        }
        ASSERT_EQ(selection.count(), model.size());
        for (std::uint64_t row = 0; row < 60; ++row) {
            ASSERT_EQ(selection.contains(row), model.contains(row)) << row;
        }
    }
}
