// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/stored_event.h"

#include "event/event.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

using namespace eventscope::core;

namespace {

struct Found {
    std::string correlationId, causationId;
    std::vector<Header> headers;
    bool operator==(const Found&) const = default;
};

Found read(std::string_view metadata)
{
    StoredEventReader reader("demo");
    const SourceEvent event = reader.read({.stream = "order-1", .metadata = metadata});
    Found found{std::string(event.correlationId), std::string(event.causationId), {}};
    for (const HeaderView& header : event.headers)
        found.headers.push_back({std::string(header.name), std::string(header.value)});
    return found;
}

/// What the whole reader of metadata makes of it.
Found expected(std::string_view json)
{
    Metadata metadata;
    int schemaVersion = 1;
    metadataFromJson(json, metadata, schemaVersion);
    Found found{metadata.correlationId, metadata.causationId, {}};
    if (!metadata.userId.empty())
        found.headers.push_back({"userId", metadata.userId});
    if (schemaVersion != 1)
        found.headers.push_back({"schemaVersion", std::to_string(schemaVersion)});
    found.headers.insert(found.headers.end(), metadata.headers.begin(), metadata.headers.end());
    return found;
}

} // namespace

TEST(StoredEvent, TakesOverTheRow)
{
    StoredEventReader reader("demo");
    const SourceEvent event = reader.read({.stream = "order-1",
        .version = {3},
        .position = {17},
        .id = "e-1",
        .type = "OrderPlaced",
        .time = Timestamp{std::chrono::seconds{5}},
        .data = "{}",
        .metadata = R"({"correlationId":"c","causationId":"k","userId":"u","schemaVersion":2,"tenant":"eu"})"});
    EXPECT_EQ(event.source, "demo");
    EXPECT_EQ(event.stream, "order-1");
    EXPECT_EQ(event.version, 3);
    EXPECT_EQ(event.position, 17);
    EXPECT_EQ(event.id, "e-1");
    EXPECT_EQ(event.type, "OrderPlaced");
    EXPECT_EQ(event.time, Timestamp{std::chrono::seconds{5}});
    EXPECT_EQ(event.payload, "{}");
    EXPECT_FALSE(event.payloadIsNull);
    EXPECT_EQ(event.correlationId, "c");
    EXPECT_EQ(event.causationId, "k");
    ASSERT_EQ(event.headers.size(), 3u);
    EXPECT_EQ(event.headers[1].name, "schemaVersion");
    EXPECT_EQ(event.headers[2].value, "eu");
}

TEST(StoredEvent, ReadsOddMetadataAsTheWholeReaderDoes)
{
    for (const char* json :
        {"", "null", "{}", "[]", "17", "\"text\"", "{", "{} ", " {}", R"({"correlationId":"a"})",
            R"({"correlationId":"a","correlationId":"b"})", R"({"correlationId":"","correlationId":"b"})",
            R"({"correlationId":null})", R"({"correlationId":7})", R"({"correlationId":{"a":1}})",
            R"({"correlationId":"\u0061"})", R"({"correlationId":"é"})", R"({"correlationId" : "a"})",
            R"({"headers":[["a","b"],["a","c"]]})", R"({"headers":"x"})", R"({"a":"1","a":"2"})",
            R"({"schemaVersion":1})", R"({"schemaVersion":0})", R"({"schemaVersion":02})", R"({"schemaVersion":12345})",
            R"({"schemaVersion":"2"})", R"({"schemaVersion":2.0})", R"({"schemaVersion":2,"schemaVersion":3})",
            R"({"schemaVersion":1,"schemaVersion":3})", R"({"a":1,"b":true,"c":null})", R"({"a":"b",})",
            R"({"a":"b"}x)", R"({"a":"b")", R"({"a":"b" })", R"({"":""})", "{\"a\":\"\x7f\"}", "{\"a\":\"\x01\"}",
            R"({"userId":"u","userId":"v"})", R"({"tenant":"eu","userId":"u","schemaVersion":3})"}) {
        EXPECT_EQ(read(json), expected(json)) << json;
    }
}

TEST(StoredEvent, ReadsWhatStoresWrite)
{
    std::mt19937 random(7);
    const auto text = [&] {
        std::string result;
        for (auto i = random() % 12; i > 0; --i)
            result.push_back(static_cast<char>(random() % 8 == 0 ? random() % 128 : 'a' + random() % 26));
        return result;
    };
    for (int i = 0; i < 5000; ++i) {
        Metadata metadata{text(), text(), text(), {}};
        for (auto h = random() % 4; h > 0; --h)
            metadata.headers.push_back({text(), text()});
        const std::string json = metadataToJson(metadata, static_cast<int>(random() % 3 + 1));
        ASSERT_EQ(read(json), expected(json)) << json;
    }
}
