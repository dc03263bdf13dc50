// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/saga_tracker.h"

#include "sample_sagas.h"
#include "scripted_source.h"
#include "sourcing/saga_story.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace eventscope::core;
using eventscope::test::ChangeWaiter;
using eventscope::test::readStory;
using eventscope::test::SampleSaga;
using eventscope::test::storiesIn;

namespace {

class SagaTrackerTest : public testing::Test {
protected:
    SagaTrackerTest()
    {
        m_bell = m_tracker->onChanged([this] { m_changed.notify(); });
        m_worker.add(m_tracker);
    }

    void append(const RecordedEvent& event, std::string_view source = "demo", bool withVersion = true)
    {
        const SourceEvent row{.source = source,
            .stream = event.stream,
            .position = event.position.value,
            .version = withVersion ? event.version.value : SourceEvent::kNone,
            .id = event.id,
            .type = event.type,
            .time = event.time,
            .correlationId = event.metadata.correlationId,
            .payload = event.data};
        m_log.append({&row, 1});
    }

    void waitUntilComplete()
    {
        m_changed.wait([this] { return m_tracker->scanned() == m_log.size(); });
    }

    /// All stories of sagas, each in a stream of its own.
    static std::vector<std::vector<RecordedEvent>> stories()
    {
        std::vector<std::vector<RecordedEvent>> result;
        for (const std::string& path : storiesIn("sagas/good")) {
            result.push_back(readStory(path).events);
            for (std::size_t i = 0; i < result.back().size(); ++i) {
                result.back()[i].stream = fmt::format("saga-{}", result.size());
                result.back()[i].version = {static_cast<std::int64_t>(i) + 1};
            }
        }
        return result;
    }

    /// Their events with their order within each stream kept.
    static std::vector<RecordedEvent> interleaved(
        const std::vector<std::vector<RecordedEvent>>& stories, std::mt19937& random)
    {
        std::vector<std::size_t> turns;
        for (std::size_t story = 0; story < stories.size(); ++story)
            turns.insert(turns.end(), stories[story].size(), story);
        std::ranges::shuffle(turns, random);
        std::vector<std::size_t> next(stories.size());
        std::vector<RecordedEvent> events;
        for (const std::size_t story : turns)
            events.push_back(stories[story][next[story]++]);
        return events;
    }

    static SagaState folded(const std::vector<RecordedEvent>& events)
    {
        SagaState state;
        for (const RecordedEvent& event : events) {
            SagaEventView view = sagaEventOf(event);
            view.userId = {}; // headers are not looked at
            if (!state.apply(view))
                break;
        }
        return state;
    }

    void expectFolded(const std::vector<std::vector<RecordedEvent>>& stories)
    {
        ASSERT_EQ(m_tracker->count(), stories.size());
        for (const auto& story : stories) {
            const auto found = [&]() -> std::shared_ptr<const SagaInstance> {
                for (std::size_t i = 0; i < m_tracker->count(); ++i) {
                    if (m_log.text(m_tracker->at(i)->stream) == story.front().stream)
                        return m_tracker->at(i);
                }
                return nullptr;
            }();
            ASSERT_NE(found, nullptr);
            EXPECT_EQ(found->state, folded(story));
            EXPECT_EQ(found->problem(), found->state.problem());
            EXPECT_GE(found->rows.size(), static_cast<std::size_t>(found->state.version().value));
        }
    }

    EventLog m_log;
    LogWorker m_worker{m_log};
    ChangeWaiter m_changed;
    std::shared_ptr<SagaTracker> m_tracker = std::make_shared<SagaTracker>();
    std::shared_ptr<void> m_bell;
};

} // namespace

TEST_F(SagaTrackerTest, FoldsEverySagaAsTheRunnerDoes)
{
    std::mt19937 random(1);
    const auto all = stories();
    ASSERT_FALSE(all.empty());
    for (const RecordedEvent& event : interleaved(all, random))
        append(event);
    waitUntilComplete();
    expectFolded(all);
}

TEST_F(SagaTrackerTest, DoesNotMindEventsThatComeLateOrTwice)
{
    std::mt19937 random(2);
    const auto all = stories();
    std::vector<RecordedEvent> events = interleaved(all, random);
    events.insert(events.end(), events.begin(), events.end());
    std::ranges::shuffle(events, random);
    for (const RecordedEvent& event : events)
        append(event);
    waitUntilComplete();
    expectFolded(all);
}

TEST_F(SagaTrackerTest, TakesEventsWithoutVersionsAsTheyCome)
{
    std::mt19937 random(3);
    const auto all = stories();
    for (const RecordedEvent& event : interleaved(all, random))
        append(event, "kafka", false);
    waitUntilComplete();
    expectFolded(all);
}

