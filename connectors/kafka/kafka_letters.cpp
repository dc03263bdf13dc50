// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kafka_letters.h"

#include "cluster.h"
#include "event/ids.h"
#include "kafka_client.h"
#include "kafka_source.h"
#include "key_history.h"
#include "partition_feed.h"
#include "producer.h"
#include "record_batch.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <limits>

namespace eventscope::kafka {

using core::DeadLetter;
using core::ErrorCode;
using core::Result;
using core::SendState;
using core::Status;

namespace {

constexpr std::string_view kCaution
    = "Every consumer group of the target topic will see the requeued records, not only the one that failed.";
constexpr std::string_view kRequeuedId = "x-requeued-id";
/// Beyond so many records of a partition nobody waits for the count of newer ones.
constexpr std::int64_t kMostKeys = 500'000;
/// Clocks of broker and client differ: a copy is looked for from so long before it was sent.
constexpr std::chrono::minutes kClockDifference{10};
constexpr std::chrono::seconds kLongestSilence{20};

/// Named like a place for errors: its records have to say that they are dead letters.
bool mayHoldDeadLetters(std::string_view topic)
{
    static const re2::RE2 kName(R"((?i)(^|[._-])(errors?|failed)([._-]|$))");
    return re2::RE2::PartialMatch(re2::StringPiece(topic.data(), topic.size()), kName);
}

/// The time in a UUIDv7; nothing for other ids.
std::optional<core::Timestamp> timeOfId(std::string_view id)
{
    const auto uuid = core::parseUuid(id);
    if (!uuid || ((*uuid)[6] >> 4) != 7) {
        return std::nullopt;
    }
    std::int64_t milliseconds = 0;
    for (std::size_t i = 0; i < 6; ++i) {
        milliseconds = milliseconds << 8 | (*uuid)[i];
    }
    return core::Timestamp(std::chrono::milliseconds(milliseconds));
}

bool hasHeader(const InRecord& record, std::string_view name, std::string_view value)
{
    return std::ranges::any_of(
        record.headers, [&](const core::Header& h) { return h.name == name && h.value == value; });
}

} // namespace

KafkaLetters::KafkaLetters(KafkaLettersOptions options, core::Clock& clock, std::unique_ptr<Client> client)
    : m_options(std::move(options))
    , m_clock(clock)
    , m_client(std::move(client))
    , m_cluster(std::make_unique<Cluster>(*m_client))
    , m_hidden(m_options.hidden, m_options.connect.brokers)
    , m_keys(std::make_unique<KeyHistory>())
{
}

KafkaLetters::~KafkaLetters() = default;

Result<std::unique_ptr<KafkaLetters>> KafkaLetters::open(
    KafkaLettersOptions options, core::Clock& clock, std::stop_token stop)
{
    const std::array<Property, 4> ours{{{"group.id", "eventscope-look"}, {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"}, {"allow.auto.create.topics", "false"}}};
    auto client = Client::make(Client::Kind::Consumer, options.connect, ours);
    if (!client) {
        return std::unexpected(std::move(client.error()));
    }
    std::unique_ptr<KafkaLetters> letters(new KafkaLetters(std::move(options), clock, std::move(*client)));
    const auto partitions = letters->m_cluster->partitions(letters->m_options.topics, std::move(stop));
    if (!partitions) {
        return std::unexpected(partitions.error());
    }
    return letters;
}

core::DeadLetterQueue::Capabilities KafkaLetters::capabilities() const
{
    return {.acknowledge = false,
        .discard = true,
        .restore = true,
        .settle = true,
        .discardHides = true,
        .caution = kCaution};
}

Result<std::vector<TopicPartition>> KafkaLetters::letterPartitions(std::string_view queue, std::stop_token stop)
{
    if (!queue.empty()) {
        return m_cluster->partitions(std::array{std::string(queue)}, std::move(stop));
    }
    auto partitions = m_cluster->partitions({}, std::move(stop));
    if (!partitions) {
        return partitions;
    }
    const auto isAskedFor = [this](const std::string& topic) {
        const auto& wanted = m_options.topics;
        return wanted.empty() || std::ranges::find(wanted, topic) != wanted.end()
            || std::ranges::find(wanted, originByName(topic)) != wanted.end();
    };
    std::erase_if(*partitions, [&](const TopicPartition& p) {
        return !(isDeadLetterTopic(p.topic) || mayHoldDeadLetters(p.topic)) || !isAskedFor(p.topic);
    });
    return partitions;
}

Status KafkaLetters::visit(const std::map<TopicPartition, std::pair<std::int64_t, std::int64_t>>& ranges,
    std::string_view isolation, const RecordVisitor& visitor, std::stop_token stop)
{
    std::vector<LaneStart> starts;
    for (const auto& [partition, range] : ranges) {
        starts.push_back({partition, range.first, range.second});
    }
    ConnectOptions connect = m_options.connect;
    if (!isolation.empty()) {
        connect.properties.emplace_back("isolation.level", isolation);
    }
    const auto feed = PartitionFeed::open(connect, "kafka", starts);
    if (!feed) {
        return std::unexpected(feed.error());
    }
    auto lastNews = std::chrono::steady_clock::now();
    while (!(*feed)->isDone()) {
        if (stop.stop_requested()) {
            return fail(ErrorCode::Cancelled, "It was stopped while it was reading.");
        }
        const PartitionFeed::Next next = (*feed)->next(std::chrono::milliseconds(500), true, stop);
        const auto now = std::chrono::steady_clock::now();
        if (next.message) {
            lastNews = now;
            if (!visitor(toInRecord(*next.message))) {
                return {};
            }
        } else if (now - lastNews > kLongestSilence) {
            return std::unexpected(
                (*feed)->client().explain(RD_KAFKA_RESP_ERR__TIMED_OUT, "Not every partition could be read"));
        }
    }
    for (const auto& lane : (*feed)->lanes()) {
        if (!lane->trouble) {
            return lane->trouble;
        }
    }
    return {};
}

Result<std::vector<DeadLetter>> KafkaLetters::list(std::string_view queue, std::stop_token stop)
{
    const auto partitions = letterPartitions(queue, stop);
    if (!partitions) {
        return std::unexpected(partitions.error());
    }
    const auto marks = m_cluster->watermarks(*partitions, stop);
    if (!marks) {
        return std::unexpected(marks.error());
    }
    const auto hidden = m_hidden.list();
    if (!hidden) {
        return std::unexpected(hidden.error());
    }
    std::map<TopicPartition, std::pair<std::int64_t, std::int64_t>> ranges;
    for (const auto& [partition, mark] : *marks) {
        ranges[partition] = {std::max(mark.low, mark.high - m_options.mostListed), mark.high};
    }
    m_nulls.clear();
    m_partitions.clear();
    m_keys = std::make_unique<KeyHistory>();
    std::vector<UnderstoodLetter> understood;
    const Status read = visit(
        ranges, {},
        [&](const InRecord& record) {
            const bool isMeant
                = !queue.empty() || isDeadLetterTopic(record.topic) || isMarkedDeadLetter(record.headers);
            if (isMeant && !hidden->contains(letterId(record.topic, record.partition, record.offset))) {
                understood.push_back(understand(record));
            }
            return true;
        },
        stop);
    if (!read) {
        return std::unexpected(read.error());
    }
    std::vector<DeadLetter> letters;
    letters.reserve(understood.size());
    for (UnderstoodLetter& one : understood) {
        if (one.isElsewhere) {
            completeFromOrigin(one);
        }
        const DeadLetter::Original& original = one.letter.original;
        if (original.partition && original.position) {
            m_keys->expect({original.stream, *original.partition}, *original.position);
        }
        m_nulls[one.letter.id] = {one.keyIsNull, one.dataIsNull};
        letters.push_back(std::move(one.letter));
    }
    return letters;
}

/// Of a share group's letter that carries no copy: the record that it speaks of, if it is still there.
void KafkaLetters::completeFromOrigin(UnderstoodLetter& understood)
{
    DeadLetter::Original& original = understood.letter.original;
    if (original.stream.empty() || !original.partition || !original.position) {
        return;
    }
    const TopicPartition partition{original.stream, *original.partition};
    const std::int64_t position = *original.position;
    static_cast<void>(visit({{partition, {position, position + 1}}}, "read_uncommitted",
        [&](const InRecord& record) {
            if (record.offset == position) {
                understood.isElsewhere = false;
                understood.keyIsNull = record.keyIsNull;
                understood.dataIsNull = record.valueIsNull;
                original.key = record.key;
                original.data = record.value;
                original.headers = record.headers;
            }
            return false;
        },
        {}));
}

/// The one record, read again.
Result<UnderstoodLetter> KafkaLetters::fetch(const LetterPlace& place)
{
    std::optional<UnderstoodLetter> found;
    const TopicPartition partition{place.topic, place.partition};
    const Status read = visit({{partition, {place.offset, place.offset + 1}}}, {},
        [&](const InRecord& record) {
            if (record.offset == place.offset) {
                found = understand(record);
            }
            return false;
        },
        {});
    if (!read && read.error().code != ErrorCode::NotFound) {
        return std::unexpected(read.error());
    }
    if (!found) {
        return fail(ErrorCode::NotFound,
            fmt::format("The dead letter at offset {} of {}, partition {}, is gone.", place.offset, place.topic,
                place.partition));
    }
    if (found->isElsewhere) {
        completeFromOrigin(*found);
    }
    return std::move(*found);
}

Result<KafkaLetters::Nulls> KafkaLetters::nullsOf(const DeadLetter& letter)
{
    if (const auto known = m_nulls.find(letter.id); known != m_nulls.end()) {
        return known->second;
    }
    const auto place = placeOf(letter.id);
    if (!place) {
        return fail(ErrorCode::NotFound, fmt::format("There is no dead letter '{}'.", letter.id));
    }
    const auto fetched = fetch(*place);
    if (!fetched) {
        return std::unexpected(fetched.error());
    }
    return m_nulls[letter.id] = {fetched->keyIsNull, fetched->dataIsNull};
}

Result<int> KafkaLetters::partitionsOf(const std::string& topic)
{
    if (const auto known = m_partitions.find(topic); known != m_partitions.end()) {
        return known->second;
    }
    const auto partitions = m_cluster->partitions(std::array{topic}, {});
    if (!partitions) {
        const core::Error& error = partitions.error();
        return fail(error.code == ErrorCode::NotFound ? ErrorCode::InvalidArgument : error.code, error.message);
    }
    return m_partitions[topic] = static_cast<int>(partitions->size());
}

Producer& KafkaLetters::producerFor(const std::string& letterTopic)
{
    auto& producer = m_producers[letterTopic];
    if (!producer) {
        // The same for this topic in each life: what an earlier life left open is ended by the next.
        producer = std::make_unique<Producer>(m_options.connect,
            Producer::Options{.transactionalId = "eventscope-requeue-" + letterTopic, .lingerMs = 0});
    }
    return *producer;
}

Status KafkaLetters::send(const core::Requeue& requeue)
{
    const DeadLetter& letter = requeue.letter;
    const auto nulls = nullsOf(letter);
    if (!nulls) {
        return std::unexpected(nulls.error());
    }
    const std::string& target = requeue.target.empty() ? letter.original.stream : requeue.target;
    if (target.empty()) {
        return fail(ErrorCode::InvalidArgument,
            fmt::format("The letter {} does not say which topic it came from: name a target.", letter.id));
    }
    const auto partitions = partitionsOf(target);
    if (!partitions) {
        return std::unexpected(partitions.error());
    }
    const bool isUntouched = requeue.data == letter.original.data;
    OutRecord record{.topic = target,
        .key = nulls->key ? std::nullopt : std::optional(letter.original.key),
        .value = nulls->data && isUntouched ? std::nullopt : std::optional(requeue.data),
        .headers = letter.original.headers};
    if (target == letter.original.stream && letter.original.partition && *letter.original.partition < *partitions) {
        record.partition = *letter.original.partition;
    }
    std::erase_if(record.headers, [](const core::Header& h) { return h.name.starts_with("x-requeued-"); });
    record.headers.push_back({"x-requeued-by", "eventscope"});
    record.headers.push_back({"x-requeued-at", core::formatTimestamp(m_clock.now())});
    record.headers.push_back({"x-requeued-from", letter.id});
    record.headers.push_back({std::string(kRequeuedId), requeue.sendId});
    if (requeue.possibleDuplicate) {
        record.headers.push_back({"x-requeued-possible-duplicate", "true"});
    }
    return producerFor(letter.queue).send(record);
}

Status KafkaLetters::acknowledge(const DeadLetter&)
{
    return {}; // it stays: the journal knows that it is done
}

Status KafkaLetters::discard(const DeadLetter& letter)
{
    if (!placeOf(letter.id)) {
        return fail(ErrorCode::NotFound, fmt::format("There is no dead letter '{}'.", letter.id));
    }
    return m_hidden.hide(letter.id);
}

Status KafkaLetters::restore(const DeadLetter& letter)
{
    return m_hidden.show(letter.id);
}

Result<SendState> KafkaLetters::settle(std::string_view sendId, const DeadLetter& letter)
{
    return settleAt({}, sendId, letter);
}

Result<SendState> KafkaLetters::settleAt(std::string_view target, std::string_view sendId, const DeadLetter& letter)
{
    const std::string topic(target.empty() ? std::string_view(letter.original.stream) : target);
    if (topic.empty()) {
        return SendState::NotArrived; // nothing can have been sent
    }
    // From here on a transaction of an earlier life is either there or never will be.
    if (Status settled = producerFor(letter.queue).settle(); !settled) {
        return std::unexpected(settled.error());
    }
    const auto partitions = m_cluster->partitions(std::array{topic}, {});
    if (!partitions) {
        return partitions.error().code == ErrorCode::NotFound ? Result<SendState>(SendState::Unknown)
                                                              : std::unexpected(partitions.error());
    }
    const auto marks = m_cluster->watermarks(*partitions, {});
    if (!marks) {
        return std::unexpected(marks.error());
    }
    std::map<TopicPartition, std::int64_t> from;
    if (const auto sentAt = timeOfId(sendId)) {
        auto offsets = m_cluster->offsetsAt(*partitions, *sentAt - kClockDifference, {});
        if (!offsets) {
            return std::unexpected(offsets.error());
        }
        from = std::move(*offsets);
    }
    std::map<TopicPartition, std::pair<std::int64_t, std::int64_t>> ranges;
    for (const auto& [partition, mark] : *marks) {
        const auto found = from.find(partition);
        ranges[partition] = {found == from.end() ? mark.low : std::max(found->second, mark.low), mark.high};
    }
    bool hasArrived = false;
    const Status read = visit(ranges, "read_committed",
        [&](const InRecord& record) {
            hasArrived = hasHeader(record, kRequeuedId, sendId);
            return !hasArrived;
        },
        {});
    if (!read) {
        return std::unexpected(read.error());
    }
    return hasArrived ? SendState::Arrived : SendState::NotArrived;
}

Result<std::optional<std::size_t>> KafkaLetters::newerOfSameKey(const DeadLetter& letter)
{
    const DeadLetter::Original& original = letter.original;
    const auto nulls = m_nulls.find(letter.id);
    const bool hasKey = nulls != m_nulls.end() ? !nulls->second.key : !original.key.empty();
    if (!hasKey || original.stream.empty() || !original.partition || !original.position) {
        return std::nullopt;
    }
    const TopicPartition partition{original.stream, *original.partition};
    if (!m_keys->covers(partition, *original.position)) {
        const auto marks = m_cluster->watermarks(std::array{partition}, {});
        if (!marks) {
            return std::nullopt; // the topic is gone, or not for us
        }
        const Watermarks mark = marks->at(partition);
        const std::int64_t wanted = std::max(m_keys->from(partition, *original.position) + 1, mark.low);
        const std::int64_t first = std::max(wanted, mark.high - kMostKeys);
        m_keys->begin(partition, first == mark.low ? 0 : first);
        const Status read = visit({{partition, {first, mark.high}}}, {},
            [&](const InRecord& record) {
                if (!record.keyIsNull) {
                    m_keys->add(partition, record.key, record.offset);
                }
                return true;
            },
            {});
        if (!read) {
            return std::unexpected(read.error());
        }
        if (!m_keys->covers(partition, *original.position) && first > mark.low) {
            return std::nullopt; // too long ago to count
        }
    }
    return m_keys->newer(partition, original.key, *original.position);
}

std::string KafkaLetters::returnsTo(const DeadLetter& letter) const
{
    return letter.original.stream.empty() ? "no topic: it does not say where it came from, so name a target"
                                          : letter.original.stream;
}

} // namespace eventscope::kafka
