// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/log_filter.h"

#include "random_expressions.h"
#include "sample_events.h"

#include "inspect/event_marks.h"
#include "inspect/filter/event_attributes.h"
#include "inspect/filter/filter_parser.h"
#include "inspect/filter/filter_traits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <string>
#include <thread>
#include <vector>

using namespace eventscope::core;
using namespace eventscope::test;

namespace {

/// Events in the vocabulary of RandomExpressions, with every field absent now and then.
class Events {
public:
    explicit Events(unsigned seed) : m_random(seed) { }

    SourceEvent next()
    {
        SourceEvent event;
        event.source = pick({"demo", "shop"});
        event.stream = pick({"order-1", "order-2", "order-33", ""});
        event.type = pick({"OrderPlaced", "OrderShipped", "", "order.placed"});
        event.id = m_texts.keep(std::to_string(++m_count));
        event.correlationId = pick({"c-1", "c-2", ""});
        event.causationId = pick({"c_1", ""});
        event.position = m_random() % 4 == 0 ? SourceEvent::kNone : static_cast<std::int64_t>(m_count) << 30;
        event.version = m_random() % 4 == 0 ? SourceEvent::kNone : static_cast<std::int64_t>(m_random() % 9);
        event.partition = static_cast<std::int32_t>(m_random() % 3) - 1;
        event.hasTime = m_random() % 4 != 0;
        if (event.hasTime)
            event.time = Timestamp(std::chrono::sys_days(std::chrono::year{2026} / 11 / 23)) + std::chrono::hours(9)
                + std::chrono::milliseconds(m_random() % 2000);
        if (m_random() % 2 == 0) {
            m_headers.push_back({{"Tenant", pick({"t", "7"})}, {"x-a", pick({"1", "A-1", "\xff"})}, {"retries", "2"}});
            event.headers = m_headers.back();
        }
        event.payloadIsNull = m_random() % 8 == 0;
        if (!event.payloadIsNull)
            event.payload
                = pick({R"({"total":99.50,"vip":true,"note":null,"items":[{"sku":"A-1"},{"price":7}],"a b":"x"})",
                    R"({ "items" : [ { "sku" : "order-1" } ] , "total" : "7" })",
                    R"({"total":7,"vip":"true","items":{}})", "7", "\"OrderPlaced\"", "[1,2,3]",
                    "just text with order-1", "", "{broken", "{\"total\":1e3}", "\xff\xfe"});
        return event;
    }

private:
    std::string_view pick(std::initializer_list<std::string_view> from)
    {
        return from.begin()[m_random() % from.size()];
    }

    std::mt19937 m_random;
    std::size_t m_count = 0;
    TextPool m_texts;
    std::deque<std::vector<HeaderView>> m_headers;
};

FilterExpression compiled(std::string_view text)
{
    auto expression = FilterExpression::compile(text);
    EXPECT_TRUE(expression) << text << "  " << expression.error().message;
    return expression ? *expression : *FilterExpression::compile("FALSE");
}

template <class Source>
std::vector<SourceEvent> fill(EventLog& log, Source& source, std::size_t count)
{
    std::vector<SourceEvent> events;
    for (std::size_t i = 0; i < count; ++i)
        events.push_back(source.next());
    log.append(events);
    EXPECT_EQ(log.size(), count);
    return events;
}

void expectSameVerdicts(const FilterExpression& expression, const EventLog& log, const std::vector<SourceEvent>& events)
{
    LogFilter filter(expression, log);
    LogRowAttributes row(log);
    for (std::size_t i = 0; i < events.size(); ++i) {
        row.setRow(i);
        const FilterMatch expected = expression.match(SourceEventAttributes(events[i]));
        ASSERT_EQ(expression.match(row), expected) << expression.text() << "  row " << i;
        ASSERT_EQ(filter.test(i), expected) << expression.text() << "  row " << i;
    }
}

bool neverFails(std::string_view text)
{
    const auto node = parseFilter(text);
    EXPECT_TRUE(node) << text;
    return node && cannotFail(**node);
}

} // namespace

