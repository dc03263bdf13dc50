// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/due_timers.h"

#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <semaphore>
#include <vector>

using namespace eventscope::core;
using namespace std::chrono_literals;

namespace {

const Timestamp kStart = Timestamp(1'000'000s);

} // namespace

TEST(DueTimers, CallsInTheOrderOfDueTimesNotOfArming)
{
    ManualClock clock(kStart);
    std::vector<int> calls;
    std::counting_semaphore<> called(0);
    DueTimers timers(clock);
    const auto arm = [&](std::chrono::milliseconds in, int number) {
        timers.at(kStart + in, [&, number] {
            calls.push_back(number);
            called.release();
        });
    };
    arm(300ms, 3);
    arm(100ms, 1);
    arm(200ms, 2);
    EXPECT_EQ(timers.next(), kStart + 100ms);
    clock.advance(250ms);
    called.acquire();
    called.acquire();
    EXPECT_EQ(calls, (std::vector<int>{1, 2}));
    EXPECT_EQ(timers.next(), kStart + 300ms);
    clock.advance(50ms);
    called.acquire();
    EXPECT_EQ(timers.next(), std::nullopt);
}

TEST(DueTimers, WakesForAnEarlierTimeWhileItSleepsForALaterOne)
{
    ManualClock clock(kStart);
    std::binary_semaphore called(0);
    DueTimers timers(clock);
    timers.at(kStart + 1h, [] {});
    clock.waitForSleepers();
    timers.at(kStart + 1s, [&] { called.release(); });
    clock.advance(1s);
    called.acquire();
    EXPECT_EQ(timers.next(), kStart + 1h);
}

TEST(DueTimers, CallsAtOnceWhatIsDueAlready)
{
    ManualClock clock(kStart);
    std::binary_semaphore called(0);
    DueTimers timers(clock);
    timers.at(kStart - 1s, [&] { called.release(); });
    called.acquire();
}

TEST(DueTimers, DropsWhatIsNotDueWhenItEnds)
{
    ManualClock clock(kStart);
    bool called = false;
    {
        DueTimers timers(clock);
        timers.at(kStart + 1s, [&] { called = true; });
    }
    clock.advance(2s);
    EXPECT_FALSE(called);
}
