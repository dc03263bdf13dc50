// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/saga_process.h"

#include "event/message_context.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <fmt/core.h>
#include <utility>

namespace eventscope::core {

namespace {

// A commit in doubt is settled by repeating the same ids; a connection that breaks more often than
// this is trouble for later.
constexpr int kCommitAttempts = 3;

template <class Action>
auto callGuarded(const Action& action, const SagaContext& context) -> decltype(action(context))
{
    try {
        return action(context);
    } catch (...) {
        return std::unexpected(errorOfCurrentException());
    }
}

SagaPause broken(ErrorCode code, std::string message)
{
    return {.kind = SagaPause::Kind::Broken, .error = {code, std::move(message)}};
}

} // namespace

SagaProcess::SagaProcess(Environment environment, std::string sagaId)
    : m_environment(std::move(environment)), m_stream(SagaState::streamOf(sagaId)), m_sagaId(std::move(sagaId))
{
}

SagaPause SagaProcess::run(std::stop_token stop, std::optional<StreamVersion> leaveIfMovedFrom)
{
    if (auto pause = load())
        return *pause;
    if (leaveIfMovedFrom && m_state.version() > *leaveIfMovedFrom && !m_state.hasEnded())
        return {.kind = SagaPause::Kind::Overtaken};
    while (true) {
        const SagaMove move = nextMove(m_state);
        std::optional<SagaPause> pause;
        if (move.kind == SagaMove::Kind::None)
            pause = SagaPause{.kind = SagaPause::Kind::Ended};
        else if (move.isAction() && stop.stop_requested())
            pause = SagaPause{.kind = SagaPause::Kind::Stopped};
        else if (move.notBefore && *move.notBefore > m_environment.clock.now())
            pause = SagaPause{.kind = SagaPause::Kind::Waiting, .until = *move.notBefore};
        if (pause)
            return flush().value_or(*pause);
        if (auto interrupted = carryOut(move, stop))
            return *interrupted;
    }
}

std::optional<SagaPause> SagaProcess::load()
{
    Status folded;
    const auto apply = [&](const EventView& event) {
        folded = m_state.apply(event.toRecorded());
        return folded.has_value();
    };
    if (auto visited = m_environment.store.visitStream(m_stream, {}, apply); !visited) {
        if (visited.error().code == ErrorCode::NotFound)
            return broken(ErrorCode::NotFound, fmt::format("There is no saga \"{}\".", m_sagaId));
        return SagaPause{.kind = SagaPause::Kind::Trouble, .error = visited.error()};
    }
    if (!folded)
        return broken(folded.error().code, folded.error().message);
    if (m_state.hasEnded())
        return std::nullopt;

    const auto definition = std::ranges::find(m_environment.definitions, m_state.type(), &SagaDefinition::type);
    if (definition == m_environment.definitions.end())
        return broken(
            ErrorCode::NotFound, fmt::format("Nobody here knows how to run a saga of type \"{}\".", m_state.type()));
    m_definition = &*definition;
    m_input = Json::parse(m_state.input()).value_or(Json());
    for (const SagaStepState& step : m_state.steps())
        m_results.push_back(step.result.empty() ? Json() : Json::parse(step.result).value_or(Json()));
    return std::nullopt;
}

std::optional<SagaPause> SagaProcess::carryOut(const SagaMove& move, const std::stop_token& stop)
{
    switch (move.kind) {
    case SagaMove::Kind::Complete: add(saga_event::ended(saga_event::kCompleted, m_state)); return std::nullopt;
    case SagaMove::Kind::Fail: add(saga_event::ended(saga_event::kFailed, m_state)); return std::nullopt;
    case SagaMove::Kind::ReportCompensated:
        add(saga_event::ended(saga_event::kCompensated, m_state));
        return std::nullopt;
    case SagaMove::Kind::ReportStuck: add(saga_event::ended(saga_event::kStuck, m_state)); return std::nullopt;
    default: break;
    }

    const SagaStepState& recorded = m_state.steps()[move.step];
    const SagaStep* step = m_definition->step(recorded.name);
    const bool forward = move.kind == SagaMove::Kind::Execute;
    // A saga runs by the steps it was started with; code that no longer has one of them cannot go on.
    if (!step || (!forward && (!step->compensate || step->compensationName != recorded.compensation)))
        return flush().value_or(broken(ErrorCode::NotFound,
            fmt::format("The saga type \"{}\" no longer has the step \"{}\" as it was when the saga \"{}\" began.",
                m_state.type(), recorded.name, m_sagaId)));

    announce(move, *step);
    if (auto pause = flush())
        return pause;

    const SagaContext context(m_state, recorded.name, m_input, m_results,
        sagaIdempotencyKey(m_sagaId, forward ? recorded.name : recorded.compensation), move.attempt, stop);
    Result<Json> result;
    {
        const MessageScope scope({m_state.lastEventId(), m_state.correlationId(), m_state.userId()});
        if (forward)
            result = callGuarded(step->execute, context);
        else if (auto undone = callGuarded(step->compensate, context); !undone)
            result = std::unexpected(undone.error());
    }
    if (m_environment.crashNow && m_environment.crashNow(m_state))
        return SagaPause{.kind = SagaPause::Kind::Crashed};
    if (!result && result.error().code == ErrorCode::Cancelled && stop.stop_requested())
        return SagaPause{.kind = SagaPause::Kind::Stopped};
    if (result)
        recordSuccess(move, std::move(*result));
    else
        recordFailure(move, *step, context, std::move(result.error()));
    return std::nullopt;
}

void SagaProcess::announce(const SagaMove& move, const SagaStep& step)
{
    if (move.kind == SagaMove::Kind::Execute)
        add(saga_event::stepStarted(step.name, move.attempt, sagaIdempotencyKey(m_sagaId, step.name)));
    else
        add(saga_event::compensationStarted(
            step.name, step.compensationName, move.attempt, sagaIdempotencyKey(m_sagaId, step.compensationName)));
}

void SagaProcess::recordSuccess(const SagaMove& move, Json result)
{
    const SagaStepState& step = m_state.steps()[move.step];
    if (move.kind == SagaMove::Kind::Compensate) {
        add(saga_event::compensationCompleted(step.name, step.compensation, move.attempt));
        return;
    }
    add(saga_event::stepCompleted(step.name, move.attempt, result));
    m_results[move.step] = std::move(result);
}

void SagaProcess::recordFailure(const SagaMove& move, const SagaStep& step, const SagaContext& context, Error error)
{
    const bool forward = move.kind == SagaMove::Kind::Execute;
    const RetryPolicy& policy = forward ? step.retry : step.compensationRetry;
    const int failures = m_state.steps()[move.step].failures + 1;
    const bool mayHelp = !forward || step.retryRefusals || !isRefusal(error.code);

    saga_event::Failure failure{.error = std::move(error)};
    failure.effectPossible = context.effectNoted() || effectPossibleAfter(failure.error.code);
    if (mayHelp && failures <= policy.maxRetries)
        failure.retryAt = m_environment.clock.now() + policy.delayBefore(failures);
    add(forward ? saga_event::stepFailed(step.name, move.attempt, failure)
                : saga_event::compensationFailed(step.name, step.compensationName, move.attempt, failure));
}

void SagaProcess::add(const saga_event::Draft& draft)
{
    NewEvent event{.id = m_environment.ids.next(),
        .type = std::string(draft.type),
        .time = m_environment.clock.now(),
        .metadata = {.correlationId = m_state.correlationId(),
            .causationId = m_state.lastEventId(),
            .userId = m_state.userId(),
            .headers = {}},
        .data = draft.data};
    [[maybe_unused]] const Status applied = m_state.apply(SagaEventView{.id = event.id,
        .type = event.type,
        .version = m_state.version().next(),
        .time = event.time,
        .data = event.data});
    assert(applied);
    m_unsaved.push_back(std::move(event));
}

std::optional<SagaPause> SagaProcess::flush()
{
    if (m_unsaved.empty())
        return std::nullopt;
    const StreamVersion before{m_state.version().value - static_cast<std::int64_t>(m_unsaved.size())};
    for (int attempt = 1;; ++attempt) {
        const auto appended = m_environment.store.append(m_stream, ExpectedVersion::exactly(before), m_unsaved);
        if (appended) {
            m_unsaved.clear();
            return std::nullopt;
        }
        if (appended.error().code == ErrorCode::WrongExpectedVersion)
            return SagaPause{.kind = SagaPause::Kind::Overtaken, .error = appended.error()};
        if (appended.error().code != ErrorCode::InDoubt || attempt == kCommitAttempts)
            return SagaPause{.kind = SagaPause::Kind::Trouble, .error = appended.error()};
    }
}

} // namespace eventscope::core
