// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "demo/demo_system.h"
#include "event/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>

namespace eventscope::app {

using core::Json;

namespace {

constexpr double kViewsPerSecond = 1000;

DemoOptions optionsOf(const DemoArguments& arguments)
{
    DemoOptions options;
    options.seed = arguments.seed.value_or(kDefaultSeed);
    options.rate = arguments.rate.value_or(kDefaultRate);
    options.failureShare = arguments.failures.value_or(kDefaultFailureShare);
    if (arguments.to) {
        options.file = arguments.to->path;
    }
    options.onProblem = [](std::string_view sentence) { say(sentence); };
    return options;
}

void setCounts(Json& json, const DemoFigures& now, const DemoFigures& before)
{
    const auto count = [&](const char* name, auto from, auto to) {
        json.set(name, static_cast<std::int64_t>(to) - static_cast<std::int64_t>(from));
    };
    count("orders", before.orders, now.orders);
    count("events", before.events, now.events);
    count("completed", before.sagas.completed, now.sagas.completed);
    count("compensated", before.sagas.compensated, now.sagas.compensated);
    count("stuck", before.sagas.stuck, now.sagas.stuck);
    count("views", before.views, now.views);
    count("deadLetters", before.deadLetters, now.deadLetters);
}

// What was done since `before`, how things stand now, and all since the start.
std::string secondLine(std::int64_t second, const DemoFigures& now, const DemoFigures& before, const DemoFigures& start)
{
    Json json;
    json.set("second", second);
    setCounts(json, now, before);
    json.set("running", static_cast<std::int64_t>(now.sagas.queued + now.sagas.active + now.sagas.waiting));
    json.set("outbox", static_cast<std::int64_t>(now.outboxBacklog));
    Json total;
    setCounts(total, now, start);
    json.set("total", std::move(total));
    return json.dump();
}

ExitCode refuse(std::string_view sentence, ExitCode code)
{
    say(sentence);
    return code;
}

} // namespace

ExitCode runCommand(const DemoArguments& arguments, CommandContext& context)
{
    if (arguments.to && arguments.to->scheme != SourceScheme::Sqlite) {
        return refuse("the demo can keep its story in sqlite:PATH only.", ExitCode::Usage);
    }
    if (arguments.to && !arguments.unlock) {
        return refuse(
            fmt::format("{} is locked: nothing was written; add --unlock to allow it.", arguments.to->display()),
            ExitCode::Refused);
    }
    core::SystemClock clock;
    const auto system = DemoSystem::open(clock, optionsOf(arguments));
    if (!system) {
        say(system.error().message);
        return exitCodeOfOpening(system.error());
    }
    const DemoFigures atStart = (*system)->figures();
    DemoFigures before = atStart;
    const core::Timestamp begin = clock.now();
    const auto length = std::chrono::microseconds(std::llround(arguments.seconds * 1e6));
    (*system)->start();
    if (arguments.views) {
        (*system)->burstViews(kViewsPerSecond, std::chrono::ceil<std::chrono::milliseconds>(length));
    }
    for (std::int64_t second = 1; begin + std::chrono::seconds(second - 1) < begin + length; ++second) {
        const auto due = begin + std::min<std::chrono::microseconds>(std::chrono::seconds(second), length);
        if (!clock.sleepUntil(due, context.stop)) {
            break;
        }
        const DemoFigures now = (*system)->figures();
        context.out.line(secondLine(second, now, before, atStart));
        if (!context.out.flush()) {
            break;
        }
        before = now;
    }
    (*system)->stop();
    if (arguments.to) {
        say(fmt::format(
            "{} holds {} events of the demo's order system.", arguments.to->display(), (*system)->figures().events));
    }
    return ExitCode::Done;
}

} // namespace eventscope::app
