// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/saga_retry.h"

#include "sourcing/saga_events.h"
#include "sourcing/saga_state.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <string>
#include <utility>

namespace eventscope::core {

namespace {

bool isStuckAt(const SagaState& saga, std::string_view step)
{
    return saga.status() == SagaStatus::Stuck && std::ranges::any_of(saga.steps(), [&](const SagaStepState& candidate) {
        return candidate.status == SagaStepStatus::Stuck && (step.empty() || candidate.name == step);
    });
}

} // namespace

Status requestSagaRetry(EventStore& store, const Clock& clock, IdGenerator& ids, std::string_view sagaId,
    std::string_view step, std::string_view requestedBy)
{
    const std::string stream = SagaState::streamOf(sagaId);
    auto events = store.readStream(stream);
    if (!events)
        return std::unexpected(std::move(events.error()));
    const auto saga = SagaState::fold(*events);
    if (!saga)
        return std::unexpected(saga.error());
    if (!isStuckAt(*saga, step))
        return fail(ErrorCode::DomainRule,
            step.empty() ? fmt::format(
                "The saga \"{}\" is {}, not stuck: there is nothing to retry.", sagaId, toString(saga->status()))
                         : fmt::format("The step \"{}\" of the saga \"{}\" is not stuck: there is nothing to retry.",
                             step, sagaId));

    const auto draft = saga_event::retryRequested(step, requestedBy);
    const std::array request{NewEvent{.id = ids.next(),
        .type = std::string(draft.type),
        .time = clock.now(),
        .metadata = {.correlationId = saga->correlationId(),
            .causationId = saga->lastEventId(),
            .userId = std::string(requestedBy),
            .headers = {}},
        .data = draft.data}};
    // The expected version makes one request of two that are made at once; the other is told.
    if (auto appended = store.append(stream, ExpectedVersion::exactly(saga->version()), request); !appended)
        return std::unexpected(std::move(appended.error()));
    return {};
}

} // namespace eventscope::core