TEST(LogFilter, SaysOfEveryRowWhatThePlainEvaluatorSays)
{
    EventLog log;
    Events source(1);
    const auto events = fill(log, source, 200);
    RandomExpressions expressions(11);
    for (int i = 0; i < 1500; ++i)
        expectSameVerdicts(compiled(expressions.filter(i % 4)), log, events);
}

TEST(LogFilter, SaysSoOfEventsWithAnythingInThem)
{
    EventLog log;
    RandomEvents source(2);
    const auto events = fill(log, source, 300);
    RandomExpressions expressions(12);
    for (int i = 0; i < 300; ++i)
        expectSameVerdicts(compiled(expressions.filter(i % 3)), log, events);
}

TEST(LogFilter, FindsTextAnywhereInARow)
{
    EventLog log;
    Events source(3);
    const auto events = fill(log, source, 300);
    for (const char* text :
        {"'order-1'", "'OrderPlaced'", "'A-1'", "'c-1'", "'c_1'", "'Tenant'", "'shop'", "'nowhere'", "''"})
        expectSameVerdicts(compiled(text), log, events);
}

TEST(LogFilter, FindsWhatIsMarkedAndNoted)
{
    EventLog log;
    Events source(3);
    const auto events = fill(log, source, 200);
    log.marks().set(3, "");
    log.marks().set(70, "ask why");
    const auto found = [&log](std::string_view text) {
        std::vector<LogRow> rows;
        scanLog(compiled(text), log, 0, log.size(), {}, rows);
        return rows;
    };
    EXPECT_EQ(found("marked"), (std::vector<LogRow>{3, 70}));
    EXPECT_EQ(found("marked = TRUE"), (std::vector<LogRow>{3, 70}));
    EXPECT_EQ(found("marked AND NOT EXISTS note"), (std::vector<LogRow>{3}));
    EXPECT_EQ(found("EXISTS note AND note CONTAINS 'why'"), (std::vector<LogRow>{70}));
    EXPECT_EQ(found("NOT marked").size(), events.size() - 2);
    EXPECT_TRUE(compiled("type = 'x' OR marked").dependsOnMarks());
    EXPECT_FALSE(compiled("type = 'marked'").dependsOnMarks());

    SourceEvent event;
    event.isMarked = true;
    event.note = "kept";
    EXPECT_TRUE(compiled("marked AND note = 'kept'").matches(SourceEventAttributes(event)));
    EXPECT_FALSE(compiled("marked").matches(SourceEventAttributes(SourceEvent{})));
}

TEST(LogFilter, ComparesTimesAsTheirTextsCompare)
{
    EventLog log;
    Events source(4);
    auto events = fill(log, source, 50);
    for (const char* text : {"time < '2026-11-23T09:00:01Z'", "time >= '2026-11-23T10:00:01+01:00'",
             "'2026-11-23T09:00:00.5' <= time", "'2026-11-24' > time", "time > 'soon'", "time = '2026-11-23'"})
        expectSameVerdicts(compiled(text), log, events);
}

TEST(LogFilter, CountsWhatItScannedFoundAndCouldNotEvaluate)
{
    EventLog log;
    Events source(5);
    const auto events = fill(log, source, 500);
    const auto expression = compiled("type = 'OrderPlaced' AND correlationid = 'c-1'");
    LogScanReceipt expected{.scanned = events.size(), .complete = true};
    std::vector<LogRow> expectedRows;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const FilterMatch match = expression.match(SourceEventAttributes(events[i]));
        expected.errors += match == FilterMatch::Error ? 1 : 0;
        if (match == FilterMatch::Yes)
            expectedRows.push_back(i);
    }
    expected.matched = expectedRows.size();
    EXPECT_GT(expected.matched, 10U);
    EXPECT_GT(expected.errors, 10U);

    std::vector<LogRow> rows;
    EXPECT_EQ(LogFilter(expression, log).scan(0, log.size(), {}, rows), expected);
    EXPECT_EQ(rows, expectedRows);
}