TEST_F(SagaTrackerTest, KeepsTheSagasOfEachSourceApart)
{
    const auto story = stories().front();
    for (const RecordedEvent& event : story)
        append(event, "one");
    append(story.front(), "two");
    waitUntilComplete();
    ASSERT_EQ(m_tracker->count(), 2u);
    EXPECT_EQ(m_tracker->at(0)->rows.size(), story.size());
    EXPECT_EQ(m_tracker->at(1)->rows.size(), 1u);
}

TEST_F(SagaTrackerTest, SaysWhenTheBeginningIsMissing)
{
    const auto story = stories().front();
    for (std::size_t i = 1; i < story.size(); ++i)
        append(story[i]);
    waitUntilComplete();
    ASSERT_EQ(m_tracker->count(), 1u);
    EXPECT_EQ(m_tracker->at(0)->waiting, story.size() - 1);
    EXPECT_EQ(m_tracker->at(0)->problem(), "The beginning of this saga is not here, so its state cannot be told.");
    EXPECT_EQ(m_tracker->figures().withoutBeginning, 1u);
    append(story.front());
    waitUntilComplete();
    EXPECT_EQ(m_tracker->at(0)->problem(), "");
    EXPECT_EQ(m_tracker->figures().withoutBeginning, 0u);
}

TEST_F(SagaTrackerTest, TellsWhatChangedSinceOneLooked)
{
    const auto all = stories();
    ASSERT_GE(all.size(), 2u);
    std::uint64_t generation = 0;
    append(all[0][0]);
    append(all[1][0]);
    waitUntilComplete();
    EXPECT_EQ(m_tracker->changedSince(generation).size(), 2u);
    EXPECT_TRUE(m_tracker->changedSince(generation).empty());
    append(all[1][1]);
    waitUntilComplete();
    const auto changed = m_tracker->changedSince(generation);
    ASSERT_EQ(changed.size(), 1u);
    EXPECT_EQ(changed[0]->number, 1u);
    EXPECT_EQ(changed[0]->state.version().value, 2);
    std::uint64_t fromTheStart = 0;
    EXPECT_EQ(m_tracker->changedSince(fromTheStart).size(), 2u);
    EXPECT_EQ(m_tracker->find(changed[0]->state.id())->state.id(), changed[0]->state.id());
    EXPECT_EQ(m_tracker->find("nobody"), nullptr);
}

TEST_F(SagaTrackerTest, CountsSagasAndTheTimeTheyTook)
{
    const auto all = stories();
    std::array<std::size_t, 6> byStatus{};
    std::vector<std::chrono::microseconds> durations;
    for (const auto& story : all) {
        for (const RecordedEvent& event : story)
            append(event);
        const SagaState state = folded(story);
        ++byStatus[static_cast<std::size_t>(state.status())];
        if (state.endedAt())
            durations.push_back(*state.endedAt() - state.startedAt());
    }
    waitUntilComplete();
    std::ranges::sort(durations);
    const SagaFigures figures = m_tracker->figures();
    EXPECT_EQ(figures.byStatus, byStatus);
    EXPECT_EQ(figures.ended, durations.size());
    ASSERT_FALSE(durations.empty());
    EXPECT_EQ(figures.p50, durations[(durations.size() + 1) / 2 - 1]);
    EXPECT_EQ(figures.p99, durations.back());
}

TEST_F(SagaTrackerTest, CountsEachStepOfTheSagasThatEnded)
{
    const Timestamp start{std::chrono::seconds(1'000'000)};
    SampleSaga(m_log, "a1", start).runToCompletion();
    SampleSaga(m_log, "b2", start).runToCompensated();
    SampleSaga(m_log, "c3", start).start().begin("create order"); // still under way
    waitUntilComplete();
    const std::vector<SagaStepFigures> steps = m_tracker->stepFigures();
    ASSERT_EQ(steps.size(), 4U);
    EXPECT_EQ(steps[0].name, "create order");
    EXPECT_EQ(steps[0].runs, 2U);
    EXPECT_EQ(steps[0].failed, 0U);
    EXPECT_EQ(steps[0].compensated, 1U);
    EXPECT_EQ(steps[0].p50, std::chrono::milliseconds(140));
    EXPECT_EQ(steps[2].name, "reserve inventory");
    EXPECT_EQ(steps[2].runs, 2U);
    EXPECT_EQ(steps[2].attempts, 4U);
    EXPECT_DOUBLE_EQ(steps[2].failedShare(), 0.5);
    EXPECT_EQ(steps[3].runs, 1U) << "of the saga that turned back it was never begun";
}
