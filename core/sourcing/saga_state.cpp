// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/saga_state.h"

#include "event/json.h"
#include "sourcing/saga_decision.h"
#include "sourcing/saga_events.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/core.h>
#include <utility>

namespace eventscope::core {

namespace {

constexpr std::array<std::pair<SagaStatus, std::string_view>, 6> kStatusNames{{
    {SagaStatus::Running, "running"},
    {SagaStatus::Completed, "completed"},
    {SagaStatus::Failed, "failed"},
    {SagaStatus::Compensating, "compensating"},
    {SagaStatus::Compensated, "compensated"},
    {SagaStatus::Stuck, "stuck"},
}};

Status nonsense(const SagaEventView& event, StreamVersion version, std::string_view why)
{
    return fail(ErrorCode::Corrupt, fmt::format("{} at version {} makes no sense: {}", event.type, version.value, why));
}

} // namespace

std::string_view toString(SagaStatus status)
{
    for (const auto& [value, name] : kStatusNames) {
        if (value == status)
            return name;
    }
    return "unknown";
}

std::optional<SagaStatus> parseSagaStatus(std::string_view text)
{
    for (const auto& [value, name] : kStatusNames) {
        if (name == text)
            return value;
    }
    return std::nullopt;
}

std::string_view toString(SagaStepStatus status)
{
    switch (status) {
    case SagaStepStatus::Pending: return "pending";
    case SagaStepStatus::Running: return "running";
    case SagaStepStatus::Completed: return "completed";
    case SagaStepStatus::Failed: return "failed";
    case SagaStepStatus::Compensating: return "compensating";
    case SagaStepStatus::Compensated: return "compensated";
    case SagaStepStatus::Stuck: return "stuck";
    }
    return "unknown";
}

SagaEventView sagaEventOf(const RecordedEvent& event)
{
    return {.id = event.id,
        .type = event.type,
        .version = event.version,
        .time = event.time,
        .correlationId = event.metadata.correlationId,
        .userId = event.metadata.userId,
        .data = event.data};
}

/// The data of an event, read leniently: what is absent or of another kind is empty.
struct SagaState::Fields {
    Json json;

    std::string_view text(std::string_view name) const { return json.stringOr(name); }

    int number(std::string_view name) const
    {
        const Json* value = json.find(name);
        if (!value || !value->isNumber())
            return 0;
        int number = 0;
        const std::string& digits = value->numberText();
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        return error == std::errc{} && end == digits.data() + digits.size() ? number : 0;
    }

    SagaError error() const
    {
        const Json* value = json.find("error");
        if (!value)
            return {};
        return {std::string(value->stringOr("code")), std::string(value->stringOr("message"))};
    }

