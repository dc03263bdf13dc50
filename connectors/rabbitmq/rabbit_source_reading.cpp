// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// RabbitSource: reading streams, looking into queues.
#include "rabbit_source.h"

#include "amqp_pool.h"
#include "deep_stack.h"
#include "message_events.h"
#include "source_parts.h"

#include "inspect/event_batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace eventscope::rabbitmq {

using core::ErrorCode;
using core::fail;
using core::ReadRange;
using core::Result;
using core::ScanReceipt;
using core::SourceEvent;
using core::Status;

namespace {

constexpr std::size_t kMostLooked = 10'000;
constexpr std::string_view kSeeker = "seeker", kReader = "reader"; // consumers
constexpr std::chrono::milliseconds kQuiet{3000};
constexpr std::chrono::milliseconds kFirstOfEnd{1000}, kEndOfEnd{250}, kEndSearch{2000};

bool isWithin(const ReadRange& range, const SourceEvent& event)
{
    return !(event.hasTime && range.fromTime && event.time < *range.fromTime)
        && !(event.hasTime && range.toTime && event.time > *range.toTime);
}

} // namespace

/// What one read() delivers, and its receipt.
class RabbitSource::Reading {
public:
    Reading(const std::string& source, const ReadRange& range, std::string_view stream, core::EventSink& sink)
        : m_events(source), m_range(range), m_stream(stream), m_sink(sink)
    {
    }

    /// False when no more is wanted.
    bool take(const Delivery& message, std::string_view queue)
    {
        const SourceEvent event = m_events.read(message, queue);
        ++receipt.scanned;
        receipt.bytes += event.payload.size();
        receipt.undecodable += event.undecodable.empty() ? 0 : 1;
        if (isWithin(m_range, event) && (m_stream.empty() || event.stream == m_stream)) {
            m_batch.add(event);
            ++m_taken;
        }
        if (m_batch.size() >= kBatch && !flush())
            return false;
        return !isLimitReached();
    }
    bool flush()
    {
        const bool goesOn = m_batch.empty() || m_sink.deliver(m_batch.events());
        m_batch.clear();
        m_isRefused = m_isRefused || !goesOn;
        return goesOn;
    }
    bool isLimitReached() const { return m_range.limit && m_taken >= *m_range.limit; }
    bool wantsMore() const { return !m_isRefused && !isLimitReached(); }
    bool isRefused() const { return m_isRefused; }
    std::uint64_t left() const
    {
        return m_range.limit ? *m_range.limit - std::min(*m_range.limit, m_taken) : UINT64_MAX;
    }

    ScanReceipt receipt;

private:
    MessageEvents m_events;
    core::EventBatch m_batch;
    const ReadRange& m_range;
    const std::string_view m_stream; // only events of this one; empty: all
    core::EventSink& m_sink;
    std::uint64_t m_taken = 0;
    bool m_isRefused = false;
};

Result<ScanReceipt> RabbitSource::read(const ReadRange& range, core::EventSink& sink, std::stop_token stop)
{
    Result<ScanReceipt> receipt;
    withDeepStack([&] { receipt = readAll(range, sink, stop); });
    return receipt;
}

Result<ScanReceipt> RabbitSource::readAll(const ReadRange& range, core::EventSink& sink, std::stop_token stop)
{
    if (range.last)
        return fail(ErrorCode::Unsupported, "A broker's messages cannot be read from their end.");
    const auto known = topology(stop, range.stream);
    if (!known)
        return std::unexpected(known.error());
    const QueueInfo* named = range.stream.empty() ? nullptr : known->queue(range.stream);
    if (named == nullptr && known->exchange(range.stream) != nullptr && !range.stream.empty())
        return fail(ErrorCode::Unsupported,
            fmt::format("'{}' is an exchange, which keeps nothing; follow it to see what goes through.", range.stream));
    Reading reading(m_name, range, named ? std::string_view() : range.stream, sink);
    Status done;
    if (named) {
        done = readOrLook(*named, range, reading, stop);
    } else {
        bool hasStreams = false;
        for (const QueueInfo& queue : known->queues) {
            if (!queue.isStream() || !done || !reading.wantsMore() || stop.stop_requested())
                continue;
            hasStreams = true;
            done = readOrLook(queue, range, reading, stop);
        }
        if (!hasStreams)
            note("There are no streams to read from; what is live is followed, a queue is looked into by its name.");
    }
    reading.flush();
    if (!done)
        return std::unexpected(done.error());
    reading.receipt.complete = reading.wantsMore() && !stop.stop_requested() && reading.receipt.stoppedBecause.empty();
    return reading.receipt;
}

