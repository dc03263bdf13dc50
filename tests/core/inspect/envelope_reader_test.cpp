// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/envelope_reader.h"

#include "inspect/event_log.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace eventscope::core {
namespace {

std::vector<std::string> lines(const SourceEvent& event)
{
    std::vector<std::string> lines;
    for (const HeaderView& header : event.headers) {
        lines.push_back(std::string(header.name) + '=' + std::string(header.value));
    }
    return lines;
}

TEST(EnvelopeReader, LetsTheEnvelopeOutrankTheTransport)
{
    const std::vector<HeaderView> headers = {{"a", "1"}, {"a", "2"}};
    EnvelopeReader reader;
    const SourceEvent event = reader.read({.source = "k",
        .stream = "orders",
        .position = 7,
        .partition = 1,
        .id = "transport",
        .correlationId = "property",
        .headers = headers,
        .payload
        = R"({"eventId":"e","eventType":"T","aggregateId":"7","timestamp":"2026-01-02T03:04:05Z","data":{"x":1},"metadata":{"userId":"u"}})"});
    EXPECT_EQ(event.source, "k");
    EXPECT_EQ(event.stream, "orders");
    EXPECT_EQ(event.position, 7);
    EXPECT_EQ(event.id, "e");
    EXPECT_EQ(event.type, "T");
    EXPECT_EQ(event.correlationId, "property");
    EXPECT_EQ(formatTimestamp(event.time), "2026-01-02T03:04:05.000000Z");
    EXPECT_EQ(event.payload, R"({"x":1})");
    EXPECT_EQ(lines(event), (std::vector<std::string>{"a=1", "a=2", "aggregateId=7", "userId=u"}));
}

TEST(EnvelopeReader, TakesTheStreamFromTheEnvelopeWhereTheTransportHasNone)
{
    EnvelopeReader reader;
    const SourceEvent event = reader.read(
        {.payload = R"({"specversion":"1.0","id":"1","source":"/s","type":"T","subject":"order-7","data":1})"});
    EXPECT_EQ(event.stream, "order-7");
    EXPECT_EQ(lines(event), (std::vector<std::string>{"source=/s"}));
}

TEST(EnvelopeReader, KeepsWhatWasTriedInVainAlthoughItCouldBeRead)
{
    EnvelopeReader reader;
    const SourceEvent event = reader.read(
        {.stream = "orders", .payload = R"({"eventId":"e","eventType":"T","timestamp":"tomorrow","data":{"x":1}})"});
    EXPECT_EQ(event.payload, R"({"x":1})");
    EXPECT_TRUE(event.undecodable.empty());
    EXPECT_EQ(event.attempts, "Classic envelope: \"timestamp\" is no time that is known");
    EventLog log;
    log.append({&event, 1});
    EXPECT_EQ(log.at(0).attempts, event.attempts);
    EXPECT_EQ(log.at(0).payload, event.payload);
    EXPECT_TRUE(reader.read({.payload = R"({"eventId":"e","eventType":"T","data":1})"}).attempts.empty());
}

TEST(EnvelopeReader, SaysWhyDataBesideHeadersOfACloudEventIsNoJson)
{
    const std::vector<HeaderView> headers
        = {{"ce_specversion", "1.0"}, {"ce_id", "1"}, {"ce_source", "/s"}, {"ce_type", "T"}};
    EnvelopeReader reader;
    const SourceEvent event = reader.read({.headers = headers, .payload = "{\"a\""}, "application/json");
    EXPECT_EQ(event.type, "T");
    EXPECT_NE(event.undecodable.find("JSON: "), std::string_view::npos) << event.undecodable;
}

TEST(EnvelopeReader, SaysWhyBytesCouldNotBeDecodedAndLeavesThemAlone)
{
    EnvelopeReader reader;
    const SourceEvent event = reader.read({.stream = "orders", .payload = "{\"a\""});
    EXPECT_EQ(event.payload, "{\"a\"");
    EXPECT_FALSE(event.undecodable.empty());
    EXPECT_TRUE(reader.read({.payload = "{}"}).undecodable.empty());
}

} // namespace
} // namespace eventscope::core
