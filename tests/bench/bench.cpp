// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace eventscope::bench {

namespace {

using namespace std::chrono_literals;

/// A comparison that has taken this long ends with the rounds that it has, if there are so many.
constexpr std::chrono::seconds kLongEnough{90};
constexpr int kLeastRounds = 3;

std::size_t chosenSize = 0;
std::chrono::seconds chosenTime{0};
bool someAreNamed = false;
constexpr auto kSayEvery = 10s;

std::map<std::string, BenchFunction>& registry()
{
    static std::map<std::string, BenchFunction> benches;
    return benches;
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

struct Timed {
    Work work;
    double rate = 0;
};

Timed timed(const std::function<Work()>& run)
{
    const auto start = std::chrono::steady_clock::now();
    Work work = run();
    const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return {work, work.units / std::max(work.seconds.value_or(elapsed), 1e-9)};
}

std::string humanRate(double value, std::string_view unit)
{
    if (value >= 1e6)
        return fmt::format("{:.2f} M {}", value / 1e6, unit);
    if (value >= 1e4)
        return fmt::format("{:.1f} k {}", value / 1e3, unit);
    return fmt::format("{:.4g} {}", value, unit);
}

std::string verdict(const Row& row)
{
    if (row.failed)
        return "FAILED";
    if (row.target == 0)
        return "reported";
    return fmt::format("{} {:.4g} {}", row.atMost ? "<=" : ">=", row.target, row.met() ? "met" : "MISSED");
}

std::string jsonText(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += (static_cast<unsigned char>(c) < 0x20) ? ' ' : c;
    }
    return out + '"';
}

void printJson(const Row& row)
{
    fmt::print(R"({{"bench":{},"what":{},"unit":{},"rate":{},"baselineName":{},"baseline":{},"ratio":{},"target":{},)"
               R"("bound":"{}","met":{},"note":{}}})"
               "\n",
        jsonText(row.bench), jsonText(row.what), jsonText(row.unit), row.rate, jsonText(row.baselineName), row.baseline,
        row.ratio, row.target, row.atMost ? "atMost" : "atLeast", row.met(), jsonText(row.note));
}

void printTable(const std::vector<Row>& rows)
{
    fmt::print("{:<46} {:>20} {:<34} {:>20} {:>8}  {}\n", "what", "rate", "baseline", "rate", "ratio", "target");
    for (const Row& row : rows) {
        fmt::print("{:<46} {:>20} {:<34} {:>20} {:>8.3g}  {}\n", row.what, humanRate(row.rate, row.unit),
            row.baselineName, row.baseline == 0 ? "" : humanRate(row.baseline, row.unit), row.ratio, verdict(row));
        if (!row.note.empty())
            fmt::print("    {}\n", row.note);
    }
}

} // namespace

Registration::Registration(const char* name, BenchFunction function)
{
    registry().emplace(name, function);
}

std::size_t wantedSize(std::size_t usual)
{
    return chosenSize > 0 ? chosenSize : usual;
}

bool isNamed()
{
    return someAreNamed;
}

std::chrono::seconds wantedTime(std::chrono::seconds usual)
{
    return chosenTime > 0s ? chosenTime : usual;
}

Progress::Progress(std::string what, std::chrono::seconds length)
    : m_thread([what = std::move(what), length](const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any stopped;
        std::unique_lock lock(mutex);
        for (auto passed = 0s; !stopped.wait_for(lock, stop, kSayEvery, [&] { return stop.stop_requested(); });) {
            passed += kSayEvery;
            fmt::print(stderr, "  {}: {} of {} s\n", what, passed.count(), length.count());
        }
    })
{
}

Progress::~Progress() = default;

