// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/observed_store.h"
#include "sourcing/sqlite_database.h"
#include "sourcing/sqlite_dead_letter_store.h"
#include "sourcing/sqlite_event_store.h"
#include "sourcing/sqlite_idempotency_store.h"
#include "sourcing/sqlite_order_read_model.h"
#include "sourcing/sqlite_redelivery_queue.h"
#include "sourcing/sqlite_snapshot_store.h"

#include <filesystem>
#include <memory>

namespace eventscope::app {

/// Everything the order system keeps, in one SQLite file, so that what belongs together is committed
/// together. // any thread
struct DemoStore {
    std::shared_ptr<core::SqliteDatabase> database;
    std::shared_ptr<core::SqliteEventStore> sqliteEvents; ///< with its outbox on
    std::shared_ptr<core::EventStore> events;             ///< the same, observed
    std::shared_ptr<core::DeadLetterStore> deadLetters;
    std::shared_ptr<core::RedeliveryQueue> redeliveries;
    std::unique_ptr<core::IdempotencyStore> idempotency;
    std::unique_ptr<core::SnapshotStore> snapshots;
    std::unique_ptr<core::OrderReadModel> readModel;

    /// `file` is made when it is not there; empty: a file that goes with the object.
    static core::Result<DemoStore> open(
        const std::filesystem::path& file, core::Clock& clock, ObservedStore::StoredFunction onStored);
};

} // namespace eventscope::app
