// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/bell.h"
#include "sourcing/event_store.h"
#include "sourcing/name_table.h"
#include "sourcing/outbox.h"
#include "sourcing/sqlite_database.h"

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace eventscope::core {

class SqliteEventWriter;

/// Events in an SQLite file: the embedded default. Its tables:
///
///     streams        id, name, position and time of the first event
///     event_types    id, name
///     events         position (the rowid), stream, version, id (16 bytes of a UUID, or text; unique), type,
///                    time (microseconds), metadata (JSON or NULL), data
///     stream_events, recent_stream_events
///                    stream, version (unique), position: the events of a stream; the second table
///                    holds the newest ones of all streams and is carried over into the first
///     category_blocks
///                    category, block (of 256 positions, where it has events)
///     outbox         position
///
/// Positions are dense: there is one writer, and events are never deleted. What must agree with the
/// events but is not written by the store (read models, checkpoints) lies in the same database and is
/// written there with SqliteDatabase::write(). // any thread
class SqliteEventStore final : public EventStore, public Outbox {
public:
    struct Options {
        bool outbox = false; ///< appends enter the outbox from now on
    };
    /// Makes the tables when the database may be written; NotAStore when it may not and has none,
    /// UnsupportedVersion when they are those of format 1.
    static Result<std::shared_ptr<SqliteEventStore>> open(std::shared_ptr<SqliteDatabase> database, Options options);
    static Result<std::shared_ptr<SqliteEventStore>> open(std::shared_ptr<SqliteDatabase> database);
    ~SqliteEventStore() override;

    const std::shared_ptr<SqliteDatabase>& database() const { return m_database; }

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
    SqliteEventStore(std::shared_ptr<SqliteDatabase> database, Options options);

    const std::shared_ptr<SqliteDatabase> m_database;
    mutable NameTable m_streamNames, m_typeNames;
    std::unique_ptr<SqliteEventWriter> m_writer;
    Bell m_bell;
};

} // namespace eventscope::core
