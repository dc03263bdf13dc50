// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letter_store_contract.h"
#include "temp_dir.h"

#include "sourcing/memory_dead_letter_store.h"
#include "sourcing/sqlite_database.h"
#include "sourcing/sqlite_dead_letter_store.h"

using namespace eventscope::core;

namespace {

/// With the folder its file is in.
struct SqliteStoreInFolder {
    eventscope::test::TempDir folder;
    std::unique_ptr<SqliteDeadLetterStore> store;
};

std::shared_ptr<DeadLetterStore> inSqlite()
{
    auto made = std::make_shared<SqliteStoreInFolder>();
    auto database = SqliteDatabase::open(made->folder / "store.db", {.access = SqliteAccess::Create});
    EXPECT_TRUE(database);
    made->store = std::move(*SqliteDeadLetterStore::open(*database));
    return {made, made->store.get()};
}

std::shared_ptr<DeadLetterStore> inMemory()
{
    return std::make_shared<MemoryDeadLetterStore>();
}

} // namespace

INSTANTIATE_TEST_SUITE_P(Implementations, DeadLetterStoreContract,
    testing::Values(
        DeadLetterStoreContract::ParamType("Memory", inMemory), DeadLetterStoreContract::ParamType("Sqlite", inSqlite)),
    [](const auto& parameter) { return parameter.param.first; });

TEST(SqliteDeadLetterStore, KeepsLettersAcrossRestartsAndIsEmptyWhereThereWereNone)
{
    const eventscope::test::TempDir folder;
    ASSERT_TRUE(SqliteDatabase::open(folder / "store.db", {.access = SqliteAccess::Create}));
    {
        auto database = SqliteDatabase::open(folder / "store.db", {.access = SqliteAccess::ReadOnly});
        ASSERT_TRUE(database);
        EXPECT_TRUE((*SqliteDeadLetterStore::open(*database))->list()->empty());
    }
    ParkedEvent letter;
    letter.id = "letter-1";
    {
        auto database = SqliteDatabase::open(folder / "store.db", {.access = SqliteAccess::ReadWrite});
        ASSERT_TRUE((*SqliteDeadLetterStore::open(*database))->park(letter));
    }
    auto database = SqliteDatabase::open(folder / "store.db", {.access = SqliteAccess::ReadOnly});
    EXPECT_EQ(*(*SqliteDeadLetterStore::open(*database))->list(), std::vector{letter});
}
