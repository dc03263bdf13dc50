// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/outbox.h"

#include <algorithm>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace eventscope::test {

/// An outbox in memory whose every call may be made to fail. // any thread
class FakeOutbox final : public core::Outbox {
public:
    /// Called before each operation; an error is its answer.
    using Guard = std::function<core::Status()>;
    void guard(Guard before, Guard after = {})
    {
        const std::scoped_lock lock(m_mutex);
        m_before = std::move(before);
        m_after = std::move(after);
    }

    void append(core::RecordedEvent event)
    {
        const std::scoped_lock lock(m_mutex);
        event.position = {++m_last};
        m_pending.push_back(std::move(event));
    }

    core::Result<std::vector<core::RecordedEvent>> pending(
        std::size_t limit, core::GlobalPosition after = {}) const override
    {
        const std::scoped_lock lock(m_mutex);
        if (const core::Status allowed = asked(m_before); !allowed)
            return std::unexpected(allowed.error());
        std::vector<core::RecordedEvent> found;
        for (const core::RecordedEvent& event : m_pending) {
            if (event.position > after && found.size() < limit)
                found.push_back(event);
        }
        return found;
    }

    core::Status markPublished(std::span<const core::GlobalPosition> positions) override
    {
        const std::scoped_lock lock(m_mutex);
        if (const core::Status allowed = asked(m_before); !allowed)
            return allowed;
        std::erase_if(m_pending, [&](const core::RecordedEvent& event) {
            return std::ranges::find(positions, event.position) != positions.end();
        });
        return asked(m_after); // written, but the answer is lost
    }

    core::Result<std::size_t> backlog() const override
    {
        const std::scoped_lock lock(m_mutex);
        return m_pending.size();
    }

private:
    static core::Status asked(const Guard& guard) { return guard ? guard() : core::Status{}; }

    mutable std::mutex m_mutex;
    Guard m_before, m_after;
    std::vector<core::RecordedEvent> m_pending;
    std::int64_t m_last = 0;
};

} // namespace eventscope::test
