// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/saga_events.h"

#include "event/json.h"
#include "sourcing/saga.h"
#include "sourcing/saga_state.h"

#include <utility>

namespace eventscope::core::saga_event {

namespace {

Json errorJson(std::string_view code, std::string_view message)
{
    return Json::Object{{"code", Json(code)}, {"message", Json(message)}};
}

Json errorJson(const SagaError& error)
{
    return errorJson(error.code, error.message);
}

Json errorJson(const Error& error)
{
    Json json = errorJson(toString(error.code), error.message);
    if (!error.stack.empty())
        json.set("stack", error.stack);
    return json;
}

Draft draft(std::string_view type, const Json& json)
{
    return {type, json.dump()};
}

void addRetry(Json& json, const Failure& failure)
{
    json.set("willRetry", failure.retryAt.has_value());
    if (failure.retryAt)
        json.set("retryAt", formatTimestamp(*failure.retryAt));
}

Json compensationJson(std::string_view step, std::string_view compensation, int attempt)
{
    return Json::Object{{"step", Json(step)}, {"compensation", Json(compensation)}, {"attempt", Json(attempt)}};
}

} // namespace

bool endsSaga(std::string_view type)
{
    return type == kCompleted || type == kFailed || type == kCompensated || type == kStuck;
}

Draft started(std::string_view sagaId, const SagaDefinition& definition, const Json& input)
{
    Json::Array steps;
    for (const SagaStep& step : definition.steps) {
        Json json = Json::Object{{"name", Json(step.name)}};
        if (step.compensate)
            json.set("compensation", step.compensationName);
        json.set("attempts", step.retry.maxRetries + 1);
        if (step.compensate)
            json.set("compensationAttempts", step.compensationRetry.maxRetries + 1);
        steps.push_back(std::move(json));
    }
    return draft(kStarted,
        Json::Object{{"sagaId", Json(sagaId)}, {"sagaType", Json(definition.type)}, {"steps", Json(std::move(steps))},
            {"input", input}});
}

Draft stepStarted(std::string_view step, int attempt, std::string_view key)
{
    return draft(
        kStepStarted, Json::Object{{"step", Json(step)}, {"attempt", Json(attempt)}, {"idempotencyKey", Json(key)}});
}

Draft compensationStarted(std::string_view step, std::string_view compensation, int attempt, std::string_view key)
{
    Json json = compensationJson(step, compensation, attempt);
    json.set("idempotencyKey", key);
    return draft(kCompensationStarted, json);
}

Draft stepCompleted(std::string_view step, int attempt, const Json& result)
{
    return draft(kStepCompleted, Json::Object{{"step", Json(step)}, {"attempt", Json(attempt)}, {"result", result}});
}

Draft stepFailed(std::string_view step, int attempt, const Failure& failure)
{
    Json json = Json::Object{{"step", Json(step)}, {"attempt", Json(attempt)}, {"error", errorJson(failure.error)},
        {"effect", failure.effectPossible ? Json("possible") : Json("none")}};
    addRetry(json, failure);
    return draft(kStepFailed, json);
}

Draft compensationCompleted(std::string_view step, std::string_view compensation, int attempt)
{
    return draft(kCompensationCompleted, compensationJson(step, compensation, attempt));
}

Draft compensationFailed(std::string_view step, std::string_view compensation, int attempt, const Failure& failure)
{
    Json json = compensationJson(step, compensation, attempt);
    json.set("error", errorJson(failure.error));
    addRetry(json, failure);
    return draft(kCompensationFailed, json);
}

Draft ended(std::string_view type, const SagaState& state)
{
    Json json = Json::Object{{"sagaId", Json(state.id())}, {"sagaType", Json(state.type())}};
    if (const auto& cause = state.cause())
        json.set("cause", Json::Object{{"step", Json(cause->step)}, {"error", errorJson(cause->error)}});
    if (type == kStuck) {
        Json::Array stuck;
        for (const SagaStepState& step : state.steps()) {
            if (step.status != SagaStepStatus::Stuck)
                continue;
            stuck.push_back(Json::Object{{"step", Json(step.name)}, {"compensation", Json(step.compensation)},
                {"error", errorJson(step.compensationError.value_or(SagaError{}))}});
        }
        json.set("stuck", std::move(stuck));
    }
    return draft(type, json);
}

Draft retryRequested(std::string_view step, std::string_view requestedBy)
{
    Json json = Json::Object{{"requestedBy", Json(requestedBy)}};
    if (!step.empty())
        json.set("step", step);
    return draft(kRetryRequested, json);
}

} // namespace eventscope::core::saga_event
