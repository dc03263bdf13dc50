// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/event_log.h"

#include "sample_events.h"

#include "inspect/filter/event_attributes.h"
#include "inspect/filter/log_filter.h"
#include "inspect/scan_crew.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <stop_token>
#include <string>
#include <vector>

using namespace eventscope::core;
using eventscope::test::RandomEvents;

namespace {

/// Several chunks and blocks of rows in which the texts below lie in every place that a row has.
class Sample {
public:
    explicit Sample(bool plain) : m_random(plain ? 3 : 4)
    {
        std::string lastId;
        for (int i = 0; i < kRows; ++i) {
            const std::string id = plain || i % 3 != 0 ? m_random.uuid() : fmt::format("text-id-{}", i);
            const std::string stream = fmt::format("order-{}", i / 5);
            const std::string type = fmt::format("Type{}", i % 7);
            const std::string flow = i % 2 == 0 ? m_random.uuid() : "";
            std::string payload
                = fmt::format(R"({{"id":"{}","total":{},"rest":"{}"}})", id, i % 1000, std::string(100 + i % 50, 'x'));
            if (!plain && i % 11 == 0)
                payload = i % 2 == 0 ? "\"just a needle-9\"" : "12.50";
            if (i % 9'000 == 77)
                payload = "{\"needle-1\":\"" + std::string(300'000, 'y') + "needle-2\"}";
            const std::string value = fmt::format("value-{}", i % 4000);
            const std::vector<HeaderView> headers{{"tenant", "needle-7"}, {i % 50 == 0 ? "needle-8" : "other", value}};
            SourceEvent event{.source = "demo",
                .stream = stream,
                .position = i,
                .id = id,
                .type = type,
                .correlationId = flow,
                .causationId = i % 4 == 1 ? std::string_view(lastId) : std::string_view(),
                .payload = payload};
            if (i % 4 == 0)
                event.headers = std::span(headers).first(i % 8 == 0 ? 1 : 2);
            log.append({&event, 1});
            lastId = id;
            ids.push_back(id);
        }
    }

    static constexpr int kRows = 67'000;
    EventLog log;
    std::vector<std::string> ids;

private:
    RandomEvents m_random;
};

void expectSameAsOneByOne(const EventLog& log, const std::string& text)
{
    const auto expression = FilterExpression::parse(text);
    ASSERT_TRUE(expression) << text;
    std::vector<LogRow> expected;
    std::uint64_t errors = 0;
    LogRowAttributes row(log);
    for (LogRow at = 0; at < log.size(); ++at) {
        row.setRow(at);
        const FilterMatch match = expression->match(row);
        if (match == FilterMatch::Yes)
            expected.push_back(at);
        errors += match == FilterMatch::Error ? 1 : 0;
    }
    std::vector<LogRow> found;
    const LogScanReceipt receipt = scanLog(*expression, log, 0, log.size(), {}, found, 3);
    EXPECT_TRUE(receipt.complete);
    EXPECT_EQ(receipt.scanned, log.size());
    EXPECT_EQ(receipt.errors, errors) << text;
    EXPECT_EQ(receipt.matched, expected.size()) << text;
    EXPECT_TRUE(found == expected) << text;
}

} // namespace

TEST(LogSearch, FindsATextWhereverARowHasIt)
{
    for (const bool plain : {true, false}) {
        const Sample sample(plain);
        const std::string id = sample.ids[45'001];
        const std::string texts[]
            = {"needle-1", "needle-2", "needle-7", "needle-8", "needle-9", "value-17", "order-4711", "Type3",
                "\"total\":77,", "no such text", id, id.substr(4, 9), "text-id-4", "x", "12.5", "demo"};
        for (const std::string& text : texts)
            expectSameAsOneByOne(sample.log, "'" + text + "'");
    }
}

TEST(LogSearch, DecidesAboutWholePayloads)
{
    for (const bool plain : {true, false}) {
        const Sample sample(plain);
        for (const char* expression :
            {"data CONTAINS 'needle-1'", "data NOT CONTAINS '\"total\":7'", "data MATCHES '\"total\":7[0-9]{2},'",
                "data MATCHES 'total.*needle'", "data NOT MATCHES 'yneedle-\\d'", "data MATCHES '^.*5\\.'",
                "data CONTAINS 'needle-9' OR type = 'Type3'", "type = 'Type3' AND data CONTAINS '\"total\":12'",
                "data CONTAINS 'value-17' XOR data CONTAINS 'needle-2'",
                "NOT data CONTAINS 'needle-1' AND subject LIKE 'order-1%'"})
            expectSameAsOneByOne(sample.log, expression);
    }
}

TEST(ScanCrew, DoesEveryJobOnceAgainAndAgain)
{
    ScanCrew crew(4);
    for (std::size_t jobs : {0, 1, 2, 3, 500}) {
        std::vector<std::atomic<int>> done(jobs);
        std::vector<std::atomic<int>> atWork(crew.size());
        crew.run(jobs, [&](std::size_t job, unsigned worker) {
            EXPECT_EQ(atWork.at(worker)++, 0);
            ++done.at(job);
            --atWork.at(worker);
        });
        for (const auto& count : done)
            EXPECT_EQ(count, 1);
    }
}
