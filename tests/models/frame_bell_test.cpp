// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "frame_bell.h"

#include "inspect/event_log.h"
#include "sample_orders.h"

#include <QSignalSpy>
#include <gtest/gtest.h>
#include <thread>

using namespace eventscope;
using namespace std::chrono_literals;

TEST(FrameBell, RingsOnceForManyAppendsOfOneFrame)
{
    core::EventLog log;
    test::SampleOrders sample;
    models::FrameBell bell(20ms);
    bell.attach([&](auto ring) { return log.onAppended(std::move(ring)); });
    QSignalSpy rang(&bell, &models::FrameBell::rang);
    std::jthread writer([&] {
        for (int i = 0; i < 100; ++i) {
            sample.appendTo(log, 3);
        }
    });
    writer.join();
    ASSERT_TRUE(rang.wait(5000));
    EXPECT_EQ(rang.count(), 1);
    EXPECT_EQ(log.size(), 300U);
}

TEST(FrameBell, RingsAgainForWhatCameAfterwards)
{
    models::FrameBell bell(1ms);
    QSignalSpy rang(&bell, &models::FrameBell::rang);
    bell.ring();
    ASSERT_TRUE(rang.wait(5000));
    bell.ring();
    ASSERT_TRUE(rang.wait(5000));
    EXPECT_EQ(rang.count(), 2);
}

TEST(FrameBell, CanGoWhileAWriterIsRinging)
{
    core::EventLog log;
    std::jthread writer([&](std::stop_token stop) {
        test::SampleOrders sample;
        while (!stop.stop_requested()) {
            sample.appendTo(log, 1);
        }
    });
    for (int i = 0; i < 200 || log.size() == 0; ++i) {
        models::FrameBell bell(0ms);
        bell.attach([&](auto ring) { return log.onAppended(std::move(ring)); });
    }
    writer.request_stop();
    writer.join();
    EXPECT_GT(log.size(), 0U);
}
