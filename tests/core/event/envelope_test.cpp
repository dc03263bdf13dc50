// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/envelope.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {
namespace {

Envelope decode(std::string_view bytes, std::vector<HeaderView> headers = {}, std::string_view contentType = {})
{
    Envelope envelope;
    decodeEnvelope({.bytes = bytes, .headers = headers, .contentType = contentType}, envelope);
    return envelope;
}

std::string attribute(const Envelope& envelope, std::string_view name)
{
    for (const Header& header : envelope.attributes) {
        if (header.name == name) {
            return header.value;
        }
    }
    return "(absent)";
}

constexpr std::string_view kCloudEvent = R"({"specversion":"1.0","id":"e-1","source":"/shop","type":"OrderPlaced",
  "time":"2026-01-02T03:04:05.000006Z","subject":"order-7","correlationid":"c-1","causationid":"k-1","tenant":"acme",
  "retries":3,"data": {"total": 99.50} })";

TEST(EnvelopeCloudEvents, GivesTheFieldsOfTheStructuredForm)
{
    const Envelope envelope = decode(kCloudEvent);
    EXPECT_EQ(envelope.kind, EnvelopeKind::CloudEventsStructured);
    EXPECT_EQ(envelope.format, PayloadFormat::Json);
    EXPECT_EQ(envelope.id, "e-1");
    EXPECT_EQ(envelope.type, "OrderPlaced");
    EXPECT_EQ(envelope.origin, "/shop");
    EXPECT_EQ(envelope.streamName(), "order-7");
    EXPECT_EQ(envelope.correlationId, "c-1");
    EXPECT_EQ(envelope.causationId, "k-1");
    ASSERT_TRUE(envelope.time);
    EXPECT_EQ(formatTimestamp(*envelope.time), "2026-01-02T03:04:05.000006Z");
    EXPECT_EQ(envelope.payload, R"({"total": 99.50})");
    EXPECT_EQ(envelope.attributes, (std::vector<Header>{{"tenant", "acme"}, {"retries", "3"}}));
    EXPECT_FALSE(envelope.undecodable);
}

TEST(EnvelopeCloudEvents, GivesTheFieldsOfTheHeadersOfKafkaAndOfAmqp)
{
    for (const std::string prefix : {"ce_", "ce-", "CE_", "cloudEvents:", "cloudEvents_"}) {
        const std::vector<std::string> names = {prefix + "specversion", prefix + "id", prefix + "source",
            prefix + "type", prefix + "time", prefix + "correlationid"};
        const Envelope envelope = decode(R"({"eventId":"inner","eventType":"Inner","data":1})",
            {{names[0], "1.0"}, {names[1], "e-1"}, {names[2], "/shop"}, {names[3], "OrderPlaced"},
                {names[4], "2026-01-02T03:04:05Z"}, {names[5], "c-1"}});
        EXPECT_EQ(envelope.kind, EnvelopeKind::CloudEventsBinary) << prefix;
        EXPECT_EQ(envelope.id, "e-1");
        EXPECT_EQ(envelope.type, "OrderPlaced");
        EXPECT_EQ(envelope.correlationId, "c-1");
        EXPECT_TRUE(envelope.time);
        EXPECT_EQ(envelope.payload, R"({"eventId":"inner","eventType":"Inner","data":1})") << "the value is the data";
    }
}

TEST(EnvelopeClassic, TakesANegativeNumberForJson)
{
    const Envelope envelope = decode("-5", {}, "application/json");
    EXPECT_EQ(envelope.format, PayloadFormat::Json);
    EXPECT_FALSE(envelope.undecodable);
}

TEST(EnvelopeCloudEvents, UnderstandsDataInBase64InTextAndAbsentData)
{
    EXPECT_EQ(decode(R"({"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"AP8="})").payload,
        std::string_view("\0\xFF", 2));
    EXPECT_EQ(
        decode(R"({"specversion":"1.0","id":"1","source":"s","type":"t","datacontenttype":"text/plain","data":"a\nb"})")
            .payload,
        "a\nb");
    EXPECT_EQ(decode(R"({"specversion":"1.0","id":"1","source":"s","type":"t","data":"json"})").payload, R"("json")");
    EXPECT_TRUE(decode(R"({"specversion":"1.0","id":"1","source":"s","type":"t"})").payloadIsNull);
}

