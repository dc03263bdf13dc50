// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "rabbit_source.h"

#include "amqp_pool.h"
#include "deep_stack.h"
#include "message_events.h"

#include "event/json.h"
#include "inspect/event_batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <utility>

namespace eventscope::rabbitmq {

using core::CatalogEntry;
using core::CatalogKind;
using core::ErrorCode;
using core::fail;
using core::FollowStart;
using core::Json;
using core::ReadRange;
using core::Result;
using core::ScanReceipt;
using core::SourceEvent;
using core::Status;

namespace {

constexpr std::uint16_t kStreams = 1, kTap = 2 /* and 3 */, kAsk = 4, kLook = 5;
constexpr std::uint16_t kCredit = 2000;
constexpr std::uint64_t kAckEvery = 500;
constexpr std::size_t kBatch = 512;
constexpr std::size_t kMostLooked = 10'000;
constexpr std::chrono::milliseconds kTick{250};
constexpr std::chrono::milliseconds kQuiet{3000};
constexpr std::chrono::milliseconds kFirstOfEnd{1000}, kEndOfEnd{250}, kEndSearch{2000};
constexpr std::chrono::seconds kBindAgain{10};
constexpr std::size_t kMostNotices = 50;
constexpr std::size_t kMostCharted = 24; // the deepest queues
constexpr std::string_view kTimestampKind = "T";

bool isWithin(const ReadRange& range, const SourceEvent& event)
{
    return !(event.hasTime && range.fromTime && event.time < *range.fromTime)
        && !(event.hasTime && range.toTime && event.time > *range.toTime);
}

AmqpValue timestampValue(core::Timestamp time)
{
    AmqpValue value;
    value.kind = kTimestampKind.front();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
    value.value = static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 0));
    return value;
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

Result<std::unique_ptr<RabbitSource>> RabbitSource::open(
    std::string name, const RabbitOptions& rabbit, RabbitSourceOptions options)
{
    std::unique_ptr<RabbitSource> source(new RabbitSource(std::move(name), rabbit, std::move(options)));
    Status connected;
    withDeepStack([&] { connected = source->connect(); });
    if (!connected)
        return std::unexpected(connected.error());
    return source;
}

RabbitSource::RabbitSource(std::string name, const RabbitOptions& rabbit, RabbitSourceOptions options)
    : m_name(std::move(name)), m_rabbit(rabbit), m_options(std::move(options)), m_management(rabbit)
{
}

RabbitSource::~RabbitSource() = default;

core::Capabilities RabbitSource::capabilities() const
{
    return {.readRange = true, .follow = true, .deadLetters = true, .requeue = true, .discard = true, .sagas = true};
}

std::vector<std::string> RabbitSource::notices() const
{
    return m_notices;
}

void RabbitSource::note(std::string sentence)
{
    if (m_notices.size() < kMostNotices && std::ranges::find(m_notices, sentence) == m_notices.end())
        m_notices.push_back(std::move(sentence));
}

Status RabbitSource::connect()
{
    if (m_connection && !m_connection->isLost())
        return {};
    auto opened = AmqpConnection::open(m_rabbit);
    if (!opened)
        return std::unexpected(opened.error());
    m_connection = std::move(*opened);
    return {};
}

// What an error left open, or closed, does not matter then.
Status RabbitSource::freshChannel(std::uint16_t channel)
{
    if (Status connected = connect(); !connected)
        return connected;
    return m_connection->openChannel(channel);
}

Result<BrokerTopology> RabbitSource::topology(std::stop_token stop)
{
    auto topology = readTopology(m_management, stop);
    if (topology || topology.error().code == ErrorCode::Cancelled)
        return topology;
    note(topology.error().message
        + " Without it only the queues and exchanges that the URL names (?queue=…&exchange=…) are known, and nothing "
          "of their rates and bindings.");
    return topologyWithoutManagement();
}

Result<BrokerTopology> RabbitSource::topologyWithoutManagement()
{
    BrokerTopology topology;
    for (const std::string& name : m_options.queues) {
        if (Status opened = freshChannel(kAsk); !opened)
            return std::unexpected(opened.error());
        const auto state = m_connection->declareQueue(kAsk, {.name = name, .passive = true});
        if (!state) {
            if (m_connection->isLost())
                return std::unexpected(state.error());
            note(state.error().message);
            continue;
        }
        static_cast<void>(m_connection->closeChannel(kAsk));
        QueueInfo queue;
        queue.name = name;
        queue.type = "unknown";
        queue.messages = queue.ready = state->messages;
        queue.consumers = state->consumers;
        queue.isDeadLetter = isDeadLetterName(name);
        topology.queues.push_back(std::move(queue));
    }
    const std::vector<std::string> usual{"events"};
    for (const std::string& name : m_options.exchanges.empty() ? usual : m_options.exchanges) {
        if (Status opened = freshChannel(kAsk); !opened)
            return std::unexpected(opened.error());
        const Status there = m_connection->expectExchange(kAsk, name);
        if (m_connection->isLost())
            return std::unexpected(there.error());
        if (there) {
            topology.exchanges.push_back({name, "topic", false});
            static_cast<void>(m_connection->closeChannel(kAsk));
        } else if (!m_options.exchanges.empty()) {
            note(there.error().message);
        }
    }
    return topology;
}

Result<std::vector<CatalogEntry>> RabbitSource::catalog(std::stop_token stop)
{
    Result<std::vector<CatalogEntry>> entries;
    withDeepStack([&] {
        const auto known = topology(stop);
        if (!known) {
            entries = std::unexpected(known.error());
            return;
        }
        for (const QueueInfo& queue : known->queues) {
            const CatalogKind kind = queue.isDeadLetter ? CatalogKind::DeadLetter
                : queue.isStream()                      ? CatalogKind::Stream
                                                        : CatalogKind::Queue;
            if (!queue.exclusive)
                entries->push_back({.name = queue.name, .kind = kind, .count = queue.messages});
        }
        for (const ExchangeInfo& exchange : known->exchanges) {
            if (!exchange.name.empty() && !exchange.name.starts_with("amq.") && known->queue(exchange.name) == nullptr)
                entries->push_back({.name = exchange.name, .kind = CatalogKind::Topic});
        }
    });
    return entries;
}

Result<core::Probe> RabbitSource::probe(std::stop_token stop)
{
    Result<core::Probe> probe;
    withDeepStack([&] {
        const auto known = topology(stop);
        if (!known) {
            probe = std::unexpected(known.error());
            return;
        }
        std::vector<QueueInfo> queues = known->queues;
        std::erase_if(queues, [](const QueueInfo& queue) { return queue.exclusive || queue.isStream(); });
        std::ranges::stable_sort(queues, std::greater(), &QueueInfo::messages);
        std::int64_t waiting = 0, dead = 0;
        std::size_t charted = 0;
        for (const QueueInfo& queue : queues) {
            (queue.isDeadLetter ? dead : waiting) += queue.messages;
            if (++charted > kMostCharted)
                continue;
            probe->gauges.push_back({"depth of " + queue.name, static_cast<double>(queue.messages)});
            if (!queue.isDeadLetter) {
                probe->gauges.push_back({"consumers of " + queue.name, static_cast<double>(queue.consumers)});
                probe->gauges.push_back({"in/s of " + queue.name, queue.publishRate});
                probe->gauges.push_back({"out/s of " + queue.name, queue.deliverRate});
            }
        }
        probe->lag = waiting;
        probe->deadLetters = dead;
    });
    return probe;
}

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
    const auto known = topology(stop);
    if (!known)
        return std::unexpected(known.error());
    const QueueInfo* named = range.stream.empty() ? nullptr : known->queue(range.stream);
    if (named == nullptr && known->exchange(range.stream) != nullptr && !range.stream.empty())
        return fail(ErrorCode::Unsupported,
            fmt::format("'{}' is an exchange, which keeps nothing; follow it to see what goes through.", range.stream));
    Reading reading(m_name, range, named ? std::string_view() : range.stream, sink);
    Status done;
    if (named && !named->isStream() && named->type != "unknown") {
        done = lookInto(*named, reading, stop);
    } else {
        bool hasStreams = false;
        for (const QueueInfo& queue : known->queues) {
            const bool isMeant = named ? queue.name == named->name : queue.isStream();
            if (!isMeant || !done || !reading.wantsMore() || stop.stop_requested())
                continue;
            hasStreams = true;
            done = named && !queue.isStream() ? lookInto(queue, reading, stop)
                                              : readStream(queue.name, range, reading, stop);
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

// The broker's own count lags behind, so the end is looked for: the last chunk, to its last message.
Result<std::int64_t> RabbitSource::lastOffsetOf(const std::string& stream)
{
    if (Status opened = freshChannel(kStreams); !opened)
        return std::unexpected(opened.error());
    Status asked = m_connection->limitUnacknowledged(kStreams, kCredit);
    if (asked)
        asked = m_connection->consume(kStreams, stream, false, {{"x-stream-offset", "last"}});
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
    if (Status consuming = m_connection->consume(kStreams, stream, false, {{"x-stream-offset", offset}}); !consuming)
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
    if (Status opened = freshChannel(kLook); !opened)
        return opened;
    const auto state = countOf(*m_connection, kLook, queue.name);
    if (!state)
        return std::unexpected(state.error());
    if (Status closed = m_connection->closeChannel(kLook); !closed)
        return closed;
    const QueueInfo* info = queue.type == "unknown" ? nullptr : &queue;
    const LookCost cost = costOfLook(queue.name, info, state->consumers, m_connection->serverVersion());
    const auto before = m_looked.find(queue.name);
    const auto decided = decideLook(
        queue.name, cost, m_options.look, before == m_looked.end() ? nullptr : &before->second.look, state->messages);
    if (!decided)
        return std::unexpected(decided.error());
    note(decided->sentence.empty() ? cost.sentence : decided->sentence);
    if (decided->way == LookWay::ShowNothing)
        return {};
    if (decided->way == LookWay::Fetch) {
        if (Status fetched = fetch(queue.name, state->messages, reading.left(), std::move(stop)); !fetched)
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
    if (reading.receipt.scanned < state->messages && reading.wantsMore())
        reading.receipt.stoppedBecause = fmt::format("a look fetches at most {} messages", kMostLooked);
    return {};
}

Status RabbitSource::fetch(const std::string& queue, std::int64_t ready, std::uint64_t limit, std::stop_token stop)
{
    if (Status opened = freshChannel(kLook); !opened)
        return opened;
    QueueHold hold(*m_connection, kLook);
    const Status taken = hold.take(queue, std::min<std::uint64_t>(limit, kMostLooked), std::move(stop));
    Looked looked{{ready, hold.mostDeliveries()}, hold.messages()};
    const Status given = m_connection->isLost() ? taken : hold.giveBack();
    if (!taken || !given)
        return taken ? given : taken;
    if (Status closed = m_connection->closeChannel(kLook); !closed)
        return closed;
    m_looked.insert_or_assign(queue, std::move(looked));
    return {};
}

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
        if (!queue.isStream() || !isMeant)
            continue;
        const auto known = m_nextOffsets.find(queue.name);
        AmqpValue offset("first");
        if (known != m_nextOffsets.end())
            offset = AmqpValue(known->second);
        else if (start.position == SourceEvent::kNone)
            offset = AmqpValue("next");
        else if (start.position >= 0)
            offset = AmqpValue(start.position + 1);
        else if (start.fromTime)
            offset = timestampValue(*start.fromTime);
        if (Status consuming = m_connection->consume(kStreams, queue.name, false, {{"x-stream-offset", offset}},
                fmt::format("stream-{}", m_followed.size()));
            !consuming)
            return consuming;
        m_followed.push_back(queue.name);
    }
    return {};
}

Status RabbitSource::followAll(const FollowStart& start, core::EventSink& sink, std::stop_token stop)
{
    const auto known = topology(stop);
    if (!known)
        return std::unexpected(known.error());
    Status ready = freshChannel(kStreams);
    if (ready)
        ready = m_connection->limitUnacknowledged(kStreams, kCredit);
    if (ready)
        ready = freshChannel(kTap);
    LiveTap tap(*m_connection, kTap);
    const std::vector<TapBinding> bindings = m_options.live ? wantedBindings(start, *known) : std::vector<TapBinding>();
    if (ready && !bindings.empty()) {
        ready = tap.open(m_options.tap);
        std::vector<std::string> notices;
        if (ready)
            ready = tap.bind(bindings, notices);
        for (std::string& notice : notices)
            note(std::move(notice));
    }
    // After the tap: what is published in between comes twice rather than never.
    if (ready)
        ready = consumeStreams(start, *known);
    if (ready && m_followed.empty() && !tap.hasBindings())
        note("There is nothing to follow: no stream, and no exchange that can be tapped.");
    if (ready)
        ready = pump(start, bindings.empty() ? nullptr : &tap, sink, stop);
    // Its queue and its consumers go with the connection; the next reader begins with a clean one.
    m_connection.reset();
    return ready;
}

Status RabbitSource::pump(const FollowStart& start, LiveTap* tap, core::EventSink& sink, std::stop_token stop)
{
    using Steady = std::chrono::steady_clock;
    MessageEvents events(m_name);
    core::EventBatch batch;
    std::uint64_t unacknowledged = 0;
    auto lastTick = Steady::now(), lastBinding = lastTick;
    const bool onlyStream = !start.stream.empty();
    const auto flush = [&] {
        const bool goesOn = batch.empty() || sink.deliver(batch.events());
        batch.clear();
        return goesOn;
    };
    // A named queue or exchange gives all of its events; any other name is a stream of events.
    const auto first = topology(stop);
    const bool byName = onlyStream && first && !first->queue(start.stream) && !first->exchange(start.stream);
    while (!stop.stop_requested()) {
        auto event = m_connection->next(batch.empty() ? kTick : std::chrono::milliseconds(0));
        if (!event)
            return std::unexpected(event.error());
        if (event->kind == AmqpEvent::Kind::ChannelClosed)
            return std::unexpected(event->error);
        if (event->kind == AmqpEvent::Kind::ConsumerGone)
            return fail(ErrorCode::Unreachable, "A stream or our shadow queue was deleted; it is looked for again.");
        if (event->kind == AmqpEvent::Kind::Message) {
            const Delivery& message = event->message;
            std::string_view queue;
            if (message.consumer != LiveTap::kConsumer) {
                std::size_t number = 0;
                const std::string_view digits = message.consumer.substr(message.consumer.rfind('-') + 1);
                std::from_chars(digits.data(), digits.data() + digits.size(), number);
                queue = number < m_followed.size() ? std::string_view(m_followed[number]) : std::string_view();
            }
            const std::int64_t offset = MessageEvents::streamOffset(*message.properties);
            const bool isNew = queue.empty() || offset == SourceEvent::kNone
                || !m_nextOffsets.contains(std::string(queue)) || offset >= m_nextOffsets[std::string(queue)];
            if (isNew) {
                const SourceEvent seen = events.read(message, queue);
                if (!byName || seen.stream == start.stream)
                    batch.add(seen);
                if (!queue.empty())
                    m_nextOffsets[std::string(queue)] = offset + 1;
            }
            if (!queue.empty() && ++unacknowledged >= kAckEvery) {
                unacknowledged = 0;
                if (Status acked = m_connection->ack(kStreams, 0, true); !acked)
                    return acked;
            }
        }
        if ((event->kind != AmqpEvent::Kind::Message || batch.size() >= kBatch) && !flush())
            return {};
        const auto now = Steady::now();
        if (now - lastTick >= kTick) {
            if (!flush() || !sink.tick())
                return {};
            lastTick = now;
        }
        if (tap && now - lastBinding >= kBindAgain) {
            lastBinding = now;
            if (const auto known = readTopology(m_management, stop)) {
                std::vector<std::string> notices;
                if (Status bound = tap->bind(wantedBindings(start, *known), notices); !bound)
                    return bound;
            }
        }
    }
    flush();
    return {};
}

} // namespace eventscope::rabbitmq
