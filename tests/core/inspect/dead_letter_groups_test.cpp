// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/dead_letter_groups.h"

#include <gtest/gtest.h>

using namespace eventscope::core;
using namespace std::chrono_literals;

namespace {

const Timestamp kNow{std::chrono::days(20'000)};

DeadLetter letter(std::string message, std::chrono::minutes age, std::string queue = "notifications")
{
    DeadLetter made;
    made.queue = std::move(queue);
    made.original.stream = "order-1";
    made.error = {"HandlerFailed", std::move(message), ""};
    made.failedAt = kNow - age;
    return made;
}

} // namespace

TEST(DeadLetterGroups, BlankWhatDiffersFromLetterToLetter)
{
    EXPECT_EQ(blankedMessage("order 0192f3a1-5c7e-7000-8000-0123456789ab is gone"), "order ‹id› is gone");
    EXPECT_EQ(blankedMessage("no customer customer-17 in region 3"), "no customer customer-‹n› in region ‹n›");
    EXPECT_EQ(blankedMessage("order-7f3a91c2d4 failed"), "order-‹id› failed");
    EXPECT_EQ(blankedMessage("unknown sku \"AB-1\""), "unknown sku ‹text›");
    EXPECT_EQ(blankedMessage("couldn't reach the server's port"), "couldn't reach the server's port");
    EXPECT_EQ(blankedMessage("defaced feedback"), "defaced feedback");
    EXPECT_EQ(blankedMessage(""), "");
}

TEST(DeadLetterGroups, PutLettersOfOneCauseTogetherLargestFirst)
{
    const std::vector<DeadLetter> letters{letter("timeout after 30 ms", 9min), letter("no stock for 3", 8min),
        letter("timeout after 45 ms", 2min), letter("timeout after 45 ms", 1min, "search-index")};
    const std::vector<DeadLetterGroup> groups = groupByCause(letters, kNow);
    ASSERT_EQ(groups.size(), 3u);
    EXPECT_EQ(groups[0].message, "timeout after ‹n› ms");
    EXPECT_EQ(groups[0].origin, "order → notifications");
    EXPECT_EQ(groups[0].letters, (std::vector<std::size_t>{0, 2}));
    EXPECT_EQ(groups[0].first, kNow - 9min);
    EXPECT_EQ(groups[0].last, kNow - 2min);
    std::size_t grouped = 0;
    for (const DeadLetterGroup& group : groups)
        grouped += group.letters.size();
    EXPECT_EQ(grouped, letters.size());
}

TEST(DeadLetterGroups, SayWhetherACauseIsGettingWorse)
{
    const auto trendOf
        = [](const std::vector<DeadLetter>& letters) { return groupByCause(letters, kNow).front().trend; };
    EXPECT_EQ(trendOf({letter("x", 1min), letter("x", 2min), letter("x", 7min)}), Trend::Rising);
    EXPECT_EQ(trendOf({letter("x", 1min), letter("x", 6min), letter("x", 7min)}), Trend::Falling);
    EXPECT_EQ(trendOf({letter("x", 1min), letter("x", 7min)}), Trend::Steady);
    EXPECT_EQ(trendOf({letter("x", 60min)}), Trend::Steady);
}
