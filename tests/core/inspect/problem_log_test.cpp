// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/problem_log.h"

#include <gtest/gtest.h>

using namespace eventscope::core;
using namespace std::chrono_literals;

namespace {

class ProblemLogTest : public testing::Test {
protected:
    ManualClock m_clock{Timestamp{5s}};
    ProblemLog m_log{m_clock, 3};
};

} // namespace

TEST_F(ProblemLogTest, KeepsWhatHappenedInOrder)
{
    int rings = 0;
    const auto bell = m_log.onChanged([&] { ++rings; });
    m_log.add(Severity::Note, "demo", "Connected.");
    m_log.add(Severity::Problem, "orders", "The broker went away.");
    ASSERT_EQ(m_log.entries().size(), 2u);
    EXPECT_EQ(m_log.entries()[0].sentence, "Connected.");
    EXPECT_EQ(m_log.entries()[1].time, Timestamp{5s});
    EXPECT_EQ(m_log.entries(1).size(), 1u);
    EXPECT_EQ(m_log.entries(1)[0].where, "orders");
    EXPECT_EQ(m_log.problemCount(), 1u);
    EXPECT_EQ(rings, 2);
}

TEST_F(ProblemLogTest, ForgetsTheOldestBeyondItsSize)
{
    for (const char* sentence : {"a", "b", "c", "d"}) {
        m_log.add(Severity::Warning, "x", sentence);
    }
    ASSERT_EQ(m_log.entries().size(), 3u);
    EXPECT_EQ(m_log.entries().front().number, 2u);
    EXPECT_EQ(m_log.lastNumber(), 4u);
    EXPECT_EQ(m_log.problemCount(), 4u);
}

TEST_F(ProblemLogTest, CountsWhatComesAgainInsteadOfRepeatingIt)
{
    m_log.add(Severity::Warning, "x", "slow");
    const std::uint64_t seen = m_log.lastNumber();
    m_clock.advance(1s);
    m_log.add(Severity::Warning, "x", "slow");
    m_log.add(Severity::Warning, "x", "slow");
    ASSERT_EQ(m_log.entries().size(), 1u);
    EXPECT_EQ(m_log.entries()[0].repeats, 2u);
    EXPECT_EQ(m_log.entries()[0].time, Timestamp{6s});
    EXPECT_EQ(m_log.entries(seen).size(), 1u);
}
