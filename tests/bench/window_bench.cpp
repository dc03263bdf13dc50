// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The window as a process of its own: how soon it is alive, and whether it stays fluent.
#include "bench.h"

#include "child_process.h"
#include "event/json.h"
#include "temp_dir.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace eventscope::bench {

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;
using core::Json;

constexpr double kFrame = 16;     // ms
constexpr double kSoon = 1;       // s: "alive in a second or two"
constexpr double kTenTimes = 100; // orders a second: ten times the demo's default
constexpr auto kUsual = 45s;      // a look at every view; --seconds 600 for the figure that counts

double numberIn(const Json& json, std::string_view name)
{
    const Json* found = json.find(name);
    return found && found->isNumber() ? std::strtod(found->numberText().c_str(), nullptr) : 0;
}

/// What the window says about itself after that many seconds.
std::optional<Json> measure(double ordersPerSecond, double seconds)
{
    const test::TempDir folder;
    const std::string file = (folder / "figures.json").string();
    const auto finished = test::ChildProcess({EVENTSCOPE_PROGRAM, fmt::format("demo:?rate={}", ordersPerSecond),
                                                 "--measure", file, "--seconds", fmt::format("{}", seconds)},
        {.environment = {"XDG_STATE_HOME=" + folder.path().string(), "XDG_CONFIG_HOME=" + folder.path().string()}})
                              .wait(std::chrono::seconds(static_cast<int>(seconds)) + 120s);
    std::ifstream figures(file);
    const auto json = Json::parse(std::string(std::istreambuf_iterator<char>(figures), {}));
    return finished == 0 && json ? std::optional(*json) : std::nullopt;
}

double secondsUntil(SteadyClock::time_point start, std::int64_t liveAt)
{
    return std::chrono::duration<double>(SteadyClock::duration(liveAt) - start.time_since_epoch()).count();
}

/// Seconds from the start of the process until the first rows of the demo are painted.
Work startOurs()
{
    const auto start = SteadyClock::now();
    const auto figures = measure(10, 0.1);
    if (!figures) {
        return {};
    }
    return {.units = 1,
        .checksum = 1,
        .seconds = secondsUntil(start, std::strtoll(figures->find("liveAt")->numberText().c_str(), nullptr, 10))};
}

Work startBare()
{
    const auto start = SteadyClock::now();
    test::ChildProcess bare({EVENTSCOPE_BARE_WINDOW});
    bare.closeInput();
    if (bare.wait() != 0) {
        return {};
    }
    return {
        .units = 1, .checksum = 1, .seconds = secondsUntil(start, std::strtoll(bare.output().c_str(), nullptr, 10))};
}

std::string slowestIn(const Json& figures)
{
    const Json* slowest = figures.find("slowest");
    std::string text;
    for (const Json& handled : slowest->asArray()) {
        if (text.size() < 120 && handled.find("event")) {
            text += fmt::format("{}{} {} {:.1f} ms of which {:.1f} with a core", text.empty() ? "" : ", ",
                handled.stringOr("receiver"), handled.stringOr("event"), numberIn(handled, "milliseconds"),
                numberIn(handled, "working"));
        }
    }
    return text;
}

} // namespace

EVENTSCOPE_BENCH(window_start)
{
    std::vector<double> times;
    report.compare(
        {.what = "from process start to a live window",
            .unit = "windows",
            .baselineName = "bare QMainWindow with a QTableView",
            .note = "the whole of it: demo opened, orders placed, their rows painted"},
        [&] {
            const Work work = startOurs();
            times.push_back(work.seconds.value_or(0));
            return work;
        },
        startBare);
    std::ranges::sort(times);
    report.figure({.what = "from process start to a live window",
        .unit = "s",
        .value = times.empty() ? 0 : times[times.size() / 2],
        .boundName = "alive at once",
        .bound = kSoon});
}

EVENTSCOPE_BENCH(window_fluency)
{
    const std::chrono::seconds length = wantedTime(kUsual);
    std::optional<Json> figures;
    {
        const Progress progress("the window runs", length);
        figures = measure(kTenTimes, static_cast<double>(length.count()));
    }
    if (!figures) {
        report.failed("fluency of the window", "the window did not end as it should");
        return;
    }
    const Json& wait = *figures->find("wait");
    const Json& machine = *figures->find("machine");
    const std::string run = fmt::format(
        "{} s of demo at ten times its rate, {:.0f} events", length.count(), numberIn(*figures, "events"));
    report.figure({.what = "wait for the GUI thread, 99th percentile",
        .unit = "ms",
        .value = numberIn(wait, "p99"),
        .boundName = "one frame",
        .bound = kFrame,
        .note = fmt::format("{}; half {:.2f}, 99.9 % {:.1f}, longest {:.1f} ms. A thread with work got {:.0f} % of a "
                            "core here; one without was late by {:.1f} ms at the 99th percentile, by {:.1f} at most",
            run, numberIn(wait, "half"), numberIn(wait, "p999"), numberIn(wait, "longest"),
            numberIn(*figures, "share") * 100, numberIn(machine, "p99"), numberIn(machine, "longest"))});
    report.figure({.what = "longest block of the GUI thread",
        .unit = "ms",
        .value = numberIn(figures->find("slowest")->asArray().front(), "milliseconds"),
        .note = slowestIn(*figures)});
    report.figure({.what = "memory of the program after it",
        .unit = "MB",
        .value = numberIn(*figures, "residentMegabytes"),
        .note = fmt::format("the events held in it: {:.1f} MB", numberIn(*figures, "heldMegabytes"))});
}

} // namespace eventscope::bench
