// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letter_reader.h"

#include "event/json.h"

#include <gtest/gtest.h>

using namespace eventscope;
using namespace eventscope::rabbitmq;

namespace {

MessageProperties withHeaders(AmqpTable headers)
{
    MessageProperties properties;
    properties.messageId = "message-1";
    properties.headers = std::move(headers);
    return properties;
}

AmqpValue deaths(std::initializer_list<AmqpTable> entries)
{
    AmqpArray array;
    for (const AmqpTable& entry : entries)
        array.push_back(AmqpValue(entry));
    AmqpValue value;
    value.kind = 'A';
    value.value = std::move(array);
    return value;
}

AmqpValue texts(std::initializer_list<const char*> items)
{
    AmqpArray array;
    for (const char* item : items)
        array.push_back(AmqpValue(item));
    AmqpValue value;
    value.kind = 'A';
    value.value = std::move(array);
    return value;
}

AmqpValue seconds(std::uint64_t time)
{
    AmqpValue value;
    value.kind = 'T';
    value.value = time;
    return value;
}

bool has(const ReadLetter& letter, std::string_view header)
{
    return find(letter.properties.headers, header) != nullptr;
}

ReadLetter read(const MessageProperties& properties, std::string_view body = "{}")
{
    return readLetter("dead", "key", properties, body);
}

} // namespace

