// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_batch.h"
#include "inspect/source.h"
#include "scripted_source.h"

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eventscope::test {

/// Keeps what a source delivers; looked at from any thread.
class CollectingSink final : public core::EventSink {
public:
    bool deliver(std::span<const core::SourceEvent> batch) override
    {
        {
            const std::scoped_lock lock(m_mutex);
            for (const core::SourceEvent& event : batch)
                m_events.add(event);
            m_batches.push_back(batch.size());
        }
        m_changed.notify();
        return count() < m_wanted;
    }
    bool tick() override { return count() < m_wanted; }
    void notice(std::string_view sentence) override
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_notices.emplace_back(sentence);
        }
        m_changed.notify();
    }

    /// Refuses more as soon as it has that many.
    void stopAt(std::size_t wanted) { m_wanted = wanted; }

    std::size_t count() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_events.size();
    }
    void waitFor(std::size_t wanted)
    {
        m_changed.wait([&] { return count() >= wanted; });
    }
    std::vector<std::string> notices() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_notices;
    }
    void waitForNotice()
    {
        m_changed.wait([&] { return !notices().empty(); });
    }
    /// Only when nothing is delivered any more.
    std::span<const core::SourceEvent> events() const { return m_events.events(); }
    const std::vector<std::size_t>& batches() const { return m_batches; }

private:
    mutable std::mutex m_mutex;
    core::EventBatch m_events;
    std::vector<std::size_t> m_batches;
    std::vector<std::string> m_notices;
    std::size_t m_wanted = static_cast<std::size_t>(-1);
    ChangeWaiter m_changed;
};

} // namespace eventscope::test
