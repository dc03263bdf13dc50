// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "topology.h"

#include <fmt/format.h>

#include <algorithm>

namespace eventscope::rabbitmq {

using core::Status;

namespace {

QueueSpec safeRetryQueue(const std::string& name, std::string_view queue, std::int64_t delay)
{
    return {.name = name,
        .durable = true,
        .arguments = {{"x-queue-type", "quorum"}, {"x-message-ttl", delay}, {"x-dead-letter-exchange", ""},
            {"x-dead-letter-routing-key", queue}, {"x-dead-letter-strategy", "at-least-once"},
            {"x-overflow", "reject-publish"}}};
}

QueueSpec plainRetryQueue(const std::string& name, std::string_view queue, std::int64_t delay)
{
    return {.name = name,
        .durable = true,
        .arguments = {{"x-message-ttl", delay}, {"x-dead-letter-exchange", ""}, {"x-dead-letter-routing-key", queue}}};
}

Status declareRetryQueue(
    AmqpConnection& connection, std::uint16_t channel, std::string_view queue, std::chrono::milliseconds delay)
{
    const std::string name = retryQueueOf(queue, delay);
    const auto safe = connection.declareQueue(channel, safeRetryQueue(name, queue, delay.count()));
    if (safe)
        return {};
    if (connection.isLost())
        return std::unexpected(safe.error());
    // A broker without such queues, or one where an older version of this declared a plain one.
    if (Status opened = connection.openChannel(channel); !opened)
        return opened;
    const auto plain = connection.declareQueue(channel, plainRetryQueue(name, queue, delay.count()));
    return plain ? Status() : std::unexpected(plain.error());
}

} // namespace

std::string retryExchangeOf(std::string_view exchange)
{
    return fmt::format("{}.retry", exchange);
}

std::string deadLetterKeyOf(std::string_view pattern)
{
    return fmt::format("retry.{}", pattern);
}

std::string deadLetterQueueOf(std::string_view exchange, std::string_view pattern)
{
    return fmt::format("{}.{}.dead-letter", exchange, pattern);
}

std::string retryQueueOf(std::string_view queue, std::chrono::milliseconds delay)
{
    return fmt::format("{}.retry.{}", queue, delay.count());
}

std::string plainRetryQueueOf(std::string_view queue, std::chrono::milliseconds delay)
{
    return retryQueueOf(queue, delay) + ".plain";
}

std::vector<std::chrono::milliseconds> delaysOf(const core::RetryPolicy& policy)
{
    std::vector<std::chrono::milliseconds> delays{policy.delayBefore(1)}; // also for what somebody else holds
    for (int retry = 2; retry <= policy.maxRetries; ++retry) {
        delays.push_back(policy.delayBefore(retry));
        if (delays.back() == policy.maxDelay)
            break;
    }
    std::ranges::sort(delays);
    const auto doubled = std::ranges::unique(delays);
    delays.erase(doubled.begin(), doubled.end());
    return delays;
}

Status declareExchanges(AmqpConnection& connection, std::uint16_t channel, std::string_view exchange)
{
    if (Status declared = connection.declareExchange(channel, exchange, "topic"); !declared)
        return declared;
    return connection.declareExchange(channel, retryExchangeOf(exchange), "direct");
}

Status declareKeptEvents(
    AmqpConnection& connection, std::uint16_t channel, std::string_view exchange, std::string_view stream)
{
    constexpr std::int64_t kMostBytes = std::int64_t{1} << 30;
    const auto declared = connection.declareQueue(channel,
        {.name = std::string(stream),
            .durable = true,
            .arguments = {{"x-queue-type", "stream"}, {"x-max-length-bytes", kMostBytes}}});
    if (!declared)
        return std::unexpected(declared.error());
    return connection.bindQueue(channel, stream, exchange, "#");
}

Status declareSubscription(AmqpConnection& connection, std::uint16_t channel, const SubscriptionTopology& subscription)
{
    const auto& [exchange, queue, pattern, delays] = subscription;
    if (Status declared = declareExchanges(connection, channel, exchange); !declared)
        return declared;
    const std::string deadLetters = deadLetterQueueOf(exchange, pattern);
    const std::string retryExchange = retryExchangeOf(exchange);
    const std::string key = deadLetterKeyOf(pattern);
    if (auto declared = connection.declareQueue(channel, {.name = deadLetters, .durable = true}); !declared)
        return std::unexpected(declared.error());
    if (Status bound = connection.bindQueue(channel, deadLetters, retryExchange, key); !bound)
        return bound;
    const QueueSpec own{.name = queue,
        .durable = true,
        .arguments
        = {{"x-max-priority", 10}, {"x-dead-letter-exchange", retryExchange}, {"x-dead-letter-routing-key", key}}};
    if (auto declared = connection.declareQueue(channel, own); !declared)
        return std::unexpected(declared.error());
    for (const std::chrono::milliseconds delay : delays) {
        if (Status declared = declareRetryQueue(connection, channel, queue, delay); !declared)
            return declared;
    }
    // Last, so that nothing comes in before it can be tried again.
    return connection.bindQueue(channel, queue, exchange, pattern);
}

core::Result<bool> hasDelayQueues(
    AmqpConnection& connection, std::uint16_t channel, const SubscriptionTopology& subscription)
{
    if (Status opened = connection.openChannel(channel); !opened)
        return std::unexpected(opened.error());
    for (const std::chrono::milliseconds delay : subscription.delays) {
        const auto there
            = connection.declareQueue(channel, {.name = retryQueueOf(subscription.queue, delay), .passive = true});
        if (connection.isLost())
            return std::unexpected(there.error());
        if (!there)
            return false; // which closed the channel
    }
    if (Status closed = connection.closeChannel(channel); !closed)
        return std::unexpected(closed.error());
    return true;
}

Status declarePlainDelays(AmqpConnection& connection, std::uint16_t channel, const SubscriptionTopology& subscription)
{
    for (const std::chrono::milliseconds delay : subscription.delays) {
        const auto declared = connection.declareQueue(
            channel, plainRetryQueue(plainRetryQueueOf(subscription.queue, delay), subscription.queue, delay.count()));
        if (!declared)
            return std::unexpected(declared.error());
    }
    return {};
}

} // namespace eventscope::rabbitmq
