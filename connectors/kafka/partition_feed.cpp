// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "partition_feed.h"

#include "kafka_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <thread>
#include <utility>

namespace eventscope::kafka {

using core::Result;
using core::Status;

namespace {

constexpr std::size_t kFill = 1024; ///< records taken from a partition's queue at once
/// How long the others wait for a partition that answers nothing, when the order may suffer.
constexpr std::chrono::milliseconds kPatience{1000};
constexpr std::size_t kLeastPrefetch = std::size_t{64} << 10;

std::string groupName(const ConnectOptions& options)
{
    const std::string_view wanted = propertyOf(options, "group.id");
    if (!wanted.empty()) {
        return std::string(wanted);
    }
    std::random_device random;
    return fmt::format("eventscope-look-{:08x}{:08x}", random(), random()); // never joined, never committed to
}

/// What passes by itself: the client goes on asking.
bool passes(rd_kafka_resp_err_t error)
{
    switch (error) {
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR:
    case RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT: return true;
    default: return false;
    }
}

} // namespace

PartitionFeed::PartitionFeed(std::unique_ptr<Client> client, std::string connection, std::size_t share)
    : m_client(std::move(client))
    , m_connection(std::move(connection))
    , m_raw(kFill)
    , m_share(share)
    , m_nudge(std::make_unique<FetchNudge>(m_client->get()))
{
}

PartitionFeed::~PartitionFeed()
{
    for (const auto& lane : m_lanes) {
        rd_kafka_queue_cb_event_enable(lane->m_queue.get(), nullptr, nullptr);
    }
    rd_kafka_assign(m_client->get(), nullptr);
    m_lanes.clear(); // queues and records go before the client
    m_nudge.reset();
    if (m_hasLostTopic) {
        // librdkafka 2.0 waits for ever for the thread that fetched from a topic which was deleted.
        std::thread([client = std::move(m_client)]() mutable { client.reset(); }).detach();
    }
}

Result<std::unique_ptr<PartitionFeed>> PartitionFeed::open(
    const ConnectOptions& options, std::string_view connection, std::span<const LaneStart> starts)
{
    const std::size_t share = std::max(options.prefetchBytes / std::max<std::size_t>(starts.size(), 1), kLeastPrefetch);
    const bool isBounded = std::ranges::all_of(starts, [](const LaneStart& start) { return start.end != kOpenEnd; });
    std::vector<Property> ours{
        {"group.id", groupName(options)},
        {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"},
        {"allow.auto.create.topics", "false"},
        {"enable.partition.eof", "true"},
        {"auto.offset.reset", "error"},
        {"queued.max.messages.kbytes", std::to_string(share >> 10)},
        {"queued.min.messages", "1000000"},
        // A broker that has no more says so after this time; who only reads to an end need not wait for more.
        {"fetch.wait.max.ms", isBounded ? "10" : "200"},
        {"fetch.error.backoff.ms", "100"},
    };
    if (auto property = FetchNudge::property()) {
        ours.push_back(std::move(*property));
    }
    auto client = Client::make(Client::Kind::Consumer, options, ours);
    if (!client) {
        return std::unexpected(std::move(client.error()));
    }
    std::unique_ptr<PartitionFeed> feed(new PartitionFeed(std::move(*client), std::string(connection), share));
    if (Status added = feed->add(starts); !added) {
        return std::unexpected(std::move(added.error()));
    }
    return feed;
}

Status PartitionFeed::add(std::span<const LaneStart> starts)
{
    for (const LaneStart& start : starts) {
        addLane(start);
    }
    return assign();
}

void PartitionFeed::addLane(const LaneStart& start)
{
    auto lane = std::make_unique<Lane>();
    lane->partition = start.partition;
    lane->source = m_connection + '/' + start.partition.topic;
    lane->begin = lane->next = lane->m_fetched = start.from;
    lane->end = start.end;
    lane->isDone = start.from >= start.end;
    lane->m_queue.reset(
        rd_kafka_queue_get_partition(m_client->get(), start.partition.topic.c_str(), start.partition.partition));
    rd_kafka_queue_forward(lane->m_queue.get(), nullptr); // its records stay its own
    rd_kafka_queue_cb_event_enable(lane->m_queue.get(), &PartitionFeed::ring, &m_bell);
    if (!lane->isDone) {
        m_withoutHead.push_back(m_lanes.size());
    }
    m_lanes.push_back(std::move(lane));
}

Status PartitionFeed::assign()
{
    const PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(m_lanes.size())));
    for (const auto& lane : m_lanes) {
        if (!lane->isDone && lane->trouble) {
            rd_kafka_topic_partition_list_add(list.get(), lane->partition.topic.c_str(), lane->partition.partition)
                ->offset
                = lane->m_fetched;
        }
    }
    const rd_kafka_resp_err_t error = rd_kafka_assign(m_client->get(), list.get());
    return error == RD_KAFKA_RESP_ERR_NO_ERROR ? Status()
                                               : std::unexpected(m_client->explain(error, "The topics cannot be read"));
}

bool PartitionFeed::isDone() const
{
    return std::ranges::all_of(m_lanes, [](const auto& lane) { return lane->isDone || !lane->trouble; });
}

