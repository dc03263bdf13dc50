// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Whatever comes goes through everything that keeps events and is the same at the other end: the log in
// memory and in its file, an export, the file read back, an import into a store, and that one's export.
#include "collecting_sink.h"
#include "file_source.h"
#include "sample_events.h"
#include "temp_dir.h"

#include "event/clock.h"
#include "inspect/event_export.h"
#include "inspect/event_import.h"
#include "inspect/event_log.h"
#include "inspect/store_source.h"
#include "sourcing/sqlite_database.h"
#include "sourcing/sqlite_event_store.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

using namespace eventscope;
using namespace eventscope::core;
using eventscope::test::CollectingSink;
using eventscope::test::RandomEvents;
using eventscope::test::TempDir;

namespace {

constexpr std::size_t kEvents = 10'000;
constexpr Timestamp kFirstTime{std::chrono::sys_days(std::chrono::year{1} / 1 / 1)};
constexpr Timestamp kEndTime{std::chrono::sys_days(std::chrono::year{10000} / 1 / 1)};

/// EVENTSCOPE_SEED=… tries others.
std::uint64_t seed()
{
    const char* const wanted = std::getenv("EVENTSCOPE_SEED");
    return wanted ? std::strtoull(wanted, nullptr, 10) : 20'261'123;
}

/// Numbers and texts that have gone wrong somewhere before, as JSON.
std::string hardJson(RandomEvents& random)
{
    constexpr std::string_view kHard[]{"9223372036854775807", "-9223372036854775808", "9007199254740993",
        "18446744073709551615", "123456789012345678901234567890", "0.1", "99.50", "1e400", "-0",
        "0.10000000000000000001", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"\xc3\xa4\"", "\"a\\/b\"", "{\"$text\":\"x\"}",
        "{\"$base64\":\"eA==\"}", "[ 1,\n2 ]", "{\"a\":1,\"a\":2}", "null", "true", "\"\"", "{}", "[]"};
    const std::string value(kHard[random.below(std::size(kHard))]);
    switch (random.below(4)) {
    case 0: return value;
    case 1: return fmt::format("{{\"value\":{}}}", value);
    case 2: return fmt::format(" {{ \"value\" : {} ,\r\n \"n\":{} }} ", value, random.below(1'000'000));
    default: return fmt::format("[{},{}]", value, value);
    }
}

/// The events, and what they are views of.
struct Sample {
    explicit Sample(bool forStores) : random(seed())
    {
        for (std::size_t i = 0; i < kEvents; ++i) {
            SourceEvent event = random.next();
            if (random.below(3) == 0) {
                event.payload = texts.keep(hardJson(random));
                event.payloadIsNull = false;
            }
            // Outside of the years that ISO 8601 writes with four digits an event has no time in an export.
            if (event.time < kFirstTime || event.time >= kEndTime)
                event.time = kFirstTime;
            // An event of a file without a position has its line's number.
            if (event.position == SourceEvent::kNone)
                event.position = static_cast<std::int64_t>(i + 1);
            if (forStores)
                suit(event);
            events.push_back(event);
        }
        events[kEvents / 2].payload = texts.keep(random.bytes(std::size_t{50} << 20));
        events[kEvents / 2].payloadIsNull = false;
    }