    /// Unset when there will be no retry; due at once when a retry has no readable time.
    std::optional<Timestamp> retryAt(Timestamp now) const
    {
        const Json* willRetry = json.find("willRetry");
        if (!willRetry || !willRetry->isBool() || !willRetry->asBool())
            return std::nullopt;
        return parseTimestamp(text("retryAt")).value_or(now);
    }
};

std::string SagaState::streamOf(std::string_view sagaId)
{
    return fmt::format("{}-{}", kCategory, sagaId);
}

Result<SagaState> SagaState::fold(std::span<const RecordedEvent> events)
{
    SagaState state;
    for (const RecordedEvent& event : events) {
        if (auto applied = state.apply(event); !applied)
            return std::unexpected(applied.error());
    }
    return state;
}

bool SagaState::hasEnded() const
{
    return m_status != SagaStatus::Running && m_status != SagaStatus::Compensating;
}

std::optional<Timestamp> SagaState::endedAt() const
{
    return hasEnded() ? std::optional(m_updatedAt) : std::nullopt;
}

const SagaStepState* SagaState::step(std::string_view name) const
{
    const auto found = std::ranges::find(m_steps, name, &SagaStepState::name);
    return found == m_steps.end() ? nullptr : &*found;
}

const SagaStepState* SagaState::openStep() const
{
    const auto found = std::ranges::find_if(m_steps, [](const SagaStepState& step) {
        return !step.spans.empty() && step.spans.back().outcome == SagaAttempt::Outcome::Running;
    });
    return found == m_steps.end() ? nullptr : &*found;
}

StreamVersion SagaState::versionAfter(const SagaEventView& event) const
{
    return event.version.value == 0 ? m_version.next() : event.version;
}

Status SagaState::apply(const SagaEventView& event)
{
    if (!m_problem.empty())
        return fail(ErrorCode::Corrupt, m_problem);
    if (auto applied = applyChecked(event); !applied) {
        m_problem = applied.error().message;
        return applied;
    }
    m_version = versionAfter(event);
    m_updatedAt = event.time;
    m_lastEventId = event.id;
    return {};
}

Status SagaState::applyChecked(const SagaEventView& event)
{
    const StreamVersion version = versionAfter(event);
    if (version != m_version.next())
        return nonsense(event, version, fmt::format("the event before it has version {}", m_version.value));
    auto data = Json::parse(event.data);
    if (!data)
        return nonsense(event, version, "its data is no JSON");
    const Fields fields{std::move(*data)};

    if (event.type == saga_event::kStarted)
        return applyStarted(event, fields);
    if (!hasStarted())
        return nonsense(event, version, "the saga has not started");
    if (event.type == saga_event::kStepStarted)
        return beginAttempt(event, fields, false);
    if (event.type == saga_event::kStepCompleted)
        return endAttempt(event, fields, false, true);
    if (event.type == saga_event::kStepFailed)
        return endAttempt(event, fields, false, false);
    if (event.type == saga_event::kCompensationStarted)
        return beginAttempt(event, fields, true);
    if (event.type == saga_event::kCompensationCompleted)
        return endAttempt(event, fields, true, true);
    if (event.type == saga_event::kCompensationFailed)
        return endAttempt(event, fields, true, false);
    if (event.type == saga_event::kRetryRequested)
        return applyRetryRequested(event, fields);
    if (saga_event::endsSaga(event.type))
        return applyEnd(event);
    return nonsense(event, version, "no saga event of that type is known");
}

Status SagaState::applyStarted(const SagaEventView& event, const Fields& fields)
{
    const StreamVersion version = versionAfter(event);
    if (hasStarted())
        return nonsense(event, version, "the saga has started before");
    const Json* steps = fields.json.find("steps");
    if (!steps || !steps->isArray() || steps->asArray().empty())
        return nonsense(event, version, "it names no steps");
    std::vector<SagaStepState> parsed;
    for (const Json& step : steps->asArray()) {
        const std::string_view name = step.stringOr("name");
        if (name.empty() || std::ranges::find(parsed, name, &SagaStepState::name) != parsed.end())
            return nonsense(event, version, "its steps have no names of their own");
        parsed.push_back({.name = std::string(name), .compensation = std::string(step.stringOr("compensation"))});
    }
    m_steps = std::move(parsed);
    m_id = fields.text("sagaId");
    m_type = fields.text("sagaType");
    m_correlationId = event.correlationId;
    m_userId = event.userId;
    const Json* input = fields.json.find("input");
    m_input = input ? input->dump() : "null";
    m_startedAt = event.time;
    return {};
}

Status SagaState::beginAttempt(const SagaEventView& event, const Fields& fields, bool compensation)
{
    const SagaMove move = nextMove(*this);
    const auto kind = compensation ? SagaMove::Kind::Compensate : SagaMove::Kind::Execute;
    const int attempt = fields.number("attempt");
    if (move.kind != kind || m_steps[move.step].name != fields.text("step") || move.attempt != attempt)
        return nonsense(event, versionAfter(event), "that attempt is not what comes next");

    SagaStepState& step = m_steps[move.step];
    if (!step.spans.empty() && step.spans.back().outcome == SagaAttempt::Outcome::Running) {
        step.spans.back().outcome = SagaAttempt::Outcome::Unknown;
        if (!compensation)
            step.effectPossible = true;
    }
    step.spans.push_back({.compensation = compensation,
        .number = attempt,
        .startedAt = event.time,
        .startVersion = versionAfter(event)});
    step.retryAt.reset();
    step.endedAt.reset();
    if (compensation) {
        step.compensationAttempts = attempt;
        step.status = SagaStepStatus::Compensating;
        return {};
    }
    step.attempts = attempt;
    step.status = SagaStepStatus::Running;
    step.idempotencyKey = fields.text("idempotencyKey");
    if (!step.startedAt)
        step.startedAt = event.time;
    return {};
}

Status SagaState::endAttempt(const SagaEventView& event, const Fields& fields, bool compensation, bool succeeded)
{
    const auto found = std::ranges::find(m_steps, fields.text("step"), &SagaStepState::name);
    const bool open = found != m_steps.end() && &*found == openStep()
        && found->spans.back().compensation == compensation && found->spans.back().number == fields.number("attempt");
    if (!open)
        return nonsense(event, versionAfter(event), "no such attempt is under way");

    SagaStepState& step = *found;
    SagaAttempt& span = step.spans.back();
    span.endedAt = event.time;
    span.endVersion = versionAfter(event);
    span.outcome = succeeded ? SagaAttempt::Outcome::Succeeded : SagaAttempt::Outcome::Failed;
    if (!succeeded) {
        span.error = fields.error();
        step.failures++;
        step.retryAt = fields.retryAt(event.time);
    }
    if (!compensation) {
        succeeded ? completeStep(step, event, fields) : failStep(step, event, fields);
    } else if (!succeeded) {
        failCompensation(step, event, fields);
    } else {
        step.status = SagaStepStatus::Compensated;
        step.endedAt = event.time;
        step.compensationError.reset();
    }
    return {};
}

void SagaState::completeStep(SagaStepState& step, const SagaEventView& event, const Fields& fields)
{
    step.status = SagaStepStatus::Completed;
    step.endedAt = event.time;
    step.effectPossible = true;
    step.failures = 0;
    const Json* result = fields.json.find("result");
    step.result = result ? result->dump() : "null";
}

void SagaState::failStep(SagaStepState& step, const SagaEventView& event, const Fields& fields)
{
    step.error = fields.error();
    // Whoever wrote no "effect" cannot promise that there is none.
    if (fields.text("effect") != "none")
        step.effectPossible = true;
    if (step.retryAt)
        return;
    step.status = SagaStepStatus::Failed;
    step.endedAt = event.time;
    step.failures = 0;
    m_cause = SagaCause{step.name, *step.error};
    if (nextMove(*this).kind == SagaMove::Kind::Compensate)
        m_status = SagaStatus::Compensating;
}

void SagaState::failCompensation(SagaStepState& step, const SagaEventView& event, const Fields& fields)
{
    step.compensationError = fields.error();
    if (step.retryAt)
        return;
    step.status = SagaStepStatus::Stuck;
    step.endedAt = event.time;
    step.failures = 0;
}

Status SagaState::applyEnd(const SagaEventView& event)
{
    struct End {
        std::string_view type;
        SagaMove::Kind kind;
        SagaStatus status;
    };
    static constexpr std::array<End, 4> kEnds{{
        {saga_event::kCompleted, SagaMove::Kind::Complete, SagaStatus::Completed},
        {saga_event::kFailed, SagaMove::Kind::Fail, SagaStatus::Failed},
        {saga_event::kCompensated, SagaMove::Kind::ReportCompensated, SagaStatus::Compensated},
        {saga_event::kStuck, SagaMove::Kind::ReportStuck, SagaStatus::Stuck},
    }};
    const auto end = std::ranges::find(kEnds, event.type, &End::type);
    if (nextMove(*this).kind != end->kind)
        return nonsense(event, versionAfter(event), "the saga has not come to that end");
    m_status = end->status;
    return {};
}

Status SagaState::applyRetryRequested(const SagaEventView& event, const Fields& fields)
{
    const std::string_view name = fields.text("step");
    bool found = false;
    for (SagaStepState& step : m_steps) {
        if (m_status != SagaStatus::Stuck || step.status != SagaStepStatus::Stuck
            || (!name.empty() && step.name != name))
            continue;
        step.status = SagaStepStatus::Compensating;
        step.endedAt.reset();
        found = true;
    }
    if (!found)
        return nonsense(event, versionAfter(event), "no such step is stuck");
    m_status = SagaStatus::Compensating;
    m_retryRequestedBy = fields.text("requestedBy");
    return {};
}

} // namespace eventscope::core
