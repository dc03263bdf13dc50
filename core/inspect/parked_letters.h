// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/dead_letter_queue.h"
#include "sourcing/dead_letter_store.h"

namespace eventscope::core {

class EventStore;
class RedeliveryQueue;

/// The convention name of our own dead letters.
inline constexpr std::string_view kParkedConvention = "eventscope";

/// A parked event as a dead letter, and back without loss. What an event carries beside its data
/// becomes headers: correlationId, causationId, userId, schemaVersion and version (each only when
/// known, version always and last), then the event's own.
DeadLetter toDeadLetter(const ParkedEvent& parked);
ParkedEvent toParkedEvent(const DeadLetter& letter);

/// The dead letters of an event store: parked by the in-process bus, requeued through the
/// redelivery queue to the handler that refused them, or to another handler by name.
class ParkedLetters final : public DeadLetterQueue {
public:
    /// `events` may be null: then newer events of the same stream are not known. All outlive this.
    ParkedLetters(DeadLetterStore& letters, RedeliveryQueue& redeliveries, const EventStore* events);

    Capabilities capabilities() const override;
    Result<std::vector<DeadLetter>> list(std::string_view queue, std::stop_token stop) override;
    Status send(const Requeue& requeue) override;
    Status acknowledge(const DeadLetter& letter) override;
    Status discard(const DeadLetter& letter) override;
    Status restore(const DeadLetter& letter) override;
    Result<SendState> settle(std::string_view sendId, const DeadLetter& letter) override;
    Result<std::optional<std::size_t>> newerOfSameKey(const DeadLetter& letter) override;

private:
    DeadLetterStore& m_letters;
    RedeliveryQueue& m_redeliveries;
    const EventStore* m_events;
};

} // namespace eventscope::core
