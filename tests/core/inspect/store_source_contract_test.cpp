// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/store_source.h"
#include "new_events.h"
#include "source_contract.h"
#include "sourcing/memory_event_store.h"
#include "sourcing/sqlite_database.h"
#include "sourcing/sqlite_event_store.h"
#include "temp_dir.h"

#include <memory>
#include <string>
#include <utility>

namespace eventscope::test {

namespace {

class StoreFixture {
public:
    explicit StoreFixture(std::shared_ptr<core::EventStore> store) : m_store(std::move(store)) { }

    core::Source& source() { return m_source; }

    void add(const ContractEvent& event)
    {
        core::NewEvent added = newEvent(event.id, event.type, event.data);
        added.time = event.time;
        added.metadata.correlationId = event.correlationId;
        ASSERT_TRUE(m_store->append(event.stream, core::ExpectedVersion::any(), {&added, 1}));
    }

    std::string footprint() const
    {
        std::string all;
        EXPECT_TRUE(m_store->visitAll({}, [&all](const core::EventView& row) {
            all += std::string(row.id) + " ";
            return true;
        }));
        return all;
    }

private:
    std::shared_ptr<core::EventStore> m_store;
    core::StoreSource m_source{"shop", {.events = m_store}, {.poll = std::chrono::milliseconds(2)}};
};

struct MemoryStoreFixture : StoreFixture {
    MemoryStoreFixture() : StoreFixture(std::make_shared<core::MemoryEventStore>()) { }
};

struct InFolder {
    TempDir folder;
};

struct SqliteStoreFixture : InFolder, StoreFixture {
    SqliteStoreFixture() : StoreFixture(open(folder / "shop.db")) { }

private:
    static std::shared_ptr<core::EventStore> open(const std::filesystem::path& path)
    {
        const auto database
            = core::SqliteDatabase::open(path, {.access = core::SqliteAccess::Create, .durable = false}).value();
        return core::SqliteEventStore::open(database).value();
    }
};

} // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(MemoryStore, SourceContract, MemoryStoreFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(SqliteStore, SourceContract, SqliteStoreFixture);

} // namespace eventscope::test
