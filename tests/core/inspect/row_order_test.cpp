// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/row_order.h"

#include "sample_events.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <numeric>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

using namespace eventscope::core;
using eventscope::test::RandomEvents;

namespace {

class RowOrderTest : public testing::Test {
protected:
    RowOrderTest()
    {
        RandomEvents random(11);
        for (int i = 0; i < 50; ++i) {
            std::vector<SourceEvent> batch;
            for (int k = 0; k < 1500; ++k)
                batch.push_back(random.next());
            log.append(batch);
        }
        rows.resize(log.size());
        std::iota(rows.begin(), rows.end(), 0U);
    }

    /// -1, 0, 1; nothing where one of them has nothing to compare.
    static std::optional<int> compare(const EventLog& log, LogRow a, LogRow b, OrderBy by)
    {
        const LogEvent x = log.at(a);
        const LogEvent y = log.at(b);
        const auto texts = [](std::string_view p, std::string_view q) {
            return p.empty() || q.empty() ? std::nullopt : std::optional(p.compare(q));
        };
        const auto numbers = [](std::int64_t p, std::int64_t q, std::int64_t none) {
            return p == none || q == none ? std::nullopt : std::optional(p < q ? -1 : p > q ? 1 : 0);
        };
        switch (by) {
        case OrderBy::Time:
            return x.hasTime && y.hasTime
                ? numbers(x.time.time_since_epoch().count(), y.time.time_since_epoch().count(), SourceEvent::kNone)
                : std::nullopt;
        case OrderBy::Source: return texts(log.text(x.source), log.text(y.source));
        case OrderBy::Stream: return texts(log.text(x.stream), log.text(y.stream));
        case OrderBy::Type: return texts(log.text(x.type), log.text(y.type));
        case OrderBy::Correlation: return texts(log.text(x.correlation), log.text(y.correlation));
        case OrderBy::Payload: return texts(x.payload, y.payload);
        case OrderBy::Id: return texts(x.id.view(), y.id.view());
        case OrderBy::Version: return numbers(x.version, y.version, SourceEvent::kNone);
        case OrderBy::Field: break; // has tests of its own
        case OrderBy::Position: return numbers(x.position, y.position, SourceEvent::kNone);
        case OrderBy::Partition: return numbers(x.partition, y.partition, -1);
        }
        return std::nullopt;
    }

    static bool hasNothing(const EventLog& log, LogRow row, OrderBy by) { return !compare(log, row, row, by); }

    EventLog log;
    std::vector<std::uint32_t> rows;
    ScanCrew crew{2};
};

} // namespace

TEST_F(RowOrderTest, PutsRowsInOrderOfEachColumnBothWays)
{
    for (int by = 0; by <= static_cast<int>(OrderBy::Partition); ++by) {
        for (const bool descending : {false, true}) {
            const RowOrder order{static_cast<OrderBy>(by), descending};
            const auto sorted = orderRows(log, rows, order, {}, crew);
            ASSERT_TRUE(sorted);
            ASSERT_EQ(sorted->size(), rows.size());
            std::vector<bool> seen(rows.size());
            for (std::size_t i = 0; i < sorted->size(); ++i) {
                const std::uint32_t row = (*sorted)[i];
                ASSERT_FALSE(seen[row]);
                seen[row] = true;
                if (i == 0)
                    continue;
                const std::uint32_t before = (*sorted)[i - 1];
                const auto compared = compare(log, before, row, order.by);
                if (!compared) {
                    ASSERT_TRUE(hasNothing(log, row, order.by)) << "what has nothing there comes last";
                    ASSERT_TRUE(!hasNothing(log, before, order.by) || before < row);
                } else if (*compared == 0) {
                    ASSERT_LT(before, row) << "equal ones stay as they came";
                } else {
                    ASSERT_EQ(*compared < 0, !descending) << by << " at " << i;
                }
            }
        }
    }
}

TEST_F(RowOrderTest, EndsWhenItIsStopped)
{
    const auto stop = std::make_unique<std::stop_source>(); // on the stack GCC 12 warns of it
    stop->request_stop();
    EXPECT_FALSE(orderRows(log, rows, {OrderBy::Stream, false}, stop->get_token(), crew));
}

