// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/timestamp.h"

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

struct GaugePoint {
    Timestamp time{};
    double value = 0;
    bool operator==(const GaugePoint&) const = default;
};

/// Readings of things that have a level and no rate: dead letters waiting, backlog, lag. Readings
/// closer than `spacing` replace each other, the latest counts; the oldest go. // any thread
class GaugeSeries {
public:
    explicit GaugeSeries(std::size_t capacity = 3600, std::chrono::microseconds spacing = std::chrono::seconds(1));

    void record(std::string_view gauge, Timestamp time, double value);
    /// The readings from `from` on, with the last one before it as the level the window begins at.
    std::vector<GaugePoint> points(std::string_view gauge, Timestamp from) const;
    std::vector<std::string> names() const;

private:
    const std::size_t m_capacity;
    const std::chrono::microseconds m_spacing;
    mutable std::mutex m_mutex;
    std::map<std::string, std::deque<GaugePoint>, std::less<>> m_gauges;
};

} // namespace eventscope::core
