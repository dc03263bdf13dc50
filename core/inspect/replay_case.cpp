// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/replay_case.h"

#include "inspect/event_json.h"

#include <algorithm>
#include <vector>

namespace eventscope::core {

namespace {

/// The events that the branch has until that step, as they are printed.
std::vector<std::string> givenOf(const Replay& replay, std::size_t step)
{
    std::vector<std::string> given;
    for (std::size_t number = 1; number <= std::min(step, replay.size()); ++number) {
        if (!replay.isSkipped(number)) {
            appendEventJson(given.emplace_back(), replay.eventAt(number));
        }
    }
    return given;
}

} // namespace

std::string ReplayCase::json(Replay& replay, std::size_t step)
{
    Json::Array given;
    for (const std::string& event : givenOf(replay, step)) {
        given.push_back(Json::parse(event).value_or(Json(event)));
    }
    Json test;
    test.set("stream", Json(replay.history().stream()));
    test.set("reducer", Json(std::string(replay.reducer().name())));
    test.set("given", Json(std::move(given)));
    test.set("expected", replay.stateAt(std::min(step, replay.size())));
    return test.pretty() + '\n';
}

std::string ReplayCase::ndjson(Replay& replay, std::size_t step)
{
    std::string lines;
    for (const std::string& event : givenOf(replay, step)) {
        lines += event + '\n';
    }
    Json expected;
    expected.set("expected", replay.stateAt(std::min(step, replay.size())));
    return lines + expected.dump() + '\n';
}

} // namespace eventscope::core
