// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "new_events.h"

#include "sourcing/event_store.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace eventscope::test {

/// What every EventStore keeps to. A test program instantiates the suites of this header and of
/// event_store_append_contract.h and event_store_threads_contract.h with a fixture type, made anew
/// for each test, that has `core::EventStore& store()`, empty at first:
///
///     INSTANTIATE_TYPED_TEST_SUITE_P(Memory, EventStoreContract, MemoryStoreFixture);
///
/// Data is JSON throughout and read back byte for byte; positions need only grow, not be dense.
template <class Fixture>
class EventStoreContract : public ::testing::Test {
protected:
    core::EventStore& store() { return m_fixture.store(); }

    core::AppendResult append(std::string_view stream, const std::vector<core::NewEvent>& events)
    {
        const auto result = store().append(stream, core::ExpectedVersion::any(), events);
        EXPECT_TRUE(result) << result.error().message;
        return result.value_or(core::AppendResult{});
    }
    std::vector<core::RecordedEvent> stream(std::string_view name, const core::ReadStreamOptions& options = {})
    {
        const auto events = store().readStream(name, options);
        EXPECT_TRUE(events) << events.error().message;
        return events.value_or(std::vector<core::RecordedEvent>{});
    }
    std::vector<core::RecordedEvent> all(const core::ReadAllOptions& options = {.limit = core::kNoLimit})
    {
        const auto events = store().readAll(options);
        EXPECT_TRUE(events) << events.error().message;
        return events.value_or(std::vector<core::RecordedEvent>{});
    }
    std::string idsOf(const std::vector<core::RecordedEvent>& events) { return joinedIds(events); }

    Fixture m_fixture;
};
TYPED_TEST_SUITE_P(EventStoreContract);

TYPED_TEST_P(EventStoreContract, IsEmptyAtFirst)
{
    EXPECT_EQ(this->store().lastPosition(), core::GlobalPosition{0});
    EXPECT_EQ(this->store().streamVersion("order-1"), core::StreamVersion{0});
    EXPECT_TRUE(this->all().empty());
    EXPECT_TRUE(this->store().streams()->empty());
    EXPECT_EQ(this->store().findById("none"), std::nullopt);
    const auto missing = this->store().readStream("order-1");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, core::ErrorCode::NotFound);
    EXPECT_NE(missing.error().message.find("order-1"), std::string::npos);
}

