// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letter_family.h"

#include "kafka_source.h"

#include <gtest/gtest.h>

namespace eventscope::kafka {

namespace {

std::string bigEndian(std::uint64_t value, int bytes)
{
    std::string text;
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        text += static_cast<char>(value >> shift & 0xff);
    return text;
}

InRecord recordOf(std::string topic, std::vector<core::Header> headers, std::string value = R"({"n":1})")
{
    headers.insert(headers.begin(), {"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"});
    return {.topic = std::move(topic),
        .partition = 2,
        .offset = 77,
        .milliseconds = 1'700'000'000'000,
        .keyIsNull = false,
        .key = "7f3a",
        .value = std::move(value),
        .headers = std::move(headers)};
}

struct Expected {
    std::string convention;
    std::string topic = "orders";
    std::int32_t partition = 3;
    std::int64_t offset = 4711;
    std::string type = "java.lang.IllegalStateException";
    std::string message = "no such customer";
    std::string stack = "at Shop.place(Shop.java:12)";
    int attempts = 0;
};

/// Everything is found, nothing of the failure is left, everything else is as it was.
void expectLetter(const InRecord& record, const Expected& expected)
{
    const UnderstoodLetter understood = understand(record);
    const core::DeadLetter& letter = understood.letter;
    EXPECT_EQ(letter.id, record.topic + "/2/77");
    EXPECT_EQ(letter.queue, record.topic);
    EXPECT_EQ(letter.convention, expected.convention);
    EXPECT_EQ(letter.original.stream, expected.topic);
    EXPECT_EQ(letter.original.partition.value_or(-1), expected.partition);
    EXPECT_EQ(letter.original.position.value_or(-1), expected.offset);
    EXPECT_EQ(letter.error.type, expected.type);
    EXPECT_EQ(letter.error.message, expected.message);
    EXPECT_EQ(letter.error.stack, expected.stack);
    EXPECT_EQ(letter.attempts, expected.attempts);
    EXPECT_EQ(letter.original.data, record.value);
    EXPECT_EQ(letter.original.key, "7f3a");
    ASSERT_EQ(letter.original.headers.size(), 1u) << letter.original.headers.back().name;
    EXPECT_EQ(letter.original.headers[0].name, "traceparent");
}

} // namespace

TEST(DeadLetterFamily, ReadsSpringKafka)
{
    expectLetter(
        recordOf("orders.DLT",
            {{"kafka_dlt-original-topic", "orders"}, {"kafka_dlt-original-partition", bigEndian(3, 4)},
                {"kafka_dlt-original-offset", bigEndian(4711, 8)},
                {"kafka_dlt-original-timestamp", bigEndian(1'690'000'000'000, 8)},
                {"kafka_dlt-original-timestamp-type", "CreateTime"}, {"kafka_dlt-original-consumer-group", "billing"},
                {"kafka_dlt-exception-fqcn", "org.springframework.kafka.listener.ListenerExecutionFailedException"},
                {"kafka_dlt-exception-cause-fqcn", "java.lang.IllegalStateException"},
                {"kafka_dlt-exception-message", "no such customer"},
                {"kafka_dlt-exception-stacktrace", "at Shop.place(Shop.java:12)"}}),
        {.convention = "spring-kafka"});
}

TEST(DeadLetterFamily, TakesTheEncodingFromTheFamilyAndNotFromTheLength)
{
    // Four digits of text would be a fine big-endian number too.
    const auto connect = understand(recordOf("dlq",
        {{"__connect.errors.topic", "orders"}, {"__connect.errors.partition", "3"},
            {"__connect.errors.offset", "4711"}}));
    EXPECT_EQ(connect.letter.original.position, 4711);
    const auto spring = understand(recordOf("orders.DLT",
        {{"kafka_dlt-original-topic", "orders"}, {"kafka_dlt-original-partition", "4711"},
            {"kafka_dlt-original-offset", "4711"}}));
    EXPECT_EQ(spring.letter.original.partition, 0x34373131);
}

TEST(DeadLetterFamily, ReadsSpringRetryableTopic)
{
    expectLetter(recordOf("orders-dlt",
                     {{"kafka_original-topic", "orders"}, {"kafka_original-partition", bigEndian(3, 4)},
                         {"kafka_original-offset", bigEndian(4711, 8)},
                         {"kafka_exception-cause-fqcn", "java.lang.IllegalStateException"},
                         {"kafka_exception-message", "no such customer"},
                         {"kafka_exception-stacktrace", "at Shop.place(Shop.java:12)"},
                         {"retry_topic-attempts", bigEndian(4, 4)}, {"retry_topic-backoff-timestamp", bigEndian(1, 8)},
                         {"kafka_dlt-original-consumer-group", "billing"}}),
        {.convention = "spring-retryable-topic", .attempts = 4});
}

TEST(DeadLetterFamily, ReadsSpringCloudStream)
{
    expectLetter(
        recordOf("error.orders.billing",
            {{"x-original-topic", "orders"}, {"x-original-partition", bigEndian(3, 4)},
                {"x-original-offset", bigEndian(4711, 8)}, {"x-original-timestamp", bigEndian(1, 8)},
                {"x-original-timestamp-type", "CreateTime"}, {"x-exception-fqcn", "java.lang.IllegalStateException"},
                {"x-exception-message", "no such customer"},
                {"x-exception-stacktrace", "at Shop.place(Shop.java:12)"}}),
        {.convention = "spring-cloud-stream"});
}

TEST(DeadLetterFamily, ReadsKafkaConnect)
{
    expectLetter(recordOf("connect-dlq",
                     {{"__connect.errors.topic", "orders"}, {"__connect.errors.partition", "3"},
                         {"__connect.errors.offset", "4711"}, {"__connect.errors.connector.name", "sink"},
                         {"__connect.errors.task.id", "0"}, {"__connect.errors.stage", "VALUE_CONVERTER"},
                         {"__connect.errors.class.name", "org.apache.kafka.connect.json.JsonConverter"},
                         {"__connect.errors.exception.class.name", "java.lang.IllegalStateException"},
                         {"__connect.errors.exception.message", "no such customer"},
                         {"__connect.errors.exception.stacktrace", "at Shop.place(Shop.java:12)"}}),
        {.convention = "kafka-connect"});
}

TEST(DeadLetterFamily, ReadsKafkaStreams)
{
    expectLetter(recordOf("app-dlq",
                     {{"__streams.errors.topic", "orders"}, {"__streams.errors.partition", "3"},
                         {"__streams.errors.offset", "4711"}, {"__streams.errors.message", "no such customer"},
                         {"__streams.errors.exception", "java.lang.IllegalStateException"},
                         {"__streams.errors.stacktrace", "at Shop.place(Shop.java:12)"}}),
        {.convention = "kafka-streams"});
}

TEST(DeadLetterFamily, ReadsShareGroupsAndSaysWhenTheOriginalIsElsewhere)
{
    const std::vector<core::Header> headers{{"__dlq.errors.topic", "orders"}, {"__dlq.errors.partition", "3"},
        {"__dlq.errors.offset", "4711"}, {"__dlq.errors.message", "no such customer"},
        {"__dlq.errors.group", "billing"}, {"__dlq.errors.delivery.count", "5"}};
    expectLetter(
        recordOf("share-dlq", headers), {.convention = "kafka-share-group", .type = "", .stack = "", .attempts = 5});
    InRecord empty = recordOf("share-dlq", headers, "");
    empty.valueIsNull = true;
    EXPECT_TRUE(understand(empty).isElsewhere);
}

TEST(DeadLetterFamily, ReadsSmallRye)
{
    expectLetter(recordOf("dead-letter-topic-orders-in",
                     {{"dead-letter-topic", "orders"}, {"dead-letter-partition", "3"}, {"dead-letter-offset", "4711"},
                         {"dead-letter-reason", "no such customer"},
                         {"dead-letter-exception-class-name", "java.lang.IllegalStateException"},
                         {"dead-letter-cause", "at Shop.place(Shop.java:12)"}}),
        {.convention = "smallrye"});
}

TEST(DeadLetterFamily, ReadsWolverine)
{
    expectLetter(
        recordOf("wolverine-dead-letter-queue",
            {{"original-destination", "kafka://topic/orders"}, {"original-partition", "3"}, {"original-offset", "4711"},
                {"exception-type", "java.lang.IllegalStateException"}, {"exception-message", "no such customer"},
                {"exception-stack", "at Shop.place(Shop.java:12)"}, {"failed-at", "2026-11-23T08:00:00Z"}}),
        {.convention = "wolverine"});
}

TEST(DeadLetterFamily, ReadsKarafkaWhichGivesNoReason)
{
    expectLetter(recordOf("orders_dlq",
                     {{"source_topic", "orders"}, {"source_partition", "3"}, {"source_offset", "4711"},
                         {"source_consumer_group", "billing"}, {"source_attempts", "3"}, {"source_trace_id", "t"}}),
        {.convention = "karafka", .type = "", .message = "", .stack = "", .attempts = 3});
}

TEST(DeadLetterFamily, ReadsWatermill)
{
    expectLetter(recordOf("poison",
                     {{"topic_poisoned", "orders"}, {"reason_poisoned", "no such customer"}, {"handler_poisoned", "h"},
                         {"subscriber_poisoned", "s"}}),
        {.convention = "watermill", .partition = -1, .offset = -1, .type = "", .stack = ""});
}

TEST(DeadLetterFamily, ReadsUbersProtobufInTheKey)
{
    InRecord record = recordOf("orders__billing__dlq", {});
    record.key = std::string("\x08\x05\x12\x06orders\x18\x03\x20\xe7\x24\x28\x80\x89\x7a\x32\x04", 21) + "7f3a";
    expectLetter(record, {.convention = "uber-kafka-client", .type = "", .message = "", .stack = "", .attempts = 5});
}

TEST(DeadLetterFamily, ReadsTheDotNetBuses)
{
    expectLetter(
        recordOf("orders_error",
            {{"MT-Reason", "fault"}, {"MT-Fault-InputAddress", "kafka://broker/orders"},
                {"MT-Fault-ExceptionType", "java.lang.IllegalStateException"}, {"MT-Fault-Message", "no such customer"},
                {"MT-Fault-StackTrace", "at Shop.place(Shop.java:12)"}, {"MT-Fault-RetryCount", "2"},
                {"MT-Fault-Timestamp", "2026-11-23T08:00:00Z"}}),
        {.convention = "masstransit", .partition = -1, .offset = -1, .attempts = 2});
    expectLetter(recordOf("error",
                     {{"NServiceBus.FailedQ", "orders@machine"},
                         {"NServiceBus.ExceptionInfo.ExceptionType", "java.lang.IllegalStateException"},
                         {"NServiceBus.ExceptionInfo.Message", "no such customer"},
                         {"NServiceBus.ExceptionInfo.StackTrace", "at Shop.place(Shop.java:12)"},
                         {"NServiceBus.TimeOfFailure", "2026-11-23 08:15:30:123456 Z"}}),
        {.convention = "nservicebus", .partition = -1, .offset = -1});
    expectLetter(recordOf("error", {{"rbs2-source-queue", "orders"}, {"rbs2-error-details", "no such customer"}}),
        {.convention = "rebus", .partition = -1, .offset = -1, .type = "", .stack = ""});
    const auto failedAt = understand(
        recordOf("error",
            {{"NServiceBus.FailedQ", "orders"}, {"NServiceBus.TimeOfFailure", "2026-11-23 08:15:30:123456 Z"}}))
                              .letter.failedAt;
    EXPECT_EQ(core::formatTimestamp(failedAt), "2026-11-23T08:15:30.123456Z");
}

TEST(DeadLetterFamily, ReadsHeadersMadeByHandWithNumbersAsText)
{
    expectLetter(recordOf("orders-dlq",
                     {{"x-original-topic", "orders"}, {"x-original-partition", "3"}, {"x-original-offset", "4711"},
                         {"x-error-reason", "no such customer"}, {"x-retry-count", "3"},
                         {"x-failed-at", "2026-11-23T08:00:00Z"}}),
        {.convention = "headers", .type = "", .stack = "", .attempts = 3});
}

TEST(DeadLetterFamily, KeepsTheLastOfARepeatedHeader)
{
    const auto understood = understand(recordOf("orders.DLT",
        {{"kafka_dlt-original-topic", "older"}, {"kafka_dlt-exception-message", "first"},
            {"kafka_dlt-original-topic", "orders"}, {"kafka_dlt-exception-message", "second"}}));
    EXPECT_EQ(understood.letter.original.stream, "orders");
    EXPECT_EQ(understood.letter.error.message, "second");
}

TEST(DeadLetterFamily, UnwrapsTheSpecifiedForm)
{
    InRecord record = recordOf("orders.dead-letter", {},
        R"({"originalEvent":{"eventId":"e-1","eventType":"OrderPlaced","timestamp":"2026-11-23T08:00:00.000Z","aggregateId":"7f3a","data":{"totalAmount":10.00}},"error":{"message":"no such customer","stack":"at place"},"failedAt":"2026-11-23T08:00:01.000Z"})");
    record.key = "e-1";
    const UnderstoodLetter understood = understand(record);
    const core::DeadLetter& letter = understood.letter;
    EXPECT_EQ(letter.convention, "json");
    EXPECT_EQ(letter.original.stream, "orders");
    EXPECT_EQ(letter.original.key, "7f3a");
    EXPECT_EQ(letter.original.id, "e-1");
    EXPECT_EQ(letter.original.type, "OrderPlaced");
    EXPECT_TRUE(letter.original.data.starts_with(R"({"eventId":"e-1")"));
    EXPECT_NE(letter.original.data.find("10.00"), std::string::npos);
    EXPECT_EQ(letter.error.message, "no such customer");
    EXPECT_EQ(letter.error.stack, "at place");
    EXPECT_EQ(core::formatTimestamp(letter.failedAt), "2026-11-23T08:00:01.000000Z");
    ASSERT_EQ(letter.original.headers.size(), 4u);
    EXPECT_EQ(letter.original.headers[1], (core::Header{"eventType", "OrderPlaced"}));
}

TEST(DeadLetterFamily, UnwrapsWhatPeopleMakeByHand)
{
    const auto text = understand(recordOf("orders-dlq", {},
        R"({"original_value":"{\"n\":1}","originalTopic":"orders","originalPartition":3,"originalOffset":"4711","originalKey":null,"error_message":"boom","errorStack":"at x","retryCount":2,"originalHeaders":{"tenant":"a"}})"));
    EXPECT_EQ(text.letter.original.data, R"({"n":1})");
    EXPECT_EQ(text.letter.original.position, 4711);
    EXPECT_TRUE(text.keyIsNull);
    EXPECT_EQ(text.letter.attempts, 2);
    EXPECT_EQ(text.letter.error.message, "boom");
    EXPECT_EQ(text.letter.original.headers.back(), (core::Header{"tenant", "a"}));
    const auto base64 = understand(
        recordOf("orders-dlq", {}, R"({"payload":"eyJuIjoxfQ==","metadata":{"topic":"orders","reason":"boom"}})"));
    EXPECT_EQ(base64.letter.original.data, R"({"n":1})");
    EXPECT_EQ(base64.letter.original.stream, "orders");
}

TEST(DeadLetterFamily, TakesNoWrapperWithoutAnOriginalAndAnError)
{
    for (const char* json : {R"({"message":"hello","error":"x"})", R"({"data":{"n":1}})",
             R"({"error":{"message":"x"}})", "plain", "", "[1]", R"({"originalEvent":)"}) {
        const auto understood = understand(recordOf("orders.DLT", {}, json));
        EXPECT_EQ(understood.letter.convention, "unknown") << json;
        EXPECT_EQ(understood.letter.original.data, json);
        EXPECT_EQ(understood.letter.original.stream, "orders");
    }
}

TEST(DeadLetterFamily, FindsTheOriginInTheTopicsName)
{
    EXPECT_EQ(originByName("orders.DLT"), "orders");
    EXPECT_EQ(originByName("orders-dlt"), "orders");
    EXPECT_EQ(originByName("orders.dead-letter"), "orders");
    EXPECT_EQ(originByName("shop.orders_dlq"), "shop.orders");
    EXPECT_EQ(originByName("orders.dead-letter-queue"), "orders");
    EXPECT_EQ(originByName("error.orders.billing"), "orders");
    EXPECT_EQ(originByName("orders"), "");
}

TEST(DeadLetterFamily, KnowsDeadLetterTopicsByTheirNames)
{
    for (const char* name : {"orders.DLT", "orders-dlt", "orders.dead-letter", "DLQ", "dlq-lcc-12",
             "error.orders.billing", "dead-letter-topic-in", "orders__billing__dlq", "parking-lot", "orders.poison"})
        EXPECT_TRUE(isDeadLetterTopic(name)) << name;
    for (const char* name : {"orders", "errors", "adlt", "dltx", "failed"})
        EXPECT_FALSE(isDeadLetterTopic(name)) << name;
}

TEST(LetterPlace, ComesBackFromItsText)
{
    const auto place = placeOf(letterId("shop.orders.DLT", 3, 4711));
    ASSERT_TRUE(place);
    EXPECT_EQ(place->topic, "shop.orders.DLT");
    EXPECT_EQ(place->partition, 3);
    EXPECT_EQ(place->offset, 4711);
    for (const char* text : {"", "a", "a/b", "a/1/", "a/1/2x", "/1/2", "a/-1/2", "1/2"})
        EXPECT_FALSE(placeOf(text)) << text;
}

} // namespace eventscope::kafka
