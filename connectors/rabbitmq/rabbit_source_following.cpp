// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// RabbitSource: following streams and live traffic.
#include "rabbit_source.h"

#include "amqp_error.h"
#include "deep_stack.h"
#include "message_events.h"
#include "source_parts.h"

#include "event/json.h"
#include "inspect/event_batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace eventscope::rabbitmq {

using core::ErrorCode;
using core::fail;
using core::FollowStart;
using core::Json;
using core::SourceEvent;
using core::Status;

namespace {

constexpr std::chrono::seconds kBindAgain{10};
constexpr std::chrono::milliseconds kMore{2};
constexpr std::string_view kFollower = "stream-"; // consumers, by number
constexpr std::uint64_t kClockEvery = 63;         // messages, one less than a power of two

/// Nobody serves it, as some time after the broker was killed: it refuses, or does not answer.
bool isWithoutLeader(const core::Error& error, const QueueInfo& stream)
{
    return isUnserved(error.message) || (error.code == ErrorCode::Timeout && !stream.isRunning);
}

std::string noLeader(std::string_view stream)
{
    return fmt::format(
        "The stream '{}' has no leader, so the broker gives nothing of it; it is tried again until it has one.",
        stream);
}

} // namespace

std::string RabbitSource::cursor() const
{
    if (m_nextOffsets.empty())
        return {};
    Json offsets(Json::Object{});
    for (const auto& [stream, offset] : m_nextOffsets)
        offsets.set(stream, offset);
    return offsets.dump();
}

Status RabbitSource::follow(const FollowStart& start, core::EventSink& sink, std::stop_token stop)
{
    Status done;
    withDeepStack([&] { done = followAll(start, sink, stop); });
    return done;
}

std::vector<TapBinding> RabbitSource::wantedBindings(const FollowStart& start, const BrokerTopology& topology)
{
    std::vector<std::string> notices;
    std::vector<TapBinding> bindings;
    const QueueInfo* queue = start.stream.empty() ? nullptr : topology.queue(start.stream);
    if (queue && queue->isStream())
        return {};
    if (queue)
        bindings = bindingsOfQueue(topology, queue->name, notices);
    else if (!start.stream.empty() && topology.exchange(start.stream))
        bindings = bindingsOfExchanges(topology, {start.stream}, notices);
    else
        bindings = bindingsOfExchanges(topology, m_options.exchanges, notices);
    for (std::string& notice : notices)
        note(std::move(notice));
    return bindings;
}

Status RabbitSource::consumeStreams(const FollowStart& start, const BrokerTopology& topology)
{
    if (!start.cursor.empty()) {
        const auto cursor = Json::parse(start.cursor);
        if (cursor && cursor->isObject()) {
            for (const auto& [stream, offset] : cursor->asObject()) {
                std::int64_t next = 0;
                if (offset.isNumber())
                    std::from_chars(
                        offset.numberText().data(), offset.numberText().data() + offset.numberText().size(), next);
                m_nextOffsets[stream] = next;
            }
        }
    }
    m_followed.clear();
    // Any other name is a stream of events, which may be in any of them.
    const bool namesPlace = !start.stream.empty() && (topology.queue(start.stream) || topology.exchange(start.stream));
    for (const QueueInfo& queue : topology.queues) {
        const bool isMeant = namesPlace ? queue.name == start.stream : true;
        if (!queue.isStream() || !isMeant || m_leaderless.contains(queue.name))
            continue;
        if (Status consuming = consumeStream(queue, firstOffsetOf(queue.name, start)); !consuming)
            return consuming;
    }
    return {};
}

AmqpValue RabbitSource::firstOffsetOf(const std::string& stream, const FollowStart& start) const
{
    const auto known = m_nextOffsets.find(stream);
    if (known != m_nextOffsets.end())
        return {known->second};
    if (start.position == SourceEvent::kNone)
        return {"next"};
    if (start.position >= 0)
        return {start.position + 1};
    return start.fromTime ? timestampValue(*start.fromTime) : AmqpValue("first");
}

