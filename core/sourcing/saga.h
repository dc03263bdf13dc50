// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/json.h"
#include "sourcing/message_bus.h"

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

class SagaState;
struct SagaCause;

/// What an action may know. Ends with the call. The action runs inside a MessageScope of the event that
/// announced the attempt, so what it creates carries the saga's correlation and the right causation.
class SagaContext {
public:
    SagaContext(const SagaState& state, std::string_view step, const Json& input, const std::vector<Json>& results,
        std::string_view key, int attempt, std::stop_token stop);

    const std::string& sagaId() const;
    const std::string& correlationId() const;
    const std::string& userId() const;
    /// Identifies this effect: the same in every attempt, after every crash. Whatever the action does must
    /// take place once for each key, and the second time give the same answer.
    const std::string& idempotencyKey() const { return m_key; }
    /// Of the step itself; in a compensation: what to take back.
    const std::string& stepKey() const { return m_stepKey; }
    int attempt() const { return m_attempt; }
    const Json& input() const { return m_input; }
    /// What a step returned; nullptr unless it is completed.
    const Json* resultOf(std::string_view step) const;
    /// In a compensation: why it is needed; nullptr on the way forward.
    const SagaCause* cause() const;
    /// Requested when the runner stops: a long action may then return Cancelled, and is repeated later.
    const std::stop_token& stopToken() const { return m_stop; }

    /// Tells that something was done that the compensation must take back, even if this attempt now ends
    /// with a refusal.
    void noteEffect() const { m_effectNoted = true; }
    bool effectNoted() const { return m_effectNoted; }

private:
    const SagaState& m_state;
    const Json& m_input;
    const std::vector<Json>& m_results; // by step
    std::string m_key;
    std::string m_stepKey;
    int m_attempt;
    std::stop_token m_stop;
    mutable bool m_effectNoted = false;
};

/// Does a step and answers with its result, which later steps may read.
using SagaAction = std::function<Result<Json>(const SagaContext&)>;
/// Takes a step back. Must succeed when the step never happened, and must then keep it from happening.
using SagaCompensation = std::function<Status(const SagaContext&)>;

/// Errors that say no once and for all, and that nothing was done: a rule of the domain, a bad request.
bool isRefusal(ErrorCode code);
/// False when the error leaves no doubt that nothing was done: a refusal, or a lost race for a version.
bool effectPossibleAfter(ErrorCode code);

struct SagaStep {
    std::string name; ///< "process payment"; its own among the names of steps and compensations
    SagaAction execute;
    RetryPolicy retry{};
    /// Refusals end a step at once, unless asking again may help ("out of stock").
    bool retryRefusals = false;

    std::string compensationName{};
    SagaCompensation compensate{}; ///< none: there is nothing to take back
    RetryPolicy compensationRetry{.maxRetries = 5};
};

/// A saga as data. The steps run in order; after a failure the compensations in reverse.
struct SagaDefinition {
    std::string type;
    std::vector<SagaStep> steps;

    /// InvalidArgument, with the reason, when it cannot be run.
    Status validate() const;
    const SagaStep* step(std::string_view name) const;
};

/// Saga id + name of the step or compensation.
std::string sagaIdempotencyKey(std::string_view sagaId, std::string_view name);

} // namespace eventscope::core
