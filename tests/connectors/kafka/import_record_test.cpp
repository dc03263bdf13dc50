// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "import_record.h"
#include "one_order.h"
#include "sample_events.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace eventscope::test {

namespace {

using core::HeaderView;
using core::SourceEvent;
using kafka::ImportRecord;
using kafka::OutRecord;

/// A record as a source reads it.
class ReadBack {
public:
    explicit ReadBack(OutRecord record) : m_record(std::move(record))
    {
        for (const core::Header& header : m_record.headers)
            m_headers.push_back({header.name, header.value});
        m_event = m_decoder.decode({.source = "kafka/there",
            .topic = "there",
            .partition = 0,
            .offset = 7,
            .milliseconds = m_record.milliseconds.value_or(1'800'000'000'000),
            .key = m_record.key ? std::string_view(*m_record.key) : std::string_view(),
            .keyIsNull = !m_record.key,
            .value = m_record.value ? std::string_view(*m_record.value) : std::string_view(),
            .valueIsNull = !m_record.value,
            .headers = m_headers});
    }
    const SourceEvent& event() const { return m_event; }
    const OutRecord& record() const { return m_record; }

private:
    const OutRecord m_record;
    std::vector<HeaderView> m_headers;
    kafka::RecordDecoder m_decoder;
    SourceEvent m_event;
};

ReadBack imported(const SourceEvent& event)
{
    ImportRecord maker;
    return ReadBack(maker.make(event, "there"));
}

void expectSame(const SourceEvent& read, const SourceEvent& event)
{
    EXPECT_EQ(read.stream, event.stream);
    EXPECT_EQ(read.version, event.version);
    EXPECT_EQ(read.id, event.id);
    EXPECT_EQ(read.type, event.type);
    EXPECT_EQ(read.time, event.time);
    EXPECT_EQ(read.correlationId, event.correlationId);
    EXPECT_EQ(read.causationId, event.causationId);
    EXPECT_EQ(read.payload, event.payload);
    EXPECT_EQ(read.payloadIsNull, event.payloadIsNull);
    EXPECT_TRUE(std::ranges::equal(read.headers, event.headers,
        [](const HeaderView& a, const HeaderView& b) { return a.name == b.name && a.value == b.value; }));
}

/// Bytes that a header can carry and nobody takes for something else.
bool isPlain(std::string_view text)
{
    return std::ranges::all_of(
        text, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-'; });
}

const core::Timestamp kTime(std::chrono::microseconds(1'795'424'400'123'456));

} // namespace

TEST(ImportRecord, ReadsBackAsTheEventsOfAnOrder)
{
    for (const SourceEvent& event : oneOrder())
        expectSame(imported(event).event(), event);
}

TEST(ImportRecord, MakesTheBusRecordAgainThatItWas)
{
    const std::vector<HeaderView> headers{{"eventType", "OrderPlaced"}, {"eventId", "e-1"},
        {"timestamp", "2026-11-23T09:00:00.123456Z"}, {"tenant", "blue"}, {"tenant", "red"}};
    const SourceEvent event{.source = "kafka/orders",
        .stream = "order-7f3a",
        .position = 4,
        .version = 2,
        .partition = 1,
        .id = "e-1",
        .type = "OrderPlaced",
        .time = kTime,
        .headers = headers,
        .payload = R"({"totalAmount":10.00})"};
    const ReadBack back = imported(event);
    expectSame(back.event(), event);
    EXPECT_EQ(back.record().key, "7f3a");
    EXPECT_EQ(back.record().headers.size(), headers.size()) << "they stay a record's headers";
}

TEST(ImportRecord, KeepsACloudEventInItsHeaders)
{
    const std::vector<HeaderView> headers{{"ce_specversion", "1.0"}, {"ce_id", "c-1"}, {"ce_source", "/shop"},
        {"ce_type", "Placed"}, {"ce_time", "2026-11-23T09:00:00.123456Z"}, {"content-type", "application/json"}};
    const ReadBack before({.topic = "there",
        .key = "k",
        .value = R"({"n":1})",
        .headers = {{"ce_specversion", "1.0"}, {"ce_id", "c-1"}, {"ce_source", "/shop"}, {"ce_type", "Placed"},
            {"ce_time", "2026-11-23T09:00:00.123456Z"}, {"content-type", "application/json"}},
        .milliseconds = 1'795'424'400'123});
    SourceEvent event = before.event();
    ASSERT_EQ(event.type, "Placed");
    event.headers = headers;
    const ReadBack back = imported(event);
    expectSame(back.event(), event);
    EXPECT_EQ(back.record().value, R"({"n":1})");
    EXPECT_EQ(back.record().key, "k");
}

TEST(ImportRecord, TellsNoValueFromAnEmptyOneAndKeepsAnyBytes)
{
    const std::string bytes("\xff\0\xfe", 3);
    SourceEvent event{.source = "kafka/orders", .stream = "k", .partition = 0, .time = core::Timestamp(kTime)};
    event.time = std::chrono::floor<std::chrono::milliseconds>(event.time);
    for (const std::string_view payload : {std::string_view(), std::string_view(bytes)}) {
        event.payload = payload;
        expectSame(imported(event).event(), event);
    }
    event.payload = {};
    event.payloadIsNull = true;
    const ReadBack tombstone = imported(event);
    expectSame(tombstone.event(), event);
    EXPECT_FALSE(tombstone.record().value);
    event.stream = "orders/0";
    EXPECT_FALSE(imported(event).record().key) << "a stream that was only a place is no key";
}

TEST(ImportRecord, LosesNothingOfAnEventWhateverItIsMadeOf)
{
    RandomEvents random(6);
    int plain = 0;
    for (int i = 0; i < 3000; ++i) {
        SourceEvent event = random.next();
        event.partition = -1;
        event.undecodable = {};
        event.type = event.type.empty() ? "T" : event.type;
        const ReadBack back = imported(event);
        const SourceEvent& read = back.event();
        ASSERT_EQ(read.payload, event.payload) << i;
        ASSERT_EQ(read.payloadIsNull, event.payloadIsNull) << i;
        ASSERT_EQ(read.type, event.type) << i;
        if (!event.stream.empty()) {
            ASSERT_EQ(read.stream, event.stream) << i;
        }
        if (isPlain(event.id) && isPlain(event.correlationId) && isPlain(event.causationId)) {
            ++plain;
            ASSERT_EQ(read.id, event.id) << i;
            ASSERT_EQ(read.correlationId, event.correlationId) << i;
            ASSERT_EQ(read.causationId, event.causationId) << i;
            ASSERT_EQ(read.version, event.version) << i;
        }
    }
    EXPECT_GT(plain, 500);
}

} // namespace eventscope::test
