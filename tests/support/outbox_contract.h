// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "new_events.h"

#include "sourcing/event_store.h"
#include "sourcing/outbox.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace eventscope::test {

/// What every Outbox keeps. The fixture type, made anew for each test, has an empty
/// `core::EventStore& store()` with its `core::Outbox& outbox()`.
template <class Fixture>
class OutboxContract : public ::testing::Test {
protected:
    core::EventStore& store() { return m_fixture.store(); }
    core::Outbox& outbox() { return m_fixture.outbox(); }

    void append(std::string_view stream, const std::vector<core::NewEvent>& events)
    {
        const auto result = store().append(stream, core::ExpectedVersion::any(), events);
        ASSERT_TRUE(result) << result.error().message;
    }
    std::string pending(std::size_t limit = core::kNoLimit, core::GlobalPosition after = {})
    {
        const auto events = outbox().pending(limit, after);
        EXPECT_TRUE(events) << events.error().message;
        return events ? joinedIds(*events) : "";
    }
    core::GlobalPosition positionOf(std::string_view id)
    {
        const auto event = store().findById(id);
        return event && *event ? (*event)->position : core::GlobalPosition{};
    }

    Fixture m_fixture;
};
TYPED_TEST_SUITE_P(OutboxContract);

TYPED_TEST_P(OutboxContract, HoldsWhatIsStoredUntilItIsPublished)
{
    EXPECT_EQ(this->pending(), "");
    EXPECT_EQ(this->outbox().backlog(), 0U);
    this->append("order-1", {newEvent("a"), newEvent("b")});
    this->append("order-2", {newEvent("c")});
    EXPECT_EQ(this->pending(), "a b c");
    EXPECT_EQ(this->pending(2), "a b");
    EXPECT_EQ(this->pending(0), "");
    EXPECT_EQ(this->outbox().backlog(), 3U);
    EXPECT_EQ(this->pending(10, this->positionOf("a")), "b c");
    EXPECT_EQ(this->pending(1, this->positionOf("a")), "b");
    EXPECT_EQ(this->pending(10, this->positionOf("c")), "");

    ASSERT_TRUE(this->outbox().markPublished({{this->positionOf("b")}}));
    EXPECT_EQ(this->pending(), "a c");
    ASSERT_TRUE(this->outbox().markPublished({{this->positionOf("a"), this->positionOf("c")}}));
    EXPECT_EQ(this->pending(), "");
    EXPECT_EQ(this->outbox().backlog(), 0U);
}

TYPED_TEST_P(OutboxContract, GivesTheEventsAsTheStoreDoes)
{
    this->append(
        "order-1", {newEvent("0190b6f0-7c1a-7000-8000-00000000abcd"), newEvent("b", "OrderShipped", "[1.50]")});
    EXPECT_EQ(this->outbox().pending(10), this->store().readAll());
}

TYPED_TEST_P(OutboxContract, ForgetsWhatItDoesNotKnowAndWhatWasMarkedTwice)
{
    this->append("order-1", {newEvent("a")});
    ASSERT_TRUE(this->outbox().markPublished({}));
    ASSERT_TRUE(this->outbox().markPublished({{core::GlobalPosition{0}, core::GlobalPosition{999}}}));
    EXPECT_EQ(this->pending(), "a");
    const std::vector<core::GlobalPosition> twice{this->positionOf("a"), this->positionOf("a")};
    ASSERT_TRUE(this->outbox().markPublished(twice));
    ASSERT_TRUE(this->outbox().markPublished(twice));
    EXPECT_EQ(this->pending(), "");
}

TYPED_TEST_P(OutboxContract, HoldsNothingOfAFailedOrRepeatedAppend)
{
    this->append("order-1", {newEvent("a")});
    ASSERT_TRUE(this->outbox().markPublished({{this->positionOf("a")}}));
    ASSERT_FALSE(this->store().append("order-1", core::ExpectedVersion::exactly({7}), {{newEvent("b")}}));
    const std::vector<core::NewEvent> good{newEvent("c")}, bad{newEvent("d")};
    const std::vector<core::StreamAppend> half{
        {"order-2", core::ExpectedVersion::noStream(), good}, {"order-1", core::ExpectedVersion::noStream(), bad}};
    ASSERT_FALSE(this->store().appendAll(half));
    const auto again = this->store().append("order-1", core::ExpectedVersion::any(), {{newEvent("a")}});
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->alreadyStored);
    EXPECT_EQ(this->pending(), "");
}

REGISTER_TYPED_TEST_SUITE_P(OutboxContract, HoldsWhatIsStoredUntilItIsPublished, GivesTheEventsAsTheStoreDoes,
    ForgetsWhatItDoesNotKnowAndWhatWasMarkedTwice, HoldsNothingOfAFailedOrRepeatedAppend);

} // namespace eventscope::test