TEST(EnvelopeCloudEvents, KeepsTheReasonWhenADeclaredOneIsBroken)
{
    const Envelope missing
        = decode(R"({"specversion":"1.0","id":"1","type":"t"})", {}, "application/cloudevents+json; charset=utf-8");
    EXPECT_TRUE(missing.undecodable);
    EXPECT_EQ(missing.whyUndecodable(), "CloudEvents: the attribute \"source\" is missing");
    const Envelope encoded = decode(R"({"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"*"})");
    EXPECT_TRUE(encoded.undecodable);
    EXPECT_EQ(encoded.whyUndecodable(), "CloudEvents: \"data_base64\" is not valid base64");
}

TEST(EnvelopeClassic, GivesItsFieldsAndTheDataByteForByte)
{
    const Envelope envelope = decode(
        R"({"eventId":"e-1","eventType":"OrderPlaced","timestamp":"2026-01-02T03:04:05Z","aggregateId":"7","aggregateType":"order",)"
        R"("version":9007199254740993,"data":{"a" :1.10},"metadata":{"correlation_id":"c","$causationId":"k","userId":"u","schemaVersion":2},"x":[1]})");
    EXPECT_EQ(envelope.kind, EnvelopeKind::Classic);
    EXPECT_EQ(envelope.id, "e-1");
    EXPECT_EQ(envelope.streamName(), "order-7");
    EXPECT_EQ(envelope.version, 9007199254740993);
    EXPECT_EQ(envelope.correlationId, "c");
    EXPECT_EQ(envelope.causationId, "k");
    EXPECT_EQ(envelope.payload, R"({"a" :1.10})");
    EXPECT_EQ(envelope.attributes, (std::vector<Header>{{"x", "[1]"}, {"userId", "u"}, {"schemaVersion", "2"}}));
}

TEST(EnvelopeClassic, ReadsBackWhatTheBusesWrite)
{
    RecordedEvent event;
    event.id = "0191";
    event.type = "OrderPlaced";
    event.stream = "order-7";
    event.version = StreamVersion{3};
    event.metadata = {.correlationId = "c", .causationId = "k", .userId = {}, .headers = {{"a", "1"}, {"a", "2"}}};
    event.data = R"({"n":12345678901234567890.10})";
    const std::string json = eventToClassicJson(event);
    const Envelope envelope = decode(json);
    EXPECT_EQ(envelope.streamName(), "order-7");
    EXPECT_EQ(envelope.version, 3);
    EXPECT_EQ(envelope.payload, event.data);
    EXPECT_EQ(envelope.attributes, event.metadata.headers);
}

TEST(EnvelopeClassic, KnowsTheNamesOfItsCousins)
{
    const Envelope message
        = decode(R"({"messageId":"m","messageType":"Ship","timestamp":1767323045000,"payload":null})");
    EXPECT_EQ(message.kind, EnvelopeKind::Classic);
    EXPECT_EQ(message.payload, "null");
    EXPECT_EQ(formatTimestamp(*message.time), "2026-01-02T03:04:05.000000Z");
    EXPECT_EQ(decode(R"({"id":7,"name":"n","body":"b"})").id, "7");
    EXPECT_EQ(decode(R"({"id":7,"name":"n"})").kind, EnvelopeKind::None) << "a thing, no event";
}

/// A blank behind the brace says nothing, but is not how buses write it.
void expectSameWithABlank(std::string_view bytes)
{
    ASSERT_TRUE(bytes.starts_with('{'));
    const std::string spaced = "{ " + std::string(bytes.substr(1));
    const Envelope plain = decode(bytes);
    const Envelope other = decode(spaced);
    EXPECT_EQ(plain.kind, other.kind) << bytes;
    EXPECT_EQ(plain.format, other.format) << bytes;
    EXPECT_EQ(plain.id, other.id) << bytes;
    EXPECT_EQ(plain.type, other.type) << bytes;
    EXPECT_EQ(plain.time, other.time) << bytes;
    EXPECT_EQ(plain.correlationId, other.correlationId) << bytes;
    EXPECT_EQ(plain.causationId, other.causationId) << bytes;
    EXPECT_EQ(plain.stream, other.stream) << bytes;
    EXPECT_EQ(plain.aggregateId, other.aggregateId) << bytes;
    EXPECT_EQ(plain.aggregateType, other.aggregateType) << bytes;
    EXPECT_EQ(plain.version, other.version) << bytes;
    EXPECT_EQ(plain.attributes, other.attributes) << bytes;
    EXPECT_EQ(plain.undecodable, other.undecodable) << bytes;
    if (plain.kind != EnvelopeKind::None) {
        EXPECT_EQ(plain.payload, other.payload) << bytes;
    }
}

