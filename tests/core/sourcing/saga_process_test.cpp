// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/saga_process.h"

#include "event/message_context.h"
#include "sourcing/saga_events.h"
#include "sourcing/saga_world.h"

#include "dying_store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

using namespace eventscope::core;
using namespace eventscope::test;
using Answer = EffectLedger::Answer;

namespace {

std::string storyPath(std::string_view name)
{
    return std::string(EVENTSCOPE_TESTS_DIR) + "/core/sourcing/fixtures/sagas/good/" + std::string(name) + ".txt";
}

/// A refusal of the very first step is proof that nothing was done, unless a worker was lost in it.
void expectEnd(const SagaScenario& scenario, const SagaWorld& world, bool crashed)
{
    const SagaStatus end = world.saga().status();
    if (crashed && scenario.end == SagaStatus::Failed && end == SagaStatus::Compensated)
        return;
    EXPECT_EQ(toString(end), toString(scenario.end));
}

/// What the world looks like when the process dies after these events: done is what is recorded, and of
/// what is begun but not recorded, all or nothing.
void setUpWorldAfter(std::span<const RecordedEvent> events, bool unrecordedDone, SagaWorld& world)
{
    std::vector<NewEvent> copies(events.begin(), events.end());
    for (NewEvent& copy : copies)
        copy.id = "recorded-" + copy.id;
    ASSERT_TRUE(world.store.append("saga-s1", ExpectedVersion::noStream(), copies));
    world.clock.set(events.back().time);
    const SagaState saga = world.saga();
    for (const SagaStepState& step : saga.steps()) {
        const std::string key = sagaIdempotencyKey("s1", step.name);
        const SagaAttempt::Outcome last = step.spans.empty() ? SagaAttempt::Outcome::Failed : step.spans.back().outcome;
        const bool unrecorded = last == SagaAttempt::Outcome::Running;
        if (!step.result.empty() || (unrecorded && !step.spans.back().compensation && unrecordedDone))
            world.ledger.markDone(key);
        const bool undone = step.status == SagaStepStatus::Compensated;
        if (undone || (unrecorded && step.spans.back().compensation && unrecordedDone))
            world.ledger.markUndone(key);
    }
}

} // namespace

TEST(SagaProcess, EndsAsEachScenarioDemands)
{
    for (const SagaScenario& scenario : sagaScenarios()) {
        SCOPED_TRACE(scenario.name);
        SagaWorld world;
        scenario.script(world.ledger);
        world.begin();
        EXPECT_EQ(world.carryOn(world.store).kind, SagaPause::Kind::Ended);
        expectEnd(scenario, world, false);
        expectNothingHalfDone(world);
    }
}

TEST(SagaProcess, SurvivesADeathAtEveryAppend)
{
    int deaths = 0;
    for (const SagaScenario& scenario : sagaScenarios()) {
        SagaWorld calm;
        scenario.script(calm.ledger);
        calm.begin();
        DyingStore counting(calm.store);
        calm.carryOn(counting);

        for (int append = 1; append <= counting.appends(); ++append) {
            for (const bool stored : {false, true}) {
                SCOPED_TRACE(scenario.name + ", append " + std::to_string(append) + (stored ? ", stored" : ", lost"));
                SagaWorld world;
                scenario.script(world.ledger);
                world.begin();
                DyingStore dying(world.store, DyingStore::Death{append, stored});
                ASSERT_EQ(world.carryOn(dying).kind, SagaPause::Kind::Trouble);
                ASSERT_EQ(world.carryOn(world.store).kind, SagaPause::Kind::Ended);
                expectEnd(scenario, world, true);
                expectNothingHalfDone(world);
                ++deaths;
            }
        }
    }
    RecordProperty("deaths", deaths);
    EXPECT_GT(deaths, 100);
}

TEST(SagaProcess, GoesOnFromEveryEventWhetherOrNotTheLastActionTookEffect)
{
    int boundaries = 0;
    for (const SagaScenario& scenario : sagaScenarios()) {
        SagaWorld calm;
        scenario.script(calm.ledger);
        calm.begin();
        calm.carryOn(calm.store);
        const auto history = calm.history();

        for (std::size_t count = 1; count < history.size(); ++count) {
            for (const bool done : {false, true}) {
                SCOPED_TRACE(scenario.name + ", after " + history[count - 1].type + " at version "
                    + std::to_string(count) + (done ? ", done" : ", not done"));
                SagaWorld world;
                scenario.script(world.ledger);
                setUpWorldAfter(std::span(history).first(count), done, world);
                ASSERT_EQ(world.carryOn(world.store).kind, SagaPause::Kind::Ended);
                expectNothingHalfDone(world);
                ++boundaries;
            }
        }
    }
    RecordProperty("boundaries", boundaries);
    EXPECT_GT(boundaries, 200);
}