TEST(DeadLetterReader, TakesTheBrokersFirstDeathAndNotTheLastHop)
{
    const ReadLetter letter = read(withHeaders({{"x-first-death-queue", "orders"}, {"x-first-death-reason", "rejected"},
        {"x-first-death-exchange", "events"}, {"tenant", "a"},
        {"x-death",
            deaths({{{"queue", "parking"}, {"reason", "expired"}, {"count", std::int64_t{2}}, {"exchange", ""},
                        {"routing-keys", texts({"parking"})}, {"time", seconds(1'700'000'100)}},
                {{"queue", "orders"}, {"reason", "rejected"}, {"count", std::int64_t{3}}, {"exchange", "events"},
                    {"routing-keys", texts({"order.placed", "cc"})}, {"time", seconds(1'700'000'000)},
                    {"original-expiration", "60000"}}})}}));
    EXPECT_EQ(letter.letter.convention, "rabbitmq");
    EXPECT_EQ(letter.queue, "orders");
    EXPECT_EQ(letter.exchange, "events");
    EXPECT_EQ(letter.routingKey, "order.placed");
    EXPECT_EQ(letter.letter.error.type, "rejected");
    EXPECT_EQ(letter.letter.attempts, 5);
    EXPECT_EQ(core::formatTimestamp(letter.letter.failedAt), "2023-11-14T22:13:20.000000Z");
    EXPECT_EQ(letter.properties.expiration, "60000");
    EXPECT_FALSE(has(letter, "x-death"));
    EXPECT_FALSE(has(letter, "x-first-death-queue"));
    EXPECT_TRUE(has(letter, "tenant"));
}

TEST(DeadLetterReader, ReadsSpringAmqp)
{
    const ReadLetter letter = read(withHeaders({{"x-original-exchange", "events"},
        {"x-original-routingKey", "order.paid"}, {"x-exception-message", "no stock"},
        {"x-exception-stacktrace", "java.lang.IllegalStateException: no stock\n\tat A"},
        {"__TypeId__", "com.example.Order"}}));
    EXPECT_EQ(letter.letter.convention, "spring-amqp");
    EXPECT_EQ(letter.exchange, "events");
    EXPECT_EQ(letter.routingKey, "order.paid");
    EXPECT_EQ(letter.letter.error.type, "java.lang.IllegalStateException");
    EXPECT_EQ(letter.letter.error.message, "no stock");
    EXPECT_FALSE(has(letter, "x-exception-stacktrace"));
    EXPECT_FALSE(has(letter, "x-original-routingKey"));
    EXPECT_TRUE(has(letter, "__TypeId__"));
}

TEST(DeadLetterReader, ReadsMassTransit)
{
    const ReadLetter letter = read(withHeaders(
        {{"MT-Reason", "fault"}, {"MT-Fault-InputAddress", "rabbitmq://localhost/shop/submit-order?durable=true"},
            {"MT-Fault-ExceptionType", "System.InvalidOperationException"}, {"MT-Fault-Message", "too late"},
            {"MT-Fault-StackTrace", "at Shop.Consume()"}, {"MT-Fault-Timestamp", "2026-11-23T09:14:02.1130000Z"},
            {"MT-Fault-RetryCount", 2}, {"MT-Host-MachineName", "box"}, {"tenant", "a"}}));
    EXPECT_EQ(letter.letter.convention, "masstransit");
    EXPECT_EQ(letter.queue, "submit-order");
    EXPECT_EQ(letter.letter.error.type, "System.InvalidOperationException");
    EXPECT_EQ(letter.letter.error.stack, "at Shop.Consume()");
    EXPECT_EQ(letter.letter.attempts, 3);
    EXPECT_EQ(core::formatTimestamp(letter.letter.failedAt), "2026-11-23T09:14:02.113000Z");
    EXPECT_FALSE(has(letter, "MT-Reason"));
    EXPECT_TRUE(has(letter, "tenant"));
}

TEST(DeadLetterReader, ReadsNServiceBusWithItsOddTime)
{
    const ReadLetter letter = read(withHeaders({{"NServiceBus.FailedQ", "Sales@machine"},
        {"NServiceBus.ExceptionInfo.ExceptionType", "System.Exception"}, {"NServiceBus.ExceptionInfo.Message", "boom"},
        {"NServiceBus.ExceptionInfo.StackTrace", "at B"}, {"NServiceBus.TimeOfFailure", "2026-11-23 09:14:02:113000 Z"},
        {"NServiceBus.EnclosedMessageTypes", "Shop.PlaceOrder"}}));
    EXPECT_EQ(letter.letter.convention, "nservicebus");
    EXPECT_EQ(letter.queue, "Sales");
    EXPECT_EQ(letter.letter.error.message, "boom");
    EXPECT_EQ(core::formatTimestamp(letter.letter.failedAt), "2026-11-23T09:14:02.113000Z");
    EXPECT_TRUE(has(letter, "NServiceBus.EnclosedMessageTypes"));
    EXPECT_FALSE(has(letter, "NServiceBus.FailedQ"));
}

TEST(DeadLetterReader, ReadsRebusAndWolverine)
{
    const ReadLetter rebus = read(withHeaders({{"rbs2-source-queue", "orders"},
        {"rbs2-error-details", "System.Exception: boom\r\n   at C"}, {"rbs2-msg-id", "7"}}));
    EXPECT_EQ(rebus.letter.convention, "rebus");
    EXPECT_EQ(rebus.queue, "orders");
    EXPECT_EQ(rebus.letter.error.type, "System.Exception");
    EXPECT_TRUE(has(rebus, "rbs2-msg-id"));
    const ReadLetter wolverine = read(
        withHeaders({{"exception-type", "System.Exception"}, {"exception-message", "boom"}, {"exception-stack", "at D"},
            {"failed-at", "1700000000000"}, {"original-destination", "rabbitmq://queue/orders"}}));
    EXPECT_EQ(wolverine.letter.convention, "wolverine");
    EXPECT_EQ(wolverine.queue, "orders");
    EXPECT_EQ(core::formatTimestamp(wolverine.letter.failedAt), "2023-11-14T22:13:20.000000Z");
}

TEST(DeadLetterReader, UnwrapsTheMessageInsideEasyNetQsError)
{
    const std::string body = R"({"RoutingKey":"order.placed","Exchange":"shop","Queue":"orders_q",)"
                             R"("Exception":"System.Exception: boom\n   at E","Message":"{\"total\":38.00}",)"
                             R"("DateTime":"2026-11-23T09:14:02Z","BasicProperties":{"ContentType":"application/json",)"
                             R"("Type":"Shop.OrderPlaced","MessageId":"m-9","Headers":{"tenant":"a"}}})";
    const ReadLetter letter = read(withHeaders({}), body);
    EXPECT_EQ(letter.letter.convention, "easynetq");
    EXPECT_EQ(letter.letter.original.data, R"({"total":38.00})");
    EXPECT_EQ(letter.letter.original.id, "m-9");
    EXPECT_EQ(letter.letter.original.type, "Shop.OrderPlaced");
    EXPECT_EQ(letter.queue, "orders_q");
    EXPECT_EQ(letter.exchange, "shop");
    EXPECT_EQ(letter.letter.error.type, "System.Exception");
    EXPECT_EQ(letter.properties.contentType, "application/json");
    EXPECT_TRUE(has(letter, "tenant"));
}

TEST(DeadLetterReader, KnowsCeleryTasksAndSaysWhenItKnowsNothing)
{
    const ReadLetter celery
        = read(withHeaders({{"task", "shop.tasks.charge"}, {"id", "t-1"}, {"root_id", "t-0"}, {"retries", 2},
            {"x-death",
                deaths({{{"queue", "celery"}, {"reason", "rejected"}, {"exchange", ""},
                    {"routing-keys", texts({"celery"})}, {"count", std::int64_t{1}}}})}}));
    EXPECT_EQ(celery.letter.convention, "celery");
    EXPECT_EQ(celery.letter.original.type, "shop.tasks.charge");
    EXPECT_EQ(celery.queue, "celery");
    EXPECT_EQ(celery.letter.attempts, 3);
    const ReadLetter nothing = read(withHeaders({{"tenant", "a"}}));
    EXPECT_EQ(nothing.letter.convention, "unknown");
    EXPECT_TRUE(nothing.queue.empty());
    EXPECT_FALSE(nothing.knowsExchange);
}

TEST(DeadLetterReader, KeepsAForeignUserAndCopiesOutOfTheNextSending)
{
    MessageProperties properties = withHeaders({{"CC", texts({"audit"})}, {"BCC", texts({"spy"})}});
    properties.userId = "somebody";
    const ReadLetter letter = read(properties);
    EXPECT_FALSE(letter.properties.userId);
    EXPECT_FALSE(has(letter, "CC"));
    EXPECT_FALSE(has(letter, "BCC"));
    EXPECT_TRUE(has(letter, "eventscope-cc"));
    EXPECT_TRUE(has(letter, "eventscope-user-id"));
}

TEST(DeadLetterReader, TakesNonsenseForWhatItIs)
{
    AmqpValue number(7);
    for (const char* name : {"x-death", "MT-Reason", "NServiceBus.FailedQ", "rbs2-error-details", "exception-type",
             "x-exception-message", "eventscope-error-type"}) {
        const ReadLetter letter = read(withHeaders({{name, number}}), "{\"Exchange\":1}");
        EXPECT_FALSE(letter.letter.convention.empty()) << name;
    }
    const ReadLetter odd = read(withHeaders({{"x-death", deaths({{}})}}));
    EXPECT_EQ(odd.letter.convention, "rabbitmq");
}
