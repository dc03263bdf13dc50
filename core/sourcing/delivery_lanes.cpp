// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/delivery_lanes.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace eventscope::core {

void BusEnvelope::close(Fate fate)
{
    int worst = m_worst.load(std::memory_order_relaxed);
    while (worst < static_cast<int>(fate) && !m_worst.compare_exchange_weak(worst, static_cast<int>(fate))) { }
    if (m_open.fetch_sub(1, std::memory_order_acq_rel) == 1 && m_settled)
        (*m_settled)(m_index, static_cast<Fate>(m_worst.load()));
}

void DeliveryLanes::add(Subscriber& subscriber, Delivery delivery)
{
    const std::string& stream = delivery.envelope->event().stream;
    auto found = subscriber.m_lanes.find(std::string_view(stream));
    if (found == subscriber.m_lanes.end()) {
        found = subscriber.m_lanes.emplace(stream, Lane{}).first;
        found->second.subscriber = &subscriber;
        found->second.stream = found->first;
        m_ready.push_back(&found->second);
    }
    found->second.waiting.push_back(std::move(delivery));
    ++subscriber.waiting;
    ++m_pending;
}

Lane& DeliveryLanes::take(Delivery& delivery)
{
    Lane& lane = *m_ready.front();
    m_ready.pop_front();
    lane.out = true;
    delivery = std::move(lane.waiting.front());
    lane.waiting.pop_front();
    return lane;
}

void DeliveryLanes::finished(Lane& lane)
{
    --m_pending;
    --lane.subscriber->waiting;
    lane.out = false;
    if (!lane.waiting.empty()) {
        m_ready.push_back(&lane);
        return;
    }
    auto& lanes = lane.subscriber->m_lanes;
    lanes.erase(lanes.find(lane.stream));
}

void DeliveryLanes::again(Lane& lane, Delivery delivery, Timestamp due)
{
    lane.out = false;
    lane.waiting.push_front(std::move(delivery));
    m_sleepers.push_back({due, ++m_fallenAsleep, &lane});
    std::ranges::push_heap(m_sleepers, std::greater<>{});
}

void DeliveryLanes::wake(Timestamp now)
{
    while (!m_sleepers.empty() && m_sleepers.front().due <= now) {
        std::ranges::pop_heap(m_sleepers, std::greater<>{});
        m_ready.push_back(m_sleepers.back().lane);
        m_sleepers.pop_back();
    }
}

std::vector<Delivery> DeliveryLanes::remove(Subscriber& subscriber)
{
    std::erase_if(m_ready, [&](const Lane* lane) { return lane->subscriber == &subscriber; });
    std::erase_if(m_sleepers, [&](const Sleeper& sleeper) { return sleeper.lane->subscriber == &subscriber; });
    std::ranges::make_heap(m_sleepers, std::greater<>{});

    std::vector<Delivery> removed;
    for (auto& [stream, lane] : subscriber.m_lanes) {
        std::ranges::move(lane.waiting, std::back_inserter(removed));
        lane.waiting.clear();
    }
    // A lane that is out stays, empty, until it is finished.
    std::erase_if(subscriber.m_lanes, [](const auto& entry) { return !entry.second.out; });
    m_pending -= removed.size();
    subscriber.waiting -= removed.size();
    return removed;
}

} // namespace eventscope::core