TYPED_TEST_P(EventStoreContract, GivesBackEveryPartOfAnEvent)
{
    core::NewEvent event = newEvent("0190b6f0-7c1a-7000-8000-00000000abcd", "OrderPlaced", R"({"total" : 38.00})");
    event.schemaVersion = 2;
    event.time = core::Timestamp{std::chrono::microseconds{1'795'425'242'113'007}};
    event.metadata = {.correlationId = "flow-1",
        .causationId = "command-7",
        .userId = "ada",
        .headers = {{"traceparent", "00-4bf9"}, {"x-note", "zwei\nZeilen \"ü\""}, {"x-note", "doubled"}}};
    const core::NewEvent plain = newEvent("e-2", "OrderShipped", "null");
    const core::AppendResult result = this->append("order-7f3a", {event, plain});
    EXPECT_EQ(result.lastVersion, core::StreamVersion{2});
    EXPECT_FALSE(result.alreadyStored);

    const auto events = this->stream("order-7f3a");
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(static_cast<const core::NewEvent&>(events[0]), event);
    EXPECT_EQ(static_cast<const core::NewEvent&>(events[1]), plain);
    EXPECT_EQ(events[0].stream, "order-7f3a");
    EXPECT_EQ(events[0].version, core::StreamVersion{1});
    EXPECT_GT(events[0].position, core::GlobalPosition{0});
    EXPECT_EQ(events[1].version, core::StreamVersion{2});
    EXPECT_EQ(events[1].position, result.lastPosition);
    EXPECT_EQ(this->all(), events);
    EXPECT_EQ(this->store().findById(event.id), events[0]);
    EXPECT_EQ(this->store().findById("e-2"), events[1]);
    EXPECT_EQ(this->store().findById("E-2"), std::nullopt);
}

TYPED_TEST_P(EventStoreContract, KeepsAnyTextAsAnId)
{
    const std::vector<std::string> ids{"0190b6f0-7c1a-7000-8000-00000000abcd", "0190B6F0-7C1A-7000-8000-00000000ABCD",
        "0190b6f07c1a7000800000000000abcd", "42", " 42", "ü", std::string(16, 'x'), std::string(200, 'y'), "a'b\"c"};
    for (const std::string& id : ids)
        this->append("order-1", {newEvent(id)});
    const auto events = this->stream("order-1");
    ASSERT_EQ(events.size(), ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        EXPECT_EQ(events[i].id, ids[i]);
        EXPECT_EQ(this->store().findById(ids[i]), events[i]);
    }
}

TYPED_TEST_P(EventStoreContract, TakesOddStreamNamesApart)
{
    const std::vector<std::string> names{"order-1", "ORDER-1", "order-1 ", "order", "-", "-1", "order-", "a-b-c",
        "bestellung-ü", "日本-1", "o'rder-\"1\"", "%_-1", "order\n-1", std::string(250, 's')};
    for (std::size_t i = 0; i < names.size(); ++i)
        this->append(names[i], {newEvent("e-" + std::to_string(i))});
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto events = this->stream(names[i]);
        ASSERT_EQ(events.size(), 1U) << names[i];
        EXPECT_EQ(events[0].id, "e-" + std::to_string(i));
        EXPECT_EQ(events[0].stream, names[i]);
        EXPECT_EQ(events[0].version, core::StreamVersion{1});
    }
    const auto infos = this->store().streams();
    ASSERT_TRUE(infos);
    std::vector<std::string> listed;
    for (const core::StreamInfo& info : *infos)
        listed.push_back(info.name);
    std::vector<std::string> sorted = names;
    std::ranges::sort(sorted);
    EXPECT_EQ(listed, sorted);
}

TYPED_TEST_P(EventStoreContract, KeepsTimesFarFromNow)
{
    const std::vector<std::int64_t> times{0, -1, -62'135'596'800'000'000, 253'402'300'799'999'999};
    for (std::size_t i = 0; i < times.size(); ++i) {
        core::NewEvent event = newEvent("e-" + std::to_string(i));
        event.time = core::Timestamp{std::chrono::microseconds{times[i]}};
        this->append("order-1", {event});
    }
    const auto events = this->stream("order-1");
    ASSERT_EQ(events.size(), times.size());
    for (std::size_t i = 0; i < times.size(); ++i)
        EXPECT_EQ(events[i].time.time_since_epoch().count(), times[i]);
}

TYPED_TEST_P(EventStoreContract, KeepsBigPayloads)
{
    const std::string big = "{\"text\":\"" + std::string(5'000'000, 'x') + "\"}";
    this->append("order-1", {newEvent("e-1", "Big", big), newEvent("e-2", "Small")});
    const auto events = this->stream("order-1");
    ASSERT_EQ(events.size(), 2U);
    EXPECT_TRUE(events[0].data == big);
}

TYPED_TEST_P(EventStoreContract, KeepsAnEmbeddedNulOrRefusesIt)
{
    core::NewEvent event = newEvent("e-1", "Odd", "{}");
    event.data = std::string("\"a\0b\"", 5);
    const auto result = this->store().append("order-1", core::ExpectedVersion::any(), {{event}});
    if (result) {
        EXPECT_EQ(this->stream("order-1").at(0).data, event.data);
    } else {
        EXPECT_EQ(result.error().code, core::ErrorCode::InvalidArgument);
        EXPECT_EQ(this->store().lastPosition(), core::GlobalPosition{0});
    }
}

TYPED_TEST_P(EventStoreContract, ReadsAStreamFromAnyVersionInBothDirections)
{
    this->append("other-1", {newEvent("x")});
    this->append("order-1", {newEvent("a"), newEvent("b"), newEvent("c"), newEvent("d")});
    using Options = core::ReadStreamOptions;
    const auto read = [&](const Options& options) { return this->idsOf(this->stream("order-1", options)); };
    using core::Direction;
    EXPECT_EQ(read({}), "a b c d");
    EXPECT_EQ(read({.from = {{2}}}), "b c d");
    EXPECT_EQ(read({.from = {{4}}}), "d");
    EXPECT_EQ(read({.from = {{5}}}), "");
    EXPECT_EQ(read({.from = {{std::numeric_limits<std::int64_t>::max()}}}), "");
    EXPECT_EQ(read({.from = {{0}}}), "a b c d");
    EXPECT_EQ(read({.limit = 2}), "a b");
    EXPECT_EQ(read({.from = {{2}}, .limit = 2}), "b c");
    EXPECT_EQ(read({.limit = 0}), "");
    EXPECT_EQ(read({.direction = Direction::Backward}), "d c b a");
    EXPECT_EQ(read({.from = {{3}}, .direction = Direction::Backward}), "c b a");
    EXPECT_EQ(read({.from = {{3}}, .direction = Direction::Backward, .limit = 2}), "c b");
    EXPECT_EQ(read({.from = {{99}}, .direction = Direction::Backward, .limit = 1}), "d");
    EXPECT_EQ(read({.from = {{0}}, .direction = Direction::Backward}), "");
}

TYPED_TEST_P(EventStoreContract, StopsWhenTheVisitorHasSeenEnough)
{
    this->append("order-1", {newEvent("a"), newEvent("b"), newEvent("c")});
    std::string seen;
    const core::EventVisitor twoOnly = [&](const core::EventView& event) {
        seen += event.id;
        return seen.size() < 2;
    };
    ASSERT_TRUE(this->store().visitStream("order-1", {}, twoOnly));
    EXPECT_EQ(seen, "ab");
    seen.clear();
    const auto end = this->store().visitAll({}, twoOnly);
    ASSERT_TRUE(end);
    EXPECT_EQ(seen, "ab");
    EXPECT_EQ(end->count, 2U);
    EXPECT_FALSE(end->endReached);
    EXPECT_EQ(end->last, this->stream("order-1")[1].position);
}

TYPED_TEST_P(EventStoreContract, LetsAVisitorAppendAndReadWithoutMeetingItsOwnEvents)
{
    this->append("order-1", {newEvent("a"), newEvent("b")});
    int seen = 0;
    ASSERT_TRUE(this->store().visitAll({}, [&](const core::EventView& event) {
        ++seen;
        this->append("copy-1", {newEvent("copy of " + std::string(event.id))});
        return this->store().streamVersion("copy-1").value_or(core::StreamVersion{}).value == seen;
    }));
    EXPECT_EQ(seen, 2);
    EXPECT_EQ(this->idsOf(this->stream("copy-1")), "copy of a copy of b");
}

TYPED_TEST_P(EventStoreContract, ReadsAllEventsInTheOrderOfTheirPositions)
{
    this->append("order-1", {newEvent("a")});
    this->append("order-2", {newEvent("b"), newEvent("c")});
    this->append("order-1", {newEvent("d")});
    const auto events = this->all();
    EXPECT_EQ(this->idsOf(events), "a b c d");
    EXPECT_TRUE(std::ranges::is_sorted(events, std::ranges::less_equal{}, &core::RecordedEvent::position)
        || std::ranges::adjacent_find(events, std::ranges::greater_equal{}, &core::RecordedEvent::position)
            == events.end());
    EXPECT_EQ(this->store().lastPosition(), events.back().position);
    EXPECT_EQ(this->idsOf(this->all({.from = events[1].position, .limit = 2})), "b c");
    EXPECT_EQ(this->idsOf(this->all({.from = core::GlobalPosition{0}})), "a b c d");
    EXPECT_EQ(this->idsOf(this->all({.from = events.back().position.next()})), "");
    using core::Direction;
    EXPECT_EQ(this->idsOf(this->all({.direction = Direction::Backward})), "d c b a");
    EXPECT_EQ(this->idsOf(this->all({.from = events[1].position, .direction = Direction::Backward})), "b a");
    EXPECT_EQ(this->idsOf(this->all({.direction = Direction::Backward, .limit = 1})), "d");
    EXPECT_EQ(this->idsOf(this->all({.from = core::GlobalPosition{0}, .direction = Direction::Backward})), "");
}

TYPED_TEST_P(EventStoreContract, PagesThroughAllEventsWithoutLossOrDoubling)
{
    std::string expected;
    for (int i = 0; i < 25; ++i) {
        const std::string id = "e" + std::to_string(i);
        this->append("order-" + std::to_string(i % 3), {newEvent(id)});
        expected += (i == 0 ? "" : " ") + id;
    }
    for (const std::size_t limit : {std::size_t{1}, std::size_t{7}, std::size_t{25}, std::size_t{1000}}) {
        std::vector<std::string> ids;
        core::ReadAllOptions options{.limit = limit};
        for (;;) {
            const auto end = this->store().visitAll(options, [&](const core::EventView& event) {
                ids.emplace_back(event.id);
                return true;
            });
            ASSERT_TRUE(end);
            EXPECT_LE(end->count, limit);
            if (end->endReached)
                break;
            ASSERT_GT(end->count, 0U);
            options.from = end->last.next();
        }
        EXPECT_EQ(joined(ids), expected) << "in pages of " << limit;
    }
    const auto nothing = this->store().visitAll({.limit = 0}, [](const core::EventView&) { return true; });
    ASSERT_TRUE(nothing);
    EXPECT_EQ(nothing->count, 0U);
    EXPECT_FALSE(nothing->endReached);
}

TYPED_TEST_P(EventStoreContract, ReadsOneCategoryOnly)
{
    this->append("order-1", {newEvent("a")});
    this->append("orders-1", {newEvent("b")});
    this->append("order", {newEvent("c")});
    this->append("payment-1", {newEvent("d")});
    this->append("order-2-x", {newEvent("e"), newEvent("f")});
    this->append("ORDER-1", {newEvent("g")});
    EXPECT_EQ(this->idsOf(this->all({.category = "order"})), "a c e f");
    EXPECT_EQ(this->idsOf(this->all({.direction = core::Direction::Backward, .category = "order"})), "f e c a");
    EXPECT_EQ(this->idsOf(this->all({.limit = 2, .category = "order"})), "a c");
    EXPECT_EQ(this->idsOf(this->all({.category = "order-2"})), "");
    EXPECT_EQ(this->idsOf(this->all({.category = "nothing"})), "");
    const auto first
        = this->store().visitAll({.limit = 3, .category = "order"}, [](const core::EventView&) { return true; });
    ASSERT_TRUE(first);
    EXPECT_EQ(first->count, 3U);
    EXPECT_FALSE(first->endReached);
    EXPECT_EQ(this->idsOf(this->all({.from = first->last.next(), .category = "order"})), "f");
}

TYPED_TEST_P(EventStoreContract, ListsItsStreamsInTheOrderOfNames)
{
    core::NewEvent early = newEvent("a");
    early.time = core::Timestamp{std::chrono::microseconds{100}};
    core::NewEvent late = newEvent("d");
    late.time = core::Timestamp{std::chrono::microseconds{900}};
    this->append("order-2", {early});
    this->append("order-1", {newEvent("b"), newEvent("c")});
    this->append("payment-1", {newEvent("p")});
    this->append("order-2", {late});

    const auto infos = this->store().streams();
    ASSERT_TRUE(infos);
    ASSERT_EQ(infos->size(), 3U);
    const core::StreamInfo& second = (*infos)[1];
    EXPECT_EQ((*infos)[0].name, "order-1");
    EXPECT_EQ((*infos)[0].count, 2);
    EXPECT_EQ(second.name, "order-2");
    EXPECT_EQ(second.count, 2);
    EXPECT_EQ(second.version, core::StreamVersion{2});
    EXPECT_EQ(second.first, this->store().findById("a").value()->position);
    EXPECT_EQ(second.last, this->store().findById("d").value()->position);
    EXPECT_EQ(second.firstTime, early.time);
    EXPECT_EQ(second.lastTime, late.time);
    EXPECT_EQ((*infos)[2].name, "payment-1");

    const auto names = [&](std::string_view after, std::size_t limit, std::string_view category) {
        std::vector<std::string> found;
        const auto streams = this->store().streams(after, limit, category);
        for (const core::StreamInfo& info : *streams)
            found.push_back(info.name);
        return joined(found);
    };
    EXPECT_EQ(names("order-1", core::kNoLimit, {}), "order-2 payment-1");
    EXPECT_EQ(names("order-1a", 1, {}), "order-2");
    EXPECT_EQ(names({}, 2, {}), "order-1 order-2");
    EXPECT_EQ(names({}, 0, {}), "");
    EXPECT_EQ(names({}, core::kNoLimit, "order"), "order-1 order-2");
    EXPECT_EQ(names("order-1", core::kNoLimit, "order"), "order-2");
    EXPECT_EQ(names("payment-1", core::kNoLimit, {}), "");
}

REGISTER_TYPED_TEST_SUITE_P(EventStoreContract, IsEmptyAtFirst, GivesBackEveryPartOfAnEvent, KeepsAnyTextAsAnId,
    TakesOddStreamNamesApart, KeepsTimesFarFromNow, KeepsBigPayloads, KeepsAnEmbeddedNulOrRefusesIt,
    ReadsAStreamFromAnyVersionInBothDirections, StopsWhenTheVisitorHasSeenEnough,
    LetsAVisitorAppendAndReadWithoutMeetingItsOwnEvents, ReadsAllEventsInTheOrderOfTheirPositions,
    PagesThroughAllEventsWithoutLossOrDoubling, ReadsOneCategoryOnly, ListsItsStreamsInTheOrderOfNames);

} // namespace eventscope::test
