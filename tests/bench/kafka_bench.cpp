// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"
#include "child_process.h"
#include "kafka_stage.h"
#include "process_figures.h"

#include "event/clock.h"
#include "event/ids.h"
#include "event/json.h"
#include "inspect/event_log.h"
#include "kafka_bus.h"
#include "kafka_source.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace eventscope::bench {

namespace {

constexpr std::size_t kRecords = 3'000'000;
constexpr std::size_t kLongTopic = 10'000'000;
constexpr std::size_t kLast = 50;
constexpr int kPartitions = 4;
constexpr std::size_t kBudget = std::size_t{6} << 30;
constexpr double kMebi = 1 << 20;

double secondsSince(std::chrono::steady_clock::time_point begin)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Into the log, until all are there.
class LogSink final : public core::EventSink {
public:
    LogSink(core::EventLog& log, std::size_t wanted) : m_log(log), m_wanted(wanted) { }

    bool deliver(std::span<const core::SourceEvent> batch) override
    {
        for (const core::SourceEvent& event : batch)
            m_offsets += static_cast<std::uint64_t>(event.position);
        m_log.append(batch);
        m_count += batch.size();
        if (++m_batches % kLookEvery == 0) {
            const std::size_t resident = residentBytes(), held = m_log.usage().heldBytes;
            m_mostBeyond = std::max(m_mostBeyond, resident > held ? resident - held : 0);
        }
        return m_count < m_wanted;
    }
    Work work() const { return {static_cast<double>(m_count), m_offsets}; }
    /// What the process held beside the log's own bytes, at most.
    std::size_t mostBeyondLog() const { return m_mostBeyond; }

private:
    static constexpr std::size_t kLookEvery = 256;
    core::EventLog& m_log;
    const std::size_t m_wanted;
    std::size_t m_count = 0, m_batches = 0, m_mostBeyond = 0;
    std::uint64_t m_offsets = 0;
};

struct Read {
    Work work;
    double cpuSeconds = 0;
    std::size_t beyondLog = 0;
};

Read readIntoLog(const std::string& brokers, const std::string& topic, std::size_t records)
{
    const double cpuBefore = cpuSeconds();
    const auto begin = std::chrono::steady_clock::now();
    const auto source
        = kafka::KafkaSource::open({.name = "kafka", .connect = {.brokers = brokers}, .topics = {topic}}, {});
    core::EventLog log({.budgetBytes = kBudget});
    LogSink sink(log, records);
    core::FollowStart start(core::Source::kBeginning);
    start.stream = topic;
    if (!source || !(*source)->follow(start, sink, {}))
        return {};
    Read read{sink.work(), cpuSeconds() - cpuBefore, sink.mostBeyondLog()};
    read.work.seconds = secondsSince(begin); // without the log's end
    return read;
}

/// What another process said of its work.
struct Told {
    double count = 0, seconds = 0, cpuSeconds = 0;
    std::uint64_t offsets = 0;
};

std::optional<Told> toldBy(const std::vector<std::string>& command, std::string& why)
{
    const test::Finished run = test::runProgram(command);
    const auto json = core::Json::parse(run.output);
    if (run.exitCode != 0 || !json) {
        why = command.front() + " did not read the topic: " + run.errors;
        return std::nullopt;
    }
    const auto number = [&](const char* name) {
        const core::Json* member = json->find(name);
        return member && member->isNumber() ? member->numberText() : std::string("0");
    };
    return Told{std::stod(number("count")), std::stod(number("seconds")), std::stod(number("cpuSeconds")),
        std::stoull(number("offsets"))};
}

std::optional<Told> countBarely(
    const std::string& brokers, const std::string& topic, std::size_t records, std::string& why)
{
    return toldBy({EVENTSCOPE_BARE_KAFKA, brokers, topic, std::to_string(kPartitions), std::to_string(records)}, why);
}

/// kafkajs says no sum of offsets; it counts as having read what we did.
std::optional<Told> countWithKafkajs(
    const std::string& brokers, const std::string& topic, std::size_t records, std::string& why)
{
    const auto package = nodePackage("kafkajs", "2.2.4", why);
    if (!package)
        return std::nullopt;
    core::SystemClock clock;
    return toldBy({"node", EVENTSCOPE_BENCH_DIR "/consume_kafkajs.js", package->string(), brokers, topic,
                      std::to_string(records), "bench-" + core::UuidV7Generator(clock).next()},
        why);
}

Work workOf(const std::optional<Told>& told)
{
    return told ? Work{told->count, told->offsets, told->seconds} : Work{};
}

void readRows(Report& report, const std::string& brokers, std::size_t records)
{
    const std::string topic = fillTopic(brokers, records, kPartitions);
    std::string why;
    report.compare(
        {.what = "Kafka: a topic into the log, indexed",
            .unit = "events",
            .baselineName = "bare consumer_poll loop, counting",
            .target = 1.5},
        [&] { return readIntoLog(brokers, topic, records).work; },
        [&] { return workOf(countBarely(brokers, topic, records, why)); });
    const auto js = countWithKafkajs(brokers, topic, records, why);
    if (!js)
        return report.failed("Kafka: a topic into the log, indexed", why);
    report.compare(
        {.what = "Kafka: a topic into the log, indexed",
            .unit = "events",
            .baselineName = "kafkajs, counting",
            .target = 6,
            .rounds = 3,
            .warmUps = 0},
        [&] {
            Work work = readIntoLog(brokers, topic, records).work;
            work.checksum = static_cast<std::uint64_t>(work.units);
            return work;
        },
        [&] {
            Work work = workOf(countWithKafkajs(brokers, topic, records, why));
            work.checksum = records;
            return work;
        });

    const auto bare = countBarely(brokers, topic, records, why);
    const Read ours = readIntoLog(brokers, topic, records);
    if (!bare)
        return report.failed("Kafka: client CPU an event", why);
    const auto nanoseconds = [&](double seconds) { return seconds / static_cast<double>(records) * 1e9; };
    report.figure({.what = "Kafka: client CPU an event, indexed",
        .unit = "ns",
        .value = nanoseconds(ours.cpuSeconds),
        .boundName = "a quarter of kafkajs' counting",
        .bound = nanoseconds(js->cpuSeconds) / 4,
        .note = fmt::format("the bare loop, counting: {:.0f} ns", nanoseconds(bare->cpuSeconds))});
    report.figure({.what = "Kafka: memory beside the log while reading",
        .unit = "MiB",
        .value = static_cast<double>(ours.beyondLog) / kMebi,
        .boundName = "prefetch and room",
        .bound = 160});
}

void publishRows(Report& report, const std::string& brokers)
{
    constexpr std::size_t kBatch = 200'000, kSingles = 1000;
    const std::vector<kafka::Property> settings{{"enable.idempotence", "true"},
        {"max.in.flight.requests.per.connection", "5"}, {"partitioner", "murmur2_random"},
        {"queue.buffering.max.kbytes", "524288"}};
    std::vector<kafka::Property> pipelined = settings, waiting = settings;
    pipelined.emplace_back("linger.ms", "5");
    waiting.emplace_back("linger.ms", "2");
    BareKafka bare(brokers, pipelined), bareSingles(brokers, waiting);
    const std::string topic = bare.makeTopic("published", kPartitions);
    core::SystemClock clock;
    const auto bus = kafka::KafkaBus::open(clock, {.connect = {.brokers = brokers}, .topicOf = {}, .topic = topic});
    if (!bus)
        return report.failed("Kafka: publish", bus.error().message);
    std::vector<core::RecordedEvent> events;
    std::vector<kafka::OutRecord> records;
    for (std::size_t i = 0; i < kBatch; ++i) {
        events.push_back(benchEvent(i));
        records.push_back(kafka::toRecord(events.back(), topic));
    }
    report.compare(
        {.what = "Kafka: publish a batch, one transaction",
            .unit = "events",
            .baselineName = "bare producer, made beforehand",
            .target = 0.9},
        [&] {
            const bool isThere = (*bus)->publishBatch(events).has_value();
            return Work{static_cast<double>(isThere ? kBatch : 0), kBatch};
        },
        [&] {
            for (const kafka::OutRecord& record : records)
                bare.produce(record);
            bare.flush();
            return Work{static_cast<double>(kBatch), kBatch};
        });
    report.compare(
        {.what = "Kafka: publish, each confirmed",
            .unit = "events",
            .baselineName = "bare producer, flushed each time",
            .target = 0.9},
        [&] {
            std::size_t done = 0;
            for (std::size_t i = 0; i < kSingles; ++i)
                done += (*bus)->publish(events[i]) ? 1 : 0;
            return Work{static_cast<double>(done), done};
        },
        [&] {
            for (std::size_t i = 0; i < kSingles; ++i) {
                bareSingles.produce(records[i]);
                bareSingles.flush();
            }
            return Work{static_cast<double>(kSingles), kSingles};
        });
}

/// Its records are small: what they hold plays no part.
std::string fillLongTopic(const std::string& brokers, std::size_t records)
{
    BareKafka producer(brokers,
        {{"linger.ms", "20"}, {"batch.num.messages", "10000"}, {"queue.buffering.max.messages", "200000"},
            {"compression.codec", "lz4"}});
    const std::string topic = producer.makeTopic("long", kPartitions);
    kafka::OutRecord record{.topic = topic, .key = "order-1", .value = R"({"eventId":"e","eventType":"Counted"})"};
    for (std::size_t i = 0; i < records; ++i) {
        record.partition = static_cast<std::int32_t>(i % kPartitions);
        producer.produce(record);
    }
    producer.flush();
    return topic;
}

class Counter final : public core::EventSink {
public:
    bool deliver(std::span<const core::SourceEvent> batch) override
    {
        m_count += batch.size();
        return true;
    }
    std::size_t count() const { return m_count; }

private:
    std::size_t m_count = 0;
};

void lastRow(Report& report, const std::string& brokers, std::size_t records)
{
    const std::string topic = fillLongTopic(brokers, records);
    std::vector<double> times;
    for (int turn = 0; turn < 5; ++turn) {
        const auto begin = std::chrono::steady_clock::now();
        const auto source
            = kafka::KafkaSource::open({.name = "kafka", .connect = {.brokers = brokers}, .topics = {topic}}, {});
        Counter last;
        if (!source || !(*source)->read({.stream = topic, .last = kLast}, last, {}) || last.count() != kLast)
            return report.failed("Kafka: the last 50 of a long topic", "they did not come");
        times.push_back(secondsSince(begin) * 1000);
    }
    std::ranges::sort(times);
    report.figure({.what = fmt::format("Kafka: the last {} of {} M records", kLast, records / 1'000'000),
        .unit = "ms",
        .value = times[times.size() / 2],
        .boundName = "from connecting on",
        .bound = 500});
}

} // namespace

EVENTSCOPE_BENCH(kafka)
{
    const auto brokers = benchBrokers();
    if (!brokers)
        return report.failed("Kafka", "EVENTSCOPE_TEST_KAFKA is not set: run this through ./dev bench");
    const std::size_t records = wantedSize(kRecords);
    readRows(report, *brokers, records);
    publishRows(report, *brokers);
    lastRow(report, *brokers, records < kRecords ? records : kLongTopic);
}

} // namespace eventscope::bench
