// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/opened_source.h"
#include "event/json.h"
#include "inspect/event_json.h"
#include "inspect/filter/filter_expression.h"
#include "inspect/json_fields.h"
#include "inspect/kept_saga.h"
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

/// What a framework keeps of a saga: its present state, and no steps.
std::string keptLine(const core::KeptSaga& saga)
{
    std::string line;
    core::JsonFields fields(line);
    fields.text("id", saga.id);
    fields.text("type", saga.type);
    fields.text("status", saga.status);
    fields.textUnlessEmpty("correlationId", saga.correlationId);
    fields.member("steps") += "[]";
    fields.text("framework", saga.framework);
    fields.textUnlessEmpty("step", saga.step);
    if (saga.changedAt) {
        fields.time("changedAt", *saga.changedAt);
    }
    if (!saga.associations.empty()) {
        std::string& out = fields.member("associations");
        out += '[';
        for (const auto& [key, value] : saga.associations) {
            out += out.back() == '[' ? "[" : ",[";
            core::appendTextValue(out, key);
            out += ',';
            core::appendTextValue(out, value);
            out += ']';
        }
        out += ']';
    }
    core::appendPayloadJson(fields.member("state"), saga.state, false);
    fields.end();
    return line;
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
    const auto sagaStreams = core::FilterExpression::compile(
        fmt::format("subject LIKE '{0}-%' OR subject = '{0}'", core::SagaState::kCategory));
    core::ReadRange range;
    range.filter = sagaStreams ? &*sagaStreams : nullptr; // a server may leave out the others
    const auto receipt = opened->source->read(range, collector, context.stop);
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
    const auto kept = opened->source->keptSagas(context.stop);
    sayNotices(opened->source->notices());
    if (!kept) {
        say(kept.error().message);
        return exitCodeOf(kept.error());
    }
    for (const core::KeptSaga& saga : *kept) {
        const bool isWanted = arguments.status.empty() || saga.status == arguments.status;
        if (isWanted && !context.out.line(keptLine(saga))) {
            break;
        }
    }
    return ExitCode::Done;
}

} // namespace eventscope::app
