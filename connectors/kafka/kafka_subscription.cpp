// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kafka_subscription.h"

#include "cluster.h"
#include "kafka_client.h"
#include "kafka_error.h"
#include "record_batch.h"
#include "sourcing/handler_failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

namespace eventscope::kafka {

using core::ErrorCode;
using core::Result;
using core::Status;

namespace {

constexpr std::int64_t kCommitEveryMs = 500;
constexpr std::chrono::milliseconds kFirstParkingRetry{250};
constexpr std::chrono::milliseconds kLastParkingRetry{10'000};
constexpr std::chrono::seconds kJoinTime{60};

std::int64_t steadyMilliseconds()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace

KafkaSubscription::KafkaSubscription(
    core::SubscriptionSpec spec, const KafkaBusOptions& options, Producer& letters, core::Clock& clock)
    : m_spec(std::move(spec)), m_options(options), m_letters(letters), m_clock(clock)
{
}

Result<std::unique_ptr<KafkaSubscription>> KafkaSubscription::open(
    core::SubscriptionSpec spec, const KafkaBusOptions& options, Producer& letters, core::Clock& clock)
{
    std::unique_ptr<KafkaSubscription> subscription(new KafkaSubscription(std::move(spec), options, letters, clock));
    if (Status joined = subscription->join(); !joined) {
        return std::unexpected(std::move(joined.error()));
    }
    return subscription;
}

Status KafkaSubscription::join()
{
    const std::array<Property, 9> ours{{
        {"group.id", m_spec.name},
        {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"},
        {"session.timeout.ms", std::to_string(m_options.sessionTimeout.count())},
        {"heartbeat.interval.ms", std::to_string(m_options.heartbeat.count())},
        {"auto.offset.reset", m_options.fromEarliest ? "earliest" : "latest"},
        {"allow.auto.create.topics", "true"}, // a service may come before what it listens to
        {"queued.max.messages.kbytes", "16384"},
        {"topic.metadata.refresh.interval.ms", "5000"},
    }};
    auto client = Client::make(Client::Kind::Consumer, m_options.connect, ours,
        [](rd_kafka_conf_t& conf) { rd_kafka_conf_set_rebalance_cb(&conf, &KafkaSubscription::onRebalance); });
    if (!client) {
        return std::unexpected(std::move(client.error()));
    }
    m_client = std::move(*client);
    if (const auto reached = m_client->metadata(nullptr, m_options.ending); !reached) {
        return std::unexpected(reached.error()); // at once, and with the reason
    }
    m_client->setUser(this);
    rd_kafka_poll_set_consumer(m_client->get());
    const PartitionList topics(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(topics.get(), m_spec.pattern.c_str(), RD_KAFKA_PARTITION_UA);
    if (const auto error = rd_kafka_subscribe(m_client->get(), topics.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return std::unexpected(toError(error, fmt::format("{} cannot be subscribed to", m_spec.pattern)));
    }
    m_lanes = std::make_unique<HandlerLanes>(
        m_options.concurrency,
        [this](const InRecord& record, std::stop_token stop) { return handle(record, std::move(stop)); },
        [this](const LaneWork& work, bool isHandled) { done(work, isHandled); });
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
    std::unique_lock lock(m_mutex);
    if (!m_firstAssignment.wait_for(lock, m_options.ending, kJoinTime, [this] { return m_isAssigned; })) {
        if (m_options.ending.stop_requested()) {
            return fail(ErrorCode::Cancelled, fmt::format("{} was not to be joined any more.", m_spec.name));
        }
        return std::unexpected(m_client->explain(
            RD_KAFKA_RESP_ERR__TIMED_OUT, fmt::format("The group {} could not be joined", m_spec.name)));
    }
    return m_assigned;
}

KafkaSubscription::~KafkaSubscription()
{
    close();
}

void KafkaSubscription::close()
{
    if (m_thread.joinable()) {
        m_thread.request_stop();
        m_thread.join();
    }
    m_lanes.reset();
}

void KafkaSubscription::run(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        if (const MessageHandle message{rd_kafka_consumer_poll(m_client->get(), static_cast<int>(kSlice.count()))}) {
            take(*message);
        }
        regulate();
        if (steadyMilliseconds() >= m_nextCommit) {
            m_nextCommit = steadyMilliseconds() + kCommitEveryMs;
            commit(false);
        }
    }
    rd_kafka_consumer_close(m_client->get()); // gives the partitions back, with what was handled committed
}

void KafkaSubscription::take(rd_kafka_message_t& message)
{
    if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        const std::scoped_lock lock(m_mutex);
        m_offsets[{rd_kafka_topic_name(message.rkt), message.partition}].begin(message.offset);
        m_lanes->add({toInRecord(message), m_assignment});
        return;
    }
    const core::Error error = toError(message.err,
        fmt::format("The group {} cannot read {}", m_spec.name, m_spec.pattern), rd_kafka_message_errstr(&message));
    say(error.message);
    if (error.code == ErrorCode::Refused || error.code == ErrorCode::InvalidArgument) {
        const std::scoped_lock lock(m_mutex);
        if (!std::exchange(m_isAssigned, true)) {
            m_assigned = std::unexpected(error);
            m_firstAssignment.notify_all();
        }
    }
}

/// With enough at hand nothing more is fetched, but the group still hears of this member.
void KafkaSubscription::regulate()
{
    const std::size_t waiting = m_lanes->size();
    const bool isTooMuch = m_isPaused ? waiting > m_options.mostUnhandled / 2 : waiting >= m_options.mostUnhandled;
    if (isTooMuch == m_isPaused) {
        return;
    }
    rd_kafka_topic_partition_list_t* raw = nullptr;
    if (rd_kafka_assignment(m_client->get(), &raw) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return;
    }
    const PartitionList assigned(raw);
    isTooMuch ? rd_kafka_pause_partitions(m_client->get(), raw) : rd_kafka_resume_partitions(m_client->get(), raw);
    m_isPaused = isTooMuch;
}

void KafkaSubscription::onRebalance(
    rd_kafka_t* handle, rd_kafka_resp_err_t event, rd_kafka_topic_partition_list_t* partitions, void* client)
{
    auto& self = *static_cast<KafkaSubscription*>(static_cast<Client*>(client)->user());
    if (event == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        self.assign(*partitions);
    } else {
        self.revoke(*partitions, rd_kafka_assignment_lost(handle) != 0);
    }
}

void KafkaSubscription::assign(rd_kafka_topic_partition_list_t& partitions)
{
    Status begun = findBeginnings(partitions);
    rd_kafka_assign(m_client->get(), &partitions);
    m_isPaused = false;
    const std::scoped_lock lock(m_mutex);
    m_assignment = std::make_shared<std::stop_source>();
    m_offsets.clear();
    m_committed.clear();
    if (partitions.cnt > 0 || begun) {
        m_assigned = std::move(begun);
        m_isAssigned = true;
        m_firstAssignment.notify_all();
    }
}

/// Where a group has no offset yet, it begins at the end (or the beginning), and that place is committed
/// at once: a member that takes over before the first record was handled must not begin at a later end.
Status KafkaSubscription::findBeginnings(rd_kafka_topic_partition_list_t& partitions)
{
    const int patience = static_cast<int>(kAnswerTime.count());
    if (partitions.cnt == 0) {
        return {};
    }
    auto error = rd_kafka_committed(m_client->get(), &partitions, patience);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return std::unexpected(m_client->explain(error, fmt::format("The offsets of {} cannot be read", m_spec.name)));
    }
    const PartitionList begun(rd_kafka_topic_partition_list_new(partitions.cnt));
    for (int i = 0; i < partitions.cnt; ++i) {
        rd_kafka_topic_partition_t& partition = partitions.elems[i];
        if (partition.offset >= 0) {
            continue;
        }
        std::int64_t low = 0;
        std::int64_t high = 0;
        for (int tries = 0; tries == 0 || (mayPass(error) && tries < kTries); ++tries) {
            if (tries > 0)
                std::this_thread::sleep_for(kSlice);
            error = rd_kafka_query_watermark_offsets(
                m_client->get(), partition.topic, partition.partition, &low, &high, patience);
        }
        if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return std::unexpected(m_client->explain(error, fmt::format("{} cannot be read", partition.topic)));
        }
        partition.offset = m_options.fromEarliest ? low : high;
        rd_kafka_topic_partition_list_add(begun.get(), partition.topic, partition.partition)->offset = partition.offset;
    }
    if (begun->cnt > 0) {
        error = rd_kafka_commit(m_client->get(), begun.get(), 0);
        if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return std::unexpected(m_client->explain(error, fmt::format("{} cannot keep its place", m_spec.name)));
        }
    }
    return {};
}

void KafkaSubscription::revoke(rd_kafka_topic_partition_list_t&, bool isLost)
{
    std::shared_ptr<std::stop_source> assignment;
    {
        const std::scoped_lock lock(m_mutex);
        assignment = std::exchange(m_assignment, nullptr);
    }
    if (assignment) {
        m_lanes->drain(assignment); // the next owner must not begin while we are still at it
    }
    if (!isLost) {
        commit(true);
    }
    rd_kafka_assign(m_client->get(), nullptr);
}

void KafkaSubscription::commit(bool wait)
{
    PartitionList list;
    {
        const std::scoped_lock lock(m_mutex);
        list.reset(rd_kafka_topic_partition_list_new(static_cast<int>(m_offsets.size())));
        for (const auto& [partition, offsets] : m_offsets) {
            const auto next = offsets.toCommit();
            if (next && m_committed[partition] < *next) {
                m_committed[partition] = *next;
                rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.partition)->offset
                    = *next;
            }
        }
    }
    if (list->cnt == 0) {
        return;
    }
    const auto error = rd_kafka_commit(m_client->get(), list.get(), wait ? 0 : 1);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        say(m_client->explain(error, fmt::format("{} cannot commit", m_spec.name)).message);
        const std::scoped_lock lock(m_mutex);
        m_committed.clear(); // again at the next time
    }
}

