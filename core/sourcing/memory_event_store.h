// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/bell.h"
#include "sourcing/append_decision.h"
#include "sourcing/event_store.h"
#include "sourcing/outbox.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace eventscope::core {

/// Events in memory, gone with the object: for tests, and for whatever need not survive. Reads visit
/// what was stored when they began; a visitor may append. // any thread
class MemoryEventStore final : public EventStore, public Outbox {
public:
    struct Options {
        bool outbox = false; ///< off: nothing is ever pending
    };
    MemoryEventStore() : MemoryEventStore(Options{}) { }
    explicit MemoryEventStore(Options options);

    Result<std::vector<AppendResult>> appendAll(std::span<const StreamAppend> appends) override;

    Status visitStream(
        std::string_view stream, const ReadStreamOptions& options, const EventVisitor& visit) const override;
    Result<ReadAllEnd> visitAll(const ReadAllOptions& options, const EventVisitor& visit) const override;
    Result<StreamVersion> streamVersion(std::string_view stream) const override;
    Result<GlobalPosition> lastPosition() const override;
    Result<std::vector<StreamInfo>> streams(
        std::string_view after = {}, std::size_t limit = kNoLimit, std::string_view category = {}) const override;
    Result<std::optional<RecordedEvent>> findById(std::string_view eventId) const override;
    [[nodiscard]] std::shared_ptr<void> onAppended(std::function<void()> bell) override;

    Result<std::vector<RecordedEvent>> pending(std::size_t limit, GlobalPosition after = {}) const override;
    Status markPublished(std::span<const GlobalPosition> positions) override;
    Result<std::size_t> backlog() const override;

private:
    struct Stored {
        std::string_view stream; // the key in m_streams
        StreamVersion version;
        GlobalPosition position;
        std::string id, type;
        Timestamp time{};
        std::string data, metadata;
    };
    // Indexes into m_events; the stream's event of version v is [v - 1].
    using Places = std::vector<std::size_t>;

    static EventView viewOf(const Stored& event);
    StreamHead headOf(std::string_view stream) const;
    void store(const StreamAppend& append);
    void forget(std::size_t count);
    std::vector<const Stored*> pick(
        const Places* places, std::size_t first, Direction direction, std::size_t limit, std::size_t size) const;

    const Options m_options;
    mutable std::shared_mutex m_mutex;
    std::deque<Stored> m_events; // position p is [p - 1]; its elements never move
    std::map<std::string, Places, std::less<>> m_streams;
    std::map<std::string, Places, std::less<>> m_categories;
    std::unordered_map<std::string_view, std::size_t> m_byId; // keys are in m_events
    std::set<GlobalPosition> m_pending;
    Bell m_bell;
};

} // namespace eventscope::core
