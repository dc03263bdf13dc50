// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/redelivery_relay.h"

#include "in_process_bus_fixture.h"
#include "sourcing/memory_redelivery_queue.h"
#include "sourcing/outbox_relay.h"

using namespace eventscope::core;
using namespace eventscope::test;

class RedeliveryRelayTest : public InProcessBusTest {
protected:
    void enqueue(const std::string& id, std::string_view handler, const RecordedEvent& event, int attempts = 4)
    {
        ASSERT_TRUE(m_queue.enqueue({.id = id, .queue = std::string(handler), .event = event, .attempts = attempts}));
    }

    std::size_t waiting() const { return m_queue.pending(100)->size(); }

    MemoryRedeliveryQueue m_queue;
    RedeliveryRelay m_relay{m_queue, *m_bus, m_deadLetters, m_clock, m_ids};
};

TEST_F(RedeliveryRelayTest, TakesAnEventToTheOneHandlerItFailedIn)
{
    EventInbox mail, stock;
    const auto first = subscribe("mail", "OrderPlaced", mail.handler());
    const auto second = subscribe("stock", "OrderPlaced", stock.handler());
    enqueue("send-1", "mail", eventOf("OrderPlaced", "e1"));
    ASSERT_TRUE(m_relay.deliverAll());
    EXPECT_EQ(mail.ids(), std::vector<std::string>{"e1"});
    EXPECT_TRUE(stock.ids().empty());
    EXPECT_EQ(waiting(), 0U);
}

TEST_F(RedeliveryRelayTest, ParksAnewWhatNobodyOfThatNameTakes)
{
    enqueue("send-1", "nobody", eventOf("OrderPlaced", "e1"));
    ASSERT_TRUE(m_relay.deliverAll());
    EXPECT_EQ(waiting(), 0U);
    const auto letters = parked("nobody");
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].error.code, ErrorCode::NotFound);
    EXPECT_EQ(letters[0].attempts, 4);
    EXPECT_EQ(letters[0].original.id, "e1");
}

TEST_F(RedeliveryRelayTest, PublishesAgainWhatTheOutboxCouldNot)
{
    EventInbox mail, stock;
    const auto first = subscribe("mail", "OrderPlaced", mail.handler());
    const auto second = subscribe("stock", "*", stock.handler());
    enqueue("send-1", kOutboxQueue, eventOf("OrderPlaced", "e1"));
    ASSERT_TRUE(m_relay.deliverAll());
    EXPECT_EQ(mail.ids(), std::vector<std::string>{"e1"});
    EXPECT_EQ(stock.ids(), std::vector<std::string>{"e1"});
    EXPECT_EQ(waiting(), 0U);
    EXPECT_TRUE(parked().empty());
}

TEST_F(RedeliveryRelayTest, ParksAnewWhatTheBusStillRefuses)
{
    m_bus->use("gate", [](RecordedEvent&) -> Status { return fail(ErrorCode::InvalidArgument, "no entry"); });
    enqueue("send-1", kOutboxQueue, eventOf("OrderPlaced", "e1"), 9);
    ASSERT_TRUE(m_relay.deliverAll());
    EXPECT_EQ(waiting(), 0U);
    const auto letters = parked(kOutboxQueue);
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].error.code, ErrorCode::InvalidArgument);
    EXPECT_NE(letters[0].error.message.find("no entry"), std::string::npos);
    EXPECT_EQ(letters[0].attempts, 10);
    EXPECT_NE(letters[0].id, "send-1");
}

TEST_F(RedeliveryRelayTest, KeepsWhatABusThatHasEndedDoesNotTake)
{
    m_bus->stop();
    enqueue("send-1", kOutboxQueue, eventOf("OrderPlaced", "e1"));
    EXPECT_FALSE(m_relay.deliverAll());
    EXPECT_EQ(waiting(), 1U);
    EXPECT_TRUE(parked().empty());
}
