// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "queue_look.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace eventscope::rabbitmq {

using core::ErrorCode;
using core::fail;
using core::Status;

namespace {

constexpr std::chrono::milliseconds kPatience{10'000};
constexpr std::size_t kPipelined = 64;
/// All that may be held at a time.
constexpr std::size_t kMostBytes = std::size_t{512} << 20;

std::pair<int, int> versionOf(std::string_view text)
{
    int major = 0, minor = 0;
    const char* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, major);
    if (first.ptr != end && *first.ptr == '.')
        std::from_chars(first.ptr + 1, end, minor);
    return {major, minor};
}

// Nothing: no limit.
std::optional<std::int64_t> deliveryLimitOf(const QueueInfo& info, int major)
{
    if (const auto limit = info.number("x-delivery-limit"))
        return *limit < 0 ? std::nullopt : limit;
    constexpr std::int64_t kDefaultSinceFour = 20;
    return major >= 4 ? std::optional(kDefaultSinceFour) : std::nullopt;
}

constexpr std::string_view kInstead
    = "To look without a cost, watch its live traffic, or bind a stream (x-queue-type=stream) to the same exchange.";

} // namespace

LookCost costOfLook(std::string_view queue, const QueueInfo* info, std::int64_t consumers, std::string_view version)
{
    const auto [major, minor] = versionOf(version);
    LookCost cost;
    if (info && info->isStream()) {
        cost.isPossible = false;
        cost.sentence = fmt::format("'{}' is a stream, which is read and not looked into.", queue);
        return cost;
    }
    if (info && info->hasSingleConsumer()) {
        cost.isPossible = false;
        cost.sentence
            = fmt::format("'{}' belongs to one consumer alone; nobody else may look into it. {}", queue, kInstead);
        return cost;
    }
    std::string effect = fmt::format("A look into '{}' marks its messages as redelivered", queue);
    const bool isQuorum = info && info->type == "quorum";
    const auto limit = isQuorum ? deliveryLimitOf(*info, major) : std::nullopt;
    const bool countsNack = major < 4 || (major == 4 && minor < 3);
    if (!info) {
        cost.canDrop = true;
        effect += "; without the management plugin it is not known whether it may also drop them";
    } else if (limit && countsNack) {
        cost.canDrop = true;
        effect += fmt::format(
            ", and counts as one of the {} deliveries after which the broker drops a message or dead-letters it",
            *limit);
    } else if (isQuorum) {
        effect += limit ? ", and leaves them in their order" : ", and puts them at the queue's end";
    } else {
        effect += ", and leaves them in their order";
    }
    if (consumers > 0) {
        cost.disturbs = true;
        effect += fmt::format("; its {} consumers would get them later, and perhaps in another order", consumers);
    }
    cost.sentence = effect + '.';
    if (!cost.isHarmless())
        cost.sentence += fmt::format(" {} Or allow it with ?peek=force.", kInstead);
    return cost;
}

Status allowLook(std::string_view queue, const LookCost& cost, LookPolicy policy)
{
    if (!cost.isPossible)
        return fail(ErrorCode::Refused, cost.sentence);
    if (policy == LookPolicy::Never)
        return fail(ErrorCode::Refused, fmt::format("'{}' is not looked into: ?peek=never was asked for.", queue));
    if (policy == LookPolicy::Harmless && !cost.isHarmless())
        return fail(ErrorCode::Refused, cost.sentence);
    return {};
}

Status QueueHold::take(std::string_view queue, std::size_t limit, std::stop_token stop)
{
    const auto state = m_connection.declareQueue(m_channel, {.name = std::string(queue), .passive = true});
    if (!state)
        return std::unexpected(state.error());
    // A quorum queue whose leader is slow to answer is said to hold nothing; only a get knows.
    const std::size_t wanted = state->messages == 0 ? limit : std::min<std::size_t>(limit, state->messages);
    std::size_t asked = 0, answered = 0, bytes = 0;
    bool isEmpty = false;
    while (answered < asked || (asked < wanted && !isEmpty && bytes < kMostBytes && !stop.stop_requested())) {
        while (asked < wanted && asked - answered < kPipelined && !isEmpty && !stop.stop_requested()) {
            if (Status sent = m_connection.get(m_channel, queue); !sent)
                return sent;
            ++asked;
        }
        const auto event = m_connection.next(kPatience);
        if (!event)
            return std::unexpected(event.error());
        if (event->kind == AmqpEvent::Kind::Nothing)
            return fail(ErrorCode::Timeout, fmt::format("The broker did not answer when '{}' was looked into.", queue));
        if (event->channel != m_channel)
            continue;
        if (event->kind == AmqpEvent::Kind::ChannelClosed)
            return std::unexpected(event->error);
        if (event->kind == AmqpEvent::Kind::Empty) {
            isEmpty = true;
            ++answered;
        } else if (event->kind == AmqpEvent::Kind::Message) {
            const Delivery& message = event->message;
            bytes += message.body.size();
            m_messages.push_back(
                {message.tag, message.redelivered, message.isCut(), message.bodySize, std::string(message.exchange),
                    std::string(message.routingKey), std::string(message.body), propertiesFrom(*message.properties)});
            ++answered;
        }
    }
    if (bytes >= kMostBytes)
        return fail(ErrorCode::Refused,
            fmt::format("'{}' holds more than {} MiB; look at fewer of its messages.", queue, kMostBytes >> 20));
    return {};
}

Status QueueHold::giveBack()
{
    if (m_messages.empty())
        return {};
    m_messages.clear();
    if (Status sent = m_connection.nackToQueue(m_channel, 0, true); !sent)
        return sent;
    // The answer to this comes when the nack was carried out.
    return m_connection.limitUnacknowledged(m_channel, 0);
}

Status QueueHold::acknowledge(std::uint64_t tag)
{
    const auto held = std::ranges::find(m_messages, tag, &HeldMessage::tag);
    if (held == m_messages.end())
        return fail(ErrorCode::NotFound, "The message is not held any more.");
    m_messages.erase(held);
    if (Status sent = m_connection.ack(m_channel, tag); !sent)
        return sent;
    return m_connection.limitUnacknowledged(m_channel, 0);
}

} // namespace eventscope::rabbitmq
