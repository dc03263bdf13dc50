// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/error.h"
#include "event/event.h"
#include "inspect/source.h"
#include "sourcing/event_store.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace eventscope::core {

/// Writes what a source delivers into an event store, in order and in transactions of some hundred
/// events. Each event keeps its stream, version, id, type, time, correlation, causation, headers and
/// data; the store gives it a position and a name of its source. What is there already (the same id
/// in the same place) is recognised, so that an import that broke off can be run again.
///
/// An event without an id gets one made of what it is, one without a time the present one.
class EventImport final : public EventSink {
public:
    enum class Versions {
        Kept,  ///< each event must be the next of its stream
        Given, ///< each event becomes the next of its stream, whatever its version was
    };
    EventImport(EventStore& store, Clock& clock, Versions versions)
        : m_store(store), m_clock(clock), m_versions(versions)
    {
    }

    /// Stops the source at the first event that cannot be written: see finish().
    bool deliver(std::span<const SourceEvent> batch) override;
    /// Writes the rest. Why it stopped, naming the event, where it did; what came before is written.
    Status finish();

    std::uint64_t written() const { return m_written; }
    std::uint64_t alreadyThere() const { return m_alreadyThere; }
    std::uint64_t withoutId() const { return m_withoutId; }
    std::uint64_t withoutTime() const { return m_withoutTime; }

private:
    struct Pending {
        std::string stream;
        ExpectedVersion expected;
        NewEvent event;
        std::string name; ///< for people
    };
    Result<Pending> toPending(const SourceEvent& event);
    Status flush();
    Status writeOneByOne();

    EventStore& m_store;
    Clock& m_clock;
    const Versions m_versions;
    std::vector<Pending> m_pending;
    std::size_t m_pendingBytes = 0;
    std::uint64_t m_written = 0, m_alreadyThere = 0, m_withoutId = 0, m_withoutTime = 0;
    std::optional<Error> m_failure;
};

} // namespace eventscope::core