Status RabbitSource::consumeStream(const QueueInfo& stream, const AmqpValue& offset)
{
    const Status consuming = m_connection->consume(
        kStreams, stream.name, false, {{"x-stream-offset", offset}}, fmt::format("{}{}", kFollower, m_followed.size()));
    if (consuming) {
        const auto known = m_nextOffsets.find(stream.name);
        m_followed.push_back({stream.name, known == m_nextOffsets.end() ? 0 : known->second});
    } else if (isWithoutLeader(consuming.error(), stream)) {
        m_leaderless.insert(stream.name);
        return fail(ErrorCode::Unreachable, noLeader(stream.name));
    }
    return consuming;
}

// The broker does not always tell a consumer that its stream is gone, and nobody that there is a new one.
Status RabbitSource::noticeStreams(const FollowStart& start, const BrokerTopology& topology, core::EventSink& sink)
{
    for (const auto& [name, next] : m_followed) {
        const QueueInfo* stream = topology.queue(name);
        if (stream == nullptr)
            return fail(
                ErrorCode::Unreachable, fmt::format("The stream '{}' was deleted; it is looked for again.", name));
        // The consumer goes on by itself when there is a leader again.
        if (stream->isRunning)
            m_running.insert(name);
        else if (m_running.erase(name) > 0)
            sink.notice(noLeader(name));
    }
    const bool namesPlace = !start.stream.empty() && (topology.queue(start.stream) || topology.exchange(start.stream));
    for (const QueueInfo& queue : topology.queues) {
        if (!queue.isStream() || std::ranges::find(m_followed, queue.name, &Followed::name) != m_followed.end())
            continue;
        const bool wasLeaderless = m_leaderless.contains(queue.name);
        if (wasLeaderless ? !queue.isRunning : namesPlace)
            continue;
        const AmqpValue offset = wasLeaderless ? firstOffsetOf(queue.name, start) : AmqpValue("first");
        if (Status consuming = consumeStream(queue, offset); !consuming)
            return consuming;
        if (m_leaderless.erase(queue.name) > 0)
            sink.notice(fmt::format("The stream '{}' has a leader again.", queue.name));
    }
    return {};
}

/// Channels, the shadow queue, the streams.
Status RabbitSource::setOut(const FollowStart& start, const BrokerTopology& topology,
    const std::vector<TapBinding>& bindings, std::optional<LiveTap>& tap)
{
    Status ready = freshChannel(kStreams);
    if (ready)
        ready = m_connection->limitUnacknowledged(kStreams, kCredit);
    if (ready)
        ready = freshChannel(kTap);
    if (ready && !bindings.empty()) {
        tap.emplace(*m_connection, kTap);
        ready = tap->open(m_options.tap);
        std::vector<std::string> notices;
        if (ready)
            ready = tap->bind(bindings, notices);
        for (std::string& notice : notices)
            note(std::move(notice));
    }
    // After the tap: what is published in between comes twice rather than never.
    return ready ? consumeStreams(start, topology) : ready;
}

Status RabbitSource::followAll(const FollowStart& start, core::EventSink& sink, std::stop_token stop)
{
    const auto known = topology(stop, start.stream);
    if (!known)
        return std::unexpected(known.error());
    const std::vector<TapBinding> bindings = m_options.live ? wantedBindings(start, *known) : std::vector<TapBinding>();
    m_leaderless.clear();
    m_running.clear();
    std::optional<LiveTap> tap;
    Status ready;
    // A stream without a leader is left out and tried again later: the others are worth following.
    for (std::size_t leftOut = 0;; leftOut = m_leaderless.size()) {
        ready = setOut(start, *known, bindings, tap);
        if (ready || m_leaderless.size() == leftOut || stop.stop_requested())
            break;
        tap.reset();
        m_connection.reset();
    }
    const bool hasNothing = ready && m_followed.empty() && !(tap && tap->hasBindings());
    const QueueInfo* named = start.stream.empty() ? nullptr : known->queue(start.stream);
    if (hasNothing && named && named->type == "unknown")
        return fail(ErrorCode::Refused,
            fmt::format(
                "Without the management plugin nobody says what '{0}' is, and a queue is not consumed: if it is "
                "a stream, say so with ?stream={0}; else follow the exchange that feeds it.",
                start.stream));
    if (hasNothing && m_leaderless.empty())
        note("There is nothing to follow: no stream, and no exchange that can be tapped.");
    for (const std::string& stream : m_leaderless) {
        if (hasNothing)
            ready = fail(ErrorCode::Unreachable, noLeader(stream));
        else if (ready)
            sink.notice(noLeader(stream));
    }
    if (ready)
        ready = pump(start, *known, tap ? &*tap : nullptr, sink, stop);
    // Its queue and its consumers go with the connection; the next reader begins with a clean one.
    m_connection.reset();
    return ready;
}

