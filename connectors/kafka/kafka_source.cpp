// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kafka_source.h"

#include "cluster.h"
#include "group_lag.h"
#include "kafka_client.h"
#include "partition_feed.h"
#include "record_batch.h"
#include "topic_scan.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <set>

namespace eventscope::kafka {

using core::CatalogEntry;
using core::CatalogKind;
using core::ErrorCode;
using core::Result;
using core::ScanReceipt;
using core::Status;

namespace {

constexpr std::int64_t kOpen = kOpenEnd;
/// Records lie by their offset, not by their time: a little behind the first that is too late there
/// may be one that is not.
constexpr std::chrono::minutes kLateness{1};
constexpr std::chrono::seconds kLookForTopics{5};
constexpr std::chrono::milliseconds kTick{500};
constexpr std::size_t kBatchRecords = 256; // what is decoded of them stays in the processor's cache
constexpr std::size_t kRecordsBetweenLooks = 256;
constexpr std::size_t kBatchBytes = std::size_t{4} << 20;

std::string partitionName(const TopicPartition& partition)
{
    return fmt::format("{}/{}", partition.topic, partition.partition);
}

/// Lines of "topic/partition offset": where a follower goes on.
std::map<TopicPartition, std::int64_t> parseCursor(std::string_view cursor)
{
    std::map<TopicPartition, std::int64_t> offsets;
    while (!cursor.empty()) {
        const std::string_view line = cursor.substr(0, cursor.find('\n'));
        cursor.remove_prefix(std::min(cursor.size(), line.size() + 1));
        const std::size_t slash = line.find('/');
        const std::size_t blank = line.find(' ');
        if (slash == std::string_view::npos || blank == std::string_view::npos || blank < slash) {
            continue;
        }
        TopicPartition partition{std::string(line.substr(0, slash)), 0};
        std::int64_t offset = 0;
        std::from_chars(line.data() + slash + 1, line.data() + blank, partition.partition);
        std::from_chars(line.data() + blank + 1, line.data() + line.size(), offset);
        offsets[std::move(partition)] = offset;
    }
    return offsets;
}

std::string cursorOf(const PartitionFeed& feed)
{
    std::string cursor;
    for (const auto& lane : feed.lanes()) {
        cursor += fmt::format("{}/{} {}\n", lane->partition.topic, lane->partition.partition, lane->next);
    }
    return cursor;
}

std::int64_t totalOf(const std::map<TopicPartition, Watermarks>& marks)
{
    std::int64_t total = 0;
    for (const auto& [partition, mark] : marks) {
        total += mark.size();
    }
    return total;
}

} // namespace

bool isDeadLetterTopic(std::string_view topic)
{
    static const re2::RE2 kSuffix(
        R"((?i)(^|[._-])(dlq|dlt|dead[._-]?letters?([._-](queue|topic))?|poison|poisoned|parking[._-]?lot)([._-]|$))");
    static const re2::RE2 kPrefix(R"(^(error\.|dlq-lcc-|error-lcc-|dead-letter-topic-)|__dlq$)");
    const re2::StringPiece name(topic.data(), topic.size());
    return re2::RE2::PartialMatch(name, kSuffix) || re2::RE2::PartialMatch(name, kPrefix);
}

KafkaSource::KafkaSource(KafkaSourceOptions options, std::unique_ptr<Client> client)
    : m_options(std::move(options)), m_client(std::move(client)), m_cluster(std::make_unique<Cluster>(*m_client))
{
}

KafkaSource::~KafkaSource() = default;

Result<std::unique_ptr<KafkaSource>> KafkaSource::open(KafkaSourceOptions options, std::stop_token stop)
{
    // For questions only: a consumer, because a producer's metadata request may make a topic.
    const std::array<Property, 4> ours{{{"group.id", "eventscope-look"}, {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"}, {"allow.auto.create.topics", "false"}}};
    auto client = Client::make(Client::Kind::Consumer, options.connect, ours);
    if (!client) {
        return std::unexpected(std::move(client.error()));
    }
    std::unique_ptr<KafkaSource> source(new KafkaSource(std::move(options), std::move(*client)));
    const auto partitions = source->m_cluster->partitions(source->m_options.topics, stop);
    if (!partitions) {
        return std::unexpected(partitions.error());
    }
    return source;
}

core::Capabilities KafkaSource::capabilities() const
{
    return {.readRange = true,
        .follow = true,
        .backward = true,
        .streams = false,
        .deadLetters = true,
        .requeue = true,
        .discard = false,
        .sagas = true, // those whose events are in the topics
        .topicsAreSources = true};
}

Result<std::vector<CatalogEntry>> KafkaSource::catalog(std::stop_token stop)
{
    const auto selection = select({}, stop);
    if (!selection) {
        return std::unexpected(selection.error());
    }
    std::map<std::string, std::int64_t> counts;
    for (const auto& [partition, mark] : selection->marks) {
        counts[partition.topic] += mark.size();
    }
    std::vector<CatalogEntry> entries;
    for (const auto& [topic, count] : counts) {
        // Offsets are counted: compaction and the markers of transactions leave holes in them.
        entries.push_back({.name = topic,
            .kind = isDeadLetterTopic(topic) ? CatalogKind::DeadLetter : CatalogKind::Topic,
            .count = count,
            .countIsEstimate = true});
    }
    return entries;
}

/// The partitions of what is looked at. Of several topics one may be gone since: the others are there.
Result<std::vector<TopicPartition>> KafkaSource::lookedAt(std::stop_token stop)
{
    const std::vector<std::string>& topics = m_options.topics;
    if (topics.size() < 2) {
        return m_cluster->partitions(topics, std::move(stop));
    }
    auto all = m_cluster->partitions({}, stop);
    if (all) {
        std::erase_if(
            *all, [&](const TopicPartition& p) { return std::ranges::find(topics, p.topic) == topics.end(); });
    }
    return all && all->empty() ? m_cluster->partitions(topics, std::move(stop)) : all;
}

Result<KafkaSource::Selection> KafkaSource::select(const std::string& stream, std::stop_token stop)
{
    auto all = lookedAt(stop);
    if (!all) {
        return std::unexpected(std::move(all.error()));
    }
    Selection selection;
    const auto isNamed = [&](const TopicPartition& p) { return p.topic == stream || partitionName(p) == stream; };
    std::ranges::copy_if(*all, std::back_inserter(selection.partitions), isNamed);
    if (selection.partitions.empty()) {
        selection.partitions = std::move(*all);
        selection.stream = stream;
    } else {
        selection.topic = stream;
    }
    auto marks = m_cluster->watermarks(selection.partitions, stop);
    if (!marks) {
        return std::unexpected(std::move(marks.error()));
    }
    selection.marks = std::move(*marks);
    if (!selection.stream.empty() && m_options.topics.empty() && totalOf(selection.marks) > m_options.mostToSearch) {
        return fail(ErrorCode::InvalidArgument,
            fmt::format("There is no topic '{}'. To look for a stream of that name in all {} records, name the topic "
                        "that it is in: kafka://host/TOPIC.",
                stream, totalOf(selection.marks)));
    }
    return selection;
}

Result<std::vector<LaneStart>> KafkaSource::startsOf(
    const Selection& selection, const core::ReadRange& range, std::stop_token stop)
{
    std::vector<LaneStart> starts;
    for (const auto& [partition, mark] : selection.marks) {
        starts.push_back({partition, std::max(mark.low, range.fromPosition.value_or(0)), mark.high});
    }
    if (range.toPosition && *range.toPosition < kOpen) {
        std::ranges::for_each(starts, [&](LaneStart& s) { s.end = std::min(s.end, *range.toPosition + 1); });
    }
    if (range.fromTime) {
        const auto from = m_cluster->offsetsAt(selection.partitions, *range.fromTime, stop);
        if (!from) {
            return std::unexpected(from.error());
        }
        std::ranges::for_each(starts, [&](LaneStart& s) { s.from = std::max(s.from, from->at(s.partition)); });
    }
    if (range.toTime) {
        const auto to = m_cluster->offsetsAt(selection.partitions, *range.toTime + kLateness, stop);
        if (!to) {
            return std::unexpected(to.error());
        }
        std::ranges::for_each(starts, [&](LaneStart& s) { s.end = std::min(s.end, to->at(s.partition)); });
    }
    return starts;
}

Result<ScanReceipt> KafkaSource::read(const core::ReadRange& range, core::EventSink& sink, std::stop_token stop)
{
    const auto selection = select(range.stream, stop);
    if (!selection) {
        return std::unexpected(selection.error());
    }
    if (range.fromPosition && !selection->marks.empty()
        && std::ranges::all_of(selection->marks, [&](const auto& m) { return *range.fromPosition > m.second.high; })) {
        const auto& [partition, mark]
            = *std::ranges::max_element(selection->marks, {}, [](const auto& m) { return m.second.high; });
        return fail(ErrorCode::NotFound,
            fmt::format("There is no offset {} to begin at: the longest partition, {}, ends before {}.",
                *range.fromPosition, partitionName(partition), mark.high));
    }
    auto starts = startsOf(*selection, range, stop);
    if (!starts) {
        return std::unexpected(std::move(starts.error()));
    }
    if (!range.last || !selection->stream.empty()) {
        return scan(*selection, std::move(*starts), range, sink, stop);
    }
    // Offsets have holes, so as many offsets from the end may be fewer records: then from further back.
    for (std::int64_t span = static_cast<std::int64_t>(std::min<std::uint64_t>(*range.last, kOpen / 2));; span *= 4) {
        std::vector<LaneStart> tails = *starts;
        std::ranges::for_each(tails, [&](LaneStart& s) { s.from = std::max(s.from, s.end - span); });
        const bool isAll
            = tails.end() == std::ranges::mismatch(tails, *starts, {}, &LaneStart::from, &LaneStart::from).in1;
        auto feed = PartitionFeed::open(m_options.connect, m_options.name, tails);
        if (!feed) {
            return std::unexpected(std::move(feed.error()));
        }
        TopicScan scan(**feed, range, {}, sink);
        ScanReceipt receipt = scan.run(stop);
        if (isAll || scan.kept() >= *range.last || !receipt.complete || span > kOpen / 8) {
            return scan.deliverLast(std::move(receipt));
        }
    }
}

Result<ScanReceipt> KafkaSource::scan(const Selection& selection, std::vector<LaneStart> starts,
    const core::ReadRange& range, core::EventSink& sink, std::stop_token stop)
{
    auto feed = PartitionFeed::open(m_options.connect, m_options.name, starts);
    if (!feed) {
        return std::unexpected(std::move(feed.error()));
    }
    TopicScan scan(**feed, range, selection.stream, sink);
    ScanReceipt receipt = scan.run(stop);
    const auto lanes = (*feed)->lanes();
    const auto broken = std::ranges::find_if(lanes, [](const auto& lane) { return !lane->trouble; });
    if (broken != lanes.end() && receipt.scanned == 0) {
        return std::unexpected((*broken)->trouble.error());
    }
    if (receipt.complete && !selection.stream.empty() && scan.delivered() == 0) {
        return fail(ErrorCode::NotFound,
            fmt::format("There is no topic or stream '{}' in what was asked for.", selection.stream));
    }
    return range.last ? scan.deliverLast(std::move(receipt)) : receipt;
}

Result<std::vector<LaneStart>> KafkaSource::startsOf(
    const Selection& selection, const core::FollowStart& start, std::stop_token stop)
{
    std::vector<LaneStart> starts;
    const auto known = parseCursor(start.cursor);
    const bool onlyNew = start.position == core::SourceEvent::kNone;
    for (const auto& [partition, mark] : selection.marks) {
        std::int64_t from = onlyNew ? mark.high : std::max(mark.low, start.position + 1);
        if (!known.empty()) {
            const auto found = known.find(partition);
            from = found == known.end() ? mark.low : std::max(found->second, mark.low);
        }
        starts.push_back({partition, std::min(from, mark.high), kOpen});
    }
    if (!known.empty()) {
        return starts;
    }
    if (start.fromTime) {
        const auto from = m_cluster->offsetsAt(selection.partitions, *start.fromTime, stop);
        if (!from) {
            return std::unexpected(from.error());
        }
        std::ranges::for_each(starts, [&](LaneStart& s) { s.from = std::max(s.from, from->at(s.partition)); });
    }
    if (start.last) {
        // Fairly: what small partitions leave over goes to the large ones.
        std::ranges::sort(
            starts, {}, [&](const LaneStart& s) { return selection.marks.at(s.partition).high - s.from; });
        auto left = static_cast<std::int64_t>(std::min<std::uint64_t>(*start.last, kOpen));
        for (std::size_t i = 0; i < starts.size(); ++i) {
            const std::int64_t high = selection.marks.at(starts[i].partition).high;
            const std::int64_t share = left / static_cast<std::int64_t>(starts.size() - i);
            starts[i].from = std::max(starts[i].from, high - share);
            left -= high - starts[i].from;
        }
    }
    return starts;
}

Status KafkaSource::follow(const core::FollowStart& start, core::EventSink& sink, std::stop_token stop)
{
    auto selection = select(start.stream, stop);
    if (!selection) {
        return std::unexpected(std::move(selection.error()));
    }
    const auto starts = startsOf(*selection, start, stop);
    if (!starts) {
        return std::unexpected(starts.error());
    }
    auto opened = PartitionFeed::open(m_options.connect, m_options.name, *starts);
    if (!opened) {
        return std::unexpected(std::move(opened.error()));
    }
    PartitionFeed& feed = **opened;
    const bool isOneTopic = !selection->topic.empty();
    const std::int64_t fromMs = start.fromTime
        ? std::chrono::floor<std::chrono::milliseconds>(*start.fromTime).time_since_epoch().count()
        : -1;
    RecordBatch batch;
    m_cursor = cursorOf(feed);
    auto nextTick = std::chrono::steady_clock::now();
    auto nextLook = nextTick + kLookForTopics;
    std::size_t untold = 0;
    while (!stop.stop_requested()) {
        PartitionFeed::Next next = feed.next(batch.empty() ? kTick : std::chrono::milliseconds(0), false, stop);
        const bool isWanted = next.message && rd_kafka_message_timestamp(next.message.get(), nullptr) >= fromMs;
        if (isWanted) {
            const core::SourceEvent& event = batch.add(std::move(next.message), next.lane->source);
            if (!selection->stream.empty() && event.stream != selection->stream) {
                batch.dropLast();
            }
        }
        const bool isFull = batch.size() >= kBatchRecords || batch.payloadBytes() >= kBatchBytes;
        if (!batch.empty() && (isFull || !next.lane)) {
            const bool isMoreWanted = sink.deliver(batch.events());
            batch.clear();
            m_cursor = cursorOf(feed);
            if (!isMoreWanted) {
                return {};
            }
        }
        if (next.lane && ++untold < kRecordsBetweenLooks) {
            continue; // the clock is asked for once for many records
        }
        untold = 0;
        const auto now = std::chrono::steady_clock::now();
        if (now < nextTick) {
            continue;
        }
        nextTick = now + kTick;
        if (!batch.empty()) { // tick() is called between batches
            const bool isMoreWanted = sink.deliver(batch.events());
            batch.clear();
            m_cursor = cursorOf(feed);
            if (!isMoreWanted) {
                return {};
            }
        }
        if (!sink.tick()) {
            return {};
        }
        for (const auto& lane : feed.lanes()) {
            if (!lane->trouble && (isOneTopic || feed.isDone())) {
                return std::unexpected(lane->trouble.error());
            }
        }
        if (feed.client().isCutOff()) {
            return std::unexpected(
                feed.client().explain(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "The connection to Kafka was lost"));
        }
        if (now >= nextLook) {
            nextLook = now + kLookForTopics;
            if (Status looked = noticeChanges(feed, *selection, sink, stop); !looked) {
                return looked;
            }
        }
    }
    return {};
}

/// Topics and partitions that came since are read from their beginning; of topics that are gone it is said
/// once, and where nothing else was followed it ends.
Status KafkaSource::noticeChanges(
    PartitionFeed& feed, const Selection& selection, core::EventSink& sink, std::stop_token stop)
{
    auto all = lookedAt(stop);
    if (!all && all.error().code == ErrorCode::NotFound) {
        all = std::vector<TopicPartition>(); // the last of them is gone
    }
    if (!all) {
        return stop.stop_requested() ? Status() : std::unexpected(all.error());
    }
    std::set<std::string> topics;
    std::ranges::for_each(*all, [&](const TopicPartition& partition) { topics.insert(partition.topic); });
    std::set<TopicPartition> known;
    std::set<std::string> gone;
    for (const auto& lane : feed.lanes()) {
        known.insert(lane->partition);
        if (lane->trouble && !topics.contains(lane->partition.topic)) {
            gone.insert(lane->partition.topic);
        }
    }
    for (const std::string& topic : gone) {
        giveUpIfGone(topic, feed, sink, stop);
    }
    if (feed.isDone() && !feed.lanes().empty()) {
        return feed.lanes().front()->trouble;
    }
    std::vector<LaneStart> starts;
    for (const TopicPartition& partition : *all) {
        const bool isMeant = selection.topic.empty() || partition.topic == selection.topic;
        if (isMeant && !known.contains(partition)) {
            starts.push_back({partition, 0});
        }
    }
    return starts.empty() ? Status() : feed.add(starts);
}

/// A cluster that comes up again may not know all of its topics yet: it is asked for this one by its name.
void KafkaSource::giveUpIfGone(
    const std::string& topic, PartitionFeed& feed, core::EventSink& sink, const std::stop_token& stop)
{
    const auto found = m_cluster->partitions(std::span(&topic, 1), stop);
    if (found || found.error().code != ErrorCode::NotFound) {
        return;
    }
    const core::Error gone{
        ErrorCode::NotFound, fmt::format("The topic {} is gone: it was deleted, or is not shown to this user.", topic)};
    for (const auto& lane : feed.lanes()) {
        if (lane->partition.topic == topic) {
            feed.giveUp(*lane, gone);
        }
    }
    sink.notice(gone.message);
}

Result<std::vector<GroupLag>> KafkaSource::groups(std::stop_token stop)
{
    const auto selection = select({}, stop);
    return selection ? lagsIn(selection->marks, stop) : std::unexpected(selection.error());
}

Result<std::vector<GroupLag>> KafkaSource::lagsIn(
    const std::map<TopicPartition, Watermarks>& marks, std::stop_token stop)
{
    std::vector<TopicPartition> partitions;
    std::ranges::for_each(marks, [&](const auto& mark) { partitions.push_back(mark.first); });
    auto groups = m_cluster->groups(m_options.groups, partitions, std::move(stop));
    if (!groups) {
        return std::unexpected(std::move(groups.error()));
    }
    return lagsOf(std::move(*groups), marks);
}

Result<std::vector<Property>> KafkaSource::configuration(const std::string& topic, std::stop_token stop)
{
    return m_cluster->configuration(topic, std::move(stop));
}

Result<core::Probe> KafkaSource::probe(std::stop_token stop)
{
    const auto selection = select({}, stop);
    if (!selection) {
        return std::unexpected(selection.error());
    }
    core::Probe probe;
    probe.lastPosition = 0;
    probe.deadLetters = 0;
    for (const auto& [partition, mark] : selection->marks) {
        *probe.lastPosition += mark.high;
        *probe.deadLetters += isDeadLetterTopic(partition.topic) ? mark.size() : 0;
    }
    // Without the right to see groups the rest is still worth showing.
    const std::vector<GroupLag> lags = lagsIn(selection->marks, stop).value_or(std::vector<GroupLag>());
    addLags(probe, lags);
    probe.partitions = std::make_shared<const std::vector<core::PartitionPlace>>(placesOf(selection->marks, lags));
    return probe;
}

} // namespace eventscope::kafka
