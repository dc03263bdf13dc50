// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/saga_runner.h"

#include "event/message_context.h"
#include "sourcing/saga_events.h"
#include "sourcing/saga_retry.h"
#include "sourcing/saga_world.h"

#include "dying_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <string>
#include <thread>

using namespace eventscope::core;
using namespace eventscope::test;
using namespace std::chrono_literals;
using Answer = EffectLedger::Answer;
using Start = SagaRunner::Start;

namespace {

const Json kInput = Json::Object{{"amount", Json(Json::Number{"38.00"})}};

std::unique_ptr<SagaRunner> makeRunner(SagaWorld& world, EventStore& store, SagaRunnerOptions options = {})
{
    auto runner = SagaRunner::create(store, world.clock, world.ids, world.definitions, std::move(options));
    EXPECT_TRUE(runner) << runner.error().message;
    return std::move(*runner);
}

std::unique_ptr<SagaRunner> makeRunner(SagaWorld& world, SagaRunnerOptions options = {})
{
    return makeRunner(world, world.store, std::move(options));
}

/// Lets time pass until no saga waits for a retry any more.
void runToTheEnd(SagaWorld& world, SagaRunner& runner)
{
    runner.waitUntilIdle();
    while (const auto due = runner.nextRetry()) {
        world.clock.set(*due);
        runner.waitUntilIdle();
    }
}

SagaState sagaOf(const EventStore& store, const std::string& id)
{
    return SagaState::fold(store.readStream(SagaState::streamOf(id)).value()).value();
}

} // namespace

TEST(SagaRunner, RunsASagaToItsEnd)
{
    SagaWorld world;
    const auto runner = makeRunner(world);
    EXPECT_EQ(runner->start("ledger-saga", "s1", kInput), Start::Started);
    runner->waitUntilIdle();
    EXPECT_EQ(world.saga().status(), SagaStatus::Completed);
    expectNothingHalfDone(world);
    EXPECT_EQ(runner->figures().completed, 1u);
    EXPECT_EQ(runner->figures().started, 1u);
}

TEST(SagaRunner, StartsTheSameSagaOnce)
{
    SagaWorld world;
    const auto runner = makeRunner(world);
    EXPECT_EQ(runner->start("ledger-saga", "s1", kInput), Start::Started);
    EXPECT_EQ(runner->start("ledger-saga", "s1", kInput), Start::AlreadyThere);
    runner->waitUntilIdle();
    EXPECT_EQ(runner->start("ledger-saga", "s1", kInput), Start::AlreadyThere);
    runner->waitUntilIdle();
    EXPECT_EQ(world.ledger.calls("create order"), 1);

    const auto other = runner->start("ledger-saga", "s1", Json("another input"));
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, ErrorCode::IdempotencyConflict);
}

TEST(SagaRunner, StartsWithinTheFlowOfTheMessageBeingHandled)
{
    SagaWorld world;
    const auto runner = makeRunner(world);
    {
        const MessageScope scope({"the-command", "the-flow", "ann"});
        ASSERT_TRUE(runner->start("ledger-saga", "s1", kInput));
    }
    runner->waitUntilIdle();
    for (const RecordedEvent& event : world.history()) {
        EXPECT_EQ(event.metadata.correlationId, "the-flow");
        EXPECT_EQ(event.metadata.userId, "ann");
    }
    EXPECT_EQ(world.history().front().metadata.causationId, "the-command");
}

