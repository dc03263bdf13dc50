// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/memory_idempotency_store.h"
#include "sourcing/sqlite_idempotency_store.h"

#include "forked_process.h"
#include "idempotency_store_contract.h"
#include "temp_dir.h"

#include <chrono>
#include <memory>
#include <string>

using namespace eventscope;
using namespace eventscope::test;

namespace {

constexpr core::Timestamp kStart{std::chrono::seconds{1'790'000'000}};

std::shared_ptr<core::SqliteDatabase> openDatabase(const std::filesystem::path& path)
{
    return core::SqliteDatabase::open(path, {.access = core::SqliteAccess::Create, .durable = false}).value();
}

class Clocked {
public:
    core::Timestamp now() const { return m_clock.now(); }
    void pass(std::chrono::milliseconds time) { m_clock.advance(time); }

protected:
    core::ManualClock m_clock{kStart};
};

class MemoryFixture : public Clocked {
public:
    core::IdempotencyStore& store() { return m_store; }

private:
    core::MemoryIdempotencyStore m_store{m_clock};
};

class SqliteFixture : public Clocked {
public:
    core::IdempotencyStore& store() { return *m_store; }

private:
    TempDir m_folder;
    std::unique_ptr<core::SqliteIdempotencyStore> m_store
        = core::SqliteIdempotencyStore::open(openDatabase(m_folder / "a.db"), m_clock).value();
};

} // namespace

namespace eventscope::test {

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, IdempotencyStoreContract, MemoryFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, IdempotencyStoreContract, SqliteFixture);

} // namespace eventscope::test

TEST(SqliteIdempotencyStore, RemembersOverAReopeningAndForgetsWhatIsPastItsTime)
{
    const TempDir folder;
    core::ManualClock clock{kStart};
    for (int i = 0; i < 50; ++i) {
        const auto store = core::SqliteIdempotencyStore::open(openDatabase(folder / "a.db"), clock).value();
        const auto claim = store->claim(std::to_string(i), std::chrono::seconds(1));
        ASSERT_TRUE(claim);
        ASSERT_TRUE(store->complete(std::to_string(i), claim->token, std::chrono::hours(1)));
    }
    const auto database = openDatabase(folder / "a.db");
    const auto store = core::SqliteIdempotencyStore::open(database, clock).value();
    EXPECT_EQ(store->claim("7", std::chrono::seconds(1))->state, core::Claim::State::AlreadyDone);
    clock.advance(std::chrono::hours(2));
    for (int i = 0; i < 50; ++i)
        ASSERT_TRUE(store->claim("new " + std::to_string(i), std::chrono::hours(1)));
    EXPECT_EQ(database->read()->connection().integer("SELECT count(*) FROM handled_keys"), 50);
}

TEST(SqliteIdempotencyStore, LetsTwoProcessesHaveExactlyOneEffectForEachKey)
{
    const TempDir folder;
    {
        const auto made = openDatabase(folder / "a.db");
    }
    const auto work = [&](const std::string& who) {
        core::SystemClock clock;
        const auto database = openDatabase(folder / "a.db");
        const auto store = core::SqliteIdempotencyStore::open(database, clock).value();
        if (!database->ensureTable("effects", "CREATE TABLE effects (key TEXT, who TEXT)"))
            return 1;
        for (int i = 0; i < 100;) {
            const std::string key = std::to_string(i);
            const auto claim = store->claim(key, std::chrono::minutes(10));
            if (!claim)
                return 2;
            if (claim->state == core::Claim::State::HeldByOther)
                continue;
            ++i;
            if (claim->state == core::Claim::State::AlreadyDone)
                continue;
            auto write = database->write();
            auto insert = write->connection().prepared("INSERT INTO effects VALUES (?1, ?2)");
            if (!(*insert)->bind(1, key).bind(2, who).run() || !write->commit())
                return 3;
            {
                const auto ended = std::move(*write);
            }
            if (!store->complete(key, claim->token))
                return 4;
        }
        return 0;
    };
    ForkedProcess other([&] { return work("they"); });
    EXPECT_EQ(work("we"), 0);
    EXPECT_EQ(other.wait(), 0);
    const auto database = openDatabase(folder / "a.db");
    EXPECT_EQ(database->read()->connection().integer("SELECT count(*) FROM effects"), 100);
    EXPECT_EQ(database->read()->connection().integer("SELECT count(DISTINCT key) FROM effects"), 100);
}

TEST(SqliteIdempotencyStore, SaysThatClaimingNeedsAWritableFile)
{
    const TempDir folder;
    const core::ManualClock clock{kStart};
    {
        const auto made = openDatabase(folder / "a.db");
    }
    const auto store
        = core::SqliteIdempotencyStore::open(core::SqliteDatabase::open(folder / "a.db", {}).value(), clock);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, core::ErrorCode::ReadOnly);
}
