// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/timestamp.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace eventscope::core {

class Json;
class SagaState;
struct SagaDefinition;

/// The vocabulary of a saga's stream. Other programs read these names and members.
namespace saga_event {

inline constexpr std::string_view kStarted = "SagaStarted";
inline constexpr std::string_view kStepStarted = "SagaStepStarted";
inline constexpr std::string_view kStepCompleted = "SagaStepCompleted";
inline constexpr std::string_view kStepFailed = "SagaStepFailed";
inline constexpr std::string_view kCompensationStarted = "SagaCompensationStarted";
inline constexpr std::string_view kCompensationCompleted = "SagaCompensationCompleted";
inline constexpr std::string_view kCompensationFailed = "SagaCompensationFailed";
inline constexpr std::string_view kCompleted = "SagaCompleted";
inline constexpr std::string_view kFailed = "SagaFailed";
inline constexpr std::string_view kCompensated = "SagaCompensated";
inline constexpr std::string_view kStuck = "SagaStuck";
inline constexpr std::string_view kRetryRequested = "SagaRetryRequested";

/// A stream whose last event is one of these rests.
bool endsSaga(std::string_view type);

/// An event before it gets its envelope.
struct Draft {
    std::string_view type;
    std::string data;
};

/// How an attempt failed, and what was decided about it there and then, so that a replay need not
/// decide it again.
struct Failure {
    Error error;
    bool effectPossible = false;        ///< of a step: something may have been done nevertheless
    std::optional<Timestamp> retryAt{}; ///< unset: it has failed for good
};

/// {"sagaId","sagaType","steps":[{"name","compensation","attempts","compensationAttempts"}],"input"}
Draft started(std::string_view sagaId, const SagaDefinition& definition, const Json& input);
/// {"step","attempt","idempotencyKey"}; of a compensation also "compensation"
Draft stepStarted(std::string_view step, int attempt, std::string_view key);
Draft compensationStarted(std::string_view step, std::string_view compensation, int attempt, std::string_view key);
/// {"step","attempt","result"}
Draft stepCompleted(std::string_view step, int attempt, const Json& result);
/// {"step","attempt","error":{"code","message","stack"?},"effect":"none"|"possible","willRetry","retryAt"?}
Draft stepFailed(std::string_view step, int attempt, const Failure& failure);
/// {"step","compensation","attempt"}
Draft compensationCompleted(std::string_view step, std::string_view compensation, int attempt);
/// {"step","compensation","attempt","error","willRetry","retryAt"?}
Draft compensationFailed(std::string_view step, std::string_view compensation, int attempt, const Failure& failure);
/// The event that ends the saga, of that type: {"sagaId","sagaType"}, after a failure with
/// "cause":{"step","error"}, and when stuck with "stuck":[{"step","compensation","error"}].
Draft ended(std::string_view type, const SagaState& state);
/// {"step"?,"requestedBy"}; without a step all stuck ones are meant
Draft retryRequested(std::string_view step, std::string_view requestedBy);

} // namespace saga_event

} // namespace eventscope::core