Status RabbitSource::readOrLook(const QueueInfo& queue, const ReadRange& range, Reading& reading, std::stop_token stop)
{
    if (queue.isStream())
        return readStream(queue.name, range, reading, std::move(stop));
    Status done = lookInto(queue, reading, stop);
    const bool isUnknown = queue.type == "unknown";
    if (!done && isUnknown && done.error().code == ErrorCode::Unsupported) {
        m_isStream[queue.name] = true; // it refuses to be looked into
        return readStream(queue.name, range, reading, std::move(stop));
    }
    if (!done && isUnknown && done.error().code == ErrorCode::Refused)
        done.error().message += fmt::format(" If it is a stream, say so with ?stream={}.", queue.name);
    return done;
}

// The broker's own count lags behind, so the end is looked for: the last chunk, to its last message.
Result<std::int64_t> RabbitSource::lastOffsetOf(const std::string& stream)
{
    if (Status opened = freshChannel(kStreams); !opened)
        return std::unexpected(opened.error());
    Status asked = m_connection->limitUnacknowledged(kStreams, kCredit);
    if (asked)
        asked = m_connection->consume(kStreams, stream, false, {{"x-stream-offset", "last"}}, kSeeker);
    if (!asked)
        return std::unexpected(asked.error());
    std::int64_t last = SourceEvent::kNone;
    const auto deadline = std::chrono::steady_clock::now() + kEndSearch; // somebody may go on writing
    while (std::chrono::steady_clock::now() < deadline) {
        const auto event = m_connection->next(last == SourceEvent::kNone ? kFirstOfEnd : kEndOfEnd);
        if (!event)
            return std::unexpected(event.error());
        if (event->kind != AmqpEvent::Kind::Message)
            break;
        if (event->message.consumer != kSeeker)
            continue;
        last = std::max(last, MessageEvents::streamOffset(*event->message.properties));
    }
    if (Status closed = m_connection->closeChannel(kStreams); !closed)
        return std::unexpected(closed.error());
    return last;
}

Status RabbitSource::readStream(
    const std::string& stream, const ReadRange& range, Reading& reading, std::stop_token stop)
{
    const auto last = lastOffsetOf(stream);
    if (!last)
        return std::unexpected(last.error());
    const std::int64_t from = std::max<std::int64_t>(range.fromPosition.value_or(0), 0);
    const std::int64_t to = std::min(range.toPosition.value_or(*last), *last);
    if (from > to)
        return {};
    if (Status opened = freshChannel(kStreams); !opened)
        return opened;
    if (Status limited = m_connection->limitUnacknowledged(kStreams, kCredit); !limited)
        return limited;
    const bool byTime = range.fromTime && !range.fromPosition;
    const AmqpValue offset = byTime ? timestampValue(*range.fromTime) : AmqpValue(from);
    if (Status consuming = m_connection->consume(kStreams, stream, false, {{"x-stream-offset", offset}}, kReader);
        !consuming)
        return consuming;
    ScanReceipt::Range covered{stream, -1, from, from - 1};
    std::uint64_t unacknowledged = 0;
    bool goesOn = true;
    auto lastHeard = std::chrono::steady_clock::now();
    while (goesOn && covered.to < to && !stop.stop_requested()) {
        auto event = m_connection->next(kTick);
        if (!event)
            return std::unexpected(event.error());
        if (event->kind == AmqpEvent::Kind::ChannelClosed)
            return std::unexpected(event->error);
        const auto now = std::chrono::steady_clock::now();
        if (event->kind != AmqpEvent::Kind::Message) {
            goesOn = now - lastHeard < kQuiet && reading.flush();
            continue;
        }
        // What came for the seeker while its channel was closed is still to be had, and may be newer.
        if (event->message.consumer != kReader)
            continue;
        lastHeard = now;
        const std::int64_t at = MessageEvents::streamOffset(*event->message.properties);
        if (at > to)
            break;
        if (covered.to < covered.from)
            covered.from = std::max(at, from); // older ones may be gone
        if (at >= from)                        // an offset within a chunk begins with the whole chunk
            goesOn = reading.take(event->message, stream);
        covered.to = at;
        if (++unacknowledged >= kAckEvery) {
            unacknowledged = 0;
            if (Status acked = m_connection->ack(kStreams, event->message.tag, true); !acked)
                return acked;
        }
    }
    if (covered.to < to && reading.wantsMore() && !stop.stop_requested())
        reading.receipt.stoppedBecause = fmt::format("'{}' gave no more than offset {}", stream, covered.to);
    if (covered.to >= covered.from)
        reading.receipt.ranges.push_back(covered);
    return m_connection->closeChannel(kStreams); // reading a stream takes nothing away
}

