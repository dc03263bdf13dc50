// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "queue_look.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <thread>
#include <utility>

namespace eventscope::rabbitmq {

using core::ErrorCode;
using core::fail;
using core::Status;

namespace {

constexpr std::chrono::milliseconds kPatience{10'000};
constexpr std::size_t kPipelined = 64;
/// The broker gives a leader 250 ms; a 0 that took so long says nothing.
constexpr std::chrono::milliseconds kDoubtful{200};
constexpr int kMostQuestions = 8, kAgreeing = 3;
constexpr std::chrono::milliseconds kBetweenQuestions{50};
/// A quorum queue counts itself for the management plugin every 5 s, which collects that every 5 s.
constexpr std::chrono::seconds kManagementLag{12};
constexpr std::chrono::milliseconds kUntilBack{3000}, kBetweenCounts{10};
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

class BrokerCount final : public CountSource {
public:
    BrokerCount(AmqpConnection& connection, std::uint16_t channel, std::string_view queue)
        : m_connection(connection), m_channel(channel), m_queue(queue)
    {
    }
    core::Result<Answer> ask() override
    {
        const auto asked = std::chrono::steady_clock::now();
        const auto state = m_connection.declareQueue(m_channel, {.name = m_queue, .passive = true});
        if (!state)
            return std::unexpected(state.error());
        const auto took = std::chrono::steady_clock::now() - asked;
        return Answer{*state, std::chrono::duration_cast<std::chrono::milliseconds>(took)};
    }
    void pause(std::chrono::milliseconds time) override { std::this_thread::sleep_for(time); }

private:
    AmqpConnection& m_connection;
    const std::uint16_t m_channel;
    const std::string m_queue;
};

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
        cost.deliveryLimit = limit;
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

core::Result<QueueCount> countSurely(
    CountSource& source, const QueueInfo* info, const TakenLook* before, std::chrono::steady_clock::time_point now)
{
    QueueCount count;
    int agreeing = 0;
    for (int question = 1; question <= kMostQuestions; ++question) {
        const auto answer = source.ask();
        if (!answer)
            return std::unexpected(answer.error());
        const QueueCount told{answer->state.messages, answer->state.consumers};
        if (told.ready == 0 && answer->took >= kDoubtful) {
            if (question == 1 || count.ready == 0)
                count = {0, told.consumers, false};
            continue;
        }
        agreeing = question > 1 && told.ready == count.ready ? agreeing + 1 : 1;
        count = told;
        const bool isCounted = info && info->type == "classic"; // it counts itself
        if (isCounted || !before || told.ready >= before->ready || agreeing == kAgreeing)
            break;
        source.pause(kBetweenQuestions);
    }
    if (before && count.ready < before->ready && !(info && info->type == "classic")) {
        const bool isManagementYounger = now - before->at >= kManagementLag;
        count.isSure = agreeing == kAgreeing && info && info->ready == count.ready && isManagementYounger;
    }
    return count;
}

core::Result<LookDecision> decideLook(
    std::string_view queue, const LookCost& cost, LookPolicy policy, const TakenLook* before, const QueueCount& count)
{
    if (cost.isHarmless() || before == nullptr) {
        if (Status allowed = allowLook(queue, cost, policy); !allowed)
            return std::unexpected(allowed.error());
        return LookDecision{};
    }
    if (count.ready == before->ready)
        return LookDecision{
            LookWay::ShowSeen, fmt::format("'{}' is shown as it was when it was last looked into.", queue)};
    if (!count.isSure)
        return LookDecision{LookWay::ShowSeen,
            fmt::format("The broker says that '{}' holds {} messages, fewer than were there, but its counts lag: it "
                        "is shown as it was when it was last looked into; look again.",
                queue, count.ready)};
    if (count.ready == 0)
        return LookDecision{LookWay::ShowNothing, fmt::format("'{}' is empty.", queue)};
    if (cost.deliveryLimit && before->deliveries >= *cost.deliveryLimit)
        return LookDecision{LookWay::ShowSeen,
            fmt::format("'{}' is shown as it was: its messages were delivered {} times, and the broker would drop what "
                        "one more look gives back.",
                queue, before->deliveries)};
    if (Status allowed = allowLook(queue, cost, policy); !allowed)
        return std::unexpected(allowed.error());
    return LookDecision{};
}

core::Result<QueueCount> countOf(AmqpConnection& connection, std::uint16_t channel, std::string_view queue,
    const QueueInfo* info, const TakenLook* before)
{
    if (Status opened = connection.openChannel(channel); !opened)
        return std::unexpected(opened.error());
    BrokerCount broker(connection, channel, queue);
    const auto count = countSurely(broker, info, before, std::chrono::steady_clock::now());
    if (!count)
        return count;
    if (Status closed = connection.closeChannel(channel); !closed)
        return std::unexpected(closed.error());
    return count;
}

Status QueueHold::take(std::string_view queue, std::size_t limit, std::stop_token stop)
{
    BrokerCount broker(m_connection, m_channel, queue);
    const auto count = countSurely(broker, nullptr, nullptr, std::chrono::steady_clock::now());
    if (!count) {
        m_isOpen = false;
        return std::unexpected(count.error());
    }
    m_queue = queue;
    // A quorum queue without a leader, as after a restart, is counted as empty; only a get knows.
    const std::size_t wanted = count->ready == 0 ? limit : std::min(limit, static_cast<std::size_t>(count->ready));
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
        if (event->kind == AmqpEvent::Kind::ChannelClosed) {
            m_isOpen = false;
            return std::unexpected(event->error);
        }
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

Status QueueHold::end()
{
    if (m_connection.isLost() || !m_isOpen) {
        m_messages.clear(); // the broker has them again
        return {};
    }
    const Status given = giveBack();
    return given ? m_connection.closeChannel(m_channel) : given;
}

Status QueueHold::giveBack()
{
    if (m_messages.empty())
        return {};
    const std::size_t count = m_messages.size();
    m_messages.clear();
    if (Status sent = m_connection.nackToQueue(m_channel, 0, true); !sent)
        return sent;
    BrokerCount broker(m_connection, m_channel, m_queue);
    const auto deadline = std::chrono::steady_clock::now() + kUntilBack;
    for (;;) {
        const auto answer = broker.ask();
        if (!answer)
            return std::unexpected(answer.error());
        // Consumers may have them already, a time to live may be over.
        const QueueState& state = answer->state;
        if (state.messages >= count || state.consumers > 0 || std::chrono::steady_clock::now() >= deadline)
            return {};
        broker.pause(kBetweenCounts);
    }
}

TakenLook QueueHold::lookTaken(std::int64_t ready) const
{
    // The count before it may have been the 0 that is none.
    TakenLook look{std::max(ready, static_cast<std::int64_t>(m_messages.size())), 0, std::chrono::steady_clock::now()};
    for (const HeldMessage& message : m_messages) {
        const AmqpValue* before = find(message.properties.headers, "x-delivery-count");
        look.deliveries = std::max(look.deliveries, 1 + (before ? before->integer().value_or(0) : 0));
    }
    return look;
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