TEST(SagaProcess, WritesTheHistoriesItHasAlwaysWritten)
{
    const std::vector<std::pair<std::string, std::string>> stories{{"all goes well", "all-goes-well"},
        {"the second step is refused", "second-step-refused"}, {"a step never gets through", "step-times-out"},
        {"a compensation never succeeds", "compensation-stuck"}};
    for (const SagaScenario& scenario : sagaScenarios()) {
        const auto story = std::ranges::find(stories, scenario.name, &std::pair<std::string, std::string>::first);
        if (story == stories.end())
            continue;
        SCOPED_TRACE(story->second);
        SagaWorld world;
        scenario.script(world.ledger);
        world.begin();
        world.carryOn(world.store);
        const SagaStory recorded = readStory(storyPath(story->second));
        EXPECT_EQ(describeEvents(world.history()), describeEvents(recorded.events));
        EXPECT_EQ(describeSaga(world.saga()), recorded.expected);
    }
}

TEST(SagaProcess, UsesOneKeyInEveryAttempt)
{
    SagaWorld world;
    std::vector<std::string> keys;
    world.definitions[0].steps[1].execute = [&](const SagaContext& context) -> Result<Json> {
        keys.push_back(context.idempotencyKey());
        EXPECT_EQ(context.attempt(), static_cast<int>(keys.size()));
        return fail(ErrorCode::Timeout, "no answer in time");
    };
    world.definitions[0].steps[1].compensate = [&](const SagaContext& context) -> Status {
        EXPECT_EQ(context.stepKey(), "s1/process payment");
        EXPECT_EQ(context.idempotencyKey(), "s1/refund payment");
        return {};
    };
    world.begin();
    world.carryOn(world.store);
    EXPECT_EQ(keys, std::vector<std::string>(3, "s1/process payment"));
}

TEST(SagaProcess, GivesActionsTheInputAndTheResultsBefore)
{
    SagaWorld world;
    world.definitions[0].steps[1].execute = [&](const SagaContext& context) -> Result<Json> {
        EXPECT_EQ(context.input().dump(), R"({"amount":38.00})");
        EXPECT_EQ(context.resultOf("create order")->dump(), R"({"receipt":"s1/create order"})");
        EXPECT_EQ(context.resultOf("process payment"), nullptr);
        EXPECT_EQ(context.correlationId(), "the-flow");
        EXPECT_EQ(context.userId(), "ann");
        return Json();
    };
    world.begin();
    EXPECT_EQ(world.carryOn(world.store).kind, SagaPause::Kind::Ended);
}

TEST(SagaProcess, CausesEachEventByTheOneBeforeItAndActionsByTheirIntent)
{
    SagaWorld world;
    MessageContext seen;
    world.definitions[0].steps[2].execute = [&](const SagaContext&) -> Result<Json> {
        seen = *currentMessageContext();
        return Json();
    };
    world.begin();
    world.carryOn(world.store);
    const auto history = world.history();
    EXPECT_EQ(history[0].metadata.causationId, "the-command");
    for (std::size_t i = 1; i < history.size(); ++i) {
        EXPECT_EQ(history[i].metadata.causationId, history[i - 1].id);
        EXPECT_EQ(history[i].metadata.correlationId, "the-flow");
        EXPECT_EQ(history[i].metadata.userId, "ann");
    }
    EXPECT_EQ(history[5].type, saga_event::kStepStarted);
    EXPECT_EQ(seen.messageId, history[5].id);
    EXPECT_EQ(seen.correlationId, "the-flow");
    EXPECT_EQ(seen.userId, "ann");
}

TEST(SagaProcess, CompensatesARefusalThatCameAfterAnEffect)
{
    SagaWorld world;
    world.definitions[0].steps[1].execute = [&](const SagaContext& context) -> Result<Json> {
        world.ledger.markDone(context.idempotencyKey());
        context.noteEffect();
        return fail(ErrorCode::DomainRule, "charged, but the order is cancelled");
    };
    world.begin();
    world.carryOn(world.store);
    EXPECT_EQ(world.saga().status(), SagaStatus::Compensated);
    EXPECT_EQ(world.saga().step("process payment")->status, SagaStepStatus::Compensated);
    expectNothingHalfDone(world);
}

