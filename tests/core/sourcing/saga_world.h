// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "sourcing/memory_event_store.h"
#include "sourcing/saga_process.h"
#include "sourcing/saga_story.h"

#include "effect_ledger.h"

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::test {

/// What can happen to a saga.
struct SagaScenario {
    std::string name;
    std::function<void(EffectLedger&)> script;
    core::SagaStatus end;
};
std::vector<SagaScenario> sagaScenarios();

inline constexpr std::array<std::string_view, 4> kLedgerSteps{
    "create order", "process payment", "reserve inventory", "create shipment"};

/// A store, the outside world and time, for one saga "s1".
struct SagaWorld {
    core::MemoryEventStore store;
    EffectLedger ledger;
    core::ManualClock clock{storyStart()};
    CountingIds ids;
    std::vector<core::SagaDefinition> definitions{ledgerSaga(ledger)};

    /// Stores SagaStarted, as a runner does.
    void begin();
    /// Carries the saga on in that store until it ends or the store fails, letting time pass as needed.
    core::SagaPause carryOn(core::EventStore& through);
    core::SagaState saga() const;
    std::vector<core::RecordedEvent> history() const;
};

/// Nothing half done: every effect once at most, all of them after a completed saga, none after a
/// compensated one, and after a stuck one none but those that are shown as stuck.
void expectNothingHalfDone(const SagaWorld& world);

} // namespace eventscope::test
