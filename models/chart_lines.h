// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/gauge_series.h"
#include "inspect/throughput_series.h"

#include <QString>
#include <QVector>
#include <vector>

namespace eventscope::models {

/// One line ready to be drawn: x in seconds since the epoch, y in the chart's unit.
struct ChartLine {
    QString key;  ///< plain text, as it came from events
    QString word; ///< its figure in the legend, e.g. "12 / s"
    QVector<double> x, y;
};

struct ChartRange {
    core::Timestamp from{}, to{};
    bool operator==(const ChartRange&) const = default;
};

double toSeconds(core::Timestamp time);
core::Timestamp fromSeconds(double seconds);

/// The range that a live chart of this length shows: it ends now; at the newest event when nothing
/// happened within it, so that a story of yesterday is not an empty chart.
ChartRange liveRange(const core::ThroughputSeries& series, core::Timestamp now, std::chrono::microseconds span);

/// Events a second by key, and in a word their mean over what is shown since the first event; the bucket still being
/// filled is left out when it is the live one.
std::vector<ChartLine> rateLines(const core::ThroughputSeries& series, core::Dimension dimension, ChartRange range,
    std::size_t points, core::Timestamp now);
/// p50, p99 and maximum in milliseconds.
std::vector<ChartLine> delayLines(const core::ThroughputSeries& series, ChartRange range);
/// Each gauge as a level that holds until its next reading; named with its source where there are several.
std::vector<ChartLine> gaugeLines(const core::GaugeSeries& gauges, ChartRange range);

} // namespace eventscope::models
