// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/event.h"

#include "event/json.h"

#include <gtest/gtest.h>

using namespace eventscope::core;
using namespace std::chrono_literals;

namespace {

Metadata readBack(std::string_view json, int& schemaVersion)
{
    Metadata metadata;
    metadataFromJson(json, metadata, schemaVersion);
    return metadata;
}

RecordedEvent sample()
{
    RecordedEvent event;
    event.id = "018bcfe5-687b-7abc-8def-0001020304ff";
    event.type = "OrderPlaced";
    event.schemaVersion = 2;
    event.time = Timestamp(1'700'000'000'123'456us);
    event.metadata = {.correlationId = "flow", .causationId = "cmd", .userId = "ada", .headers = {{"tenant", "t\"1"}}};
    event.data = "{ \"totalAmount\" : 38.00 }";
    event.stream = "order-7f3a";
    event.version = {3};
    return event;
}

} // namespace

TEST(StreamName, HasACategoryAndAnAggregateId)
{
    EXPECT_EQ(categoryOf("order-7f3a-2"), "order");
    EXPECT_EQ(aggregateIdOf("order-7f3a-2"), "7f3a-2");
    EXPECT_EQ(categoryOf("orders"), "orders");
    EXPECT_EQ(aggregateIdOf("orders"), "orders");
    EXPECT_EQ(categoryOf("-x"), "");
    EXPECT_EQ(aggregateIdOf("order-"), "");
}

TEST(Metadata, IsWrittenAsOneFlatObject)
{
    const RecordedEvent event = sample();
    EXPECT_EQ(metadataToJson(event.metadata, 2),
        R"({"correlationId":"flow","causationId":"cmd","userId":"ada","schemaVersion":2,"tenant":"t\"1"})");
    EXPECT_EQ(metadataToJson({}, 1), "{}");
}

TEST(Metadata, ReadsBackWhateverItWrote)
{
    const std::vector<Header> lists[]
        = {{}, {{"a", "1"}}, {{"a", "1"}, {"a", "2"}}, {{"correlationId", "clash"}, {"b", ""}}, {{"headers", "x"}},
            {{"", "\x01"}}, {{"schemaVersion", "9"}}, {{"userId", ""}, {"userId", "x"}}};
    for (const auto& headers : lists) {
        for (const int schemaVersion : {1, 2}) {
            const Metadata metadata{.correlationId = "c", .causationId = {}, .userId = {}, .headers = headers};
            const std::string json = metadataToJson(metadata, schemaVersion);
            ASSERT_TRUE(isJson(json)) << json;
            int version = 0;
            EXPECT_EQ(readBack(json, version), metadata) << json;
            EXPECT_EQ(version, schemaVersion);
        }
    }
}

TEST(Metadata, OfOthersKeepsUnknownMembersAsHeaders)
{
    int version = 0;
    const Metadata metadata = readBack(
        R"({"correlationId":17,"causationId":null,"userId":{"n":1},"schemaVersion":"two","trace":"x","n":1.0,"o":{"a":[1]},"trace":"y"})",
        version);
    EXPECT_EQ(metadata.correlationId, "17");
    EXPECT_EQ(metadata.causationId, "");
    EXPECT_EQ(metadata.userId, "");
    EXPECT_EQ(version, 1);
    EXPECT_EQ(metadata.headers,
        (std::vector<Header>{{"userId", R"({"n":1})"}, {"schemaVersion", "two"}, {"trace", "x"}, {"n", "1.0"},
            {"o", R"({"a":[1]})"}, {"trace", "y"}}));
}

TEST(Metadata, ThatIsNoObjectIsKeptAsAHeader)
{
    int version = 0;
    for (const std::string text : {"[1]", "not json", "\"x\"", "{\"a\":"})
        EXPECT_EQ(readBack(text, version).headers, (std::vector<Header>{{"metadata", text}}));
    EXPECT_EQ(readBack("", version), Metadata());
    EXPECT_EQ(readBack("null", version), Metadata());
}

TEST(ClassicJson, HoldsTheEventByItsClassicNames)
{
    EXPECT_EQ(eventToClassicJson(sample()),
        R"({"eventId":"018bcfe5-687b-7abc-8def-0001020304ff","eventType":"OrderPlaced",)"
        R"("timestamp":"2023-11-14T22:13:20.123456Z","aggregateId":"7f3a","version":3,)"
        R"("data":{ "totalAmount" : 38.00 },)"
        R"("metadata":{"correlationId":"flow","causationId":"cmd","userId":"ada","schemaVersion":2,"tenant":"t\"1"},)"
        R"("stream":"order-7f3a"})");
}

TEST(ClassicJson, ReadsBackTheSameEvent)
{
    EXPECT_EQ(eventFromClassicJson(eventToClassicJson(sample())), sample());
}

TEST(ClassicJson, OfOthersMayLackWhatOnlyAStoreKnows)
{
    const auto event = eventFromClassicJson(
        R"({"eventType":"T","eventId":"e","timestamp":1700000000123,"aggregateId":"a","data":[1]})");
    ASSERT_TRUE(event);
    EXPECT_EQ(event->stream, "a");
    EXPECT_EQ(event->version.value, 0);
    EXPECT_EQ(event->time, Timestamp(1'700'000'000'123ms));
    EXPECT_EQ(event->data, "[1]");
    EXPECT_EQ(event->metadata, Metadata());
}

TEST(ClassicJson, RefusesWhatIsNoEvent)
{
    for (const std::string_view text : {"", "[]", "{}", R"({"eventId":"e"})",
             R"({"eventId":"","eventType":"T","timestamp":1})", R"({"eventId":1,"eventType":"T","timestamp":1})",
             R"({"eventId":"e","eventType":"T"})", R"({"eventId":"e","eventType":"T","timestamp":"soon"})",
             R"({"eventId":"e","eventType":"T","timestamp":1.5})",
             R"({"eventId":"e","eventType":"T","timestamp":1,"version":"x"})",
             R"({"eventId":"e","eventType":"T","timestamp":1)"}) {
        const auto event = eventFromClassicJson(text);
        ASSERT_FALSE(event) << text;
        EXPECT_EQ(event.error().code, ErrorCode::Unparsable);
    }
}
