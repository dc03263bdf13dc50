// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/opened_source.h"
#include "event/json.h"
#include "sourcing/saga_state.h"

#include <fmt/format.h>

#include <map>
#include <vector>

namespace eventscope::app {

namespace {

/// Folds every saga's stream that comes by.
class SagaCollector final : public core::EventSink {
public:
    bool deliver(std::span<const core::SourceEvent> batch) override
    {
        for (const core::SourceEvent& event : batch) {
            if (core::categoryOf(event.stream) == core::SagaState::kCategory) {
                take(event);
            }
        }
        return true;
    }

    const std::vector<core::SagaState>& sagas() const { return m_sagas; } ///< in the order they began

private:
    void take(const core::SourceEvent& event)
    {
        auto known = m_numbers.find(event.stream);
        if (known == m_numbers.end()) {
            known = m_numbers.emplace(std::string(event.stream), m_sagas.size()).first;
            m_sagas.emplace_back();
        }
        // What makes no sense is kept in the state's problem().
        (void)m_sagas[known->second].apply(core::SagaEventView{.id = event.id,
            .type = event.type,
            .version = {event.version == core::SourceEvent::kNone ? 0 : event.version},
            .time = event.time,
            .correlationId = event.correlationId,
            .userId = {},
            .data = event.payload});
    }

    std::map<std::string, std::size_t, std::less<>> m_numbers;
    std::vector<core::SagaState> m_sagas;
};

core::Json stepJson(const core::SagaStepState& step)
{
    core::Json json;
    json.set("name", step.name);
    json.set("status", core::toString(step.status));
    if (step.startedAt) {
        json.set("startedAt", core::formatTimestamp(*step.startedAt));
    }
    if (step.endedAt) {
        json.set("endedAt", core::formatTimestamp(*step.endedAt));
    }
    json.set("attempts", step.attempts);
    if (const core::SagaError* error = step.shownError()) {
        json.set("error", error->message);
    }
    return json;
}

std::string sagaLine(const core::SagaState& saga)
{
    core::Json json;
    json.set("id", saga.id());
    json.set("type", saga.type());
    json.set("status", core::toString(saga.status()));
    if (!saga.correlationId().empty()) {
        json.set("correlationId", saga.correlationId());
    }
    core::Json::Array steps;
    for (const core::SagaStepState& step : saga.steps()) {
        steps.push_back(stepJson(step));
    }
    json.set("steps", std::move(steps));
    if (!saga.problem().empty()) {
        json.set("problem", saga.problem());
    }
    return json.dump();
}

} // namespace

ExitCode runCommand(const SagasArguments& arguments, CommandContext& context)
{
    auto opened = openSource(arguments.source, DemoPace::Told, context.stop);
    if (!opened) {
        say(opened.error().message);
        return exitCodeOfOpening(opened.error());
    }
    if (!opened->source->capabilities().sagas) {
        say(fmt::format("{} has no sagas that can be read.", arguments.source.display()));
        return ExitCode::Refused;
    }
    SagaCollector collector;
    const auto receipt = opened->source->read({}, collector, context.stop);
    if (!receipt) {
        say(receipt.error().message);
        return exitCodeOf(receipt.error());
    }
    for (const core::SagaState& saga : collector.sagas()) {
        const bool isWanted = arguments.status.empty() || core::toString(saga.status()) == arguments.status;
        if (isWanted && !context.out.line(sagaLine(saga))) {
            break;
        }
    }
    return ExitCode::Done;
}

} // namespace eventscope::app
