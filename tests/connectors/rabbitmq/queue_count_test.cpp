// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "queue_look.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

using namespace eventscope;
using namespace eventscope::rabbitmq;
using std::chrono::milliseconds;

namespace {

/// Answers as it was told, the last answer for ever.
class PlayedCount final : public CountSource {
public:
    struct Told {
        std::uint32_t messages = 0;
        milliseconds took{1};
    };
    explicit PlayedCount(std::vector<Told> answers) : m_answers(std::move(answers)) { }
    core::Result<Answer> ask() override
    {
        const Told told = m_answers[std::min(asked++, m_answers.size() - 1)];
        return Answer{{.name = "careful", .messages = told.messages}, told.took};
    }
    void pause(milliseconds time) override { paused += time; }

    std::size_t asked = 0;
    milliseconds paused{0};

private:
    const std::vector<Told> m_answers;
};

class QueueCountTest : public testing::Test {
protected:
    QueueCountTest()
    {
        m_info.name = "careful";
        m_info.type = "quorum";
        m_info.ready = 3;
        m_info.arguments = core::Json(core::Json::Object{{"x-delivery-limit", core::Json(2)}});
    }
    QueueCount counted(std::vector<PlayedCount::Told> answers, const TakenLook* before, const QueueInfo* info)
    {
        PlayedCount source(std::move(answers));
        const auto count = countSurely(source, info, before, m_now);
        EXPECT_TRUE(count);
        EXPECT_LE(source.asked, 8u);
        EXPECT_LE(source.paused, milliseconds(1000));
        return count.value_or(QueueCount{});
    }
    LookDecision decided(const QueueCount& count)
    {
        const LookCost cost = costOfLook("careful", &m_info, 0, "3.10.8");
        const auto decision = decideLook("careful", cost, LookPolicy::Forced, &m_before, count);
        EXPECT_TRUE(decision);
        return decision.value_or(LookDecision{});
    }

    const std::chrono::steady_clock::time_point m_now = std::chrono::steady_clock::now();
    TakenLook m_before{.ready = 3, .deliveries = 1, .at = m_now};
    QueueInfo m_info;
};

} // namespace

TEST_F(QueueCountTest, BelievesAtOnceWhatIsNotLessThanWasSeen)
{
    PlayedCount source(std::vector<PlayedCount::Told>{{3}});
    const auto count = countSurely(source, &m_info, &m_before, m_now);
    ASSERT_TRUE(count);
    EXPECT_TRUE(count->isSure);
    EXPECT_EQ(count->ready, 3);
    EXPECT_EQ(source.asked, 1u);
    EXPECT_EQ(decided(*count).way, LookWay::ShowSeen);
}

TEST_F(QueueCountTest, AsksAgainUntilWhatWasGivenBackIsCounted)
{
    const QueueCount count = counted({{0}, {1}, {3}}, &m_before, &m_info);
    EXPECT_TRUE(count.isSure);
    EXPECT_EQ(count.ready, 3);
}

// Shown as an empty list, somebody would think that the messages are lost.
TEST_F(QueueCountTest, ShowsWhatWasSeenWhileANothingMayBeNone)
{
    for (const std::vector<PlayedCount::Told>& answers :
        std::vector<std::vector<PlayedCount::Told>>{{{0}}, {{0, milliseconds(250)}}, {{1}}, {{2}, {0}, {1}}}) {
        const QueueCount count = counted(answers, &m_before, &m_info);
        EXPECT_FALSE(count.isSure);
        const LookDecision decision = decided(count);
        EXPECT_EQ(decision.way, LookWay::ShowSeen);
        EXPECT_NE(decision.sentence.find("look again"), std::string::npos) << decision.sentence;
    }
}

TEST_F(QueueCountTest, BelievesThatItIsEmptyWhenBothCountsSaySoAfterTheLook)
{
    m_info.ready = 0;
    EXPECT_FALSE(counted({{0}}, &m_before, &m_info).isSure) << "the plugin's count may be older than the look";
    m_before.at = m_now - std::chrono::seconds(60);
    const QueueCount count = counted({{0}}, &m_before, &m_info);
    EXPECT_TRUE(count.isSure);
    EXPECT_EQ(decided(count).way, LookWay::ShowNothing);
    EXPECT_FALSE(counted({{0, milliseconds(250)}}, &m_before, &m_info).isSure) << "nobody answered the broker";
    EXPECT_FALSE(counted({{0}}, &m_before, nullptr).isSure) << "without the plugin";
    m_info.ready = 3;
    EXPECT_FALSE(counted({{0}}, &m_before, &m_info).isSure) << "the plugin says otherwise";
}

TEST_F(QueueCountTest, AsksNoMoreThanNeededOfAQueueThatCountsItself)
{
    m_info.type = "classic";
    PlayedCount source(std::vector<PlayedCount::Told>{{0}});
    const auto count = countSurely(source, &m_info, &m_before, m_now);
    ASSERT_TRUE(count);
    EXPECT_TRUE(count->isSure);
    EXPECT_EQ(source.asked, 1u);
}

TEST_F(QueueCountTest, LeavesItToTheFirstLookWhetherThereIsAnything)
{
    PlayedCount source(std::vector<PlayedCount::Told>{{0}});
    const auto count = countSurely(source, &m_info, nullptr, m_now);
    ASSERT_TRUE(count);
    EXPECT_TRUE(count->isSure);
    EXPECT_EQ(source.asked, 1u);
}
