// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "rabbit_source.h"

#include "deep_stack.h"
#include "source_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace eventscope::rabbitmq {

using core::CatalogEntry;
using core::CatalogKind;
using core::ErrorCode;
using core::Result;
using core::Status;

namespace {

constexpr std::size_t kMostNotices = 50;
constexpr std::size_t kMostCharted = 24; // the deepest queues

} // namespace

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

Result<BrokerTopology> RabbitSource::topology(std::stop_token stop, const std::string& named)
{
    auto topology = readTopology(m_management, stop);
    if (topology) {
        m_isStream.clear();
        for (const QueueInfo& queue : topology->queues)
            m_isStream.emplace(queue.name, queue.isStream());
    }
    if (topology || topology.error().code == ErrorCode::Cancelled)
        return topology;
    note(topology.error().message
        + " Without it only the queues, streams and exchanges that the URL names (?queue=…&stream=…&exchange=…), and "
          "the one that is asked for, are known, and nothing of their rates and bindings.");
    return topologyWithoutManagement(named);
}

Result<BrokerTopology> RabbitSource::topologyWithoutManagement(const std::string& named)
{
    BrokerTopology topology;
    std::vector<std::string> names = m_options.streams;
    names.insert(names.end(), m_options.queues.begin(), m_options.queues.end());
    if (!named.empty())
        names.push_back(named);
    for (const std::string& name : names) {
        if (topology.queue(name))
            continue;
        if (Status added = addNamedQueue(topology, name); !added) {
            if (m_connection == nullptr || m_connection->isLost())
                return std::unexpected(added.error());
            // It may be the name of a stream of events.
            if (name != named || added.error().code != ErrorCode::NotFound)
                note(added.error().message);
        }
    }
    std::vector<std::string> exchanges = m_options.exchanges;
    if (exchanges.empty())
        exchanges.emplace_back("events");
    for (const std::string& name : exchanges) {
        if (Status added = addNamedExchange(topology, name, !m_options.exchanges.empty()); !added)
            return std::unexpected(added.error());
    }
    if (!named.empty() && !topology.queue(named) && !topology.exchange(named)) {
        if (Status added = addNamedExchange(topology, named, false); !added)
            return std::unexpected(added.error());
    }
    return topology;
}

Status RabbitSource::addNamedQueue(BrokerTopology& topology, const std::string& name)
{
    if (Status opened = freshChannel(kAsk); !opened)
        return opened;
    const auto state = m_connection->declareQueue(kAsk, {.name = name, .passive = true});
    if (!state)
        return std::unexpected(state.error());
    static_cast<void>(m_connection->closeChannel(kAsk));
    QueueInfo queue;
    queue.name = name;
    queue.messages = queue.ready = state->messages;
    queue.consumers = state->consumers;
    queue.isDeadLetter = isDeadLetterName(name);
    queue.type = "unknown";
    if (std::ranges::find(m_options.streams, name) != m_options.streams.end() && !m_isStream.contains(name)) {
        if (Status found = findOutWhetherStream(name); !found)
            return found;
        if (!m_isStream[name])
            note(fmt::format("'{}' was said to be a stream and is none; it is not read.", name));
    }
    const auto known = m_isStream.find(name);
    if (known != m_isStream.end() && known->second)
        queue.type = "stream";
    topology.queues.push_back(std::move(queue));
    return {};
}

// There is no other way to tell: a stream refuses a get, with the connection; any other queue that is
// taken for a stream would be consumed. What a get brings is given back; it is not asked again, as it
// may count as a delivery.
Status RabbitSource::findOutWhetherStream(const std::string& queue)
{
    if (Status opened = freshChannel(kAsk); !opened)
        return opened;
    QueueHold hold(*m_connection, kAsk);
    const Status taken = hold.take(queue, 1, {});
    if (!hold.end())
        m_connection.reset(); // which gives it back too
    const bool isRefused = !taken && taken.error().code == ErrorCode::Unsupported;
    if (!taken && !isRefused)
        return taken;
    m_isStream[queue] = isRefused;
    return connect();
}

Status RabbitSource::addNamedExchange(BrokerTopology& topology, const std::string& name, bool isExpected)
{
    if (Status opened = freshChannel(kAsk); !opened)
        return opened;
    const Status there = m_connection->expectExchange(kAsk, name);
    if (m_connection->isLost())
        return there;
    if (there) {
        topology.exchanges.push_back({name, "topic", false});
        static_cast<void>(m_connection->closeChannel(kAsk));
    } else if (isExpected) {
        note(there.error().message);
    }
    return {};
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
            // Nobody consumes from where messages only wait for their time.
            const bool onlyWaits
                = delaysOnly(queue) && queue.setting("x-dead-letter-exchange") != nullptr && queue.consumers == 0;
            if (onlyWaits || ++charted > kMostCharted)
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

} // namespace eventscope::rabbitmq
