// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

/// Benchmarks as ratios. Absolute figures of a shared machine mean little, so each row times our
/// code and its baseline in turn, A B A B …, and quotes the median of the ratios pair by pair.
///
///     EVENTSCOPE_BENCH(sqlite_append)
///     {
///         report.compare({.what = "SQLite append", .unit = "events", .baselineName = "plain schema", .target = 4.0},
///                        [&] { …; return Work{events, checksum}; },
///                        [&] { …; return Work{events, checksum}; });
///     }
namespace eventscope::bench {

/// What one timed call did. The checksums of both sides must agree, or the row fails: a benchmark
/// that compares different work is worthless.
struct Work {
    double units = 0;
    std::uint64_t checksum = 0;
    /// Set when the call timed itself (a child process that reports its own time); seconds.
    std::optional<double> seconds{};
};

struct Row {
    std::string bench, what, unit;
    double rate = 0; ///< ours: units a second, or the plain figure
    std::string baselineName;
    double baseline = 0;
    double ratio = 0;    ///< median of ours / baseline, pair by pair
    double target = 0;   ///< 0: reported only
    bool atMost = false; ///< the target is an upper bound
    bool failed = false;
    std::string note;

    bool met() const { return !failed && (target == 0 || (atMost ? ratio <= target : ratio >= target)); }
};

struct Comparison {
    std::string what;
    std::string unit = "events"; ///< rates are printed as unit/s
    std::string baselineName;
    double target = 0; ///< least ratio of the rates
    int rounds = 5;
    int warmUps = 1;
    std::string note{};
};

/// A single figure with a bound, where there is nothing to compare with (a frame time, memory).
struct Figure {
    std::string what;
    std::string unit;
    double value = 0;
    std::string boundName{};
    double bound = 0; ///< 0: reported only
    bool atMost = true;
    std::string note{};
};

class Report {
public:
    explicit Report(std::string bench) : m_bench(std::move(bench)) { }

    void compare(
        const Comparison& comparison, const std::function<Work()>& ours, const std::function<Work()>& baseline);
    void figure(const Figure& figure);
    /// The row could not be measured: says why, and counts as not met.
    void failed(const std::string& what, const std::string& why);

    const std::vector<Row>& rows() const { return m_rows; }

private:
    std::string m_bench;
    std::vector<Row> m_rows;
};

using BenchFunction = void (*)(Report&);
struct Registration {
    Registration(const char* name, BenchFunction function);
};

/// How many events a bench that can choose works on: as --size says, else `usual`.
std::size_t wantedSize(std::size_t usual);
/// Somebody asked for benches by name: then one may take its time.
bool isNamed();
/// How long a bench that lets something run for a while does so: as --seconds says, else `usual`.
std::chrono::seconds wantedTime(std::chrono::seconds usual);

/// Says every few seconds how far a long run is, so that nobody takes it for one that is stuck.
class Progress {
public:
    Progress(std::string what, std::chrono::seconds length);
    ~Progress();

private:
    std::jthread m_thread;
};

/// Keeps the compiler from dropping a value or the work that made it.
template <class T>
inline void keep(const T& value)
{
    asm volatile("" : : "g"(&value) : "memory");
}

} // namespace eventscope::bench

#define EVENTSCOPE_BENCH(name)                                                                                         \
    static void bench_##name(eventscope::bench::Report& report);                                                       \
    static const eventscope::bench::Registration registration_##name{#name, &bench_##name};                            \
    static void bench_##name([[maybe_unused]] eventscope::bench::Report& report)
