// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/memory_event_store.h"

#include "event_store_append_contract.h"
#include "event_store_contract.h"
#include "event_store_threads_contract.h"
#include "outbox_contract.h"

using namespace eventscope;
using namespace eventscope::test;

namespace {

class MemoryFixture {
public:
    core::EventStore& store() { return m_store; }
    core::Outbox& outbox() { return m_store; }

private:
    core::MemoryEventStore m_store{{.outbox = true}};
};

} // namespace

namespace eventscope::test {

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, EventStoreContract, MemoryFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, EventStoreAppendContract, MemoryFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, EventStoreThreadsContract, MemoryFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, OutboxContract, MemoryFixture);

} // namespace eventscope::test

TEST(MemoryEventStore, HasNothingPendingWithoutItsOutbox)
{
    core::MemoryEventStore store;
    ASSERT_TRUE(store.append("order-1", core::ExpectedVersion::any(), {{newEvent("a")}}));
    EXPECT_EQ(store.backlog(), 0U);
    EXPECT_TRUE(store.pending(10)->empty());
}

TEST(MemoryEventStore, VisitsMoreEventsThanItTakesAlongAtOnce)
{
    core::MemoryEventStore store;
    for (int i = 0; i < 1500; ++i)
        ASSERT_TRUE(store.append("order-1", core::ExpectedVersion::any(), {{newEvent(std::to_string(i))}}));
    for (const core::Direction direction : {core::Direction::Forward, core::Direction::Backward}) {
        const bool forward = direction == core::Direction::Forward;
        const auto stream = store.readStream("order-1", {.direction = direction, .limit = 1400});
        const auto all = store.readAll({.direction = direction, .limit = 1400, .category = "order"});
        ASSERT_TRUE(stream);
        EXPECT_EQ(stream->size(), 1400U);
        EXPECT_EQ(stream, all);
        for (std::size_t i = 0; i < stream->size(); ++i)
            ASSERT_EQ((*stream)[i].version.value, static_cast<std::int64_t>(forward ? i + 1 : 1500 - i));
    }
}
