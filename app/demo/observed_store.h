// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/event_store.h"

#include <functional>
#include <memory>
#include <utility>

namespace eventscope::app {

/// An event store that tells of every append once it is committed, on the thread that made it: whoever
/// is told may count on the events. Everything else goes straight through. // any thread
class ObservedStore final : public core::EventStore {
public:
    using StoredFunction = std::function<void(const core::StreamAppend&, const core::AppendResult&)>;

    ObservedStore(std::shared_ptr<core::EventStore> store, StoredFunction onStored)
        : m_store(std::move(store)), m_onStored(std::move(onStored))
    {
    }

    core::Result<std::vector<core::AppendResult>> appendAll(std::span<const core::StreamAppend> appends) override
    {
        auto results = m_store->appendAll(appends);
        for (std::size_t i = 0; results && m_onStored && i < appends.size(); ++i) {
            m_onStored(appends[i], (*results)[i]);
        }
        return results;
    }

    core::Status visitStream(
        std::string_view stream, const core::ReadStreamOptions& options, const core::EventVisitor& visit) const override
    {
        return m_store->visitStream(stream, options, visit);
    }
    core::Result<core::ReadAllEnd> visitAll(
        const core::ReadAllOptions& options, const core::EventVisitor& visit) const override
    {
        return m_store->visitAll(options, visit);
    }
    core::Result<core::StreamVersion> streamVersion(std::string_view stream) const override
    {
        return m_store->streamVersion(stream);
    }
    core::Result<core::GlobalPosition> lastPosition() const override { return m_store->lastPosition(); }
    core::Result<std::vector<core::StreamInfo>> streams(
        std::string_view after, std::size_t limit, std::string_view category) const override
    {
        return m_store->streams(after, limit, category);
    }
    core::Result<std::optional<core::RecordedEvent>> findById(std::string_view eventId) const override
    {
        return m_store->findById(eventId);
    }
    std::shared_ptr<void> onAppended(std::function<void()> bell) override
    {
        return m_store->onAppended(std::move(bell));
    }

private:
    const std::shared_ptr<core::EventStore> m_store;
    const StoredFunction m_onStored;
};

} // namespace eventscope::app