TEST(LogFilter, GoesOnWhereItStoppedAsTheLogGrows)
{
    EventLog log;
    Events source(6);
    LogFilter filter(compiled("stream LIKE 'order-_' OR EXISTS correlationid"), log);
    std::vector<LogRow> rows;
    LogRow seen = 0;
    std::vector<SourceEvent> events;
    for (int i = 0; i < 20; ++i) {
        const SourceEvent event = source.next();
        events.push_back(event);
        log.append({&event, 1});
        EXPECT_TRUE(filter.scan(seen, log.size(), {}, rows).complete);
        seen = log.size();
    }
    for (LogRow row = 0; row < log.size(); ++row)
        EXPECT_EQ(std::binary_search(rows.begin(), rows.end(), row),
            filter.expression().matches(SourceEventAttributes(events[row])));
}

TEST(LogFilter, StopsWhenAskedTo)
{
    EventLog log;
    Events source(7);
    fill(log, source, 3000);
    std::stop_source stop;
    stop.request_stop();
    std::vector<LogRow> rows;
    const auto receipt = LogFilter(compiled("TRUE"), log).scan(0, log.size(), stop.get_token(), rows);
    EXPECT_FALSE(receipt.complete);
    EXPECT_EQ(receipt.scanned, 0U);
    EXPECT_TRUE(rows.empty());
    EXPECT_FALSE(scanLog(compiled("TRUE"), log, 0, log.size(), stop.get_token(), rows).complete);
}

TEST(LogFilter, FindsTheSameWithSeveralThreadsWhileTheLogGrows)
{
    EventLog log;
    Events source(8);
    std::vector<SourceEvent> events;
    for (int i = 0; i < 1000; ++i)
        events.push_back(source.next());
    for (int i = 0; i < 200; ++i)
        log.append(events);
    const LogRow size = log.size();

    std::atomic<bool> done = false;
    std::jthread writer([&] {
        while (!done)
            log.append(std::span(events).first(50));
    });
    const auto expression = compiled("type = 'OrderPlaced' AND data.total > 50 OR partition = 1");
    std::vector<LogRow> together;
    std::vector<LogRow> alone;
    const auto receipt = scanLog(expression, log, 100, size, {}, together, 4);
    EXPECT_EQ(LogFilter(expression, log).scan(100, size, {}, alone), receipt);
    done = true;
    EXPECT_TRUE(receipt.complete);
    EXPECT_EQ(receipt.scanned, size - 100);
    EXPECT_EQ(together, alone);
}

TEST(LogFilter, ScansNothingOfNothing)
{
    EventLog log;
    std::vector<LogRow> rows;
    EXPECT_EQ(scanLog(compiled("TRUE"), log, 0, 0, {}, rows), (LogScanReceipt{.complete = true}));
}

TEST(FilterTraits, KnowWhatCannotFail)
{
    for (const char* text : {"type = 'x'", "NOT (type = 'x')", "type LIKE 'x%' AND id != 'y'", "EXISTS anything",
             "EXISTS data.x", "type IN ('a', 'b')", "TRUE XOR 1 = 2", "LENGTH(type)", "UPPER(TRIM(source)) = 'X'",
             "1 < 2", "specversion = '1.0'", "type MATCHES 'x' OR source CONTAINS 'y'", "IS_INT(type) AND 1", "marked",
             "NOT marked OR type = 'x'", "marked = TRUE"})
        EXPECT_TRUE(neverFails(text)) << text;
    for (const char* text : {"stream = 'x'", "correlationid LIKE 'x'", "data.x = 1", "type = 1", "type < 'x'",
             "NOT type", "type AND TRUE", "1 + 1", "-1 = -x", "LEFT(type, 1) = 'x'", "NOFUNCTION()", "1 IN ('a')",
             "INT(type) = 1", "TRUE AND missing", "time > '2026-01-01'", "LENGTH(missing)"})
        EXPECT_FALSE(neverFails(text)) << text;
}
