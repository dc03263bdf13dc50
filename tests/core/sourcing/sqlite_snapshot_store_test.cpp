// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_snapshot_store.h"

#include "snapshot_store_contract.h"
#include "temp_dir.h"

using namespace eventscope;
using namespace eventscope::test;

namespace {

std::unique_ptr<core::SqliteSnapshotStore> openSnapshots(
    const std::filesystem::path& path, core::SqliteAccess access = core::SqliteAccess::Create)
{
    const auto database = core::SqliteDatabase::open(path, {.access = access, .durable = false});
    return std::move(core::SqliteSnapshotStore::open(database.value()).value());
}

class SqliteSnapshotFixture {
public:
    core::SnapshotStore& store() { return *m_store; }

private:
    TempDir m_folder;
    std::unique_ptr<core::SqliteSnapshotStore> m_store = openSnapshots(m_folder / "a.db");
};

} // namespace

namespace eventscope::test {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, SnapshotStoreContract, SqliteSnapshotFixture);

} // namespace eventscope::test

TEST(SqliteSnapshotStore, KeepsSnapshotsOverAReopening)
{
    const TempDir folder;
    const core::Snapshot snapshot{.version = {3}, .fingerprint = "order 1", .state = "{\"n\":1.50}"};
    ASSERT_TRUE(openSnapshots(folder / "a.db")->save("order-1", snapshot));
    EXPECT_EQ(openSnapshots(folder / "a.db", core::SqliteAccess::ReadOnly)->load("order-1"), snapshot);
}

TEST(SqliteSnapshotStore, HasNoneInAReadOnlyFileWithoutItsTable)
{
    const TempDir folder;
    ASSERT_TRUE(core::SqliteDatabase::open(folder / "a.db", {.access = core::SqliteAccess::Create}));
    const auto store = openSnapshots(folder / "a.db", core::SqliteAccess::ReadOnly);
    EXPECT_EQ(store->load("order-1"), std::nullopt);
    const core::Status saved = store->save("order-1", {});
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, core::ErrorCode::ReadOnly);
}
