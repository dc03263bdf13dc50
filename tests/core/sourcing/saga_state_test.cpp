// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/saga_state.h"

#include "sourcing/saga_decision.h"
#include "sourcing/saga_events.h"
#include "sourcing/saga_story.h"

#include <gtest/gtest.h>

#include <string>

using namespace eventscope::core;
using namespace eventscope::test;

namespace {

/// The event that the decision to make `move` leaves behind.
std::string_view eventOf(const SagaMove& move)
{
    switch (move.kind) {
    case SagaMove::Kind::None: return {};
    case SagaMove::Kind::Execute: return saga_event::kStepStarted;
    case SagaMove::Kind::Compensate: return saga_event::kCompensationStarted;
    case SagaMove::Kind::Complete: return saga_event::kCompleted;
    case SagaMove::Kind::Fail: return saga_event::kFailed;
    case SagaMove::Kind::ReportCompensated: return saga_event::kCompensated;
    case SagaMove::Kind::ReportStuck: return saga_event::kStuck;
    }
    return {};
}

bool isDecision(std::string_view type)
{
    return type == saga_event::kStepStarted || type == saga_event::kCompensationStarted || saga_event::endsSaga(type);
}

SagaState foldStory(const SagaStory& story)
{
    SagaState saga;
    for (const RecordedEvent& event : story.events) {
        if (!saga.apply(event))
            break;
    }
    return saga;
}

} // namespace

TEST(SagaState, ReplaysEveryGoodHistory)
{
    const auto paths = storiesIn("sagas/good");
    ASSERT_GE(paths.size(), 8u);
    for (const std::string& path : paths) {
        SCOPED_TRACE(path);
        const SagaStory story = readStory(path);
        EXPECT_EQ(describeSaga(foldStory(story)), story.expected);
    }
}

TEST(SagaState, DecidesInEveryGoodHistoryWhatWasDecidedThen)
{
    for (const std::string& path : storiesIn("sagas/good")) {
        SCOPED_TRACE(path);
        SagaState saga;
        for (const RecordedEvent& event : readStory(path).events) {
            if (isDecision(event.type)) {
                EXPECT_EQ(eventOf(nextMove(saga)), event.type) << "at version " << event.version.value;
            }
            ASSERT_TRUE(saga.apply(event)) << saga.problem();
        }
    }
}

TEST(SagaState, RefusesEveryBadHistoryAndKeepsTheLastGoodState)
{
    const auto paths = storiesIn("sagas/bad");
    ASSERT_GE(paths.size(), 8u);
    for (const std::string& path : paths) {
        SCOPED_TRACE(path);
        const SagaStory story = readStory(path);
        const SagaState saga = foldStory(story);
        EXPECT_FALSE(saga.problem().empty());
        EXPECT_EQ(describeSaga(saga), story.expected);
        EXPECT_FALSE(SagaState::fold(story.events));
    }
}

TEST(SagaState, AppliesNothingAfterAProblem)
{
    const SagaStory good = readStory(storiesIn("sagas/good").front());
    SagaState saga;
    ASSERT_TRUE(saga.apply(good.events[0]));
    RecordedEvent unknown = good.events[1];
    unknown.type = "SagaDanced";
    EXPECT_FALSE(saga.apply(unknown));
    EXPECT_FALSE(saga.apply(good.events[1]));
    EXPECT_EQ(saga.version(), StreamVersion{1});
}

TEST(SagaState, RefusesAGapInTheVersions)
{
    const SagaStory good = readStory(storiesIn("sagas/good").front());
    SagaState saga;
    ASSERT_TRUE(saga.apply(good.events[0]));
    RecordedEvent later = good.events[1];
    later.version = {3};
    const auto applied = saga.apply(later);
    ASSERT_FALSE(applied);
    EXPECT_EQ(applied.error().code, ErrorCode::Corrupt);
}

TEST(SagaState, FoldsEventsOfASourceWithoutVersions)
{
    SagaState saga;
    for (RecordedEvent& event : readStory(storiesIn("sagas/good").front()).events) {
        SagaEventView view = sagaEventOf(event);
        view.version = {};
        ASSERT_TRUE(saga.apply(view)) << saga.problem();
    }
    EXPECT_TRUE(saga.hasEnded());
}

TEST(SagaState, KeepsASpanOfEveryAttempt)
{
    const auto at = [](int milliseconds) { return storyStart() + std::chrono::milliseconds(milliseconds); };
    const std::string path = std::string(EVENTSCOPE_TESTS_DIR) + "/core/sourcing/fixtures/sagas/good/worker-lost.txt";
    const SagaState saga = foldStory(readStory(path));
    const SagaStepState* step = saga.step("process payment");
    ASSERT_TRUE(step);
    ASSERT_EQ(step->spans.size(), 3u);

    EXPECT_EQ(step->spans[0].outcome, SagaAttempt::Outcome::Failed);
    EXPECT_EQ(step->spans[0].startedAt, at(20));
    EXPECT_EQ(step->spans[0].endedAt, at(50));
    EXPECT_EQ(step->spans[0].error.message, "no answer in time");
    EXPECT_EQ(step->spans[1].outcome, SagaAttempt::Outcome::Unknown);
    EXPECT_EQ(step->spans[1].endedAt, std::nullopt);
    EXPECT_EQ(step->spans[2].outcome, SagaAttempt::Outcome::Succeeded);
    EXPECT_EQ(step->spans[2].number, 3);
    EXPECT_EQ(step->startedAt, at(20));
    EXPECT_EQ(step->endedAt, at(9100));
    EXPECT_EQ(step->idempotencyKey, "s1/process payment");
}

TEST(SagaState, NamesItsStatusesExactly)
{
    for (const std::string_view name : {"running", "completed", "failed", "compensating", "compensated", "stuck"}) {
        const auto status = parseSagaStatus(name);
        ASSERT_TRUE(status) << name;
        EXPECT_EQ(toString(*status), name);
    }
    EXPECT_FALSE(parseSagaStatus("done"));
}
