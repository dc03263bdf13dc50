// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/opened_source.h"
#include "cli/replay_loading.h"
#include "event/json.h"

#include <fmt/format.h>

namespace eventscope::app {

using core::ErrorCode;

namespace {

core::Result<core::Replay> load(const ReplayArguments& arguments, core::Source& source, const std::stop_token& stop)
{
    auto replay = loadReplay(source, arguments.stream, arguments.reducer, stop);
    if (!replay) {
        return replay;
    }
    for (const std::int64_t version : arguments.skip) {
        const auto index = replay->history().indexOf(version);
        if (!index) {
            return fail(
                ErrorCode::NotFound, fmt::format("stream '{}' has no version {} to skip.", arguments.stream, version));
        }
        replay->setSkipped(*index + 1, true);
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

std::string stateLine(const ReplayArguments& arguments, core::Replay& replay, std::size_t step)
{
    std::string line = "{\"stream\":";
    core::appendJsonString(line, arguments.stream);
    line += fmt::format(",\"version\":{},\"state\":", versionOfStep(replay, step));
    replay.stateAt(step).dumpTo(line);
    return line + '}';
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
