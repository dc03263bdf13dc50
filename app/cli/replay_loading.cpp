// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/replay_loading.h"

#include "cli/output.h"
#include "cli/reducers.h"
#include "event/json.h"
#include "sourcing/order_state.h"

#include <fmt/format.h>

#include <memory>

namespace eventscope::app {

using core::ErrorCode;

core::Result<core::Replay> loadReplay(
    core::Source& source, const std::string& stream, const std::string& reducer, const std::stop_token& stop)
{
    auto opened = openReducer(reducer, stream);
    if (!opened) {
        return std::unexpected(opened.error());
    }
    const auto history = std::make_shared<core::StreamHistory>(stream);
    const auto receipt = source.read({.stream = stream}, *history, stop);
    if (!receipt) {
        return std::unexpected(receipt.error());
    }
    if (history->size() == 0) {
        return fail(ErrorCode::NotFound, fmt::format("there is no stream '{}'.", stream));
    }
    return core::Replay(history, std::move(*opened), std::make_shared<core::UpcasterChain>(core::orderUpcasters()));
}

std::int64_t versionOfStep(const core::Replay& replay, std::size_t step)
{
    return step == 0 ? 0 : replay.history().versionAt(step - 1);
}

std::string stepLine(core::Replay& replay, std::size_t number)
{
    const core::ReplayStep step = replay.stepAt(number);
    const core::SourceEvent event = replay.eventAt(number);
    std::string line = fmt::format("{{\"version\":{},\"type\":", versionOfStep(replay, number));
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
            replay.reducer().name(), refused, last, versionOfStep(replay, first), error ? error->message : ""));
    }
}

} // namespace eventscope::app
