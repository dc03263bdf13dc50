// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"
#include "event/position.h"
#include "event/timestamp.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// What the saga's stream says became of it. These are all the words there are, and other programs
/// rely on them: running, completed, failed, compensating, compensated, stuck.
enum class SagaStatus {
    Running,      ///< on its way forward
    Completed,    ///< every step is done
    Failed,       ///< a step failed, and there was nothing to take back
    Compensating, ///< a step failed; what was done is being taken back
    Compensated,  ///< ... and all of it is taken back
    Stuck,        ///< ... but some compensation failed for good: an operator must retry it
};
std::string_view toString(SagaStatus status);
std::optional<SagaStatus> parseSagaStatus(std::string_view text);

/// A step waiting for its next attempt is still Running (or Compensating), with SagaStepState::retryAt set.
enum class SagaStepStatus { Pending, Running, Completed, Failed, Compensating, Compensated, Stuck };
/// "pending", "running", …
std::string_view toString(SagaStepStatus status);

/// As it was recorded: the code is the name of an ErrorCode, or what a newer program wrote there.
struct SagaError {
    std::string code;
    std::string message;
    bool operator==(const SagaError&) const = default;
};

/// One bar of a Gantt chart: an attempt of a step or of its compensation.
struct SagaAttempt {
    enum class Outcome {
        Running, ///< begun; how it ended is not recorded (yet)
        Succeeded,
        Failed,
        Unknown, ///< its worker was lost: a later attempt was begun in its place
    };
    bool compensation = false;
    int number = 0; ///< 1 is the first; steps and compensations count apart
    Outcome outcome = Outcome::Running;
    Timestamp startedAt{};
    std::optional<Timestamp> endedAt{}; ///< unset while running, and for good when the outcome is unknown
    SagaError error{};                  ///< of a failed one
    StreamVersion startVersion{}, endVersion{};
    bool operator==(const SagaAttempt&) const = default;
};

struct SagaStepState {
    std::string name;
    std::string compensation; ///< its name; empty: there is nothing to take back
    SagaStepStatus status = SagaStepStatus::Pending;
    std::string idempotencyKey{}; ///< of the step; the same in every attempt
    std::optional<Timestamp> startedAt{};
    std::optional<Timestamp> endedAt{}; ///< when it reached the status it has, if that is one to rest in
    std::optional<Timestamp> retryAt{}; ///< the next attempt is due then
    int attempts = 0;
    int compensationAttempts = 0;
    std::optional<SagaError> error{};             ///< the step's last failure
    std::optional<SagaError> compensationError{}; ///< the compensation's last failure; gone once it succeeded
    std::string result{};                         ///< JSON text; empty until completed
    std::vector<SagaAttempt> spans{};             ///< in the order they were begun

    /// Something may have been done: it completed, or an attempt ended in a way that leaves it open.
    bool effectPossible = false;
    /// Failures counted against the retry policy: of the step, or since its end, of its compensation
    /// (from zero again after an operator's retry).
    int failures = 0;

    bool needsCompensation() const { return effectPossible && !compensation.empty(); }
    /// What to tell a person who asks what is wrong here; nullptr when nothing ever was.
    const SagaError* shownError() const { return compensationError ? &*compensationError : error ? &*error : nullptr; }
    bool operator==(const SagaStepState&) const = default;
};

/// The failure that ended the way forward.
struct SagaCause {
    std::string step;
    SagaError error;
    bool operator==(const SagaCause&) const = default;
};

/// One event of a saga's stream, as far as the fold looks at it. Views: they end with the call.
struct SagaEventView {
    std::string_view id;
    std::string_view type;
    StreamVersion version{}; ///< 0 when the source has none: then it is not checked
    Timestamp time{};
    std::string_view correlationId{};
    std::string_view userId{};
    std::string_view data{}; ///< JSON text
};
SagaEventView sagaEventOf(const RecordedEvent& event);

/// What a saga's events amount to: a pure fold, the same for the runner that carries sagas out and for
/// the inspector that watches them. It knows no clock and no chance, so a history always replays.
///
/// The fold is strict: an event that the history before it could not have led to is refused, and the
/// state stays as the last good event left it. A runner must then keep its hands off that saga.
/// Not shared between threads.
class SagaState {
public:
    static constexpr std::string_view kCategory = "saga";
    static std::string streamOf(std::string_view sagaId);

    /// Corrupt, with the reason, for an event that makes no sense here; problem() keeps the
    /// first such sentence, and nothing is applied after it.
    Status apply(const SagaEventView& event);
    Status apply(const RecordedEvent& event) { return apply(sagaEventOf(event)); }
    static Result<SagaState> fold(std::span<const RecordedEvent> events);

    bool hasStarted() const { return m_version.value > 0; }
    /// Completed, failed or compensated; stuck too, until somebody asks for a retry.
    bool hasEnded() const;

    const std::string& id() const { return m_id; }
    const std::string& type() const { return m_type; }
    SagaStatus status() const { return m_status; }
    StreamVersion version() const { return m_version; } ///< of the last event applied
    const std::string& correlationId() const { return m_correlationId; }
    const std::string& userId() const { return m_userId; }
    const std::string& lastEventId() const { return m_lastEventId; }
    const std::string& input() const { return m_input; } ///< JSON text
    Timestamp startedAt() const { return m_startedAt; }
    Timestamp updatedAt() const { return m_updatedAt; }
    std::optional<Timestamp> endedAt() const;

    const std::vector<SagaStepState>& steps() const { return m_steps; }
    const SagaStepState* step(std::string_view name) const;
    /// The step whose attempt is begun and not ended, or nullptr.
    const SagaStepState* openStep() const;
    /// Set as soon as a step has failed for good.
    const std::optional<SagaCause>& cause() const { return m_cause; }
    /// Who last asked for a retry; empty when nobody did.
    const std::string& retryRequestedBy() const { return m_retryRequestedBy; }

    const std::string& problem() const { return m_problem; }

    bool operator==(const SagaState&) const = default;

private:
    struct Fields;
    Status applyChecked(const SagaEventView& event);
    Status applyStarted(const SagaEventView& event, const Fields& fields);
    Status beginAttempt(const SagaEventView& event, const Fields& fields, bool compensation);
    Status endAttempt(const SagaEventView& event, const Fields& fields, bool compensation, bool succeeded);
    void completeStep(SagaStepState& step, const SagaEventView& event, const Fields& fields);
    void failStep(SagaStepState& step, const SagaEventView& event, const Fields& fields);
    void failCompensation(SagaStepState& step, const SagaEventView& event, const Fields& fields);
    Status applyEnd(const SagaEventView& event);
    Status applyRetryRequested(const SagaEventView& event, const Fields& fields);
    StreamVersion versionAfter(const SagaEventView& event) const;

    std::string m_id, m_type, m_correlationId, m_userId, m_lastEventId, m_input, m_retryRequestedBy, m_problem;
    SagaStatus m_status = SagaStatus::Running;
    StreamVersion m_version;
    Timestamp m_startedAt{}, m_updatedAt{};
    std::vector<SagaStepState> m_steps;
    std::optional<SagaCause> m_cause;
};

} // namespace eventscope::core
