// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/opened_source.h"
#include "event/json.h"
#include "inspect/replay.h"
#include "sourcing/order_state.h"

#include <fmt/format.h>

namespace eventscope::app {

using core::ErrorCode;

namespace {

core::Result<core::Replay> load(const ReplayArguments& arguments, core::Source& source, const std::stop_token& stop)
{
    const auto history = std::make_shared<core::StreamHistory>(arguments.stream);
    const auto receipt = source.read({.stream = arguments.stream}, *history, stop);
    if (!receipt) {
        return std::unexpected(receipt.error());
    }
    if (history->size() == 0) {
        return fail(ErrorCode::NotFound, fmt::format("there is no stream '{}'.", arguments.stream));
    }
    std::shared_ptr<core::Reducer> reducer = arguments.reducer.empty() ? core::nativeReducerFor(arguments.stream)
                                                                       : core::makeNativeReducer(arguments.reducer);
    core::Replay replay(history, std::move(reducer), std::make_shared<core::UpcasterChain>(core::orderUpcasters()));
    for (const std::int64_t version : arguments.skip) {
        const auto index = history->indexOf(version);
        if (!index) {
            return fail(
                ErrorCode::NotFound, fmt::format("stream '{}' has no version {} to skip.", arguments.stream, version));
        }
        replay.setSkipped(*index + 1, true);
    }
    return replay;
}

// The step that --at means.
core::Result<std::size_t> lastStep(const ReplayArguments& arguments, const core::Replay& replay)
{
    if (!arguments.at) {
        return replay.size();
    }
    if (*arguments.at == 0) {
        return std::size_t{0};
    }
    const auto index = replay.history().indexOf(*arguments.at);
    if (!index) {
        return fail(ErrorCode::NotFound,
            fmt::format("stream '{}' has no version {}; its last one is {}.", arguments.stream, *arguments.at,
                replay.history().versionAt(replay.size() - 1)));
    }
    return *index + 1;
}

std::int64_t versionOf(const core::Replay& replay, std::size_t step)
{
    return step == 0 ? 0 : replay.history().versionAt(step - 1);
}

std::string stateLine(const ReplayArguments& arguments, core::Replay& replay, std::size_t step)
{
    std::string line = "{\"stream\":";
    core::appendJsonString(line, arguments.stream);
    line += fmt::format(",\"version\":{},\"state\":", versionOf(replay, step));
    replay.stateAt(step).dumpTo(line);
    return line + '}';
}

std::string stepLine(core::Replay& replay, std::size_t number)
{
    const core::ReplayStep step = replay.stepAt(number);
    const core::SourceEvent event = replay.eventAt(number);
    std::string line = fmt::format("{{\"version\":{},\"type\":", versionOf(replay, number));
    core::appendJsonString(line, event.type);
    if (event.hasTime) {
        line += fmt::format(",\"time\":\"{}\"", core::formatTimestamp(event.time));
    }
    if (step.skipped) {
        line += ",\"skipped\":true";
    }
    if (step.error) {
        line += ",\"error\":";
        core::appendJsonString(line, step.error->message);
    }
    line += ",\"state\":";
    step.after.dumpTo(line);
    line += ",\"diff\":";
    core::patchToJson(step.diff).dumpTo(line);
    return line + '}';
}

void reportRefused(core::Replay& replay, std::size_t last)
{
    std::size_t refused = 0;
    std::size_t first = 0;
    for (std::size_t step = 1; step <= last; ++step) {
        if (replay.isRefused(step)) {
            first = refused == 0 ? step : first;
            ++refused;
        }
    }
    if (refused > 0) {
        const auto error = replay.stepAt(first).error;
        say(fmt::format("the {} reducer passed over {} of {} events; the first is version {}: {}",
            replay.reducer().name(), refused, last, versionOf(replay, first), error ? error->message : ""));
    }
}

} // namespace

ExitCode runCommand(const ReplayArguments& arguments, CommandContext& context)
{
    auto opened = openSource(arguments.source, DemoPace::Told, context.stop);
    if (!opened) {
        say(opened.error().message);
        return exitCodeOfOpening(opened.error());
    }
    auto replay = load(arguments, *opened->source, context.stop);
    const auto last = replay ? lastStep(arguments, *replay) : core::Result<std::size_t>(std::unexpect, replay.error());
    if (!last) {
        say(last.error().message);
        return exitCodeOf(last.error());
    }
    for (std::size_t step = 1; arguments.steps && step <= *last && !context.stop.stop_requested(); ++step) {
        if (!context.out.line(stepLine(*replay, step))) {
            return ExitCode::Done;
        }
    }
    if (!arguments.steps) {
        context.out.line(stateLine(arguments, *replay, *last));
    }
    reportRefused(*replay, *last);
    return ExitCode::Done;
}

} // namespace eventscope::app