/// On a handler's thread: true once the record is handled, or lies in the dead letters.
bool KafkaSubscription::handle(const InRecord& record, std::stop_token stop)
{
    const Result<core::RecordedEvent> event = core::eventFromClassicJson(record.value);
    if (!event) {
        const HandlerFailure failure{
            .group = m_spec.name, .error = event.error(), .stack = {}, .failedAt = m_clock.now(), .attempts = 1};
        return park(toPoisonLetter(record, failure), stop);
    }
    core::AttemptHistory history;
    while (!stop.stop_requested()) {
        const Status handled = core::callHandler(m_spec.handler, *event);
        if (handled) {
            return true;
        }
        if (handled.error().code == ErrorCode::HeldByOther) {
            sleep(m_spec.retry.firstDelay, stop);
            continue;
        }
        history.add({m_clock.now(), handled.error()});
        if (history.attempts() > m_spec.retry.maxRetries) {
            const HandlerFailure failure{.group = m_spec.name,
                .error = handled.error(),
                .stack = core::failureStack(m_spec.name, *event, history),
                .failedAt = m_clock.now(),
                .attempts = history.attempts()};
            return park(toDeadLetter(record, *event, failure), stop);
        }
        sleep(m_spec.retry.delayBefore(history.attempts()), stop);
    }
    return false;
}

/// Until it lies there: an event is never dropped because its dead letter could not be written.
bool KafkaSubscription::park(const OutRecord& letter, std::stop_token stop)
{
    for (auto delay = kFirstParkingRetry; !stop.stop_requested(); delay = std::min(delay * 2, kLastParkingRetry)) {
        const Status parked = m_letters.send(letter);
        if (parked) {
            return true;
        }
        say(fmt::format(
            "A dead letter of {} could not be written; it is tried again: {}", m_spec.name, parked.error().message));
        sleep(delay, stop);
    }
    return false;
}

void KafkaSubscription::done(const LaneWork& work, bool isHandled)
{
    const std::scoped_lock lock(m_mutex);
    // What was taken away meanwhile is the next owner's; revoke() has waited for what finished in time.
    const auto found = m_offsets.find({work.record.topic, work.record.partition});
    if (isHandled && found != m_offsets.end()) {
        found->second.end(work.record.offset);
    }
}

bool KafkaSubscription::sleep(std::chrono::milliseconds time, const std::stop_token& stop)
{
    return m_clock.sleepFor(time, stop);
}

void KafkaSubscription::say(std::string_view sentence) const
{
    if (m_options.onState) {
        m_options.onState(sentence);
    }
}

} // namespace eventscope::kafka