PartitionFeed::Next PartitionFeed::next(std::chrono::milliseconds longest, bool inOrder, const std::stop_token& stop)
{
    if ((missing() > 0 || m_heads.empty()) && !waitForHead(longest, inOrder, stop)) {
        return {};
    }
    const std::size_t index = m_heads.top().lane;
    Lane& lane = *m_lanes[index];
    Next next{std::move(lane.m_pending[lane.m_head]), &lane};
    ++lane.m_head;
    lane.last = next.message->offset;
    lane.next = lane.last + 1;
    ++lane.handedOut;
    lane.isDone = lane.next >= lane.end;
    m_heads.pop();
    if (!lane.isDone && advance(lane)) {
        m_heads.push({rd_kafka_message_timestamp(lane.m_pending[lane.m_head].get(), nullptr), index});
    } else if (!lane.isDone && lane.trouble) {
        m_withoutHead.push_back(index);
    }
    return next;
}

/// False when there is nothing to hand out.
bool PartitionFeed::waitForHead(std::chrono::milliseconds longest, bool inOrder, const std::stop_token& stop)
{
    const auto begin = std::chrono::steady_clock::now();
    while (missing() > 0 || m_heads.empty()) {
        const auto waited = std::chrono::steady_clock::now() - begin;
        if (longest.count() > 0 && !inOrder && !m_heads.empty()
            && waited >= std::min<std::chrono::milliseconds>(longest, kPatience)) {
            std::ranges::for_each(m_withoutHead, [this](std::size_t index) { m_lanes[index]->m_isWaiting = true; });
            return true;
        }
        if (stop.stop_requested() || waited >= longest || isDone()) {
            return !m_heads.empty() && isDone();
        }
        wait(
            std::min<std::chrono::milliseconds>(std::chrono::ceil<std::chrono::milliseconds>(longest - waited), kSlice),
            stop);
        m_client->poll();
    }
    return true;
}

/// How many partitions may still bring something older than what is there. Asks those without a record.
std::size_t PartitionFeed::missing()
{
    if (m_withoutHead.empty()) {
        return 0;
    }
    std::size_t missing = 0;
    const bool isNews = m_bell.isRung.exchange(false, std::memory_order_acquire);
    std::erase_if(m_withoutHead, [&](std::size_t index) {
        Lane& lane = *m_lanes[index];
        // Whoever had nothing rings when something comes: asking all of them each time costs too much.
        if ((isNews || !(lane.m_isAtEnd || lane.m_isWaiting)) && fill(index)) {
            m_heads.push({rd_kafka_message_timestamp(lane.m_pending[lane.m_head].get(), nullptr), index});
            return true;
        }
        if (lane.isDone || !lane.trouble) {
            return true;
        }
        missing += lane.m_isAtEnd || lane.m_isWaiting ? 0 : 1;
        return false;
    });
    return missing;
}

bool PartitionFeed::fill(std::size_t index)
{
    Lane& lane = *m_lanes[index];
    if (advance(lane)) {
        return true;
    }
    lane.m_pending.clear();
    lane.m_head = 0;
    const ssize_t count = rd_kafka_consume_batch_queue(lane.m_queue.get(), 0, m_raw.data(), m_raw.size());
    for (ssize_t i = 0; i < count; ++i) {
        rd_kafka_message_t* message = m_raw[static_cast<std::size_t>(i)];
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            lane.m_fetched = message->offset + 1;
            lane.m_taken += message->len + message->key_len;
        }
        lane.m_pending.emplace_back(message);
    }
    if (lane.m_taken > m_share / 2) {
        lane.m_taken = 0;
        m_nudge->wake(lane.partition);
    }
    return advance(lane);
}

/// Whether a record is at the head of what came in; what is none is dealt with.
bool PartitionFeed::advance(Lane& lane)
{
    for (; lane.m_head < lane.m_pending.size() && !lane.isDone && lane.trouble; ++lane.m_head) {
        const rd_kafka_message_t& message = *lane.m_pending[lane.m_head];
        if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            dealWithError(lane, message);
        } else if (message.offset >= lane.end) {
            lane.isDone = true;
        } else if (message.offset >= lane.next) {
            lane.m_isAtEnd = lane.m_isWaiting = false;
            return true;
        }
    }
    return false;
}

void PartitionFeed::dealWithError(Lane& lane, const rd_kafka_message_t& message)
{
    if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        lane.m_isAtEnd = true;
        // Behind the last record there may be markers of transactions only.
        lane.isDone = lane.end != kOpenEnd;
    } else if (!passes(message.err)) {
        lane.trouble = std::unexpected(toError(message.err,
            fmt::format("{}, partition {}, cannot be read from offset {} on", lane.partition.topic,
                lane.partition.partition, lane.next),
            rd_kafka_message_errstr(&message)));
    }
}

void PartitionFeed::wait(std::chrono::milliseconds longest, const std::stop_token& stop)
{
    std::unique_lock lock(m_bell.mutex);
    m_bell.rung.wait_for(lock, stop, longest, [this] { return m_bell.isRung.load(std::memory_order_acquire); });
}

void PartitionFeed::ring(rd_kafka_t*, void* bell)
{
    auto& doorbell = *static_cast<Doorbell*>(bell);
    {
        const std::scoped_lock lock(doorbell.mutex);
        doorbell.isRung.store(true, std::memory_order_release);
    }
    doorbell.rung.notify_one();
}

} // namespace eventscope::kafka
