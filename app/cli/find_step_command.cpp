// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/opened_source.h"
#include "cli/replay_loading.h"
#include "inspect/filter/event_attributes.h"
#include "inspect/filter/state_attributes.h"

#include <fmt/format.h>

#include <string>

namespace eventscope::app {

ExitCode runCommand(const FindStepArguments& arguments, CommandContext& context)
{
    auto opened = openSource(arguments.source, DemoPace::Told, context.stop);
    if (!opened) {
        say(opened.error().message);
        return exitCodeOfOpening(opened.error());
    }
    auto replay = loadReplay(*opened->source, arguments.stream, arguments.reducer, context.stop);
    if (!replay) {
        say(replay.error().message);
        return exitCodeOf(replay.error());
    }
    core::SourceEventAttributes event;
    std::size_t errors = 0;
    std::string firstError;
    const auto holds = [&](const core::Json& state, std::size_t step) {
        event.setEvent(replay->eventAt(step));
        const core::StateAttributes attributes(state, &event);
        const core::FilterMatch match = arguments.when->match(attributes);
        if (match == core::FilterMatch::Error && ++errors == 1) {
            firstError = arguments.when->explain(arguments.when->evaluate(attributes));
        }
        return match == core::FilterMatch::Yes;
    };
    const auto found = replay->findNext(0, holds, context.stop);
    if (!found) {
        say(found.error().message);
        return exitCodeOf(found.error());
    }
    if (errors > 0) {
        say(fmt::format("the expression could not be judged after {} steps; the first: {}", errors, firstError));
    }
    const std::size_t last = found->value_or(replay->size());
    if (!*found) {
        say(fmt::format("it holds after none of the {} steps of '{}'.", last, arguments.stream));
        reportRefused(*replay, last);
        return ExitCode::Refused;
    }
    context.out.line(stepLine(*replay, last));
    reportRefused(*replay, last);
    return ExitCode::Done;
}

} // namespace eventscope::app