void Report::compare(
    const Comparison& comparison, const std::function<Work()>& ours, const std::function<Work()>& baseline)
{
    Row row{.bench = m_bench,
        .what = comparison.what,
        .unit = comparison.unit + "/s",
        .baselineName = comparison.baselineName,
        .target = comparison.target,
        .note = comparison.note};
    std::vector<double> rates, baselineRates, ratios;
    const auto began = std::chrono::steady_clock::now();
    fmt::print(stderr, "  {} ", comparison.what);
    for (int round = -comparison.warmUps; round < comparison.rounds; ++round) {
        if (round >= kLeastRounds && std::chrono::steady_clock::now() - began > kLongEnough)
            break;
        fmt::print(stderr, ".");
        const Timed a = timed(ours);
        const Timed b = timed(baseline);
        if (a.work.checksum != b.work.checksum || a.work.units != b.work.units) {
            row.failed = true;
            row.note
                = fmt::format("the two sides did different work: {} units, checksum {} against {} units, checksum {}",
                    a.work.units, a.work.checksum, b.work.units, b.work.checksum);
            fmt::print(stderr, " failed\n");
            m_rows.push_back(row);
            return;
        }
        if (round < 0)
            continue;
        rates.push_back(a.rate);
        baselineRates.push_back(b.rate);
        ratios.push_back(a.rate / b.rate);
    }
    row.rate = median(rates);
    row.baseline = median(baselineRates);
    row.ratio = median(ratios);
    fmt::print(stderr, " {:.3g}\n", row.ratio);
    m_rows.push_back(row);
}

void Report::figure(const Figure& figure)
{
    fmt::print(stderr, "  {}: {:.4g} {}\n", figure.what, figure.value, figure.unit);
    m_rows.push_back({.bench = m_bench,
        .what = figure.what,
        .unit = figure.unit,
        .rate = figure.value,
        .baselineName = figure.boundName,
        .ratio = figure.value,
        .target = figure.bound,
        .atMost = figure.atMost,
        .note = figure.note});
}

void Report::failed(const std::string& what, const std::string& why)
{
    m_rows.push_back({.bench = m_bench, .what = what, .failed = true, .note = why});
}

int runAll(const std::vector<std::string>& wanted, bool json)
{
    std::vector<Row> rows;
    for (const auto& [name, function] : registry()) {
        const auto matches = [&](const std::string& part) { return name.find(part) != std::string::npos; };
        if (!wanted.empty() && std::ranges::none_of(wanted, matches))
            continue;
        fmt::print(stderr, "bench {} …\n", name);
        Report report(name);
        function(report);
        for (const Row& row : report.rows()) {
            if (json)
                printJson(row);
            rows.push_back(row);
        }
    }
    std::fflush(stdout);
    if (rows.empty()) {
        fmt::print(stderr, "No benchmark has such a name. There are:\n");
        for (const auto& [name, function] : registry())
            fmt::print(stderr, "  {}\n", name);
        return 2;
    }
    if (!json)
        printTable(rows);
    return std::ranges::all_of(rows, &Row::met) ? 0 : 1;
}

} // namespace eventscope::bench

namespace {

constexpr std::string_view kHelp = R"(eventscope_bench [name…] [--json] [--size N] [--seconds N]

name       only the benches whose names contain one of these
--json     an object a row
--size     how many events a bench works on that can choose
--seconds  how long a bench lets the window or a server run that does so for a while
           (window_fluency: 45 without it; 600 is the figure that counts)
)";

} // namespace

int main(int argc, char** argv)
{
    using namespace eventscope::bench;
    std::vector<std::string> wanted;
    bool json = false;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--json")
            json = true;
        else if (argument == "--size" && i + 1 < argc)
            chosenSize = std::strtoull(argv[++i], nullptr, 10);
        else if (argument == "--seconds" && i + 1 < argc)
            chosenTime = std::chrono::seconds(std::strtoull(argv[++i], nullptr, 10));
        else if (argument.starts_with("-")) {
            std::fputs(kHelp.data(), argument == "--help" ? stdout : stderr);
            return argument == "--help" ? 0 : 2;
        } else
            wanted.emplace_back(argument);
    }
    someAreNamed = !wanted.empty();
    return runAll(wanted, json);
}
