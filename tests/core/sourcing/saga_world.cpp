// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/saga_world.h"

#include "sourcing/saga_events.h"

#include <gtest/gtest.h>

#include <utility>

namespace eventscope::test {

using namespace core;
using Answer = EffectLedger::Answer;

std::vector<SagaScenario> sagaScenarios()
{
    return {
        {"all goes well", [](EffectLedger&) {}, SagaStatus::Completed},
        {"the first step is refused", [](EffectLedger& l) { l.script("create order", {Answer::Refuse}); },
            SagaStatus::Failed},
        {"the second step is refused", [](EffectLedger& l) { l.script("process payment", {Answer::Refuse}); },
            SagaStatus::Compensated},
        {"the last step is refused", [](EffectLedger& l) { l.script("create shipment", {Answer::Refuse}); },
            SagaStatus::Compensated},
        {"an answer is lost once",
            [](EffectLedger& l) {
                l.script("process payment", {Answer::LoseAnswer, Answer::Ok});
            },
            SagaStatus::Completed},
        {"a step never gets through", [](EffectLedger& l) { l.script("reserve inventory", {Answer::LoseRequest}); },
            SagaStatus::Compensated},
        {"a step throws", [](EffectLedger& l) { l.script("create shipment", {Answer::Throw}); },
            SagaStatus::Compensated},
        {"a compensation succeeds late",
            [](EffectLedger& l) {
                l.script("create shipment", {Answer::Refuse});
                l.script("refund payment", {Answer::LoseRequest, Answer::Ok});
            },
            SagaStatus::Compensated},
        {"a compensation's answer is lost",
            [](EffectLedger& l) {
                l.script("reserve inventory", {Answer::Refuse});
                l.script("refund payment", {Answer::LoseAnswer});
            },
            SagaStatus::Compensated},
        {"a compensation never succeeds",
            [](EffectLedger& l) {
                l.script("create shipment", {Answer::Refuse});
                l.script("refund payment", {Answer::LoseRequest});
            },
            SagaStatus::Stuck},
    };
}

void SagaWorld::begin()
{
    const Json input = Json::parse(R"({"amount":38.00})").value();
    const auto draft = saga_event::started("s1", definitions[0], input);
    const NewEvent started{.id = ids.next(),
        .type = std::string(draft.type),
        .time = clock.now(),
        .metadata = {.correlationId = "the-flow", .causationId = "the-command", .userId = "ann", .headers = {}},
        .data = draft.data};
    ASSERT_TRUE(store.append("saga-s1", ExpectedVersion::noStream(), std::span(&started, 1)));
}

SagaPause SagaWorld::carryOn(EventStore& through)
{
    while (true) {
        SagaProcess process({.store = through, .clock = clock, .ids = ids, .definitions = definitions}, "s1");
        SagaPause pause = process.run({});
        if (pause.kind != SagaPause::Kind::Waiting)
            return pause;
        clock.set(pause.until);
    }
}

SagaState SagaWorld::saga() const
{
    auto saga = SagaState::fold(history());
    EXPECT_TRUE(saga) << saga.error().message;
    return std::move(saga).value_or(SagaState());
}

std::vector<RecordedEvent> SagaWorld::history() const
{
    return store.readStream("saga-s1").value_or(std::vector<RecordedEvent>());
}

void expectNothingHalfDone(const SagaWorld& world)
{
    const SagaState saga = world.saga();
    ASSERT_TRUE(saga.hasEnded());
    for (const SagaStepState& step : saga.steps()) {
        SCOPED_TRACE(step.name);
        const std::string key = sagaIdempotencyKey("s1", step.name);
        EXPECT_LE(world.ledger.applied(key), 1);
        if (step.status != SagaStepStatus::Stuck) {
            EXPECT_EQ(world.ledger.net(key), saga.status() == SagaStatus::Completed ? 1 : 0);
        }
    }
}

} // namespace eventscope::test
