// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"
#include "sourcing/event_store.h"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::test {

/// A store whose process dies: at the chosen append everything stops working, and only what reached
/// the store underneath is left for whoever comes after. // any thread
class DyingStore final : public core::EventStore {
public:
    /// Counts from 1. `stored`: the append still gets through, only its answer is lost.
    struct Death {
        int append = 0;
        bool stored = false;
    };

    explicit DyingStore(core::EventStore& inner, std::optional<Death> death = std::nullopt)
        : m_inner(inner), m_death(death)
    {
    }

    int appends() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_appends;
    }
    bool isDead() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_dead;
    }

    /// The disk is back, so to say: everything works from now on.
    void revive()
    {
        const std::scoped_lock lock(m_mutex);
        m_death.reset();
        m_dead = false;
    }

    core::Result<std::vector<core::AppendResult>> appendAll(std::span<const core::StreamAppend> appends) override
    {
        const std::scoped_lock lock(m_mutex);
        if (m_dead)
            return dead();
        ++m_appends;
        const bool dies = m_death && m_death->append == m_appends;
        if (!dies)
            return m_inner.appendAll(appends);
        m_dead = true;
        if (m_death->stored)
            (void)m_inner.appendAll(appends);
        return dead();
    }

    core::Status visitStream(
        std::string_view stream, const core::ReadStreamOptions& options, const core::EventVisitor& visit) const override
    {
        return isDead() ? core::Status(dead()) : m_inner.visitStream(stream, options, visit);
    }
    core::Result<core::ReadAllEnd> visitAll(
        const core::ReadAllOptions& options, const core::EventVisitor& visit) const override
    {
        return isDead() ? core::Result<core::ReadAllEnd>(dead()) : m_inner.visitAll(options, visit);
    }
    core::Result<core::StreamVersion> streamVersion(std::string_view stream) const override
    {
        return isDead() ? core::Result<core::StreamVersion>(dead()) : m_inner.streamVersion(stream);
    }
    core::Result<core::GlobalPosition> lastPosition() const override { return m_inner.lastPosition(); }
    core::Result<std::vector<core::StreamInfo>> streams(
        std::string_view after, std::size_t limit, std::string_view category) const override
    {
        return m_inner.streams(after, limit, category);
    }
    core::Result<std::optional<core::RecordedEvent>> findById(std::string_view eventId) const override
    {
        return m_inner.findById(eventId);
    }
    std::shared_ptr<void> onAppended(std::function<void()> bell) override
    {
        return m_inner.onAppended(std::move(bell));
    }

private:
    static std::unexpected<core::Error> dead() { return core::fail(core::ErrorCode::Io, "the process died"); }

    core::EventStore& m_inner;
    std::optional<Death> m_death;
    mutable std::mutex m_mutex;
    int m_appends = 0;
    bool m_dead = false;
};

} // namespace eventscope::test
