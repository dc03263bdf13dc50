// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_lines.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

namespace eventscope::models {

namespace {

constexpr double kMicros = 1e6;

QString rateWord(double perSecond)
{
    return QStringLiteral("%1 / s").arg(perSecond, 0, 'f', perSecond < 10 ? 1 : 0);
}

QString millisecondsWord(double milliseconds)
{
    if (milliseconds >= 1000)
        return QStringLiteral("%1 s").arg(milliseconds / 1000, 0, 'f', 1);
    return QStringLiteral("%1 ms").arg(milliseconds, 0, 'f', milliseconds < 10 ? 1 : 0);
}

double milliseconds(std::chrono::microseconds duration)
{
    return static_cast<double>(duration.count()) / 1000;
}

/// How much of the range there was anything to count in: a mean over the time before the first event
/// would show half the rate of a chart that is half full.
double secondsCounted(
    const core::ThroughputSeries& series, ChartRange range, std::chrono::microseconds least, core::Timestamp now)
{
    const core::Timestamp from = std::max(range.from, series.oldest().value_or(range.from));
    const core::Timestamp to = std::min(range.to, now);
    return static_cast<double>(std::max(to - from, least).count()) / kMicros;
}

} // namespace

double toSeconds(core::Timestamp time)
{
    return static_cast<double>(time.time_since_epoch().count()) / kMicros;
}

core::Timestamp fromSeconds(double seconds)
{
    return core::Timestamp(std::chrono::microseconds(std::llround(seconds * kMicros)));
}

ChartRange liveRange(const core::ThroughputSeries& series, core::Timestamp now, std::chrono::microseconds span)
{
    const auto newest = series.newest();
    const core::Timestamp end = newest && *newest < now - span ? *newest + std::chrono::seconds(1) : now;
    return {end - span, end};
}

std::vector<ChartLine> rateLines(const core::ThroughputSeries& series, core::Dimension dimension, ChartRange range,
    std::size_t points, core::Timestamp now)
{
    const core::Resolution resolution = core::resolutionFor(range.to - range.from, points);
    const core::CountWindow window = series.window(dimension, resolution, range.from, range.to);
    const double perSecond = kMicros / static_cast<double>(window.width.count());
    std::size_t shown = window.buckets;
    while (shown > 0 && window.start + window.width * static_cast<std::int64_t>(shown) > now)
        --shown; // still being filled: its rate would seem to fall
    const double seconds = secondsCounted(series, range, window.width, now);
    std::vector<ChartLine> lines;
    for (const core::CountLine& counts : window.lines) {
        if (counts.total == 0)
            continue;
        ChartLine line;
        line.key = QString::fromStdString(counts.key);
        line.x.reserve(static_cast<qsizetype>(shown));
        line.y.reserve(static_cast<qsizetype>(shown));
        for (std::size_t i = 0; i < shown; ++i) {
            line.x.append(toSeconds(window.start + window.width * static_cast<std::int64_t>(i)));
            line.y.append(counts.counts[i] * perSecond);
        }
        line.word = rateWord(static_cast<double>(counts.total) / seconds);
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<ChartLine> delayLines(const core::ThroughputSeries& series, ChartRange range)
{
    ChartLine median{QStringLiteral("half within"), {}, {}, {}};
    ChartLine tail{QStringLiteral("99 % within"), {}, {}, {}};
    ChartLine most{QStringLiteral("longest"), {}, {}, {}};
    for (const core::DelayPoint& point : series.delays(range.from, range.to)) {
        const double x = toSeconds(point.start);
        for (ChartLine* line : {&median, &tail, &most})
            line->x.append(x);
        median.y.append(milliseconds(point.p50));
        tail.y.append(milliseconds(point.p99));
        most.y.append(milliseconds(point.max));
    }
    std::vector<ChartLine> lines;
    for (ChartLine* line : {&median, &tail, &most}) {
        if (line->y.isEmpty())
            continue;
        line->word = millisecondsWord(line->y.last());
        lines.push_back(std::move(*line));
    }
    return lines;
}

namespace {

/// "orders@db · " where that is in front of all of them: of one source alone its name says nothing.
std::string commonSource(const std::vector<std::string>& names)
{
    constexpr std::string_view kBetween = " · ";
    const std::size_t end = names.empty() ? std::string::npos : names.front().find(kBetween);
    if (end == std::string::npos)
        return {};
    std::string source = names.front().substr(0, end + kBetween.size());
    const bool isAll = std::ranges::all_of(names, [&](const std::string& name) { return name.starts_with(source); });
    return isAll ? source : std::string();
}

} // namespace

std::vector<ChartLine> gaugeLines(const core::GaugeSeries& gauges, ChartRange range)
{
    std::vector<ChartLine> lines;
    const std::vector<std::string> names = gauges.names();
    const std::string source = commonSource(names);
    for (const std::string& name : names) {
        ChartLine line;
        line.key = QString::fromStdString(name.substr(source.size()));
        for (const core::GaugePoint& point : gauges.points(name, range.from)) {
            if (point.time > range.to)
                break;
            line.x.append(toSeconds(std::max(point.time, range.from)));
            line.y.append(point.value);
        }
        if (line.y.isEmpty())
            continue;
        line.word = QString::number(line.y.last(), 'f', 0);
        line.x.append(toSeconds(range.to));
        line.y.append(line.y.last());
        lines.push_back(std::move(line));
    }
    return lines;
}

} // namespace eventscope::models
