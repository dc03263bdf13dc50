// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "saga_words.h"

#include "plain_text.h"

#include <QCoreApplication>

namespace eventscope::models {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("eventscope::models::SagaWords", text);
}

QString shown(const core::SagaError& error)
{
    return visibleText(error.message.empty() ? error.code : error.message);
}

/// The step that a saga under way is at.
QString atWork(const core::SagaState& state)
{
    for (const core::SagaStepState& step : state.steps()) {
        const bool back = step.status == core::SagaStepStatus::Compensating;
        if (!back && step.status != core::SagaStepStatus::Running) {
            continue;
        }
        const QString name = visibleText(back ? step.compensation : step.name);
        const std::optional<core::SagaError>& error = back ? step.compensationError : step.error;
        if (step.retryAt && error) {
            return tr("%1 failed: %2; it will be tried again").arg(name, shown(*error));
        }
        return tr("%1, attempt %2").arg(name).arg(back ? step.compensationAttempts : step.attempts);
    }
    return {};
}

QString causeOf(const core::SagaState& state, bool withStep)
{
    if (!state.cause()) {
        return {};
    }
    const QString error = shown(state.cause()->error);
    return withStep ? tr("%1: %2").arg(visibleText(state.cause()->step), error) : error;
}

QString stuckAt(const core::SagaState& state)
{
    for (const core::SagaStepState& step : state.steps()) {
        if (step.status == core::SagaStepStatus::Stuck && step.compensationError) {
            return tr("%1 keeps failing: %2").arg(visibleText(step.compensation), shown(*step.compensationError));
        }
    }
    return causeOf(state, true);
}

} // namespace

QString sagaStatusText(core::SagaStatus status)
{
    switch (status) {
    case core::SagaStatus::Running: return tr("running");
    case core::SagaStatus::Completed: return tr("completed");
    case core::SagaStatus::Failed: return tr("failed");
    case core::SagaStatus::Compensating: return tr("compensating");
    case core::SagaStatus::Compensated: return tr("compensated");
    case core::SagaStatus::Stuck: return tr("stuck");
    }
    return {};
}

QString sagaStepText(core::SagaStepStatus status)
{
    switch (status) {
    case core::SagaStepStatus::Pending: return tr("not yet");
    case core::SagaStepStatus::Running: return tr("running");
    case core::SagaStepStatus::Completed: return tr("done");
    case core::SagaStepStatus::Failed: return tr("failed");
    case core::SagaStepStatus::Compensating: return tr("being compensated");
    case core::SagaStepStatus::Compensated: return tr("compensated");
    case core::SagaStepStatus::Stuck: return tr("compensation failed");
    }
    return {};
}

QString sagaNow(const core::SagaInstance& saga)
{
    if (const std::string problem = saga.problem(); !problem.empty()) {
        return visibleText(problem);
    }
    const core::SagaState& state = saga.state;
    switch (state.status()) {
    case core::SagaStatus::Running: return atWork(state);
    case core::SagaStatus::Compensating: return causeOf(state, true);
    case core::SagaStatus::Failed:
    case core::SagaStatus::Compensated: return causeOf(state, false);
    case core::SagaStatus::Stuck: return stuckAt(state);
    case core::SagaStatus::Completed: return {};
    }
    return {};
}

} // namespace eventscope::models
