// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/event_store.h"

#include <functional>
#include <optional>

namespace eventscope::test {

/// A store before which a test can put trouble: whatever is not overridden goes through.
class StoreWrapper : public core::EventStore {
public:
    explicit StoreWrapper(core::EventStore& inner) : m_inner(inner) { }

    /// Asked before each append; an error is returned instead of appending.
    std::function<core::Status()> beforeAppend;
    /// Asked after each append that succeeded; an error hides the success.
    std::function<core::Status()> afterAppend;

    core::Result<std::vector<core::AppendResult>> appendAll(std::span<const core::StreamAppend> appends) override
    {
        if (core::Status before = beforeAppend ? beforeAppend() : core::Status(); !before)
            return std::unexpected(before.error());
        auto result = m_inner.appendAll(appends);
        if (result && afterAppend) {
            if (core::Status after = afterAppend(); !after)
                return std::unexpected(after.error());
        }
        return result;
    }
    core::Status visitStream(
        std::string_view stream, const core::ReadStreamOptions& options, const core::EventVisitor& visit) const override
    {
        return m_inner.visitStream(stream, options, visit);
    }
    core::Result<core::ReadAllEnd> visitAll(
        const core::ReadAllOptions& options, const core::EventVisitor& visit) const override
    {
        return m_inner.visitAll(options, visit);
    }
    core::Result<core::StreamVersion> streamVersion(std::string_view stream) const override
    {
        return m_inner.streamVersion(stream);
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
    [[nodiscard]] std::shared_ptr<void> onAppended(std::function<void()> bell) override
    {
        return m_inner.onAppended(std::move(bell));
    }

private:
    core::EventStore& m_inner;
};

} // namespace eventscope::test
