// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "group_lag.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <set>
#include <utility>

namespace eventscope::kafka {

namespace {

constexpr std::size_t kMostLagGauges = 8; ///< lines that a chart can show beside each other
constexpr std::size_t kMostPlaces = 5000;

} // namespace

std::vector<GroupLag> lagsOf(std::vector<GroupState> groups, const std::map<TopicPartition, Watermarks>& marks)
{
    std::vector<GroupLag> lags;
    for (GroupState& group : groups) {
        // What it committed in topics that are gone, or were not asked for, says nothing here.
        std::erase_if(group.next, [&](const auto& next) { return !marks.contains(next.first); });
        GroupLag lag{.group = std::move(group), .lag = {}};
        for (const auto& [partition, next] : lag.group.next) {
            const Watermarks& mark = marks.at(partition);
            const std::int64_t behind = std::max<std::int64_t>(mark.high - std::max(next, mark.low), 0);
            lag.lag[partition] = behind;
            lag.total += behind;
        }
        if (!lag.lag.empty()) {
            lags.push_back(std::move(lag));
        }
    }
    return lags;
}

void addLags(core::Probe& probe, std::span<const GroupLag> lags)
{
    if (lags.empty()) {
        return;
    }
    probe.lag = 0;
    std::vector<const GroupLag*> byLag;
    for (const GroupLag& lag : lags) {
        *probe.lag += lag.total;
        byLag.push_back(&lag);
    }
    if (byLag.size() < 2) {
        return;
    }
    std::ranges::stable_sort(byLag, std::greater<>(), [](const GroupLag* lag) { return lag->total; });
    byLag.resize(std::min(byLag.size(), kMostLagGauges));
    for (const GroupLag* lag : byLag) {
        probe.gauges.push_back({"lag of " + lag->group.name, static_cast<double>(lag->total)});
    }
}

std::vector<core::PartitionPlace> placesOf(
    const std::map<TopicPartition, Watermarks>& marks, std::span<const GroupLag> lags)
{
    std::vector<core::PartitionPlace> places;
    std::set<TopicPartition> withGroup;
    for (const GroupLag& lag : lags) {
        for (const auto& [partition, next] : lag.group.next) {
            const Watermarks& mark = marks.at(partition);
            withGroup.insert(partition);
            places.push_back({.topic = partition.topic,
                .partition = partition.partition,
                .first = mark.low,
                .end = mark.high,
                .group = lag.group.name,
                .next = next});
        }
    }
    for (const auto& [partition, mark] : marks) {
        if (!withGroup.contains(partition)) {
            places.push_back(
                {.topic = partition.topic, .partition = partition.partition, .first = mark.low, .end = mark.high});
        }
    }
    if (places.size() > kMostPlaces) {
        std::ranges::stable_sort(
            places, std::greater<>(), [](const core::PartitionPlace& place) { return place.lag().value_or(-1); });
        places.resize(kMostPlaces);
    }
    return places;
}

} // namespace eventscope::kafka