RabbitSource::Followed* RabbitSource::followedBy(std::string_view consumer)
{
    if (!consumer.starts_with(kFollower))
        return nullptr;
    std::size_t number = 0;
    const std::string_view digits = consumer.substr(kFollower.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number < m_followed.size() ? &m_followed[number] : nullptr;
}

Status RabbitSource::pump(
    const FollowStart& start, const BrokerTopology& topology, LiveTap* tap, core::EventSink& sink, std::stop_token stop)
{
    // A named queue or exchange gives all of its events; any other name is a stream of events.
    const bool byName = !start.stream.empty() && !topology.queue(start.stream) && !topology.exchange(start.stream);
    using Steady = std::chrono::steady_clock;
    MessageEvents events(m_name);
    core::EventBatch batch;
    std::uint64_t unacknowledged = 0, sinceClock = 0;
    auto lastTick = Steady::now(), lastBinding = lastTick;
    const auto flush = [&] {
        for (const Followed& stream : m_followed) {
            if (stream.next > 0)
                m_nextOffsets[stream.name] = stream.next;
        }
        const bool goesOn = batch.empty() || sink.deliver(batch.events());
        batch.clear();
        return goesOn;
    };
    while (!stop.stop_requested()) {
        // A moment more than nothing: the broker writes a few messages at a time, and each batch has its price.
        auto event = m_connection->next(batch.empty() ? kTick : kMore);
        if (!event)
            return std::unexpected(event.error());
        if (event->kind == AmqpEvent::Kind::ChannelClosed)
            return std::unexpected(event->error);
        if (event->kind == AmqpEvent::Kind::ConsumerGone)
            return fail(ErrorCode::Unreachable, "A stream or our shadow queue was deleted; it is looked for again.");
        const bool isMessage = event->kind == AmqpEvent::Kind::Message;
        if (isMessage) {
            const Delivery& message = event->message;
            Followed* stream = followedBy(message.consumer);
            if (!stream && message.consumer != LiveTap::kConsumer)
                continue; // of a reader before us
            const std::string_view queue = stream ? std::string_view(stream->name) : std::string_view();
            const std::int64_t offset = stream ? MessageEvents::streamOffset(*message.properties) : SourceEvent::kNone;
            if (!stream || offset == SourceEvent::kNone || offset >= stream->next) {
                const SourceEvent seen = events.read(message, queue);
                if (!byName || seen.stream == start.stream)
                    batch.add(seen);
                if (stream)
                    stream->next = offset + 1;
            }
            if (stream && ++unacknowledged >= kAckEvery) {
                unacknowledged = 0;
                if (Status acked = m_connection->ack(kStreams, 0, true); !acked)
                    return acked;
            }
        }
        const bool isDone = !isMessage || batch.size() >= kBatch;
        if (isDone && !flush())
            return {};
        // Not for each message: the clock is as dear as a header.
        if (!isDone && (++sinceClock & kClockEvery) != 0)
            continue;
        const auto now = Steady::now();
        if (now - lastTick >= kTick) {
            if (!flush() || !sink.tick())
                return {};
            lastTick = now;
        }
        if (now - lastBinding >= kBindAgain) {
            lastBinding = now;
            const auto known = readTopology(m_management, stop);
            std::vector<std::string> notices;
            Status noticed = known ? noticeStreams(start, *known, sink) : Status();
            if (known && noticed && tap)
                noticed = tap->bind(wantedBindings(start, *known), notices);
            if (!noticed)
                return noticed;
        }
    }
    flush();
    return {};
}

} // namespace eventscope::rabbitmq