TEST_F(RowOrderTest, OrdersFewRowsOrNone)
{
    EXPECT_EQ(orderRows(log, {}, {OrderBy::Time, false}, {}, crew)->size(), 0U);
    EXPECT_EQ(*orderRows(log, {7}, {OrderBy::Payload, true}, {}, crew), std::vector<std::uint32_t>{7});
}

namespace {

std::string idsInOrderOf(const EventLog& log, std::string_view path, bool descending = false)
{
    std::vector<std::uint32_t> rows(log.size());
    std::iota(rows.begin(), rows.end(), 0U);
    ScanCrew crew;
    std::atomic<std::uint64_t> read{0};
    const auto sorted = orderRows(log, rows,
        {.by = OrderBy::Field, .descending = descending, .field = RowField::parse(path).value()}, {}, crew, &read);
    EXPECT_EQ(read.load(), log.size());
    std::string ids;
    for (const std::uint32_t row : sorted.value_or(std::vector<std::uint32_t>()))
        ids += std::string(log.idAt(row));
    return ids;
}

} // namespace

TEST(FieldOrder, PutsNumbersByValueThenTextsAndWhatIsAbsentLast)
{
    EventLog log;
    const std::vector<SourceEvent> events{{.source = "s", .id = "a", .payload = R"({"n":"ten"})"},
        {.source = "s", .id = "b", .payload = R"({"n":9})"}, {.source = "s", .id = "c", .payload = R"({})"},
        {.source = "s", .id = "d", .payload = R"({"n":-2.50})"}, {.source = "s", .id = "e", .payload = "no json"},
        {.source = "s", .id = "f", .payload = R"({"n":10})"}, {.source = "s", .id = "g", .payload = R"({"n":"a"})"},
        {.source = "s", .id = "h", .payload = R"({"n":true})"}};
    log.append(events);
    EXPECT_EQ(idsInOrderOf(log, "data.n"), "hdbfgace");
    EXPECT_EQ(idsInOrderOf(log, "data.n", true), "agfbdhce");
}

TEST(FieldOrder, IsExactForNumbersThatNoDoubleHolds)
{
    EventLog log;
    const std::vector<SourceEvent> events{{.source = "s", .id = "a", .payload = R"({"n":9007199254740993})"},
        {.source = "s", .id = "b", .payload = R"({"n":9007199254740992})"},
        {.source = "s", .id = "c", .payload = R"({"n":9007199254740994})"},
        {.source = "s", .id = "d", .payload = R"({"n":0.1000000000000000001})"},
        {.source = "s", .id = "e", .payload = R"({"n":0.1})"}};
    log.append(events);
    EXPECT_EQ(idsInOrderOf(log, "data.n"), "edbac");
}

TEST(FieldOrder, TakesHeadersToo)
{
    EventLog log;
    const std::vector<HeaderView> one{{"x-tenant", "b"}}, two{{"X-Tenant", "a"}};
    const std::vector<SourceEvent> events{{.source = "s", .id = "1", .headers = one}, {.source = "s", .id = "2"},
        {.source = "s", .id = "3", .headers = two}};
    log.append(events);
    EXPECT_EQ(idsInOrderOf(log, "headers['x-tenant']"), "312");
}

TEST(RowField, TakesPathsAndHeadersAndNothingElse)
{
    EXPECT_EQ(RowField::parse(" data.items[0].sku ").value().text(), "data.items[0].sku");
    EXPECT_EQ(RowField::parse("data.items[0].sku").value().shortName(), "sku");
    EXPECT_EQ(RowField::parse("data.items[0]").value().shortName(), "items[0]");
    EXPECT_EQ(RowField::parse("tenant").value().shortName(), "tenant");
    EXPECT_TRUE(RowField::parse("data").value().isOfPayload());
    EXPECT_FALSE(RowField::parse("data.a = 1"));
    EXPECT_FALSE(RowField::parse("'text'"));
    EXPECT_FALSE(RowField::parse(""));
}