TEST(SagaProcess, RetriesARefusalOnlyWhereThatMayHelp)
{
    SagaWorld world;
    world.ledger.script("reserve inventory", {Answer::Refuse, Answer::Refuse, Answer::Ok});
    world.definitions[0].steps[2].retryRefusals = true;
    world.begin();
    world.carryOn(world.store);
    EXPECT_EQ(world.saga().status(), SagaStatus::Completed);
    EXPECT_EQ(world.ledger.calls("reserve inventory"), 3);
}

TEST(SagaProcess, StoresWhenARetryIsDue)
{
    SagaWorld world;
    world.ledger.script("process payment", {Answer::LoseRequest, Answer::Ok});
    world.begin();
    SagaProcess process(
        {.store = world.store, .clock = world.clock, .ids = world.ids, .definitions = world.definitions}, "s1");
    const SagaPause pause = process.run({});
    ASSERT_EQ(pause.kind, SagaPause::Kind::Waiting);
    EXPECT_EQ(pause.until, storyStart() + std::chrono::seconds(1));
    EXPECT_EQ(world.saga().step("process payment")->retryAt, pause.until);
    EXPECT_EQ(world.saga().status(), SagaStatus::Running);
}

TEST(SagaProcess, IsOvertakenByWhoeverWroteFirst)
{
    SagaWorld world;
    world.definitions[0].steps[1].execute = [&](const SagaContext& context) -> Result<Json> {
        if (context.attempt() == 1) {
            EXPECT_EQ(world.carryOn(world.store).kind, SagaPause::Kind::Ended);
        }
        return world.ledger.execute("process payment", context.idempotencyKey());
    };
    world.begin();
    EXPECT_EQ(world.carryOn(world.store).kind, SagaPause::Kind::Overtaken);
    EXPECT_EQ(world.saga().status(), SagaStatus::Completed);
    expectNothingHalfDone(world);
}

TEST(SagaProcess, AnswersForADoubtfulCommitByRepeatingIt)
{
    class Doubtful final : public EventStore {
    public:
        explicit Doubtful(EventStore& inner) : m_inner(inner) { }
        Result<std::vector<AppendResult>> appendAll(std::span<const StreamAppend> appends) override
        {
            auto appended = m_inner.appendAll(appends);
            if (++m_count % 2 == 1)
                return fail(ErrorCode::InDoubt, "the connection broke during the commit");
            EXPECT_TRUE(!appended || appended->front().alreadyStored);
            return appended;
        }
        Status visitStream(std::string_view s, const ReadStreamOptions& o, const EventVisitor& v) const override
        {
            return m_inner.visitStream(s, o, v);
        }
        Result<ReadAllEnd> visitAll(const ReadAllOptions& o, const EventVisitor& v) const override
        {
            return m_inner.visitAll(o, v);
        }
        Result<StreamVersion> streamVersion(std::string_view s) const override { return m_inner.streamVersion(s); }
        Result<GlobalPosition> lastPosition() const override { return m_inner.lastPosition(); }
        Result<std::vector<StreamInfo>> streams(
            std::string_view after, std::size_t limit, std::string_view category) const override
        {
            return m_inner.streams(after, limit, category);
        }
        Result<std::optional<RecordedEvent>> findById(std::string_view id) const override
        {
            return m_inner.findById(id);
        }
        std::shared_ptr<void> onAppended(std::function<void()> bell) override
        {
            return m_inner.onAppended(std::move(bell));
        }

    private:
        EventStore& m_inner;
        int m_count = 0;
    };

    SagaWorld world;
    world.begin();
    Doubtful doubtful(world.store);
    EXPECT_EQ(world.carryOn(doubtful).kind, SagaPause::Kind::Ended);
    EXPECT_EQ(world.saga().status(), SagaStatus::Completed);
}

TEST(SagaProcess, KeepsItsHandsOffWhatItDoesNotUnderstand)
{
    SagaWorld world;
    world.begin();
    auto original = std::exchange(world.definitions, {});
    EXPECT_EQ(world.carryOn(world.store).kind, SagaPause::Kind::Broken);

    world.definitions = original;
    world.definitions[0].steps[0].name = "place order";
    EXPECT_EQ(world.carryOn(world.store).kind, SagaPause::Kind::Broken);

    world.definitions = original;
    const NewEvent strange{.id = "x", .type = "SagaDanced", .time = storyStart(), .metadata = {}, .data = "{}"};
    ASSERT_TRUE(world.store.append("saga-s1", ExpectedVersion::any(), std::span(&strange, 1)));
    EXPECT_EQ(world.carryOn(world.store).kind, SagaPause::Kind::Broken);
    EXPECT_EQ(world.store.streamVersion("saga-s1"), StreamVersion{2});
}