Status RabbitSource::lookInto(const QueueInfo& queue, Reading& reading, std::stop_token stop)
{
    // The management plugin's figures are seconds old; a consumer may have come since.
    if (Status connected = connect(); !connected)
        return connected;
    const QueueInfo* info = queue.type == "unknown" ? nullptr : &queue;
    const auto seen = m_looked.find(queue.name);
    const TakenLook* before = seen == m_looked.end() ? nullptr : &seen->second.look;
    const auto count = countOf(*m_connection, kLook, queue.name, info, before);
    if (!count)
        return std::unexpected(count.error());
    const LookCost cost = costOfLook(queue.name, info, count->consumers, m_connection->serverVersion());
    const auto decided = decideLook(queue.name, cost, m_options.look, before, *count);
    if (!decided)
        return std::unexpected(decided.error());
    note(decided->sentence.empty() ? cost.sentence : decided->sentence);
    if (decided->way == LookWay::ShowNothing)
        return {};
    if (decided->way == LookWay::Fetch) {
        if (Status fetched = fetch(queue.name, count->ready, reading.left(), std::move(stop)); !fetched)
            return fetched;
    }
    for (const HeldMessage& held : m_looked[queue.name].messages) {
        AmqpPool pool;
        const amqp_basic_properties_t_ properties = toLibrary(held.properties, pool.get());
        const Delivery message{.kind = Delivery::Kind::Got,
            .redelivered = held.redelivered,
            .exchange = held.exchange,
            .routingKey = held.routingKey,
            .properties = &properties,
            .body = held.body,
            .bodySize = held.bodySize};
        if (!reading.take(message, queue.name))
            break;
    }
    if (cost.isHarmless())
        m_looked.erase(queue.name); // it can be fetched again
    if (std::cmp_less(reading.receipt.scanned, count->ready) && reading.wantsMore())
        reading.receipt.stoppedBecause = fmt::format("a look fetches at most {} messages", kMostLooked);
    return {};
}

Status RabbitSource::fetch(const std::string& queue, std::int64_t ready, std::uint64_t limit, std::stop_token stop)
{
    if (Status opened = freshChannel(kLook); !opened)
        return opened;
    QueueHold hold(*m_connection, kLook);
    const Status taken = hold.take(queue, std::min<std::uint64_t>(limit, kMostLooked), std::move(stop));
    Looked looked{hold.lookTaken(ready), hold.messages()};
    const Status given = hold.end();
    if (!taken || !given) {
        Status failed = taken ? given : taken;
        if (m_connection->isLost())
            failed.error().message += fmt::format(" The look ended; the broker has what it held of '{}' again.", queue);
        return failed;
    }
    m_looked.insert_or_assign(queue, std::move(looked));
    return {};
}

} // namespace eventscope::rabbitmq