TEST(SagaRunner, RefusesWhatItCannotRun)
{
    SagaWorld world;
    const auto runner = makeRunner(world);
    EXPECT_EQ(runner->start("no-such-saga", "s1", kInput).error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(runner->start("ledger-saga", "", kInput).error().code, ErrorCode::InvalidArgument);

    const auto create = [&](std::vector<SagaDefinition> definitions) {
        return SagaRunner::create(world.store, world.clock, world.ids, std::move(definitions)).error().code;
    };
    EXPECT_EQ(create({{.type = "empty", .steps = {}}}), ErrorCode::InvalidArgument);
    EXPECT_EQ(create({world.definitions[0], world.definitions[0]}), ErrorCode::InvalidArgument);
    SagaDefinition doubled = world.definitions[0];
    doubled.steps[1].compensationName = "create order";
    EXPECT_EQ(create({doubled}), ErrorCode::InvalidArgument);
    SagaDefinition nameless = world.definitions[0];
    nameless.steps[1].compensationName.clear();
    EXPECT_EQ(create({nameless}), ErrorCode::InvalidArgument);
}

TEST(SagaRunner, ArmsTheStoredDueTimeAgainAfterARestart)
{
    SagaWorld world;
    world.ledger.script("process payment", {Answer::LoseRequest, Answer::Ok});
    makeRunner(world)->start("ledger-saga", "s1", kInput).value();
    {
        const auto first = makeRunner(world);
        first->resumeAll().value();
        first->waitUntilIdle();
    }
    world.clock.advance(400ms);
    const auto second = makeRunner(world);
    EXPECT_EQ(second->resumeAll(), 1u);
    second->waitUntilIdle();
    EXPECT_EQ(second->nextRetry(), storyStart() + 1s);
    EXPECT_EQ(world.saga().status(), SagaStatus::Running);
    world.clock.set(storyStart() + 1s);
    second->waitUntilIdle();
    EXPECT_EQ(world.saga().status(), SagaStatus::Completed);
}

TEST(SagaRunner, ResumesEverythingThatADeadProcessLeft)
{
    for (int death = 2; death <= 40; death += 3) {
        SCOPED_TRACE(death);
        SagaWorld world;
        world.ledger.script("process payment", {Answer::LoseAnswer, Answer::Ok, Answer::LoseRequest, Answer::Ok});
        DyingStore dying(world.store, DyingStore::Death{death, death % 2 == 0});
        {
            const auto doomed = makeRunner(world, dying);
            for (int i = 1; i <= 8; ++i)
                (void)doomed->start("ledger-saga", "saga" + std::to_string(i), kInput);
            doomed->waitUntilIdle();
        }
        const auto runner = makeRunner(world);
        ASSERT_TRUE(runner->resumeAll());
        runToTheEnd(world, *runner);
        const auto streams = world.store.streams({}, kNoLimit, SagaState::kCategory).value();
        for (const StreamInfo& stream : streams) {
            const std::string id(aggregateIdOf(stream.name));
            EXPECT_EQ(sagaOf(world.store, id).status(), SagaStatus::Completed);
            for (const std::string_view step : kLedgerSteps)
                EXPECT_EQ(world.ledger.applied(sagaIdempotencyKey(id, step)), 1);
        }
        EXPECT_EQ(runner->resumeAll(), 0u);
    }
}

TEST(SagaRunner, LetsExactlyOneOfTwoRunnersContinue)
{
    SagaWorld world;
    std::latch inAction(1), overtaken(1);
    world.definitions[0].steps[1].execute = [&](const SagaContext& context) -> Result<Json> {
        if (context.attempt() == 1) {
            inAction.count_down();
            overtaken.wait();
        }
        return world.ledger.execute("process payment", context.idempotencyKey());
    };
    const auto slow = makeRunner(world, {.workers = 1});
    slow->start("ledger-saga", "s1", kInput).value();
    inAction.wait();
    const auto quick = makeRunner(world, {.workers = 1});
    EXPECT_EQ(quick->resumeAll(), 1u);
    quick->waitUntilIdle();
    overtaken.count_down();
    slow->waitUntilIdle();

    EXPECT_EQ(slow->figures().overtaken, 1u);
    EXPECT_EQ(slow->figures().completed, 0u);
    EXPECT_EQ(quick->figures().completed, 1u);
    EXPECT_EQ(world.saga().status(), SagaStatus::Completed);
    expectNothingHalfDone(world);
}

TEST(SagaRunner, SharesAStoreWithAnotherRunnerUnderLoad)
{
    SagaWorld world;
    world.ledger.script("create shipment", {Answer::Ok, Answer::LoseAnswer, Answer::Throw, Answer::Ok});
    constexpr int kSagas = 40;
    {
        SagaRunnerOptions idle{.workers = 1};
        const auto starter = makeRunner(world, idle);
        for (int i = 0; i < kSagas; ++i)
            starter->start("ledger-saga", std::to_string(i), kInput).value();
    }
    const auto one = makeRunner(world);
    const auto two = makeRunner(world);
    {
        const std::jthread other([&] { EXPECT_TRUE(two->resumeAll()); });
        EXPECT_TRUE(one->resumeAll());
    }
    for (int round = 0; round < 50; ++round) {
        one->waitUntilIdle();
        two->waitUntilIdle();
        if (!one->nextRetry() && !two->nextRetry())
            break;
        world.clock.advance(10s);
    }
    for (int i = 0; i < kSagas; ++i) {
        EXPECT_EQ(sagaOf(world.store, std::to_string(i)).status(), SagaStatus::Completed);
        for (const std::string_view step : kLedgerSteps)
            EXPECT_EQ(world.ledger.applied(sagaIdempotencyKey(std::to_string(i), step)), 1);
    }
}

TEST(SagaRunner, TakesASagaBackWhenWhoeverTookItIsGone)
{
    SagaWorld world;
    std::latch inAction(1), overtaken(1);
    world.definitions[0].steps[1].execute = [&](const SagaContext& context) -> Result<Json> {
        if (context.attempt() == 1) {
            inAction.count_down();
            overtaken.wait();
        }
        return world.ledger.execute("process payment", context.idempotencyKey());
    };
    const auto slow = makeRunner(world, {.workers = 1, .takeOverAfter = 30s});
    slow->start("ledger-saga", "s1", kInput).value();
    inAction.wait();
    // The other one announces its attempt and dies.
    DyingStore dying(world.store, DyingStore::Death{1, true});
    {
        const auto quick = makeRunner(world, dying, {.workers = 1});
        ASSERT_TRUE(quick->resumeAll());
        quick->waitUntilIdle();
    }
    overtaken.count_down();
    slow->waitUntilIdle();
    EXPECT_EQ(world.saga().status(), SagaStatus::Running);
    world.clock.advance(30s);
    slow->waitUntilIdle();
    EXPECT_EQ(world.saga().status(), SagaStatus::Completed);
    EXPECT_EQ(world.saga().step("process payment")->attempts, 3);
    expectNothingHalfDone(world);
}

TEST(SagaRunner, CrashesOnDemandAndResumesFromTheStream)
{
    SagaWorld world;
    const auto runner = makeRunner(world);
    runner->crashNextWorker(2s);
    runner->start("ledger-saga", "s1", kInput).value();
    runner->waitUntilIdle();
    EXPECT_EQ(runner->figures().crashes, 1u);
    EXPECT_EQ(world.saga().version(), StreamVersion{2});
    EXPECT_EQ(world.ledger.applied("s1/create order"), 1);

    world.clock.advance(2s);
    runner->waitUntilIdle();
    EXPECT_EQ(world.saga().status(), SagaStatus::Completed);
    EXPECT_EQ(world.saga().step("create order")->spans.front().outcome, SagaAttempt::Outcome::Unknown);
    expectNothingHalfDone(world);
}

TEST(SagaRunner, RetriesAStuckCompensationWhenAnOperatorAsks)
{
    SagaWorld world;
    world.ledger.script("create shipment", {Answer::Refuse});
    world.ledger.script("refund payment",
        {Answer::LoseRequest, Answer::LoseRequest, Answer::LoseRequest, Answer::LoseRequest, Answer::Ok});
    const auto runner = makeRunner(world);
    runner->start("ledger-saga", "s1", kInput).value();
    EXPECT_EQ(runner->retry("s1", "process payment", "ann").error().code, ErrorCode::DomainRule);
    runToTheEnd(world, *runner);
    EXPECT_EQ(world.saga().status(), SagaStatus::Stuck);
    EXPECT_EQ(runner->figures().stuck, 1u);
    EXPECT_EQ(world.ledger.net("s1/create order"), 0) << "the others are still taken back";
    EXPECT_EQ(world.ledger.net("s1/process payment"), 1);
    EXPECT_EQ(runner->resumeAll(), 0u) << "stuck is not unfinished: only an operator can help";

    EXPECT_EQ(runner->retry("s1", "create order", "ann").error().code, ErrorCode::DomainRule);
    EXPECT_EQ(runner->retry("s2", "", "ann").error().code, ErrorCode::NotFound);
    ASSERT_TRUE(runner->retry("s1", "process payment", "ann"));
    runToTheEnd(world, *runner);
    EXPECT_EQ(world.saga().status(), SagaStatus::Compensated);
    EXPECT_EQ(world.saga().retryRequestedBy(), "ann");
    EXPECT_EQ(world.saga().step("process payment")->compensationAttempts, 5);
    expectNothingHalfDone(world);
}

TEST(SagaRunner, TakesUpARetryThatWasRequestedElsewhere)
{
    SagaWorld world;
    world.ledger.script("create shipment", {Answer::Refuse});
    world.ledger.script("refund payment", {Answer::LoseRequest, Answer::LoseRequest, Answer::LoseRequest, Answer::Ok});
    const auto runner = makeRunner(world);
    runner->start("ledger-saga", "s1", kInput).value();
    runToTheEnd(world, *runner);
    ASSERT_EQ(world.saga().status(), SagaStatus::Stuck);

    ASSERT_TRUE(requestSagaRetry(world.store, world.clock, world.ids, "s1", "", "bob"));
    EXPECT_EQ(world.saga().status(), SagaStatus::Compensating);
    EXPECT_EQ(world.history().back().metadata.userId, "bob");
    EXPECT_EQ(runner->resumeAll(), 1u);
    runToTheEnd(world, *runner);
    EXPECT_EQ(world.saga().status(), SagaStatus::Compensated);
}

TEST(SagaRunner, FinishesTheActionUnderWayWhenStopped)
{
    SagaWorld world;
    std::latch inAction(1);
    world.definitions[0].steps[0].execute = [&](const SagaContext& context) -> Result<Json> {
        inAction.count_down();
        while (!context.stopToken().stop_requested())
            std::this_thread::yield();
        return world.ledger.execute("create order", context.idempotencyKey());
    };
    const auto runner = makeRunner(world);
    runner->start("ledger-saga", "s1", kInput).value();
    inAction.wait();
    runner->stop();
    EXPECT_EQ(world.history().back().type, saga_event::kStepCompleted);
    EXPECT_EQ(runner->start("ledger-saga", "s2", kInput).error().code, ErrorCode::Cancelled);

    const auto next = makeRunner(world);
    EXPECT_EQ(next->resumeAll(), 1u);
    next->waitUntilIdle();
    EXPECT_EQ(world.saga().status(), SagaStatus::Completed);
    EXPECT_EQ(world.ledger.calls("create order"), 1);
}

TEST(SagaRunner, RepeatsAnActionThatGaveUpBecauseOfTheStop)
{
    SagaWorld world;
    std::latch inAction(1);
    const SagaAction original = world.definitions[0].steps[0].execute;
    world.definitions[0].steps[0].execute = [&](const SagaContext& context) -> Result<Json> {
        if (context.attempt() > 1)
            return original(context);
        inAction.count_down();
        while (!context.stopToken().stop_requested())
            std::this_thread::yield();
        return fail(ErrorCode::Cancelled, "stopped");
    };
    {
        const auto runner = makeRunner(world);
        runner->start("ledger-saga", "s1", kInput).value();
        inAction.wait();
    }
    EXPECT_EQ(world.history().back().type, saga_event::kStepStarted) << "a stop is no failure of the step";
    const auto next = makeRunner(world);
    ASSERT_TRUE(next->resumeAll());
    next->waitUntilIdle();
    EXPECT_EQ(world.saga().status(), SagaStatus::Completed);
}

TEST(SagaRunner, WaitsForAStoreThatFailsForAWhile)
{
    SagaWorld world;
    DyingStore flaky(world.store, DyingStore::Death{3, false});
    std::atomic<int> problems = 0;
    const auto runner
        = makeRunner(world, flaky, {.troubleDelay = 1s, .onProblem = [&](std::string_view id, const Error& error) {
                                        EXPECT_EQ(id, "s1");
                                        EXPECT_EQ(error.code, ErrorCode::Io);
                                        ++problems;
                                    }});
    runner->start("ledger-saga", "s1", kInput).value();
    runner->waitUntilIdle();
    EXPECT_EQ(problems, 1);
    flaky.revive();
    world.clock.advance(1s);
    runner->waitUntilIdle();
    EXPECT_EQ(world.saga().status(), SagaStatus::Completed);
    expectNothingHalfDone(world);
}

TEST(SagaRunner, RunsNoMoreSagasAtATimeThanItHasWorkers)
{
    SagaWorld world;
    std::atomic<int> now = 0, most = 0;
    for (SagaStep& step : world.definitions[0].steps) {
        step.execute = [&](const SagaContext&) -> Result<Json> {
            const int running = ++now;
            for (int seen = most; running > seen && !most.compare_exchange_weak(seen, running);) { }
            std::this_thread::yield();
            --now;
            return Json();
        };
    }
    const auto runner = makeRunner(world, {.workers = 2});
    for (int i = 0; i < 50; ++i)
        runner->start("ledger-saga", std::to_string(i), kInput).value();
    runner->waitUntilIdle();
    EXPECT_LE(most, 2);
    EXPECT_EQ(runner->figures().completed, 50u);
}
