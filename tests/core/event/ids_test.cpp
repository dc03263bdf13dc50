// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/ids.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

using namespace eventscope::core;
using namespace std::chrono_literals;

namespace {

const Timestamp kStart{1'700'000'000'123ms};

} // namespace

TEST(Uuid, IsWrittenInItsCanonicalFormAndReadBack)
{
    const Uuid uuid{0x01, 0x8b, 0xcf, 0xe5, 0x68, 0x7b, 0x7a, 0xbc, 0x8d, 0xef, 0, 1, 2, 3, 4, 0xff};
    const std::string text = formatUuid(uuid);
    EXPECT_EQ(text, "018bcfe5-687b-7abc-8def-0001020304ff");
    EXPECT_EQ(parseUuid(text), uuid);
}

TEST(Uuid, IsReadOnlyInItsCanonicalForm)
{
    for (const std::string_view text : {"", "018bcfe5687b7abc8def0001020304ff", "018BCFE5-687b-7abc-8def-0001020304ff",
             "018bcfe5-687b-7abc-8def-0001020304f", "018bcfe5-687b-7abc-8def-0001020304fff",
             "018bcfe5-687b-7abc-8def-0001020304fg", "018bcfe5x687b-7abc-8def-0001020304ff",
             "-18bcfe5-687b-7abc-8def-0001020304ff", "{18bcfe5-687b-7abc-8def-0001020304f}", "order-1"}) {
        EXPECT_EQ(parseUuid(text), std::nullopt) << text;
    }
}

TEST(UuidV7Generator, PutsTheMillisecondsVersionAndVariantIntoPlace)
{
    const ManualClock clock(kStart);
    UuidV7Generator ids(clock);
    const std::optional<Uuid> uuid = parseUuid(ids.next());
    ASSERT_TRUE(uuid);
    std::int64_t milliseconds = 0;
    for (std::size_t i = 0; i < 6; ++i)
        milliseconds = milliseconds * 256 + (*uuid)[i];
    EXPECT_EQ(milliseconds, 1'700'000'000'123);
    EXPECT_EQ((*uuid)[6] >> 4, 7);
    EXPECT_EQ((*uuid)[8] >> 6, 2);
}

TEST(UuidV7Generator, MakesGrowingIdsWhileTheClockStandsStillRunsAndGoesBack)
{
    ManualClock clock(kStart);
    UuidV7Generator ids(clock);
    std::string latest;
    for (int i = 0; i < 30'000; ++i) {
        if (i == 10'000)
            clock.advance(1ms);
        if (i == 20'000)
            clock.set(kStart - 1h);
        const std::string id = ids.next();
        ASSERT_LT(latest, id);
        latest = id;
    }
}

TEST(UuidV7Generator, RepeatsItselfWithASeed)
{
    const ManualClock clock(kStart);
    UuidV7Generator one(clock, 7), same(clock, 7), other(clock, 8);
    for (int i = 0; i < 10; ++i) {
        const std::string id = one.next();
        EXPECT_EQ(id, same.next());
        EXPECT_NE(id, other.next());
    }
}

TEST(UuidV7Generator, DiffersFromGeneratorToGeneratorWithoutASeed)
{
    const ManualClock clock(kStart);
    UuidV7Generator one(clock), other(clock);
    EXPECT_NE(one.next(), other.next());
}

TEST(UuidV7Generator, NeverMakesAnIdTwiceForSeveralThreads)
{
    const ManualClock clock(kStart);
    UuidV7Generator ids(clock);
    std::vector<std::vector<std::string>> made(4);
    {
        std::vector<std::jthread> threads;
        for (auto& mine : made) {
            threads.emplace_back([&ids, &mine] {
                for (int i = 0; i < 1000; ++i)
                    mine.push_back(ids.next());
            });
        }
    }
    std::set<std::string> all;
    for (const auto& mine : made) {
        EXPECT_TRUE(std::is_sorted(mine.begin(), mine.end()));
        all.insert(mine.begin(), mine.end());
    }
    EXPECT_EQ(all.size(), 4000u);
}
