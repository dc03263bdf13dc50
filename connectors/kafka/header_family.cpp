// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "header_family.h"

#include <algorithm>
#include <charconv>

namespace eventscope::kafka {

namespace {

using Names = std::span<const std::string_view>;

template <std::size_t N>
using List = std::array<std::string_view, N>;

// The library's own names, exactly as it writes them.
namespace ours {
constexpr List<1> kMarkers{"eventscope-original-topic"};
constexpr List<1> kOwn{"eventscope-*"};
constexpr List<1> kTimestamp{"eventscope-original-timestamp"};
constexpr List<1> kType{"eventscope-error-code"};
constexpr List<1> kMessage{"eventscope-error-message"};
constexpr List<1> kAttempts{"eventscope-attempts"};
constexpr List<1> kFailedAt{"eventscope-failed-at"};
} // namespace ours

namespace spring {
constexpr List<3> kMarkers{"kafka_dlt-original-topic", "kafka_dlt-exception-fqcn", "kafka_dlt-exception-message"};
constexpr List<4> kOwn{
    "kafka_dlt-*", "retry_topic-*", "springDeserializerExceptionKey", "springDeserializerExceptionValue"};
constexpr List<1> kTimestamp{"kafka_dlt-original-timestamp"};
constexpr List<2> kType{"kafka_dlt-exception-cause-fqcn", "kafka_dlt-exception-fqcn"};
constexpr List<2> kMessage{"kafka_dlt-exception-message", "kafka_dlt-key-exception-message"};
constexpr List<2> kStack{"kafka_dlt-exception-stacktrace", "kafka_dlt-key-exception-stacktrace"};
constexpr List<1> kAttempts{"retry_topic-attempts"};
} // namespace spring

namespace retryable {
constexpr List<2> kMarkers{"kafka_original-topic", "kafka_exception-fqcn"};
constexpr List<4> kOwn{"kafka_original-*", "kafka_exception-*", "kafka_dlt-*", "retry_topic-*"};
constexpr List<2> kTimestamp{"kafka_original-timestamp", "retry_topic-original-timestamp"};
constexpr List<2> kType{"kafka_exception-cause-fqcn", "kafka_exception-fqcn"};
constexpr List<1> kMessage{"kafka_exception-message"};
constexpr List<1> kStack{"kafka_exception-stacktrace"};
} // namespace retryable

namespace stream {
constexpr List<1> kMarkers{"x-original-topic"};
constexpr List<3> kAlso{"x-exception-message", "x-exception-fqcn", "x-exception-stacktrace"};
constexpr List<5> kOwn{
    "x-original-topic", "x-original-partition", "x-original-offset", "x-original-timestamp*", "x-exception-*"};
constexpr List<1> kTimestamp{"x-original-timestamp"};
constexpr List<1> kType{"x-exception-fqcn"};
constexpr List<1> kMessage{"x-exception-message"};
constexpr List<1> kStack{"x-exception-stacktrace"};
} // namespace stream

namespace connect {
constexpr List<2> kMarkers{"__connect.errors.topic", "__connect.errors.connector.name"};
constexpr List<1> kOwn{"__connect.errors.*"};
constexpr List<1> kType{"__connect.errors.exception.class.name"};
constexpr List<1> kMessage{"__connect.errors.exception.message"};
constexpr List<1> kStack{"__connect.errors.exception.stacktrace"};
} // namespace connect

namespace streams {
constexpr List<2> kMarkers{"__streams.errors.topic", "__streams.errors.exception"};
constexpr List<1> kOwn{"__streams.errors.*"};
constexpr List<1> kType{"__streams.errors.exception"};
constexpr List<1> kMessage{"__streams.errors.message"};
constexpr List<1> kStack{"__streams.errors.stacktrace"};
} // namespace streams

namespace share {
constexpr List<1> kMarkers{"__dlq.errors.topic"};
constexpr List<1> kOwn{"__dlq.errors.*"};
constexpr List<1> kMessage{"__dlq.errors.message"};
constexpr List<1> kAttempts{"__dlq.errors.delivery.count"};
} // namespace share

namespace smallrye {
constexpr List<2> kMarkers{"dead-letter-topic", "dead-letter-reason"};
constexpr List<2> kOwn{"dead-letter-*", "delayed-retry-*"};
constexpr List<2> kType{"dead-letter-cause-class-name", "dead-letter-exception-class-name"};
constexpr List<1> kMessage{"dead-letter-reason"};
constexpr List<1> kStack{"dead-letter-cause"};
constexpr List<1> kAttempts{"delayed-retry-count"};
constexpr List<1> kTimestamp{"delayed-retry-original-timestamp"};
} // namespace smallrye

namespace delayed {
constexpr List<1> kMarkers{"delayed-retry-topic"};
constexpr List<1> kOwn{"delayed-retry-*"};
constexpr List<2> kType{"delayed-retry-cause-class-name", "delayed-retry-exception-class-name"};
constexpr List<1> kMessage{"delayed-retry-reason"};
constexpr List<1> kStack{"delayed-retry-cause"};
} // namespace delayed

namespace wolverine {
constexpr List<3> kMarkers{"original-destination", "wolverine-kafka-retry-source", "exception-stack"};
constexpr List<3> kAlso{"exception-type", "exception-message", "wolverine-kafka-retry-exception-type"};
constexpr List<8> kOwn{"exception-type", "exception-message", "exception-stack", "original-destination",
    "original-partition", "original-offset", "failed-at", "wolverine-kafka-retry-*"};
constexpr List<2> kType{"exception-type", "wolverine-kafka-retry-exception-type"};
constexpr List<2> kMessage{"exception-message", "wolverine-kafka-retry-exception-message"};
constexpr List<1> kStack{"exception-stack"};
constexpr List<1> kAttempts{"wolverine-kafka-retry-attempt"};
constexpr List<1> kFailedAt{"failed-at"};
} // namespace wolverine

namespace karafka {
constexpr List<1> kMarkers{"source_topic"};
constexpr List<2> kAlso{"source_offset", "source_consumer_group"};
constexpr List<7> kOwn{"source_topic", "source_partition", "source_offset", "source_consumer_group", "source_attempts",
    "source_trace_id", "source_key"};
constexpr List<1> kAttempts{"source_attempts"};
} // namespace karafka

namespace watermill {
constexpr List<2> kMarkers{"reason_poisoned", "topic_poisoned"};
constexpr List<4> kOwn{"reason_poisoned", "topic_poisoned", "handler_poisoned", "subscriber_poisoned"};
constexpr List<1> kMessage{"reason_poisoned"};
} // namespace watermill

namespace kafkaflow {
constexpr List<2> kMarkers{"Kafka-Flow-Retry-Durable-Item-Id", "Kafka-Flow-Retry-Durable-Queue-Id"};
constexpr List<1> kOwn{"Kafka-Flow-Retry-Durable-*"};
constexpr List<1> kAttempts{"Kafka-Flow-Retry-Durable-Attempts-Count"};
} // namespace kafkaflow

namespace masstransit {
constexpr List<2> kMarkers{"MT-Fault-Message", "MT-Fault-ExceptionType"};
constexpr List<3> kOwn{"MT-Fault-*", "MT-Reason", "MT-Host-*"};
constexpr List<1> kType{"MT-Fault-ExceptionType"};
constexpr List<1> kMessage{"MT-Fault-Message"};
constexpr List<1> kStack{"MT-Fault-StackTrace"};
constexpr List<1> kAttempts{"MT-Fault-RetryCount"};
constexpr List<1> kFailedAt{"MT-Fault-Timestamp"};
} // namespace masstransit

namespace nservicebus {
constexpr List<2> kMarkers{"NServiceBus.FailedQ", "NServiceBus.ExceptionInfo.Message"};
constexpr List<3> kOwn{"NServiceBus.FailedQ", "NServiceBus.ExceptionInfo.*", "NServiceBus.TimeOfFailure"};
constexpr List<1> kType{"NServiceBus.ExceptionInfo.ExceptionType"};
constexpr List<1> kMessage{"NServiceBus.ExceptionInfo.Message"};
constexpr List<1> kStack{"NServiceBus.ExceptionInfo.StackTrace"};
constexpr List<1> kFailedAt{"NServiceBus.TimeOfFailure"};
} // namespace nservicebus

namespace rebus {
constexpr List<1> kMarkers{"rbs2-error-details"};
constexpr List<2> kOwn{"rbs2-error-details", "rbs2-source-queue"};
constexpr List<1> kMessage{"rbs2-error-details"};
} // namespace rebus

namespace handmade {
constexpr List<4> kMarkers{"x-error-reason", "error-message", "x-error-message", "x-failed-at"};
constexpr List<15> kOwn{"x-error-reason", "x-error-message", "x-error-stack", "error-message", "error",
    "x-origin-topic", "x-original-topic", "original-topic", "x-original-partition", "x-original-offset",
    "x-retry-count", "x-failed-at", "x-attempts", "retry-count", "failed-at"};
constexpr List<4> kMessage{"x-error-reason", "x-error-message", "error-message", "error"};
constexpr List<1> kStack{"x-error-stack"};
constexpr List<3> kAttempts{"x-retry-count", "x-attempts", "retry-count"};
constexpr List<2> kFailedAt{"x-failed-at", "failed-at"};
} // namespace handmade

using Numbers = HeaderFamily::Numbers;

constexpr std::array<HeaderFamily, 17> kFamilies{{
    {.name = "eventscope",
        .markers = ours::kMarkers,
        .also = {},
        .own = ours::kOwn,
        .topic = "eventscope-original-topic",
        .partition = "eventscope-original-partition",
        .offset = "eventscope-original-offset",
        .timestamp = ours::kTimestamp,
        .type = ours::kType,
        .message = ours::kMessage,
        .stack = {},
        .attempts = ours::kAttempts,
        .failedAt = ours::kFailedAt},
    {.name = "spring-kafka",
        .markers = spring::kMarkers,
        .also = {},
        .own = spring::kOwn,
        .topic = "kafka_dlt-original-topic",
        .partition = "kafka_dlt-original-partition",
        .offset = "kafka_dlt-original-offset",
        .timestamp = spring::kTimestamp,
        .type = spring::kType,
        .message = spring::kMessage,
        .stack = spring::kStack,
        .attempts = spring::kAttempts,
        .failedAt = {},
        .numbers = Numbers::BigEndian},
    {.name = "spring-retryable-topic",
        .markers = retryable::kMarkers,
        .also = {},
        .own = retryable::kOwn,
        .topic = "kafka_original-topic",
        .partition = "kafka_original-partition",
        .offset = "kafka_original-offset",
        .timestamp = retryable::kTimestamp,
        .type = retryable::kType,
        .message = retryable::kMessage,
        .stack = retryable::kStack,
        .attempts = spring::kAttempts,
        .failedAt = {},
        .numbers = Numbers::BigEndian},
    {.name = "spring-cloud-stream",
        .markers = stream::kMarkers,
        .also = stream::kAlso,
        .own = stream::kOwn,
        .topic = "x-original-topic",
        .partition = "x-original-partition",
        .offset = "x-original-offset",
        .timestamp = stream::kTimestamp,
        .type = stream::kType,
        .message = stream::kMessage,
        .stack = stream::kStack,
        .attempts = {},
        .failedAt = {},
        .numbers = Numbers::BigEndian},
    {.name = "kafka-connect",
        .markers = connect::kMarkers,
        .also = {},
        .own = connect::kOwn,
        .topic = "__connect.errors.topic",
        .partition = "__connect.errors.partition",
        .offset = "__connect.errors.offset",
        .timestamp = {},
        .type = connect::kType,
        .message = connect::kMessage,
        .stack = connect::kStack,
        .attempts = {},
        .failedAt = {}},
    {.name = "kafka-streams",
        .markers = streams::kMarkers,
        .also = {},
        .own = streams::kOwn,
        .topic = "__streams.errors.topic",
        .partition = "__streams.errors.partition",
        .offset = "__streams.errors.offset",
        .timestamp = {},
        .type = streams::kType,
        .message = streams::kMessage,
        .stack = streams::kStack,
        .attempts = {},
        .failedAt = {}},
    {.name = "kafka-share-group",
        .markers = share::kMarkers,
        .also = {},
        .own = share::kOwn,
        .topic = "__dlq.errors.topic",
        .partition = "__dlq.errors.partition",
        .offset = "__dlq.errors.offset",
        .timestamp = {},
        .type = {},
        .message = share::kMessage,
        .stack = {},
        .attempts = share::kAttempts,
        .failedAt = {}},
    {.name = "smallrye",
        .markers = smallrye::kMarkers,
        .also = {},
        .own = smallrye::kOwn,
        .topic = "dead-letter-topic",
        .partition = "dead-letter-partition",
        .offset = "dead-letter-offset",
        .timestamp = smallrye::kTimestamp,
        .type = smallrye::kType,
        .message = smallrye::kMessage,
        .stack = smallrye::kStack,
        .attempts = smallrye::kAttempts,
        .failedAt = {}},
    {.name = "smallrye-delayed-retry",
        .markers = delayed::kMarkers,
        .also = {},
        .own = delayed::kOwn,
        .topic = "delayed-retry-topic",
        .partition = "delayed-retry-partition",
        .offset = "delayed-retry-offset",
        .timestamp = smallrye::kTimestamp,
        .type = delayed::kType,
        .message = delayed::kMessage,
        .stack = delayed::kStack,
        .attempts = smallrye::kAttempts,
        .failedAt = {}},
    {.name = "wolverine",
        .markers = wolverine::kMarkers,
        .also = wolverine::kAlso,
        .own = wolverine::kOwn,
        .topic = "original-destination",
        .partition = "original-partition",
        .offset = "original-offset",
        .timestamp = {},
        .type = wolverine::kType,
        .message = wolverine::kMessage,
        .stack = wolverine::kStack,
        .attempts = wolverine::kAttempts,
        .failedAt = wolverine::kFailedAt},
    {.name = "karafka",
        .markers = karafka::kMarkers,
        .also = karafka::kAlso,
        .own = karafka::kOwn,
        .topic = "source_topic",
        .partition = "source_partition",
        .offset = "source_offset",
        .timestamp = {},
        .type = {},
        .message = {},
        .stack = {},
        .attempts = karafka::kAttempts,
        .failedAt = {}},
    {.name = "watermill",
        .markers = watermill::kMarkers,
        .also = {},
        .own = watermill::kOwn,
        .topic = "topic_poisoned",
        .partition = {},
        .offset = {},
        .timestamp = {},
        .type = {},
        .message = watermill::kMessage,
        .stack = {},
        .attempts = {},
        .failedAt = {}},
    {.name = "kafkaflow",
        .markers = kafkaflow::kMarkers,
        .also = {},
        .own = kafkaflow::kOwn,
        .topic = {},
        .partition = {},
        .offset = {},
        .timestamp = {},
        .type = {},
        .message = {},
        .stack = {},
        .attempts = kafkaflow::kAttempts,
        .failedAt = {}},
    {.name = "masstransit",
        .markers = masstransit::kMarkers,
        .also = {},
        .own = masstransit::kOwn,
        .topic = "MT-Fault-InputAddress",
        .partition = {},
        .offset = {},
        .timestamp = {},
        .type = masstransit::kType,
        .message = masstransit::kMessage,
        .stack = masstransit::kStack,
        .attempts = masstransit::kAttempts,
        .failedAt = masstransit::kFailedAt},
    {.name = "nservicebus",
        .markers = nservicebus::kMarkers,
        .also = {},
        .own = nservicebus::kOwn,
        .topic = "NServiceBus.FailedQ",
        .partition = {},
        .offset = {},
        .timestamp = {},
        .type = nservicebus::kType,
        .message = nservicebus::kMessage,
        .stack = nservicebus::kStack,
        .attempts = {},
        .failedAt = nservicebus::kFailedAt},
    {.name = "rebus",
        .markers = rebus::kMarkers,
        .also = {},
        .own = rebus::kOwn,
        .topic = "rbs2-source-queue",
        .partition = {},
        .offset = {},
        .timestamp = {},
        .type = {},
        .message = rebus::kMessage,
        .stack = {},
        .attempts = {},
        .failedAt = {}},
    {.name = "headers",
        .markers = handmade::kMarkers,
        .also = {},
        .own = handmade::kOwn,
        .topic = "x-original-topic",
        .partition = "x-original-partition",
        .offset = "x-original-offset",
        .timestamp = {},
        .type = {},
        .message = handmade::kMessage,
        .stack = handmade::kStack,
        .attempts = handmade::kAttempts,
        .failedAt = handmade::kFailedAt},
}};

bool hasOne(const std::vector<core::Header>& headers, Names names)
{
    return std::ranges::any_of(names, [&](std::string_view name) { return lastHeader(headers, name).has_value(); });
}

} // namespace

std::span<const HeaderFamily> headerFamilies()
{
    return kFamilies;
}

const HeaderFamily* familyOf(const std::vector<core::Header>& headers)
{
    const auto found = std::ranges::find_if(kFamilies, [&](const HeaderFamily& family) {
        return hasOne(headers, family.markers) && (family.also.empty() || hasOne(headers, family.also));
    });
    return found == kFamilies.end() ? nullptr : &*found;
}

std::optional<std::string_view> lastHeader(const std::vector<core::Header>& headers, std::string_view name)
{
    const auto found
        = std::find_if(headers.rbegin(), headers.rend(), [&](const core::Header& h) { return h.name == name; });
    return found == headers.rend() || name.empty() ? std::nullopt : std::optional<std::string_view>(found->value);
}

std::optional<std::string_view> lastHeader(const std::vector<core::Header>& headers, Names names)
{
    for (const std::string_view name : names) {
        if (const auto value = lastHeader(headers, name)) {
            return value;
        }
    }
    return std::nullopt;
}

bool isOwn(const HeaderFamily& family, std::string_view header)
{
    return std::ranges::any_of(family.own, [&](std::string_view own) {
        return own.ends_with('*') ? header.starts_with(own.substr(0, own.size() - 1)) : header == own;
    });
}

std::optional<std::int64_t> numberIn(const HeaderFamily& family, std::string_view bytes)
{
    if (family.numbers == HeaderFamily::Numbers::BigEndian) {
        if (bytes.size() != 4 && bytes.size() != 8) {
            return std::nullopt;
        }
        std::uint64_t value = static_cast<unsigned char>(bytes.front()) >= 0x80 ? ~std::uint64_t{0} : 0;
        for (const char c : bytes) {
            value = value << 8 | static_cast<unsigned char>(c);
        }
        return static_cast<std::int64_t>(value);
    }
    std::int64_t value = 0;
    const auto [rest, error] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), value);
    return error == std::errc{} && rest == bytes.data() + bytes.size() ? std::optional(value) : std::nullopt;
}

} // namespace eventscope::kafka
