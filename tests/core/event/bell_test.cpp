// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/bell.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

using eventscope::core::Bell;

TEST(Bell, CallsEveryListenerInOrder)
{
    Bell bell;
    std::vector<int> calls;
    const auto first = bell.listen([&] { calls.push_back(1); });
    const auto second = bell.listen([&] { calls.push_back(2); });
    bell.ring();
    EXPECT_EQ(calls, (std::vector{1, 2}));
}

TEST(Bell, IsNotHeardAfterTheHandleIsGone)
{
    Bell bell;
    int calls = 0;
    auto handle = bell.listen([&] { ++calls; });
    handle.reset();
    bell.ring();
    EXPECT_EQ(calls, 0);
}

TEST(Bell, LetsAListenerEndItselfAndAnother)
{
    Bell bell;
    int calls = 0;
    std::shared_ptr<void> second;
    std::shared_ptr<void> first = bell.listen([&] {
        ++calls;
        first.reset();
        second.reset();
    });
    second = bell.listen([&] { ++calls; });
    bell.ring();
    bell.ring();
    EXPECT_EQ(calls, 1);
}

TEST(Bell, MayGoBeforeItsHandles)
{
    auto bell = std::make_unique<Bell>();
    const auto handle = bell->listen([] {});
    bell.reset();
    EXPECT_NE(handle, nullptr);
}
