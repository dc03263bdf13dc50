// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"
#include "child_process.h"
#include "order_events.h"

#include "inspect/filter/log_filter.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace eventscope::bench {

namespace {

using namespace eventscope::core;

FilterExpression expressionOf(const std::string& text)
{
    auto expression = FilterExpression::compile(text);
    if (!expression) {
        fmt::print(stderr, "{}: {}\n", text, expression.error().message);
        std::abort();
    }
    return *expression;
}

Work searchLog(const std::string& filter, unsigned threads)
{
    const EventLog& log = OrderCorpus::shared().log;
    std::vector<LogRow> rows;
    const LogScanReceipt receipt = scanLog(expressionOf(filter), log, 0, log.size(), {}, rows, threads);
    return {static_cast<double>(receipt.scanned), receipt.matched};
}

/// Lines that match, as ripgrep counts them with one thread.
Work ripgrep(const std::vector<std::string>& options)
{
    std::vector<std::string> command{"rg", "-j1", "--mmap", "--count", "--no-config"};
    command.insert(command.end(), options.begin(), options.end());
    command.push_back(OrderCorpus::shared().lines().string());
    test::ChildProcess child(command);
    std::string output;
    child.readOutputUntil([&](std::string_view all) {
        output = all;
        return false;
    });
    return {static_cast<double>(OrderCorpus::shared().log.size()), std::strtoull(output.c_str(), nullptr, 10)};
}

void compareText(Report& report, const std::string& what, const std::string& text, double target, unsigned threads)
{
    report.compare(
        {.what = what, .baselineName = "ripgrep --mmap -j1 -F", .target = target},
        [&] { return searchLog(fmt::format("'{}'", text), threads); },
        [&] {
            return ripgrep({"--fixed-strings", "-e", text});
        });
}

void compareRegex(Report& report, const std::string& what, const std::string& regex, double target)
{
    report.compare(
        {.what = what, .baselineName = "ripgrep --mmap -j1", .target = target},
        [&] { return searchLog(fmt::format("data MATCHES '{}'", regex), 1); },
        [&] {
            return ripgrep({"-e", regex});
        });
}

} // namespace

} // namespace eventscope::bench

using namespace eventscope::bench;
using namespace eventscope::core;

EVENTSCOPE_BENCH(search_text)
{
    compareText(report, "text search, one thread, few hits", "TRK-00481", 3, 1);
    compareText(report, "text search, one thread, hits in 1 of 8000", "SKU-4711", 3, 1);
    compareText(report, "text search, all cores, few hits", "TRK-00481", 5, 0);
    compareText(report, "text search, one thread, hits in every 5th", "PaymentConfirmed", 0, 1);
}

EVENTSCOPE_BENCH(search_regex)
{
    compareRegex(report, "regex search, one thread, few hits", "TRK-0048[0-9]+77", 4);
    compareRegex(
        report, "regex search, one thread, prefix everywhere", R"("sku":"SKU-[0-9]{2}7[0-9]","quantity":9)", 4);
}
