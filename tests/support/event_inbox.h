// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"
#include "sourcing/message_bus.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace eventscope::test {

/// How long a test waits for what must come; only a broken test waits that long.
inline constexpr std::chrono::seconds kPatience{120};

/// An event as a test publishes it.
inline core::RecordedEvent eventOf(std::string type, std::string id, std::string stream = "order-1",
    std::int64_t version = 1, std::string data = R"({"n":1})")
{
    core::RecordedEvent event;
    event.id = std::move(id);
    event.type = std::move(type);
    event.stream = std::move(stream);
    event.version = {version};
    event.time = core::Timestamp{std::chrono::microseconds{1'700'000'000'000'000}};
    event.data = std::move(data);
    return event;
}

/// Collects events from any thread and lets the test wait for them.
class EventInbox {
public:
    core::EventHandler handler()
    {
        return [this](const core::RecordedEvent& event) -> core::Status {
            add(event);
            return {};
        };
    }

    void add(const core::RecordedEvent& event)
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_events.push_back(event);
        }
        m_arrived.notify_all();
    }

    /// False when they did not come.
    bool waitFor(std::size_t count) const
    {
        std::unique_lock lock(m_mutex);
        return m_arrived.wait_for(lock, kPatience, [&] { return m_events.size() >= count; });
    }

    std::vector<core::RecordedEvent> events() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_events;
    }

    std::vector<std::string> ids() const
    {
        std::vector<std::string> ids;
        for (const core::RecordedEvent& event : events())
            ids.push_back(event.id);
        return ids;
    }

    std::size_t count() const { return events().size(); }

private:
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_arrived;
    std::vector<core::RecordedEvent> m_events;
};

/// A door that handlers wait at until the test opens it.
class Gate {
public:
    /// Returns once it is open; false when nobody opened it.
    bool pass()
    {
        std::unique_lock lock(m_mutex);
        ++m_waiting;
        m_changed.notify_all();
        const bool opened = m_changed.wait_for(lock, kPatience, [&] { return m_open; });
        --m_waiting;
        return opened;
    }
    bool waitForWaiting(int count)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, kPatience, [&] { return m_waiting >= count; });
    }
    void open()
    {
        const std::scoped_lock lock(m_mutex);
        m_open = true;
        m_changed.notify_all();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    int m_waiting = 0;
    bool m_open = false;
};

} // namespace eventscope::test