TEST(EnvelopeClassic, SaysTheSameHoweverItIsWritten)
{
    const std::vector<std::string_view> members{R"("eventId":"e-1")", R"("eventType":"Placed")",
        R"("data":{"a":[1,2]})", R"("data":null)", R"("data":"text")", R"("timestamp":"2026-01-02T03:04:05.000006Z")",
        R"("timestamp":"never")", R"("timestamp":1700000000000)", R"("aggregateId":"7f3a")", R"("aggregateId":"")",
        R"("aggregateId":"\u00e9\n")", "\"aggregateId\":\"\xc3\xa9\"", R"("aggregateType":"order")",
        R"("stream":"order-7f3a")", R"("version":3)", R"("version":"3")", R"("version":1.5)", R"("version":null)",
        R"("metadata":{})", R"("metadata":null)", R"("metadata":{"correlationId":"c","tenant":"blue","n":1})",
        R"("metadata":[1])", R"("unknown":true)", R"("eventId":"again")", R"("eventType":7)", R"("eventId":null)",
        R"("data":{"broken":})", "\"stream\":\"\x01\""};
    const std::string_view head = R"("eventId":"e-1","eventType":"Placed",)";
    for (const std::string_view first : members) {
        for (const std::string_view second : members) {
            const std::string two = std::string(first) + ',' + std::string(second);
            expectSameWithABlank('{' + two + '}');
            expectSameWithABlank('{' + std::string(head) + two + '}');
            expectSameWithABlank('{' + std::string(head) + R"("data":1,)" + two + '}');
        }
    }
    const std::string whole = '{' + std::string(head) + R"("data":{"a":"b"},"metadata":{"correlationId":"c"}})";
    for (std::size_t length = 1; length < whole.size(); ++length) {
        expectSameWithABlank(whole.substr(0, length));
        expectSameWithABlank(whole.substr(0, length) + '\0' + whole.substr(length));
        expectSameWithABlank(whole.substr(0, length) + ' ' + whole.substr(length));
    }
}

TEST(EnvelopeDebezium, NamesTheChangeAndKeepsItWhole)
{
    constexpr std::string_view kChange
        = R"({"before":null,"after":{"id":1},"source":{"name":"db","schema":"public","table":"orders","lsn":42,"ts_ms":1767323045001},"op":"c","ts_ms":1767323045999,"transaction":{"id":"tx"}})";
    const Envelope envelope = decode(kChange);
    EXPECT_EQ(envelope.kind, EnvelopeKind::Debezium);
    EXPECT_EQ(envelope.type, "orders.created");
    EXPECT_EQ(envelope.id, "42/public.orders");
    EXPECT_EQ(envelope.correlationId, "tx");
    EXPECT_EQ(formatTimestamp(*envelope.time), "2026-01-02T03:04:05.001000Z");
    EXPECT_EQ(envelope.payload, kChange);
    const std::string wrapped = R"({"schema":{"name":"x.Envelope"},"payload":)" + std::string(kChange) + "}";
    EXPECT_EQ(decode(wrapped).payload, kChange);
}

