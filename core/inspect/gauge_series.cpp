// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/gauge_series.h"

#include <algorithm>

namespace eventscope::core {

GaugeSeries::GaugeSeries(std::size_t capacity, std::chrono::microseconds spacing)
    : m_capacity(capacity), m_spacing(spacing)
{
}

void GaugeSeries::record(std::string_view gauge, Timestamp time, double value)
{
    const std::scoped_lock lock(m_mutex);
    auto found = m_gauges.find(gauge);
    if (found == m_gauges.end())
        found = m_gauges.try_emplace(std::string(gauge)).first;
    std::deque<GaugePoint>& points = found->second;
    const auto slotOf = [&](Timestamp t) { return t.time_since_epoch() / m_spacing; };
    if (!points.empty() && slotOf(time) <= slotOf(points.back().time))
        points.back().value = value;
    else
        points.push_back({time, value});
    if (points.size() > m_capacity)
        points.pop_front();
}

std::vector<GaugePoint> GaugeSeries::points(std::string_view gauge, Timestamp from) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_gauges.find(gauge);
    if (found == m_gauges.end())
        return {};
    const std::deque<GaugePoint>& points = found->second;
    auto first = std::ranges::lower_bound(points, from, {}, &GaugePoint::time);
    if (first != points.begin() && (first == points.end() || first->time > from))
        --first;
    return {first, points.end()};
}

std::vector<std::string> GaugeSeries::names() const
{
    const std::scoped_lock lock(m_mutex);
    std::vector<std::string> names;
    for (const auto& [name, points] : m_gauges)
        names.push_back(name);
    return names;
}

} // namespace eventscope::core
