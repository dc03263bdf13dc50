// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/event_log.h"

#include "sample_events.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace eventscope::core;
using eventscope::test::RandomEvents;

namespace {

void expectSame(const EventLog& log, LogRow row, const SourceEvent& event)
{
    const LogEvent kept = log.at(row);
    ASSERT_EQ(log.text(kept.source), event.source);
    ASSERT_EQ(log.text(kept.stream), event.stream);
    ASSERT_EQ(log.text(kept.type), event.type);
    ASSERT_EQ(log.text(kept.correlation), event.correlationId);
    ASSERT_EQ(kept.position, event.position);
    ASSERT_EQ(kept.version, event.version);
    ASSERT_EQ(kept.partition, event.partition);
    ASSERT_EQ(kept.hasTime, event.hasTime);
    ASSERT_EQ(kept.time, event.time);
    ASSERT_EQ(kept.id.view(), event.id);
    ASSERT_EQ(kept.causationId.view(), event.causationId);
    ASSERT_EQ(kept.payload, event.payload);
    ASSERT_EQ(kept.payloadIsNull, event.payloadIsNull);
    ASSERT_EQ(kept.undecodable, event.undecodable);
    ASSERT_EQ(kept.isLate, event.isLate);
    ASSERT_EQ(log.timeAt(row), event.time);
    ASSERT_EQ(log.streamAt(row), kept.stream);
    ASSERT_EQ(log.typeAt(row), kept.type);
    ASSERT_EQ(log.sourceAt(row), kept.source);
    ASSERT_EQ(log.correlationAt(row), kept.correlation);
    ASSERT_EQ(log.payloadAt(row), event.payload);
    ASSERT_TRUE(log.idAt(row) == event.id);
    std::size_t i = 0;
    log.headersAt(row, [&](HeaderView header) {
        ASSERT_LT(i, event.headers.size());
        ASSERT_EQ(header.name, event.headers[i].name);
        ASSERT_EQ(header.value, event.headers[i].value);
        ++i;
    });
    ASSERT_EQ(i, event.headers.size());
}

} // namespace

TEST(EventLog, IsEmptyAtFirst)
{
    const EventLog log;
    EXPECT_EQ(log.size(), 0u);
    TextId id = 7;
    EXPECT_TRUE(log.findText("", id));
    EXPECT_EQ(id, 0u);
    EXPECT_FALSE(log.findText("order-1", id));
}

TEST(EventLog, GivesBackEveryEventExactlyAsItCame)
{
    RandomEvents random(1);
    std::vector<SourceEvent> events;
    for (int i = 0; i < 10'000; ++i) {
        events.push_back(random.next());
    }
    EventLog log;
    std::size_t at = 0;
    while (at < events.size()) {
        const std::size_t size = std::min<std::size_t>(1 + random.below(300), events.size() - at);
        log.append(std::span(events).subspan(at, size));
        at += size;
    }
    ASSERT_EQ(log.size(), events.size());
    for (LogRow row = 0; row < events.size(); ++row) {
        expectSame(log, row, events[row]);
        ASSERT_FALSE(HasFatalFailure()) << "row " << row;
    }
    std::uint64_t bytes = 0;
    std::uint64_t undecodable = 0;
    for (const SourceEvent& event : events) {
        bytes += event.payload.size();
        undecodable += event.undecodable.empty() ? 0 : 1;
    }
    EXPECT_EQ(log.usage().events, events.size());
    EXPECT_EQ(log.usage().payloadBytes, bytes);
    EXPECT_EQ(log.usage().undecodable, undecodable);
    EXPECT_EQ(log.usage().refused, 0u);
    EXPECT_GT(log.usage().heldBytes, bytes);
}