TEST(EnvelopeMassTransit, GivesTheMessage)
{
    const Envelope envelope = decode(
        R"({"messageId":"m","conversationId":"v","initiatorId":"i","messageType":["urn:message:Shop:OrderPlaced","urn:message:Shop:Event"],"message":{"a":1},"sentTime":"2026-01-02T03:04:05Z","headers":{"h":"1"},"host":{"machineName":"x"}})",
        {}, "application/vnd.masstransit+json");
    EXPECT_EQ(envelope.kind, EnvelopeKind::MassTransit);
    EXPECT_EQ(envelope.type, "OrderPlaced");
    EXPECT_EQ(envelope.correlationId, "v");
    EXPECT_EQ(envelope.causationId, "i");
    EXPECT_EQ(envelope.payload, R"({"a":1})");
    EXPECT_EQ(attribute(envelope, "h"), "1");
    EXPECT_EQ(attribute(envelope, "host"), R"({"machineName":"x"})");
}

TEST(EnvelopeHeaders, GiveWhatTheBytesDoNotSay)
{
    const Envelope envelope = decode(R"({"orderId":"7"})",
        {{"eventType", "OrderPlaced"}, {"eventId", "\"e-1\""}, {"timestamp", "2026-01-02T03:04:05Z"},
            {"X-Correlation-ID", "c"}, {"$causationId", "k"}, {"aggregate-version", "4"}});
    EXPECT_EQ(envelope.kind, EnvelopeKind::None);
    EXPECT_EQ(envelope.type, "OrderPlaced");
    EXPECT_EQ(envelope.id, "e-1");
    EXPECT_TRUE(envelope.time);
    EXPECT_EQ(envelope.correlationId, "c");
    EXPECT_EQ(envelope.causationId, "k");
    EXPECT_EQ(envelope.version, 4);
    const Envelope java = decode("{}",
        {{"__TypeId__", "com.example.OrderPlaced"},
            {"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}});
    EXPECT_EQ(java.type, "OrderPlaced");
    EXPECT_EQ(java.correlationId, "4bf92f3577b34da6a3ce929d0e0e4736");
}

TEST(Envelope, TellsNoValueFromAnEmptyOneAndTextFromBytes)
{
    Envelope envelope;
    decodeEnvelope({.bytes = {}, .isNull = true}, envelope);
    EXPECT_EQ(envelope.format, PayloadFormat::Null);
    EXPECT_TRUE(envelope.payloadIsNull);
    EXPECT_EQ(decode("").format, PayloadFormat::Empty);
    EXPECT_FALSE(decode("").undecodable);
    EXPECT_EQ(decode("not json").format, PayloadFormat::Text);
    EXPECT_FALSE(decode("not json").undecodable);
    EXPECT_EQ(decode(" <a/>").format, PayloadFormat::Xml);
    const Envelope bytes = decode("\xFF\xFE\x80");
    EXPECT_EQ(bytes.format, PayloadFormat::Bytes);
    EXPECT_TRUE(bytes.undecodable);
    EXPECT_EQ(bytes.payload, "\xFF\xFE\x80");
}

TEST(Envelope, KeepsWhyBrokenJsonCouldNotBeRead)
{
    const Envelope broken = decode(R"({"eventId": 1, )");
    EXPECT_TRUE(broken.undecodable);
    EXPECT_EQ(broken.format, PayloadFormat::Text);
    EXPECT_EQ(broken.whyUndecodable(),
        "JSON: not valid JSON at byte 15 (line 1, column 16): the text ends where a member's name in double quotes "
        "should be");
    const Envelope declared = decode("hello", {{"Content-Type", "application/json"}});
    EXPECT_TRUE(declared.undecodable);
    EXPECT_FALSE(decode("hello").undecodable);
}

TEST(Envelope, ReadsJsonBehindASchemaRegistrysPrefix)
{
    const std::string bytes = std::string("\0\0\0\x01\x02", 5) + R"({"eventId":"e","eventType":"T","data":1})";
    const Envelope envelope = decode(bytes);
    EXPECT_EQ(envelope.format, PayloadFormat::SchemaRegistry);
    EXPECT_EQ(envelope.inner, PayloadFormat::Json);
    EXPECT_EQ(envelope.id, "e");
    EXPECT_EQ(envelope.payload, "1");
    const Envelope avro = decode(std::string_view("\0\0\0\x01\x02\x06"
                                                  "abc",
        9));
    EXPECT_TRUE(avro.undecodable);
    EXPECT_EQ(avro.whyUndecodable(), "Schema registry: schema id 258, no registry is configured");
}

} // namespace
} // namespace eventscope::core
