// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "postgres_event_store.h"
#include "postgres_order_read_model.h"
#include "postgres_outbox.h"

#include "order_read_model_contract.h"
#include "outbox_contract.h"
#include "test_server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace eventscope::test {

namespace {

using postgres::PgAccess;
using postgres::PostgresEventStore;
using postgres::PostgresOrderReadModel;
using postgres::PostgresOutbox;

class PostgresModelFixture {
public:
    core::OrderReadModel& model() { return *m_model; }

private:
    TestSchema m_schema;
    std::unique_ptr<PostgresOrderReadModel> m_model
        = PostgresOrderReadModel::open(testLogin(), PgAccess::Write, m_schema.name()).value();
};

class PostgresOutboxFixture {
public:
    core::EventStore& store() { return *m_store; }
    core::Outbox& outbox() { return *m_outbox; }
    std::unique_ptr<PostgresOutbox> another(std::chrono::milliseconds lease = std::chrono::seconds(30))
    {
        return PostgresOutbox::open(testLogin(), {.schema = m_schema.name(), .owner = {}, .lease = lease}).value();
    }

private:
    TestSchema m_schema;
    std::shared_ptr<PostgresEventStore> m_store = PostgresEventStore::open(
        testLogin(), {.access = PgAccess::Write, .createTable = true, .schema = m_schema.name(), .outbox = true})
                                                      .value();
    std::unique_ptr<PostgresOutbox> m_outbox = another();
};

} // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, OrderReadModelContract, PostgresModelFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, OutboxContract, PostgresOutboxFixture);

TEST(PostgresOutbox, GivesEachEventToOneRelayAndAStreamToOneAtATime)
{
    PostgresOutboxFixture fixture;
    const auto append = [&](const std::string& stream, const std::string& id) {
        ASSERT_TRUE(fixture.store().append(stream, core::ExpectedVersion::any(), {{newEvent(id)}}));
    };
    append("order-1", "a1");
    append("order-2", "b1");
    const auto first = fixture.another(), second = fixture.another();
    EXPECT_EQ(joinedIds(first->pending(1).value()), "a1");
    append("order-1", "a2");
    EXPECT_EQ(joinedIds(second->pending(10).value()), "b1") << "a2 must wait for a1";
    EXPECT_EQ(joinedIds(first->pending(10).value()), "a1 a2");
    EXPECT_EQ(joinedIds(first->pending(10).value()), "a1 a2") << "what it has stays its own";
    EXPECT_EQ(fixture.outbox().backlog(), 3U);
}

TEST(PostgresOutbox, TakesOverWhatADeadRelayHeld)
{
    PostgresOutboxFixture fixture;
    ASSERT_TRUE(fixture.store().append("order-1", core::ExpectedVersion::any(), {{newEvent("a")}}));
    const auto dying = fixture.another(std::chrono::milliseconds(0));
    EXPECT_EQ(joinedIds(dying->pending(10).value()), "a");
    EXPECT_EQ(joinedIds(fixture.outbox().pending(10).value()), "a");
}

TEST(PostgresOutbox, IsEmptiedBySeveralRelaysEachEventOnceAndEachStreamInOrder)
{
    constexpr int kRelays = 4, kStreams = 6, kEach = 20;
    PostgresOutboxFixture fixture;
    for (int i = 0; i < kEach; ++i) {
        for (int s = 0; s < kStreams; ++s) {
            const std::string stream = "order-" + std::to_string(s);
            ASSERT_TRUE(fixture.store().append(
                stream, core::ExpectedVersion::any(), {{newEvent(stream + "/" + std::to_string(i))}}));
        }
    }
    std::mutex mutex;
    std::vector<core::RecordedEvent> published;
    {
        std::vector<std::jthread> relays;
        for (int r = 0; r < kRelays; ++r) {
            relays.emplace_back([&] {
                const auto outbox = fixture.another();
                while (outbox->backlog().value() > 0) {
                    const auto events = outbox->pending(5).value();
                    std::vector<core::GlobalPosition> done;
                    {
                        const std::scoped_lock lock(mutex);
                        published.insert(published.end(), events.begin(), events.end());
                    }
                    for (const core::RecordedEvent& event : events)
                        done.push_back(event.position);
                    ASSERT_TRUE(outbox->markPublished(done));
                }
            });
        }
    }
    EXPECT_EQ(published.size(), static_cast<std::size_t>(kStreams * kEach));
    std::map<std::string, std::int64_t> versions;
    for (const core::RecordedEvent& event : published)
        EXPECT_EQ(event.version.value, ++versions[event.stream]) << event.stream;
}

} // namespace eventscope::test
