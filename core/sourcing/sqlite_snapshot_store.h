// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/snapshot_store.h"
#include "sourcing/sqlite_database.h"

#include <memory>

namespace eventscope::core {

/// Snapshots in a table of their own (snapshots), beside the events or in any other file. // any thread
class SqliteSnapshotStore final : public SnapshotStore {
public:
    /// A read-only database without the table has no snapshots; that is no error.
    static Result<std::unique_ptr<SqliteSnapshotStore>> open(std::shared_ptr<SqliteDatabase> database);

    Result<std::optional<Snapshot>> load(std::string_view stream) const override;
    Status save(std::string_view stream, const Snapshot& snapshot) override;
    Status remove(std::string_view stream) override;

private:
    SqliteSnapshotStore(std::shared_ptr<SqliteDatabase> database, bool hasTable);

    const std::shared_ptr<SqliteDatabase> m_database;
    const bool m_hasTable;
};

} // namespace eventscope::core
