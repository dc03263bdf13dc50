// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"
#include "order_events.h"

#include "inspect/log_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace eventscope::bench {

namespace {

using namespace eventscope::core;
using SteadyClock = std::chrono::steady_clock;

double millisecondsOf(const std::function<void()>& call)
{
    const auto began = SteadyClock::now();
    call();
    return std::chrono::duration<double, std::milli>(SteadyClock::now() - began).count();
}

/// Goes to rows all over the log: the first time, which makes the index, and mostly.
template <class GoTo>
void report(Report& report, const EventLog& log, const std::string& what, GoTo goTo)
{
    constexpr LogRow kJumps = 200;
    std::vector<double> times;
    for (LogRow i = 0; i < kJumps; ++i) {
        const LogRow wanted = log.size() / kJumps * i + 17;
        std::optional<LogRow> found;
        times.push_back(millisecondsOf([&] { found = goTo(wanted); }));
        if (found != wanted) {
            report.failed(what, fmt::format("went to another row than {}", wanted));
            return;
        }
    }
    const double first = times.front();
    std::sort(times.begin(), times.end());
    report.figure({.what = what,
        .unit = "ms",
        .value = times[times.size() * 99 / 100 - 1],
        .boundName = "a frame",
        .bound = 16.7,
        .note = fmt::format("99th percentile in {} events; the first one, which makes the index, {:.0f} ms, half of "
                            "them within {:.3f} ms",
            log.size(), first, times[times.size() / 2])});
}

LogIndex::Take firstInto(std::optional<LogRow>& row)
{
    return [&row](LogRow found) {
        row = found;
        return false;
    };
}

} // namespace

} // namespace eventscope::bench

using namespace eventscope::bench;
using namespace eventscope::core;

EVENTSCOPE_BENCH(log_jump)
{
    const EventLog& log = OrderCorpus::shared().log;
    LogIndex index(log);
    eventscope::bench::report(report, log, "jump to an id", [&](LogRow wanted) {
        std::optional<LogRow> row;
        index.withId(log.idAt(wanted).toString(), firstInto(row));
        return row;
    });
    eventscope::bench::report(report, log, "jump to a position", [&](LogRow wanted) {
        std::optional<LogRow> row;
        index.atPosition(log.at(wanted).position, firstInto(row));
        return row;
    });
    eventscope::bench::report(
        report, log, "jump to a time", [&](LogRow wanted) { return index.notBefore(log.timeAt(wanted)); });
    report.figure({.what = "bytes of these indexes",
        .unit = "bytes an event",
        .value = static_cast<double>(index.heldBytes()) / static_cast<double>(log.size()),
        .boundName = "twice six, and a little",
        .bound = 12.5});
}
