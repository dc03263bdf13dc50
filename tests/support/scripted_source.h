// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/connection.h"
#include "inspect/source.h"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace eventscope::test {

/// Waits for a condition that others make true and then notify about.
class ChangeWaiter {
public:
    void notify()
    {
        {
            const std::scoped_lock lock(m_mutex);
            ++m_changes;
        }
        m_changed.notify_all();
    }

    template <class Condition>
    void wait(Condition condition)
    {
        while (true) {
            std::uint64_t before = 0;
            {
                const std::scoped_lock lock(m_mutex);
                before = m_changes;
            }
            if (condition()) {
                return;
            }
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [&] { return m_changes != before; });
        }
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::uint64_t m_changes = 0;
};

/// Stands for a broker or a store of one stream: events are added, it breaks down and is repaired.
/// Positions begin at 0.
class ScriptedServer {
public:
    core::SourceFactory factory();

    void add(std::int64_t events)
    {
        change([&] { m_events += events; });
    }
    void breakDown(core::Error error)
    {
        change([&] { m_error = std::move(error); });
    }
    void repair()
    {
        change([&] { m_error.reset(); });
    }
    void setCanFollow(bool can)
    {
        change([&] { m_canFollow = can; });
    }
    void waitForFollowers(int count)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_followers >= count; });
    }
    std::thread::id followerThread() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_followerThread;
    }
    /// The cursor that the last follower began with.
    std::string startCursor() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_startCursor;
    }
    int openSources() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_open;
    }

private:
    friend class ScriptedSource;

    template <class Change>
    void change(Change apply)
    {
        {
            const std::scoped_lock lock(m_mutex);
            apply();
        }
        m_changed.notify_all();
    }

    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::int64_t m_events = 0;
    std::optional<core::Error> m_error;
    bool m_canFollow = true;
    int m_followers = 0;
    int m_open = 0;
    std::thread::id m_followerThread;
    std::string m_startCursor;
};

class ScriptedSource final : public core::Source {
public:
    explicit ScriptedSource(ScriptedServer& server) : m_server(server)
    {
        m_server.change([&] { ++m_server.m_open; });
    }
    ~ScriptedSource() override
    {
        m_server.change([&] { --m_server.m_open; });
    }

    const std::string& name() const override { return m_name; }
    core::Capabilities capabilities() const override
    {
        const std::scoped_lock lock(m_server.m_mutex);
        return {.readRange = true, .follow = m_server.m_canFollow};
    }

    core::Result<std::vector<core::CatalogEntry>> catalog(std::stop_token) override
    {
        const std::scoped_lock lock(m_server.m_mutex);
        if (m_server.m_error) {
            return std::unexpected(*m_server.m_error);
        }
        return std::vector<core::CatalogEntry>{{.name = "stream", .count = m_server.m_events}};
    }

    core::Result<core::ScanReceipt> read(const core::ReadRange&, core::EventSink& sink, std::stop_token) override
    {
        std::int64_t next = 0;
        deliver(next, sink);
        return core::ScanReceipt{.scanned = static_cast<std::uint64_t>(next), .complete = true};
    }

    core::Status follow(const core::FollowStart& start, core::EventSink& sink, std::stop_token stop) override
    {
        std::int64_t next = start.position + 1;
        m_server.change([&] {
            next = start.position == core::SourceEvent::kNone ? m_server.m_events : next;
            ++m_server.m_followers;
            m_server.m_startCursor = start.cursor;
            m_server.m_followerThread = std::this_thread::get_id();
        });
        while (!stop.stop_requested()) {
            if (!deliver(next, sink) || !sink.tick()) {
                return {};
            }
            std::unique_lock lock(m_server.m_mutex);
            if (m_server.m_error) {
                return std::unexpected(*m_server.m_error);
            }
            // Short, so that jobs and refreshes of the tick get their turn.
            m_server.m_changed.wait_for(
                lock, stop, std::chrono::milliseconds{5}, [&] { return m_server.m_events > next || m_server.m_error; });
        }
        return {};
    }

    std::string cursor() const override { return m_cursor; }

    core::Result<core::Probe> probe(std::stop_token) override
    {
        const std::scoped_lock lock(m_server.m_mutex);
        return core::Probe{.lastPosition = m_server.m_events - 1};
    }

private:
    bool deliver(std::int64_t& next, core::EventSink& sink)
    {
        std::vector<core::SourceEvent> batch;
        {
            const std::scoped_lock lock(m_server.m_mutex);
            for (; next < m_server.m_events; ++next) {
                batch.push_back({.source = m_name, .stream = "stream", .position = next, .version = next + 1});
            }
        }
        m_cursor = "behind " + std::to_string(next);
        return batch.empty() || sink.deliver(batch);
    }

    ScriptedServer& m_server;
    const std::string m_name = "scripted";
    std::string m_cursor;
};

inline core::SourceFactory ScriptedServer::factory()
{
    return [this]() -> core::Result<std::unique_ptr<core::Source>> {
        {
            const std::scoped_lock lock(m_mutex);
            if (m_error) {
                return std::unexpected(*m_error);
            }
        }
        return std::unique_ptr<core::Source>(std::make_unique<ScriptedSource>(*this));
    };
}

} // namespace eventscope::test
