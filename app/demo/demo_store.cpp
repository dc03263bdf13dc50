// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demo_store.h"

namespace eventscope::app {

using core::Result;

namespace {

/// Opens one store after the other; once one of them fails, the rest is left alone.
class Opening {
public:
    template <class Pointer, class T>
    void take(Pointer& into, Result<T> opened)
    {
        if (!opened) {
            m_status = std::unexpected(opened.error());
        } else {
            into = std::move(*opened);
        }
    }
    bool isGood() const { return m_status.has_value(); }
    const core::Status& status() const { return m_status; }

private:
    core::Status m_status;
};

} // namespace

Result<DemoStore> DemoStore::open(
    const std::filesystem::path& file, core::Clock& clock, ObservedStore::StoredFunction onStored)
{
    DemoStore store;
    Opening opening;
    opening.take(store.database,
        file.empty() ? core::SqliteDatabase::temporary()
                     : core::SqliteDatabase::open(file, {.access = core::SqliteAccess::Create}));
    if (opening.isGood()) {
        opening.take(store.sqliteEvents, core::SqliteEventStore::open(store.database, {.outbox = true}));
    }
    if (opening.isGood()) {
        store.events = std::make_shared<ObservedStore>(store.sqliteEvents, std::move(onStored));
        opening.take(store.deadLetters, core::SqliteDeadLetterStore::open(store.database));
    }
    if (opening.isGood()) {
        opening.take(store.redeliveries, core::SqliteRedeliveryQueue::open(store.database));
    }
    if (opening.isGood()) {
        opening.take(store.idempotency, core::SqliteIdempotencyStore::open(store.database, clock));
    }
    if (opening.isGood()) {
        opening.take(store.snapshots, core::SqliteSnapshotStore::open(store.database));
    }
    if (opening.isGood()) {
        opening.take(store.readModel, core::SqliteOrderReadModel::open(store.database));
    }
    if (!opening.isGood()) {
        return std::unexpected(opening.status().error());
    }
    return store;
}

} // namespace eventscope::app
