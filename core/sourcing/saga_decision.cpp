// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/saga_decision.h"

#include <algorithm>

namespace eventscope::core {

namespace {

SagaMove forward(const SagaState& state)
{
    const auto& steps = state.steps();
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (steps[i].status != SagaStepStatus::Completed)
            return {SagaMove::Kind::Execute, i, steps[i].attempts + 1, steps[i].retryAt};
    }
    return {SagaMove::Kind::Complete};
}

SagaMove backward(const SagaState& state)
{
    const auto& steps = state.steps();
    for (std::size_t i = steps.size(); i-- > 0;) {
        const SagaStepState& step = steps[i];
        const bool settled = step.status == SagaStepStatus::Compensated || step.status == SagaStepStatus::Stuck;
        if (step.needsCompensation() && !settled)
            return {SagaMove::Kind::Compensate, i, step.compensationAttempts + 1, step.retryAt};
    }
    const auto has = [&](SagaStepStatus status) {
        return std::ranges::any_of(steps, [status](const SagaStepState& step) { return step.status == status; });
    };
    if (has(SagaStepStatus::Stuck))
        return {SagaMove::Kind::ReportStuck};
    return {has(SagaStepStatus::Compensated) ? SagaMove::Kind::ReportCompensated : SagaMove::Kind::Fail};
}

} // namespace

SagaMove nextMove(const SagaState& state)
{
    if (!state.hasStarted() || state.hasEnded())
        return {};
    return state.cause() ? backward(state) : forward(state);
}

} // namespace eventscope::core
