// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "postgres_event_store.h"

#include "event_store_append_contract.h"
#include "event_store_contract.h"
#include "event_store_threads_contract.h"
#include "test_server.h"

#include <gtest/gtest.h>

namespace eventscope::test {

namespace {

using postgres::PgAccess;
using postgres::PostgresEventStore;

std::shared_ptr<PostgresEventStore> openStore(const TestSchema& schema, PgAccess access = PgAccess::Write)
{
    auto store = PostgresEventStore::open(
        testLogin(), {.access = access, .createTable = access == PgAccess::Write, .schema = schema.name()});
    EXPECT_TRUE(store) << store.error().message;
    return store.value_or(nullptr);
}

class PostgresFixture {
public:
    core::EventStore& store() { return *m_store; }

private:
    TestSchema m_schema;
    std::shared_ptr<PostgresEventStore> m_store = openStore(m_schema);
};

} // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, EventStoreContract, PostgresFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, EventStoreAppendContract, PostgresFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, EventStoreThreadsContract, PostgresFixture);

} // namespace eventscope::test
