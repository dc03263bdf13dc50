// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/aggregate_store.h"

#include "event/message_context.h"
#include "sourcing/snapshot_record.h"

#include <fmt/core.h>

#include <cassert>
#include <utility>

namespace eventscope::core {

/// What a replay of a stream's end saw.
struct AggregateStore::Tail {
    StreamVersion from{1};    ///< the first version to read
    std::string knownEventId; ///< of the event at `from` when a snapshot holds it already; else empty
    bool knownEventSeen = false;
    std::string lastEventId;
    std::int64_t replayed = 0;
};

AggregateStore::AggregateStore(EventStore& events, const UpcasterChain& upcasters, const Clock& clock, IdGenerator& ids)
    : AggregateStore(events, upcasters, clock, ids, Snapshots())
{
}

AggregateStore::AggregateStore(
    EventStore& events, const UpcasterChain& upcasters, const Clock& clock, IdGenerator& ids, Snapshots snapshots)
    : m_events(events), m_upcasters(upcasters), m_clock(clock), m_ids(ids), m_snapshots(snapshots)
{
    assert(m_snapshots.every > 0);
}

Status AggregateStore::load(Aggregate& aggregate, std::string_view stream)
{
    assert(aggregate.version().value == 0);
    ++m_loads;
    Tail tail;
    Status status;
    if (!loadFromSnapshot(aggregate, stream, tail, status)) {
        tail = Tail();
        status = replay(aggregate, stream, tail);
    }
    if (!status) {
        aggregate.reset();
        return status;
    }
    if (tail.replayed >= m_snapshots.every)
        saveSnapshot(aggregate, stream, tail.lastEventId);
    return {};
}

std::string AggregateStore::fingerprintOf(const Aggregate& aggregate) const
{
    return fmt::format("{}|{}", aggregate.stateFingerprint(), m_upcasters.fingerprint());
}

std::optional<Snapshot> AggregateStore::findSnapshot(
    const Aggregate& aggregate, std::string_view stream, SnapshotRecord& record)
{
    Result<std::optional<Snapshot>> found = m_snapshots.store->load(stream);
    if (found && !*found)
        return std::nullopt;
    if (found && (*found)->fingerprint == fingerprintOf(aggregate) && (*found)->version.value > 0) {
        if (Result<SnapshotRecord> parsed = SnapshotRecord::parse((*found)->state)) {
            record = std::move(*parsed);
            return std::move(*found);
        }
    }
    refuseSnapshot(stream);
    return std::nullopt;
}

/// False when no snapshot could be used; the aggregate is untouched then.
bool AggregateStore::loadFromSnapshot(Aggregate& aggregate, std::string_view stream, Tail& tail, Status& status)
{
    if (!m_snapshots.store)
        return false;
    SnapshotRecord record;
    const std::optional<Snapshot> snapshot = findSnapshot(aggregate, stream, record);
    if (!snapshot)
        return false;
    if (aggregate.restore(snapshot->version, record.state)) {
        tail.from = snapshot->version;
        tail.knownEventId = std::move(record.lastEventId);
        status = replay(aggregate, stream, tail);
        if (tail.knownEventSeen) {
            ++m_snapshotsUsed;
            return true;
        }
        aggregate.reset();
    }
    refuseSnapshot(stream);
    return false;
}

/// Reads the stream from tail.from to its end. Where a snapshot holds the event at tail.from, that
/// one is only compared; when it is another, the replay stops there.
Status AggregateStore::replay(Aggregate& aggregate, std::string_view stream, Tail& tail)
{
    Status applied;
    const Status read = m_events.visitStream(stream, {.from = tail.from}, [&](const EventView& event) {
        if (!tail.knownEventId.empty() && !tail.knownEventSeen) {
            tail.knownEventSeen = event.version == tail.from && event.id == tail.knownEventId;
            tail.lastEventId = event.id;
            return tail.knownEventSeen;
        }
        applied = replayOne(aggregate, event);
        tail.lastEventId = event.id;
        ++tail.replayed;
        return applied.has_value();
    });
    m_eventsReplayed += static_cast<std::uint64_t>(tail.replayed);
    return read ? applied : read;
}

Status AggregateStore::replayOne(Aggregate& aggregate, const EventView& event) const
{
    if (event.version != aggregate.version().next()) {
        return fail(ErrorCode::Corrupt,
            fmt::format("{} goes from version {} to {}; events are missing or doubled", event.stream,
                aggregate.version().value, event.version.value));
    }
    Metadata metadata;
    int schemaVersion = 1;
    if (m_upcasters.knows(event.type))
        metadataFromJson(event.metadata, metadata, schemaVersion);
    const auto inContext = [&](const Error& error) {
        return fail(error.code, fmt::format("{} version {}: {}", event.stream, event.version.value, error.message));
    };
    const Result<Json> data = m_upcasters.upcast(event.type, schemaVersion, event.data);
    if (!data)
        return inContext(data.error());
    if (const Status applied = aggregate.replay(event.type, *data); !applied)
        return inContext(applied.error());
    return {};
}

Status AggregateStore::save(Aggregate& aggregate, std::string_view stream)
{
    if (aggregate.uncommitted().empty())
        return {};
    stamp(aggregate);
    const StreamVersion before = aggregate.committedVersion();
    const Result<AppendResult> appended
        = m_events.append(stream, ExpectedVersion::exactly(before), aggregate.uncommitted());
    if (!appended)
        return std::unexpected(appended.error());
    assert(appended->lastVersion == aggregate.version());
    const std::string lastEventId = aggregate.uncommitted().back().id;
    aggregate.markCommitted();
    const bool due = before.value / m_snapshots.every != aggregate.version().value / m_snapshots.every;
    if (due)
        saveSnapshot(aggregate, stream, lastEventId);
    return {};
}

void AggregateStore::stamp(Aggregate& aggregate)
{
    const Timestamp now = m_clock.now();
    for (NewEvent& event : aggregate.uncommitted()) {
        if (!event.id.empty())
            continue;
        event.id = m_ids.next();
        event.time = now;
        stampMetadata(event.metadata, aggregate.uncommitted().front().id); // one save, one flow
    }
}

void AggregateStore::saveSnapshot(const Aggregate& aggregate, std::string_view stream, std::string_view lastEventId)
{
    if (!m_snapshots.store)
        return;
    const SnapshotRecord record{.lastEventId = std::string(lastEventId), .state = aggregate.state()};
    const Status saved = m_snapshots.store->save(
        stream, {.version = aggregate.version(), .fingerprint = fingerprintOf(aggregate), .state = record.toJson()});
    ++(saved ? m_snapshotsSaved : m_snapshotsNotSaved);
}

void AggregateStore::refuseSnapshot(std::string_view stream)
{
    ++m_snapshotsRefused;
    // Should it fail, the next load meets the same snapshot and refuses it again.
    [[maybe_unused]] const Status removed = m_snapshots.store->remove(stream);
}

AggregateStore::Counters AggregateStore::counters() const
{
    return {.loads = m_loads,
        .eventsReplayed = m_eventsReplayed,
        .snapshotsUsed = m_snapshotsUsed,
        .snapshotsRefused = m_snapshotsRefused,
        .snapshotsSaved = m_snapshotsSaved,
        .snapshotsNotSaved = m_snapshotsNotSaved};
}

} // namespace eventscope::core
