// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/error.h"
#include "event/ids.h"
#include "sourcing/aggregate.h"
#include "sourcing/event_store.h"
#include "sourcing/snapshot_store.h"
#include "sourcing/upcaster.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace eventscope::core {

struct SnapshotRecord;

/// Loads aggregates from their streams and saves what they raised; Repository is the typed front.
/// What it is given must outlive it. // any thread, an aggregate on one at a time
class AggregateStore {
public:
    struct Snapshots {
        SnapshotStore* store = nullptr; ///< nullptr: none are kept
        std::int64_t every = 100;       ///< events after which a new one is made: what a load costs at most
    };

    AggregateStore(EventStore& events, const UpcasterChain& upcasters, const Clock& clock, IdGenerator& ids);
    AggregateStore(
        EventStore& events, const UpcasterChain& upcasters, const Clock& clock, IdGenerator& ids, Snapshots snapshots);

    /// Brings a fresh aggregate to its stream's present. NotFound for a stream without events.
    Status load(Aggregate& aggregate, std::string_view stream);

    /// Appends what is uncommitted at the version the aggregate was loaded with, then marks it
    /// committed. Ids, times and metadata (of the current MessageContext) are given on the first try
    /// and kept, so that a save that ended InDoubt may be repeated with the same aggregate. After
    /// WrongExpectedVersion the aggregate is stale: load it afresh and decide again.
    Status save(Aggregate& aggregate, std::string_view stream);

    struct Counters {
        std::uint64_t loads = 0;
        std::uint64_t eventsReplayed = 0;
        std::uint64_t snapshotsUsed = 0;
        std::uint64_t snapshotsRefused = 0; ///< of other code, damaged or not of this stream: replayed in full instead
        std::uint64_t snapshotsSaved = 0;
        std::uint64_t snapshotsNotSaved = 0; ///< the snapshot store failed; the events are safe
    };
    Counters counters() const;

private:
    struct Tail;

    std::optional<Snapshot> findSnapshot(const Aggregate& aggregate, std::string_view stream, SnapshotRecord& record);
    bool loadFromSnapshot(Aggregate& aggregate, std::string_view stream, Tail& tail, Status& status);
    Status replay(Aggregate& aggregate, std::string_view stream, Tail& tail);
    Status replayOne(Aggregate& aggregate, const EventView& event) const;
    void stamp(Aggregate& aggregate);
    void saveSnapshot(const Aggregate& aggregate, std::string_view stream, std::string_view lastEventId);
    void refuseSnapshot(std::string_view stream);
    std::string fingerprintOf(const Aggregate& aggregate) const;

    EventStore& m_events;
    const UpcasterChain& m_upcasters;
    const Clock& m_clock;
    IdGenerator& m_ids;
    Snapshots m_snapshots;

    std::atomic<std::uint64_t> m_loads = 0;
    std::atomic<std::uint64_t> m_eventsReplayed = 0;
    std::atomic<std::uint64_t> m_snapshotsUsed = 0;
    std::atomic<std::uint64_t> m_snapshotsRefused = 0;
    std::atomic<std::uint64_t> m_snapshotsSaved = 0;
    std::atomic<std::uint64_t> m_snapshotsNotSaved = 0;
};

} // namespace eventscope::core
