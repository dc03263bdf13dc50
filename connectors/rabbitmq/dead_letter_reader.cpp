// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letter_reader.h"

#include "event_message.h"
#include "message_copy.h"

#include "event/base64.h"
#include "event/json.h"
#include "event/timestamp.h"
#include "inspect/parked_letters.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

namespace eventscope::rabbitmq {

using core::Json;

namespace {

/// What is known while the conventions are tried.
struct Reading {
    const MessageProperties& properties;
    std::string_view body;
    ReadLetter& result;

    std::string header(std::string_view name) const
    {
        const AmqpValue* value = find(properties.headers, name);
        return value ? value->display() : std::string();
    }
    bool has(std::string_view name) const { return find(properties.headers, name) != nullptr; }
};

core::Timestamp fromSeconds(std::uint64_t seconds)
{
    constexpr std::uint64_t kYear9999 = 253'402'300'799;
    return core::Timestamp(std::chrono::seconds(static_cast<std::int64_t>(std::min(seconds, kYear9999))));
}

core::Timestamp timeOf(std::string_view text)
{
    return core::parseTimestamp(text).value_or(core::Timestamp{});
}

// NServiceBus: "2026-11-23 09:14:02:113000 Z", with a colon before the microseconds.
core::Timestamp nServiceBusTime(std::string text)
{
    const std::size_t colon = text.rfind(':');
    if (std::ranges::count(text, ':') == 3 && colon != std::string::npos)
        text[colon] = '.';
    if (text.ends_with(" Z"))
        text.erase(text.size() - 2, 1);
    return timeOf(text);
}

// The part behind the last '/' of "rabbitmq://host/vhost/queue?durable=true", or all of it.
std::string queueOfAddress(std::string_view address)
{
    address = address.substr(0, address.find('?'));
    const std::size_t slash = address.rfind('/');
    return std::string(slash == std::string_view::npos ? address : address.substr(slash + 1));
}

int countOf(std::string_view text)
{
    int count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

void stripHeaders(MessageProperties& properties, auto isFailure)
{
    std::erase_if(properties.headers, [&](const auto& header) { return isFailure(std::string_view(header.first)); });
}

/// The element that the first death led to; entries move to the front when they repeat, so the last
/// one may be of another hop.
const AmqpTable* firstDeath(const MessageProperties& properties)
{
    const AmqpValue* deaths = find(properties.headers, "x-death");
    const AmqpArray* array = deaths ? deaths->array() : nullptr;
    if (!array || array->empty())
        return nullptr;
    const AmqpValue* queue = find(properties.headers, "x-first-death-queue");
    const AmqpValue* reason = find(properties.headers, "x-first-death-reason");
    const AmqpTable* last = nullptr;
    for (const AmqpValue& entry : *array) {
        const AmqpTable* table = entry.table();
        if (!table)
            continue;
        last = table;
        const AmqpValue* entryQueue = find(*table, "queue");
        const AmqpValue* entryReason = find(*table, "reason");
        if (queue && reason && entryQueue && entryReason && entryQueue->text() == queue->text()
            && entryReason->text() == reason->text())
            return table;
    }
    return last;
}

// Where it came from by the broker's account, and how often it died.
bool readDeath(Reading& reading)
{
    const AmqpTable* death = firstDeath(reading.properties);
    if (!death)
        return false;
    ReadLetter& result = reading.result;
    const auto text = [&](std::string_view name) {
        const AmqpValue* value = find(*death, name);
        return value ? std::string(value->text()) : std::string();
    };
    result.queue = text("queue");
    result.exchange = text("exchange");
    result.knowsExchange = find(*death, "exchange") != nullptr;
    const AmqpValue* keys = find(*death, "routing-keys");
    if (keys && keys->array() && !keys->array()->empty())
        result.routingKey = keys->array()->front().text();
    result.letter.error.type = text("reason");
    std::int64_t count = 0;
    for (const AmqpValue& entry : *find(reading.properties.headers, "x-death")->array()) {
        const AmqpTable* table = entry.table();
        const AmqpValue* times = table ? find(*table, "count") : nullptr;
        count += times ? times->integer().value_or(1) : 1;
    }
    result.letter.attempts = static_cast<int>(std::min<std::int64_t>(count, 1'000'000));
    const AmqpValue* time = find(*death, "time");
    if (time && time->integer())
        result.letter.failedAt = fromSeconds(static_cast<std::uint64_t>(*time->integer()));
    if (find(*death, "original-expiration"))
        result.properties.expiration = text("original-expiration");
    if (result.letter.error.message.empty())
        result.letter.error.message = "dead-lettered by the broker: " + result.letter.error.type;
    return true;
}

bool readOurs(Reading& reading)
{
    if (!reading.has(kErrorType) || !reading.has(kOriginQueue))
        return false;
    ReadLetter& result = reading.result;
    result.letter.convention = core::kParkedConvention;
    result.letter.error = {reading.header(kErrorType), reading.header(kErrorMessage), reading.header(kErrorStack)};
    result.letter.failedAt = timeOf(reading.header(kFailedAt));
    result.letter.attempts = countOf(reading.header(kAttempts));
    result.queue = reading.header(kOriginQueue);
    result.knowsExchange = reading.has(kOriginExchange);
    result.exchange = reading.header(kOriginExchange);
    result.routingKey = reading.header(kOriginRoutingKey);
    stripHeaders(result.properties, [](std::string_view name) {
        constexpr std::array<std::string_view, 9> kFailure{kErrorType, kErrorMessage, kErrorStack, kFailedAt, kAttempts,
            kOriginQueue, kOriginExchange, kOriginRoutingKey, kRetryCount};
        return std::ranges::find(kFailure, name) != kFailure.end();
    });
    return true;
}

void setText(const Json& json, std::string_view name, std::optional<std::string>& text)
{
    const Json* value = json.find(name);
    if (value && value->isString() && !value->asString().empty())
        text = value->asString();
}

bool readEasyNetQ(Reading& reading)
{
    if (!reading.body.starts_with('{'))
        return false;
    const auto json = Json::parse(reading.body);
    if (!json || !json->find("Exchange") || !json->find("RoutingKey") || !json->find("Exception")
        || !json->find("Message") || !json->find("BasicProperties") || !json->find("Message")->isString())
        return false;
    ReadLetter& result = reading.result;
    result.letter.convention = "easynetq";
    const std::string exception(json->stringOr("Exception"));
    result.letter.error = {exception.substr(0, exception.find_first_of(":\r\n")),
        exception.substr(0, exception.find_first_of("\r\n")), exception};
    result.letter.failedAt = timeOf(json->stringOr("DateTime"));
    result.letter.attempts = 1;
    result.queue = json->stringOr("Queue");
    result.exchange = json->stringOr("Exchange");
    result.routingKey = json->stringOr("RoutingKey");
    result.knowsExchange = true;
    std::string& data = result.letter.original.data;
    data = json->stringOr("Message");
    // Newer versions write bytes that are no text in base64; a JSON text never looks like it.
    if (!data.empty() && !core::isJson(data)) {
        if (auto bytes = core::decodeBase64(data); bytes && core::isJson(*bytes))
            data = std::move(*bytes);
    }
    MessageProperties inner;
    const Json& basic = *json->find("BasicProperties");
    setText(basic, "ContentType", inner.contentType);
    setText(basic, "ContentEncoding", inner.contentEncoding);
    setText(basic, "CorrelationId", inner.correlationId);
    setText(basic, "ReplyTo", inner.replyTo);
    setText(basic, "MessageId", inner.messageId);
    setText(basic, "Type", inner.type);
    setText(basic, "AppId", inner.appId);
    if (const Json* headers = basic.find("Headers"); headers && headers->isObject()) {
        for (const auto& [name, value] : headers->asObject())
            inner.headers.emplace_back(name, AmqpValue(value.isString() ? value.asString() : value.dump()));
    }
    result.properties = std::move(inner);
    return true;
}

bool readMassTransit(Reading& reading)
{
    if (!reading.has("MT-Reason") && !reading.has("MT-Fault-ExceptionType"))
        return false;
    ReadLetter& result = reading.result;
    result.letter.convention = "masstransit";
    result.letter.error = {reading.header("MT-Fault-ExceptionType"), reading.header("MT-Fault-Message"),
        reading.header("MT-Fault-StackTrace")};
    if (result.letter.error.type.empty())
        result.letter.error.type = reading.header("MT-Reason");
    result.letter.failedAt = timeOf(reading.header("MT-Fault-Timestamp"));
    result.letter.attempts = countOf(reading.header("MT-Fault-RetryCount")) + 1;
    result.queue = queueOfAddress(reading.header("MT-Fault-InputAddress"));
    stripHeaders(result.properties, [](std::string_view name) {
        return name.starts_with("MT-Fault-") || name == "MT-Reason" || name.starts_with("MT-Host-");
    });
    return true;
}

bool readNServiceBus(Reading& reading)
{
    if (!reading.has("NServiceBus.FailedQ"))
        return false;
    ReadLetter& result = reading.result;
    result.letter.convention = "nservicebus";
    result.letter.error = {reading.header("NServiceBus.ExceptionInfo.ExceptionType"),
        reading.header("NServiceBus.ExceptionInfo.Message"), reading.header("NServiceBus.ExceptionInfo.StackTrace")};
    result.letter.failedAt = nServiceBusTime(reading.header("NServiceBus.TimeOfFailure"));
    const std::string failed = reading.header("NServiceBus.FailedQ");
    result.queue = failed.substr(0, failed.find('@'));
    result.letter.attempts = std::max(1, countOf(reading.header("NServiceBus.DelayedRetries")) + 1);
    stripHeaders(result.properties, [](std::string_view name) {
        return name.starts_with("NServiceBus.ExceptionInfo.") || name == "NServiceBus.FailedQ"
            || name == "NServiceBus.TimeOfFailure" || name == "NServiceBus.DelayedRetries"
            || name == "NServiceBus.FLRetries";
    });
    return true;
}

bool readRebus(Reading& reading)
{
    if (!reading.has("rbs2-source-queue") || !reading.has("rbs2-error-details"))
        return false;
    ReadLetter& result = reading.result;
    const std::string details = reading.header("rbs2-error-details");
    const std::string first = details.substr(0, details.find_first_of("\r\n"));
    result.letter.convention = "rebus";
    result.letter.error = {first.substr(0, first.find(':')), first, details};
    result.letter.attempts = 1;
    result.queue = reading.header("rbs2-source-queue");
    stripHeaders(result.properties,
        [](std::string_view name) { return name == "rbs2-error-details" || name == "rbs2-source-queue"; });
    return true;
}

bool readWolverine(Reading& reading)
{
    if (!reading.has("exception-type") || !reading.has("original-destination"))
        return false;
    ReadLetter& result = reading.result;
    result.letter.convention = "wolverine";
    result.letter.error
        = {reading.header("exception-type"), reading.header("exception-message"), reading.header("exception-stack")};
    const std::string failedAt = reading.header("failed-at");
    result.letter.failedAt = timeOf(failedAt);
    if (result.letter.failedAt == core::Timestamp{}) {
        std::int64_t milliseconds = 0;
        std::from_chars(failedAt.data(), failedAt.data() + failedAt.size(), milliseconds);
        constexpr std::int64_t kYear9999 = 253'402'300'799'000;
        result.letter.failedAt
            = core::Timestamp(std::chrono::milliseconds(std::clamp<std::int64_t>(milliseconds, 0, kYear9999)));
    }
    result.letter.attempts = std::max(1, countOf(reading.header("attempts")));
    result.queue = queueOfAddress(reading.header("original-destination"));
    stripHeaders(result.properties, [](std::string_view name) {
        return name.starts_with("exception-") || name == "original-destination" || name == "failed-at";
    });
    return true;
}

bool readSpring(Reading& reading)
{
    if (!reading.has("x-exception-message") && !reading.has("x-exception-stacktrace"))
        return false;
    ReadLetter& result = reading.result;
    static_cast<void>(readDeath(reading)); // Cloud Stream has both; the exception says more
    const std::string stack = reading.header("x-exception-stacktrace");
    const std::string first = stack.substr(0, stack.find_first_of("\r\n"));
    result.letter.convention = "spring-amqp";
    result.letter.error = {first.substr(0, first.find(':')), reading.header("x-exception-message"), stack};
    result.letter.attempts = std::max(1, result.letter.attempts);
    if (reading.has("x-original-exchange")) {
        result.exchange = reading.header("x-original-exchange");
        result.routingKey = reading.header("x-original-routingKey");
        result.knowsExchange = true;
        if (result.exchange.empty() && result.queue.empty())
            result.queue = result.routingKey;
    }
    stripHeaders(result.properties,
        [](std::string_view name) { return name.starts_with("x-exception-") || name.starts_with("x-original-"); });
    return true;
}

void readBrokersOwn(Reading& reading)
{
    ReadLetter& result = reading.result;
    const bool isDead = readDeath(reading);
    const bool isCelery
        = reading.has("task") && reading.has("id") && (reading.has("root_id") || reading.has("argsrepr"));
    result.letter.convention = isCelery ? "celery" : isDead ? "rabbitmq" : "unknown";
    if (isCelery) {
        result.letter.original.type = reading.header("task");
        result.letter.original.id = reading.header("id");
        if (const int retries = countOf(reading.header("retries")))
            result.letter.attempts = std::max(result.letter.attempts, retries + 1);
    }
    stripHeaders(result.properties, [](std::string_view name) { return name == kRetryCount; });
}

/// Death headers stay visible in the listing, in the form that does not change by looking.
std::vector<core::Header> shownHeaders(const MessageProperties& properties)
{
    std::vector<core::Header> headers;
    const auto add = [&](const char* name, const std::optional<std::string>& value) {
        if (value)
            headers.push_back({name, *value});
    };
    add("content-type", properties.contentType);
    add("content-encoding", properties.contentEncoding);
    add("correlation-id", properties.correlationId);
    add("reply-to", properties.replyTo);
    add("user-id", properties.userId);
    add("app-id", properties.appId);
    for (const auto& [name, value] : properties.headers) {
        if (name != "x-delivery-count" && name != "x-acquired-count")
            headers.push_back({name, value.display()});
    }
    return headers;
}

} // namespace

ReadLetter readLetter(
    std::string_view queue, std::string_view routingKey, const MessageProperties& properties, std::string_view body)
{
    ReadLetter result;
    core::DeadLetter& letter = result.letter;
    letter.queue = queue;
    letter.original.data = body;
    letter.original.headers = shownHeaders(properties);
    result.properties = properties;
    Reading reading{properties, body, result};
    const bool isKnown = readOurs(reading) || readEasyNetQ(reading) || readMassTransit(reading)
        || readNServiceBus(reading) || readRebus(reading) || readWolverine(reading) || readSpring(reading);
    if (!isKnown)
        readBrokersOwn(reading);
    result.properties = copyOf(result.properties);

    core::DeadLetter::Original& original = letter.original;
    if (original.id.empty())
        original.id = result.properties.messageId.value_or(std::string());
    if (original.type.empty()) {
        const AmqpValue* type = find(result.properties.headers, kEventType);
        original.type = type ? type->display() : result.properties.type.value_or(std::string());
    }
    if (properties.timestamp)
        original.time = fromSeconds(*properties.timestamp);
    original.stream = !result.queue.empty() ? result.queue : result.exchange;
    original.key = result.routingKey;
    if (original.key.empty() && original.stream.empty())
        original.key = routingKey; // nobody wrote down where it came from: what the last hop says is for people
    return result;
}

} // namespace eventscope::rabbitmq
