// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/saga.h"

#include "sourcing/saga_state.h"

#include <algorithm>
#include <cstddef>
#include <fmt/core.h>
#include <set>
#include <utility>

namespace eventscope::core {

SagaContext::SagaContext(const SagaState& state, std::string_view step, const Json& input,
    const std::vector<Json>& results, std::string_view key, int attempt, std::stop_token stop)
    : m_state(state)
    , m_input(input)
    , m_results(results)
    , m_key(key)
    , m_stepKey(sagaIdempotencyKey(state.id(), step))
    , m_attempt(attempt)
    , m_stop(std::move(stop))
{
}

const std::string& SagaContext::sagaId() const
{
    return m_state.id();
}

const std::string& SagaContext::correlationId() const
{
    return m_state.correlationId();
}

const std::string& SagaContext::userId() const
{
    return m_state.userId();
}

const SagaCause* SagaContext::cause() const
{
    return m_state.cause() ? &*m_state.cause() : nullptr;
}

const Json* SagaContext::resultOf(std::string_view step) const
{
    const auto& steps = m_state.steps();
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (steps[i].name == step)
            return steps[i].result.empty() ? nullptr : &m_results[i];
    }
    return nullptr;
}

bool isRefusal(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
    case ErrorCode::NotFound:
    case ErrorCode::IdempotencyConflict:
    case ErrorCode::DomainRule:
    case ErrorCode::Refused:
    case ErrorCode::Unsupported: return true;
    default: return false;
    }
}

bool effectPossibleAfter(ErrorCode code)
{
    return !isRefusal(code) && code != ErrorCode::WrongExpectedVersion;
}

Status SagaDefinition::validate() const
{
    const auto invalid = [this](std::string_view why) {
        return fail(ErrorCode::InvalidArgument, fmt::format("The saga \"{}\" cannot be run: {}.", type, why));
    };
    if (type.empty())
        return invalid("it has no type name");
    if (steps.empty())
        return invalid("it has no steps");
    std::set<std::string_view> names;
    for (const SagaStep& step : steps) {
        if (step.name.empty() || !step.execute)
            return invalid("a step has no name or no action");
        if (step.compensate && step.compensationName.empty())
            return invalid(fmt::format("the compensation of \"{}\" has no name", step.name));
        // The idempotency keys are made of these names.
        if (!names.insert(step.name).second || (step.compensate && !names.insert(step.compensationName).second))
            return invalid(fmt::format("a name at the step \"{}\" is used twice", step.name));
    }
    return {};
}

const SagaStep* SagaDefinition::step(std::string_view name) const
{
    const auto found = std::ranges::find(steps, name, &SagaStep::name);
    return found == steps.end() ? nullptr : &*found;
}

std::string sagaIdempotencyKey(std::string_view sagaId, std::string_view name)
{
    return fmt::format("{}/{}", sagaId, name);
}

} // namespace eventscope::core
