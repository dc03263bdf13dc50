// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/event_batch.h"

#include "inspect/event_json.h"
#include "sample_events.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace eventscope::core;
using eventscope::test::RandomEvents;

namespace {

std::string lineOf(const SourceEvent& event)
{
    std::string out;
    appendEventJson(out, event);
    return out;
}

} // namespace

TEST(EventBatch, OwnsWhatItIsGiven)
{
    EventBatch batch;
    std::vector<std::string> expected;
    for (int round = 0; round < 3; ++round) {
        batch.clear();
        expected.clear();
        std::size_t bytes = 0;
        for (int i = 0; i < 300; ++i) {
            // Its texts die with the generator at the end of this turn.
            RandomEvents random(static_cast<std::uint64_t>(round * 1000 + i));
            const SourceEvent event = random.next();
            batch.add(event);
            bytes += event.payload.size();
            expected.push_back(lineOf(event));
        }
        ASSERT_EQ(batch.size(), expected.size());
        EXPECT_EQ(batch.payloadBytes(), bytes);
        for (std::size_t i = 0; i < expected.size(); ++i)
            ASSERT_EQ(lineOf(batch.events()[i]), expected[i]);
    }
    batch.clear();
    EXPECT_TRUE(batch.empty());
}