TEST(EventLog, KeepsMoreSourcesAndTypesThanItsNarrowColumnsHold)
{
    EventLog log;
    constexpr int kEvents = 70'000;
    for (int i = 0; i < kEvents; ++i) {
        const std::string source = fmt::format("source-{}", i % 300);
        const std::string type = fmt::format("Type{}", i);
        const SourceEvent event{.source = source, .position = 1'000'000 + i, .type = type};
        log.append({&event, 1});
    }
    for (const LogRow row : {0, 254, 255, 256, 65'534, 65'535, 65'536, kEvents - 1}) {
        EXPECT_EQ(log.text(log.sourceAt(row)), fmt::format("source-{}", row % 300));
        EXPECT_EQ(log.text(log.typeAt(row)), fmt::format("Type{}", row));
        EXPECT_EQ(log.at(row).position, 1'000'000 + static_cast<std::int64_t>(row));
    }
}

TEST(EventLog, KeepsAPayloadOfFiftyMegabytes)
{
    RandomEvents random(2);
    const std::string payload = std::string(50 << 20, static_cast<char>(0xff));
    EventLog log;
    const SourceEvent before{.stream = "a", .payload = "1"};
    const SourceEvent large{.stream = "b", .payload = payload};
    const SourceEvent after{.stream = "c", .payload = "2"};
    const SourceEvent batch[]{before, large, after};
    log.append(batch);
    EXPECT_EQ(log.payloadAt(0), "1");
    EXPECT_TRUE(log.payloadAt(1) == payload);
    EXPECT_EQ(log.payloadAt(2), "2");
}

TEST(EventLog, StopsAtItsBudgetAndCountsWhatItRefused)
{
    EventLog log({.budgetBytes = std::size_t{1} << 20});
    const std::string payload(1000, 'x');
    const std::vector<SourceEvent> batch(
        100, SourceEvent{.stream = "order-1", .type = "OrderPlaced", .payload = payload});
    for (int i = 0; i < 30; ++i) {
        log.append(batch);
    }
    const EventLog::Usage usage = log.usage();
    EXPECT_GT(usage.refused, 0u);
    EXPECT_EQ(usage.events + usage.refused, 3000u);
    EXPECT_LE(usage.heldBytes, usage.budgetBytes);
    EXPECT_GT(usage.heldBytes, usage.budgetBytes * 9 / 10);
    for (LogRow row = 0; row < usage.events; ++row) {
        ASSERT_EQ(log.payloadAt(row), payload);
    }
    // A small one would still fit; taking it would leave a hole nobody sees.
    const SourceEvent small{.stream = "order-1", .type = "OrderPlaced"};
    log.append({&small, 1});
    EXPECT_EQ(log.size(), usage.events);
    EXPECT_EQ(log.usage().refused, usage.refused + 1);
}

TEST(EventLog, FindsTheNumberOfATextItHas)
{
    EventLog log;
    const SourceEvent event{.source = "demo", .stream = "order-1", .type = "OrderPlaced", .correlationId = "flow-1"};
    log.append({&event, 1});
    TextId id = 0;
    ASSERT_TRUE(log.findText("flow-1", id));
    EXPECT_EQ(id, log.correlationAt(0));
    EXPECT_FALSE(log.findText("flow-2", id));
}

TEST(EventLog, RingsAfterEachAppendUntilTheHandleGoes)
{
    EventLog log;
    int rings = 0;
    auto handle = log.onAppended([&] { ++rings; });
    const SourceEvent event{.stream = "order-1"};
    log.append({&event, 1});
    log.append({});
    EXPECT_EQ(rings, 1);
    handle.reset();
    log.append({&event, 1});
    EXPECT_EQ(rings, 1);
}

// Events of a small order system, their fields in an envelope of their own, flows of six events each.
TEST(EventLog, HoldsAnEventInFewBytesBesideItsPayload)
{
    constexpr int kEvents = 200'000;
    const auto overhead = [](bool withFlow) {
        RandomEvents random(3);
        EventLog log({.budgetBytes = std::size_t{1} << 30});
        std::string correlation;
        std::string lastId;
        for (int i = 0; i < kEvents; ++i) {
            if (i % 6 == 0) {
                correlation = random.uuid();
            }
            const std::string stream = fmt::format("order-{}", i / 6 % 10'000);
            const std::string type = fmt::format("Type{}", i % 6);
            const std::string payload = fmt::format(
                R"({{"eventId":"{}","type":"{}","data":"{}"}})", random.uuid(), type, std::string(240, 'x'));
            const HeaderView header{"tenant", "eu-1"};
            SourceEvent event{.source = "demo",
                .stream = stream,
                .position = i,
                .version = i % 6 + 1,
                .type = type,
                .time = Timestamp{std::chrono::milliseconds{1'790'000'000'000 + i}},
                .payload = payload};
            event.id = std::string_view(payload).substr(12, 36);
            if (withFlow) {
                event.correlationId = correlation;
                event.causationId = i % 6 == 0 ? correlation : lastId;
                event.headers = {&header, 1};
            }
            log.append({&event, 1});
            lastId = event.id;
        }
        return static_cast<double>(log.usage().heldBytes - log.usage().payloadBytes) / kEvents;
    };
    const double six = overhead(false);
    const double all = overhead(true);
    RecordProperty("bytesBesidePayload", fmt::format("{:.2f}", six));
    RecordProperty("bytesWithFlowAndHeaders", fmt::format("{:.2f}", all));
    EXPECT_LE(six, 24.0);
    EXPECT_LE(all, 40.0);
}

TEST(EventLog, IsReadWhileItIsWritten)
{
    constexpr std::uint64_t kBatches = 400;
    constexpr std::uint64_t kBatch = 250;
    EventLog log;
    std::atomic<bool> done{false};
    const auto write = [&](const std::string& source) {
        std::vector<std::string> texts;
        for (std::uint64_t i = 0; i < kBatches; ++i) {
            std::vector<std::string> streams;
            std::vector<SourceEvent> events;
            for (std::uint64_t j = 0; j < kBatch; ++j) {
                streams.push_back(fmt::format("{}-{}", source, i * kBatch + j));
            }
            for (std::uint64_t j = 0; j < kBatch; ++j) {
                events.push_back({.source = source,
                    .stream = streams[j],
                    .position = static_cast<std::int64_t>(i * kBatch + j),
                    .id = streams[j],
                    .correlationId = streams[j],
                    .causationId = streams[j == 0 ? 0 : j - 1],
                    .payload = streams[j]});
            }
            log.append(events);
        }
    };
    const auto read = [&] {
        LogRow seen = 0;
        while (true) {
            const bool last = done.load();
            const LogRow size = log.size();
            ASSERT_GE(size, seen);
            for (LogRow row = seen; row < size; ++row) {
                const LogEvent event = log.at(row);
                ASSERT_EQ(log.text(event.stream), event.payload);
                ASSERT_EQ(event.id.view(), event.payload);
                TextId id = 0;
                ASSERT_TRUE(log.findText(event.payload, id));
                ASSERT_EQ(id, event.correlation);
            }
            seen = size;
            if (last) {
                break;
            }
        }
        ASSERT_EQ(seen, 2 * kBatches * kBatch);
    };
    std::vector<std::jthread> readers;
    readers.emplace_back(read);
    readers.emplace_back(read);
    {
        const std::jthread one(write, "one");
        const std::jthread two(write, "two");
    }
    done = true;
}
