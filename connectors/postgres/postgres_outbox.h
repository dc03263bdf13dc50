// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pg_login.h"
#include "sourcing/outbox.h"

#include <chrono>
#include <memory>
#include <string>

namespace eventscope::postgres {

/// The outbox beside a PostgresEventStore's table, for one relay:
///
///     events_outbox (position BIGINT PRIMARY KEY, stream_id VARCHAR(255) NOT NULL,
///                    claimed_by VARCHAR(64), claimed_until TIMESTAMPTZ)
///
/// Several relays, each with an outbox object of its own, share the work: what pending() gives is claimed
/// (FOR UPDATE SKIP LOCKED) for a while, and a claim that is not renewed by another pending() ends, so
/// that a relay that died holds up nothing for long. A stream's events are never claimed by two at once,
/// so each stream goes out in its order. // any thread
class PostgresOutbox final : public core::Outbox {
public:
    struct Options {
        std::string schema{};
        std::string table = "events"; ///< of the events
        std::string owner{};          ///< names the relay; empty: one of its own
        std::chrono::milliseconds lease{30'000};
    };
    /// NotFound unless a PostgresEventStore was opened with its outbox on and its tables made.
    static core::Result<std::unique_ptr<PostgresOutbox>> open(PgLogin login, Options options);
    ~PostgresOutbox() override;

    core::Result<std::vector<core::RecordedEvent>> pending(
        std::size_t limit, core::GlobalPosition after = {}) const override;
    core::Status markPublished(std::span<const core::GlobalPosition> positions) override;
    /// Of all relays.
    core::Result<std::size_t> backlog() const override;

private:
    struct Private;
    explicit PostgresOutbox(std::unique_ptr<Private> p);
    std::unique_ptr<Private> d;
};

} // namespace eventscope::postgres
