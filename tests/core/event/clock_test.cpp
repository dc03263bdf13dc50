// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/clock.h"

#include <gtest/gtest.h>

#include <thread>

using namespace eventscope::core;
using namespace std::chrono_literals;

namespace {

const Timestamp kStart{1'000'000s};

} // namespace

TEST(ManualClock, StandsStillUntilItIsMoved)
{
    ManualClock clock(kStart);
    EXPECT_EQ(clock.now(), kStart);
    clock.advance(5s);
    EXPECT_EQ(clock.now(), kStart + 5s);
    clock.set(kStart);
    EXPECT_EQ(clock.now(), kStart);
}

TEST(ManualClock, WakesASleeperWhenItsTimeHasPassed)
{
    ManualClock clock(kStart);
    bool woke = false;
    std::jthread sleeper([&](std::stop_token stop) { woke = clock.sleepFor(10s, stop); });
    clock.waitForSleepers();
    EXPECT_EQ(clock.nextWakeUp(), kStart + 10s);
    clock.advance(9s);
    EXPECT_EQ(clock.nextWakeUp(), kStart + 10s);
    clock.advance(1s);
    sleeper.join();
    EXPECT_TRUE(woke);
    EXPECT_EQ(clock.nextWakeUp(), std::nullopt);
}

TEST(ManualClock, NamesTheEarliestOfSeveralSleepers)
{
    ManualClock clock(kStart);
    std::jthread late([&](std::stop_token stop) { clock.sleepFor(20s, stop); });
    std::jthread early([&](std::stop_token stop) { clock.sleepFor(10s, stop); });
    clock.waitForSleepers(2);
    EXPECT_EQ(clock.nextWakeUp(), kStart + 10s);
    clock.advance(10s);
    early.join();
    EXPECT_EQ(clock.nextWakeUp(), kStart + 20s);
    clock.advance(10s);
}

TEST(ManualClock, LetsAStopEndTheSleep)
{
    ManualClock clock(kStart);
    bool reached = true;
    std::jthread sleeper([&](std::stop_token stop) { reached = clock.sleepFor(10s, stop); });
    clock.waitForSleepers();
    sleeper.request_stop();
    sleeper.join();
    EXPECT_FALSE(reached);
    EXPECT_EQ(clock.nextWakeUp(), std::nullopt);
}

TEST(ManualClock, DoesNotSleepForATimeThatHasPassed)
{
    ManualClock clock(kStart);
    EXPECT_TRUE(clock.sleepUntil(kStart, {}));
    EXPECT_TRUE(clock.sleepUntil(kStart - 1s, {}));
}

TEST(SystemClock, NeverRunsBackwards)
{
    const SystemClock clock;
    Timestamp latest = clock.now();
    EXPECT_GT(latest, Timestamp(std::chrono::sys_days(std::chrono::year(2024) / 1 / 1)));
    for (int i = 0; i < 1000; ++i) {
        const Timestamp now = clock.now();
        ASSERT_GE(now, latest);
        latest = now;
    }
}

TEST(SystemClock, SleepsUntilTheGivenTime)
{
    SystemClock clock;
    const Timestamp wakeUp = clock.now() + 2ms;
    EXPECT_TRUE(clock.sleepUntil(wakeUp, {}));
    EXPECT_GE(clock.now(), wakeUp);
}

TEST(SystemClock, LetsAStopEndTheSleep)
{
    SystemClock clock;
    bool reached = true;
    std::jthread sleeper([&](std::stop_token stop) { reached = clock.sleepFor(24h, stop); });
    sleeper.request_stop();
    sleeper.join();
    EXPECT_FALSE(reached);
}
