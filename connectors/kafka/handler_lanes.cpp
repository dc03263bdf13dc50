// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "handler_lanes.h"

#include <algorithm>
#include <functional>
#include <string_view>

namespace eventscope::kafka {

HandlerLanes::HandlerLanes(std::size_t lanes, Handle handle, Done done)
    : m_handle(std::move(handle)), m_done(std::move(done))
{
    for (std::size_t i = 0; i < std::max<std::size_t>(lanes, 1); ++i) {
        m_lanes.push_back(std::make_unique<Lane>());
    }
    for (const auto& lane : m_lanes) {
        lane->thread = std::jthread([this, raw = lane.get()](const std::stop_token& stop) { run(*raw, stop); });
    }
}

HandlerLanes::~HandlerLanes()
{
    for (const auto& lane : m_lanes) {
        lane->thread.request_stop();
    }
    for (const auto& lane : m_lanes) {
        if (lane->thread.get_id() == std::this_thread::get_id()) {
            lane->thread.detach(); // its handler ends the subscription: it outlives this by its own end
        } else {
            lane->thread.join();
        }
    }
}

void HandlerLanes::add(LaneWork work)
{
    // Without a key the order of the partition is all there is to keep.
    const std::size_t number = work.record.keyIsNull ? static_cast<std::size_t>(work.record.partition)
                                                     : std::hash<std::string_view>()(work.record.key);
    Lane& lane = *m_lanes[number % m_lanes.size()];
    {
        const std::scoped_lock lock(m_mutex);
        lane.waiting.push_back(std::move(work));
        ++m_size;
    }
    m_changed.notify_all();
}

std::size_t HandlerLanes::size() const
{
    const std::scoped_lock lock(m_mutex);
    return m_size;
}

bool HandlerLanes::isOwnThread() const
{
    return std::ranges::any_of(
        m_lanes, [](const auto& lane) { return lane->thread.get_id() == std::this_thread::get_id(); });
}

void HandlerLanes::drain(const std::shared_ptr<std::stop_source>& assignment)
{
    assignment->request_stop();
    std::unique_lock lock(m_mutex);
    for (const auto& lane : m_lanes) {
        m_size -= std::erase_if(lane->waiting, [&](const LaneWork& work) { return work.assignment == assignment; });
    }
    m_changed.wait(lock, [&] {
        return std::ranges::none_of(m_lanes, [&](const auto& lane) {
            return lane->running == assignment && lane->thread.get_id() != std::this_thread::get_id();
        });
    });
}

void HandlerLanes::run(Lane& lane, const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    while (m_changed.wait(lock, stop, [&] { return !lane.waiting.empty(); })) {
        const LaneWork work = std::move(lane.waiting.front());
        lane.waiting.pop_front();
        lane.running = work.assignment;
        lock.unlock();
        const bool isHandled = m_handle(work.record, work.assignment->get_token());
        m_done(work, isHandled);
        lock.lock();
        lane.running.reset();
        --m_size;
        m_changed.notify_all();
        if (stop.stop_requested()) {
            return;
        }
    }
}

} // namespace eventscope::kafka