    /// What stores demand: an id of its own, a stream, a type, a time that is known. They have one null.
    void suit(SourceEvent& event)
    {
        event.id = texts.keep(random.uuid());
        event.stream = texts.keep(fmt::format("order-{}", random.below(500)));
        event.type = texts.keep(event.type.empty() ? "Type" : std::string(event.type));
        event.payload = event.payloadIsNull ? "null" : event.payload;
        event.payloadIsNull = false;
        event.hasTime = true;
        event.time = Timestamp(std::chrono::microseconds(1'790'000'000'000'000 + random.below(1'000'000'000'000)));
        event.undecodable = {};
    }

    RandomEvents random;
    test::TextPool texts;
    std::vector<SourceEvent> events;
};

SourceEvent eventOf(const EventLog& log, LogRow row, LogEvent& kept, std::vector<HeaderView>& headers)
{
    kept = log.at(row);
    headers.clear();
    log.headersAt(row, [&](HeaderView header) { headers.push_back(header); });
    return {.source = log.text(kept.source),
        .stream = log.text(kept.stream),
        .position = kept.position,
        .version = kept.version,
        .partition = kept.partition,
        .id = kept.id.view(),
        .type = log.text(kept.type),
        .time = kept.time,
        .hasTime = kept.hasTime,
        .correlationId = log.text(kept.correlation),
        .causationId = kept.causationId.view(),
        .headers = headers,
        .payload = kept.payload,
        .payloadIsNull = kept.payloadIsNull,
        .undecodable = kept.undecodable};
}

/// `withPlace`: what a store gives itself must be the same as well.
void expectSame(const SourceEvent& read, const SourceEvent& event, bool withPlace)
{
    if (withPlace) {
        ASSERT_EQ(read.source, event.source);
        ASSERT_EQ(read.position, event.position);
        ASSERT_EQ(read.partition, event.partition);
        ASSERT_EQ(read.version, event.version);
        ASSERT_EQ(read.undecodable, event.undecodable);
    }
    ASSERT_EQ(read.stream, event.stream);
    ASSERT_EQ(read.id, event.id);
    ASSERT_EQ(read.type, event.type);
    ASSERT_EQ(read.hasTime, event.hasTime);
    ASSERT_EQ(read.time, event.time);
    ASSERT_EQ(read.correlationId, event.correlationId);
    ASSERT_EQ(read.causationId, event.causationId);
    ASSERT_EQ(read.payloadIsNull, event.payloadIsNull);
    ASSERT_TRUE(read.payload == event.payload) << read.payload.substr(0, 200) << "\nfor\n"
                                               << event.payload.substr(0, 200);
    ASSERT_EQ(read.headers.size(), event.headers.size());
    for (std::size_t i = 0; i < event.headers.size(); ++i) {
        ASSERT_EQ(read.headers[i].name, event.headers[i].name);
        ASSERT_EQ(read.headers[i].value, event.headers[i].value);
    }
}

void expectSame(std::span<const SourceEvent> read, std::span<const SourceEvent> events, bool withPlace)
{
    ASSERT_EQ(read.size(), events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
        expectSame(read[i], events[i], withPlace);
        ASSERT_FALSE(testing::Test::HasFatalFailure()) << "event " << i << " of EVENTSCOPE_SEED=" << seed();
    }
}

void writeExport(const std::filesystem::path& path, const EventLog& log)
{
    std::ofstream out(path, std::ios::binary);
    LogEvent kept;
    std::vector<HeaderView> headers;
    std::string line;
    for (LogRow row = 0; row < log.size(); ++row) {
        line.clear();
        appendExported(line, eventOf(log, row, kept, headers), ExportFormat::NdJson);
        out << line;
    }
}

void readFile(const std::filesystem::path& path, EventSink& sink)
{
    SystemClock clock;
    const auto source = file::FileSource::open("events", path.string(), clock, {});
    ASSERT_TRUE(source) << source.error().message;
    const auto receipt = (*source)->read({}, sink, {});
    ASSERT_TRUE(receipt) << receipt.error().message;
    ASSERT_TRUE(receipt->complete);
}

} // namespace

TEST(RoundTrip, ThroughTheLogsFileAndAnExportChangesNothing)
{
    const TempDir folder;
    const Sample sample(false);
    EventLog log(
        {.budgetBytes = std::size_t{2} << 30, .memoryBytes = std::size_t{40} << 20, .spillFolder = folder.path()});
    log.append(sample.events);
    ASSERT_EQ(log.size(), sample.events.size());
    ASSERT_GT(log.usage().diskBytes, 0U);
    LogEvent kept;
    std::vector<HeaderView> headers;
    for (LogRow row = 0; row < log.size(); ++row) {
        expectSame(eventOf(log, row, kept, headers), sample.events[row], true);
        ASSERT_FALSE(HasFatalFailure()) << "row " << row << " of EVENTSCOPE_SEED=" << seed();
    }
    writeExport(folder / "events.ndjson", log);
    CollectingSink sink;
    readFile(folder / "events.ndjson", sink);
    expectSame(sink.events(), sample.events, true);
}

TEST(RoundTrip, ThroughAnExportAStoreAndItsExportChangesNothing)
{
    const TempDir folder;
    const Sample sample(true);
    EventLog log({.budgetBytes = std::size_t{2} << 30});
    log.append(sample.events);
    writeExport(folder / "events.ndjson", log);

    SystemClock clock;
    auto database = SqliteDatabase::open(folder / "store.db", {.access = SqliteAccess::Create, .durable = false});
    ASSERT_TRUE(database) << database.error().message;
    const auto store = SqliteEventStore::open(*database);
    ASSERT_TRUE(store) << store.error().message;
    EventImport import(**store, clock, EventImport::Versions::Given);
    readFile(folder / "events.ndjson", import);
    const Status done = import.finish();
    ASSERT_TRUE(done) << done.error().message;
    ASSERT_EQ(import.written(), sample.events.size());

    EventLog again({.budgetBytes = std::size_t{2} << 30});
    StoreSource source("store", {.events = *store});
    CollectingSink stored;
    ASSERT_TRUE(source.read({}, stored, {}));
    expectSame(stored.events(), sample.events, false);
    again.append(stored.events());
    writeExport(folder / "again.ndjson", again);
    CollectingSink read;
    readFile(folder / "again.ndjson", read);
    expectSame(read.events(), stored.events(), true);
}
