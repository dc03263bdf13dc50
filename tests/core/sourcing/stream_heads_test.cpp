// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/stream_heads.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

using namespace eventscope::core;

TEST(StreamHeads, FindsEachStreamAtItsPlaceHoweverManyThereAre)
{
    StreamHeads heads;
    std::vector<StreamHeads::Stream*> streams;
    for (int i = 0; i < 5'000; ++i) {
        const std::string name = "order-" + std::to_string(i);
        ASSERT_EQ(heads.find(name, StreamHeads::hashOf(name)), nullptr);
        streams.push_back(&heads.add(name, StreamHeads::hashOf(name)));
    }
    EXPECT_EQ(heads.size(), 5'000U);
    for (int i = 0; i < 5'000; ++i) {
        const std::string name = "order-" + std::to_string(i);
        const std::size_t hash = StreamHeads::hashOf(name);
        heads.fetchPlace(hash);
        heads.fetchStream(hash);
        EXPECT_EQ(heads.find(name, hash), streams[static_cast<std::size_t>(i)]);
        EXPECT_EQ(streams[static_cast<std::size_t>(i)]->name, name);
    }
}

TEST(StreamHeads, TellsStreamsOfOneHashApartByTheirNames)
{
    StreamHeads heads;
    StreamHeads::Stream& one = heads.add("order-1", 7);
    StreamHeads::Stream& two = heads.add("order-2", 7);
    EXPECT_EQ(heads.find("order-1", 7), &one);
    EXPECT_EQ(heads.find("order-2", 7), &two);
    EXPECT_EQ(heads.find("order-3", 7), nullptr);
}

TEST(StreamHeads, KeepsOneCategoryForAllItsStreams)
{
    StreamHeads heads;
    const auto& first = heads.add("order-1", StreamHeads::hashOf("order-1"));
    const auto& second = heads.add("order-2", StreamHeads::hashOf("order-2"));
    const auto& other = heads.add("customer-1", StreamHeads::hashOf("customer-1"));
    EXPECT_EQ(first.category, second.category);
    EXPECT_NE(first.category, other.category);
    EXPECT_EQ(first.category->block, -1);
}

TEST(StreamHeads, ForgetsAll)
{
    StreamHeads heads;
    const std::string longName(100'000, 'x');
    heads.add(longName, StreamHeads::hashOf(longName));
    heads.clear();
    EXPECT_EQ(heads.size(), 0U);
    EXPECT_EQ(heads.find(longName, StreamHeads::hashOf(longName)), nullptr);
    EXPECT_EQ(heads.add("a", 1).name, "a");
}
