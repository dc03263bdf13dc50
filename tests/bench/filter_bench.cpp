// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"
#include "child_process.h"
#include "order_events.h"

#include "inspect/filter/log_filter.h"

#include <fmt/format.h>

#include <array>
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

/// What people look for: with a literal, in any case, with the literal in every event, without any.
constexpr std::array<const char*, 6> kExpressions{"TRK-0048[0-9]+77", "(?i)trk-0048[0-9]+77",
    R"("sku":"SKU-[0-9]{2}7[0-9]","quantity":9)", "customer-[0-9]*7777", "order-00[0-9]{3}12",
    R"(totalAmount":29[0-9]{2}\.99)"};

Work searchRegex(const char* regex)
{
    return searchLog(fmt::format("data MATCHES '{}'", regex), 1);
}

Work allOf(Work (*search)(const char*))
{
    Work all;
    for (const char* const regex : kExpressions) {
        const Work one = search(regex);
        all.units += one.units;
        all.checksum += one.checksum;
    }
    return all;
}

Work ripgrepRegex(const char* regex)
{
    return ripgrep({"-e", regex});
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
    report.compare(
        {.what = fmt::format("regex search, one thread, {} expressions", kExpressions.size()),
            .baselineName = "ripgrep --mmap -j1",
            .target = 4},
        [] { return allOf(&searchRegex); }, [] { return allOf(&ripgrepRegex); });
    for (const char* const regex : kExpressions) {
        report.compare(
            {.what = fmt::format("  {}", regex), .baselineName = "ripgrep --mmap -j1", .rounds = 3},
            [&] { return searchRegex(regex); }, [&] { return ripgrepRegex(regex); });
    }
}
