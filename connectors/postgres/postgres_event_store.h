// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/bell.h"
#include "pg_login.h"
#include "sourcing/event_store.h"

#include <functional>
#include <memory>
#include <string>

namespace eventscope::postgres {

/// Events in a PostgreSQL table:
///
///     events (id BIGSERIAL PRIMARY KEY, event_id UUID NOT NULL UNIQUE, stream_id VARCHAR(255) NOT NULL,
///             event_type VARCHAR(255) NOT NULL, version INTEGER NOT NULL, data JSONB NOT NULL, metadata JSONB,
///             created_at TIMESTAMP NOT NULL DEFAULT NOW(), UNIQUE (stream_id, version))
///
/// which other services may write too. created_at is UTC. Appends are one transaction, whose first
/// statement locks its streams, so that a stream's positions grow with its versions. Reads stop at the
/// settled position: a reader that remembers the last position it saw misses nothing, whoever writes. A standby
/// does not know that position: what asks for it is Unsupported there, and a stream or an event is read as ever.
/// What jsonb and uuid would not give back as it was written is kept in the metadata (event_form.h).
///
/// Where the connection breaks during the commit, the store looks the ids up on a new one; only when
/// that fails too the answer is InDoubt. // any thread
class PostgresEventStore final : public core::EventStore {
public:
    struct Options {
        PgAccess access = PgAccess::Read;
        bool createTable = false; ///< when it is not there
        std::string schema{};     ///< empty: the first one of the search path that has the table
        std::string table = "events";
        bool outbox = false; ///< appends enter the table of PostgresOutbox, which must be there
    };
    /// NotFound without the table (and createTable off); NotAStore when it has other columns.
    static core::Result<std::shared_ptr<PostgresEventStore>> open(PgLogin login, Options options);
    ~PostgresEventStore() override;

    core::Result<std::vector<core::AppendResult>> appendAll(std::span<const core::StreamAppend> appends) override;

    core::Status visitStream(std::string_view stream, const core::ReadStreamOptions& options,
        const core::EventVisitor& visit) const override;
    core::Result<core::ReadAllEnd> visitAll(
        const core::ReadAllOptions& options, const core::EventVisitor& visit) const override;
    core::Result<core::StreamVersion> streamVersion(std::string_view stream) const override;
    /// The settled one: what lies behind it may still get company.
    core::Result<core::GlobalPosition> lastPosition() const override;
    core::Result<std::vector<core::StreamInfo>> streams(
        std::string_view after = {}, std::size_t limit = core::kNoLimit, std::string_view category = {}) const override;
    core::Result<std::optional<core::RecordedEvent>> findById(std::string_view eventId) const override;
    [[nodiscard]] std::shared_ptr<void> onAppended(std::function<void()> bell) override;

private:
    struct Private;
    explicit PostgresEventStore(std::unique_ptr<Private> p);
    std::unique_ptr<Private> d;
};

} // namespace eventscope::postgres
