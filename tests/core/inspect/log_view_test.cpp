// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/log_view.h"

#include "sample_events.h"
#include "sample_orders.h"
#include "scripted_source.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace eventscope::core;
using eventscope::test::ChangeWaiter;
using eventscope::test::RandomEvents;
using eventscope::test::SampleOrders;

namespace {

/// A view, and a way to wait until it has seen all of the log.
struct Opened {
    Opened(EventLog& log, LogWorker& worker, RowFilter filter) : view(std::make_shared<LogView>(log, std::move(filter)))
    {
        bell = view->onChanged([this] { changed.notify(); });
        worker.add(view);
    }
    void waitUntilComplete()
    {
        changed.wait([this] { return view->receipt().complete; });
    }
    std::vector<LogRow> rows() const
    {
        std::vector<LogRow> result;
        for (std::uint64_t i = 0; i < view->count(); ++i)
            result.push_back(view->rowAt(i));
        return result;
    }

    ChangeWaiter changed;
    std::shared_ptr<LogView> view;
    std::shared_ptr<void> bell;
};

/// The rows by looking at each in the plainest way.
std::vector<LogRow> expectedRows(const EventLog& log, const RowFilter& filter)
{
    std::vector<LogRow> rows;
    LogRowAttributes attributes(log);
    for (LogRow row = 0; row < log.size(); ++row) {
        const LogEvent event = log.at(row);
        const auto is
            = [&](const std::optional<std::string>& wanted, TextId id) { return !wanted || log.text(id) == *wanted; };
        attributes.setRow(row);
        if (is(filter.source, event.source) && is(filter.stream, event.stream) && is(filter.type, event.type)
            && is(filter.correlationId, event.correlation)
            && (!filter.from || (event.hasTime && event.time >= *filter.from))
            && (!filter.to || (event.hasTime && event.time <= *filter.to))
            && (!filter.expression || filter.expression->matches(attributes)))
            rows.push_back(row);
    }
    return rows;
}

FilterExpression expression(std::string_view text)
{
    return FilterExpression::parse(text).value();
}

} // namespace

TEST(LogView, ShowsAllRowsWithoutAFilter)
{
    EventLog log;
    LogWorker worker(log);
    Opened all(log, worker, {});
    SampleOrders().appendTo(log, 1000);
    all.waitUntilComplete();
    EXPECT_EQ(all.rows(), expectedRows(log, {}));
    EXPECT_EQ(all.view->count(), 1000u);
}

TEST(LogView, FindsTheSameRowsAsLookingAtEach)
{
    EventLog log;
    LogWorker worker(log);
    RandomEvents random(11);
    std::vector<RowFilter> filters(8);
    filters[0].stream = "order-17";
    filters[1].type = "Type3";
    filters[2].source = "demo";
    filters[2].from = Timestamp{std::chrono::seconds{1'790'000'300}};
    filters[2].to = Timestamp{std::chrono::seconds{1'790'000'700}};
    filters[3].to = Timestamp{std::chrono::seconds{1}};
    filters[4].expression = expression("version > 50 AND type LIKE 'Type1%'");
    filters[5].expression = expression("'order'");
    filters[6].correlationId = "";
    filters[6].expression = expression("data.totalAmount > 500");
    filters[7].stream = "there is no such stream";
    std::vector<std::unique_ptr<Opened>> views;
    for (const RowFilter& filter : filters)
        views.push_back(std::make_unique<Opened>(log, worker, filter));
    for (int batch = 0; batch < 30; ++batch) {
        std::vector<SourceEvent> events;
        for (int i = 0; i < 200; ++i)
            events.push_back(random.next());
        log.append(events);
    }
    for (std::size_t i = 0; i < filters.size(); ++i) {
        views[i]->waitUntilComplete();
        const std::vector<LogRow> expected = expectedRows(log, filters[i]);
        EXPECT_EQ(views[i]->rows(), expected) << "filter " << i;
        EXPECT_EQ(expected.empty(), i == 7) << "filter " << i;
        EXPECT_EQ(views[i]->view->receipt().matched, expected.size());
        EXPECT_EQ(views[i]->view->receipt().scanned, log.size());
    }
}

TEST(LogView, GrowsWithTheLog)
{
    EventLog log;
    LogWorker worker(log);
    RowFilter filter;
    filter.type = "OrderPlaced";
    SampleOrders orders;
    orders.appendTo(log, 500);
    Opened placed(log, worker, filter);
    placed.waitUntilComplete();
    const std::vector<LogRow> before = placed.rows();
    EXPECT_FALSE(before.empty());
    orders.appendTo(log, 500);
    placed.waitUntilComplete();
    const std::vector<LogRow> after = placed.rows();
    EXPECT_GT(after.size(), before.size());
    EXPECT_TRUE(std::equal(before.begin(), before.end(), after.begin()));
    EXPECT_EQ(after, expectedRows(log, filter));
}

TEST(LogView, SaysWhereARowWouldBe)
{
    EventLog log;
    LogWorker worker(log);
    for (int i = 0; i < 100; ++i) {
        const SourceEvent event{.type = i % 10 == 3 ? "wanted" : "other"};
        log.append({&event, 1});
    }
    RowFilter filter;
    filter.type = "wanted";
    Opened wanted(log, worker, filter);
    wanted.waitUntilComplete();
    EXPECT_EQ(wanted.view->firstNotBefore(0), 0u);
    EXPECT_EQ(wanted.view->firstNotBefore(3), 0u);
    EXPECT_EQ(wanted.view->firstNotBefore(4), 1u);
    EXPECT_EQ(wanted.view->firstNotBefore(93), 9u);
    EXPECT_EQ(wanted.view->firstNotBefore(94), 10u);
}

TEST(LogView, CountsWhatAFilterCannotDecide)
{
    EventLog log;
    LogWorker worker(log);
    for (const char* payload : {R"({"a":1})", R"({"b":1})", "no json"}) {
        const SourceEvent event{.payload = payload};
        log.append({&event, 1});
    }
    RowFilter filter;
    filter.expression = expression("data.a = 1");
    Opened view(log, worker, filter);
    view.waitUntilComplete();
    EXPECT_EQ(view.view->count(), 1u);
    EXPECT_EQ(view.view->receipt().errors, 2u);
    EXPECT_FALSE(view.view->receipt().firstError.empty());
}

TEST(LogView, IsCancelledByDroppingIt)
{
    EventLog log;
    LogWorker worker(log);
    SampleOrders().appendTo(log, 20'000);
    RowFilter filter;
    filter.expression = expression("data.nothing MATCHES 'x+'");
    std::weak_ptr<LogView> dropped = LogView::open(log, worker, filter);
    // A later view is complete only after the worker's rounds have gone past the dropped one.
    Opened other(log, worker, {});
    other.waitUntilComplete();
    Opened another(log, worker, {});
    another.waitUntilComplete();
    EXPECT_TRUE(dropped.expired());
}

TEST(LogView, IsReadWhileItGrows)
{
    EventLog log;
    LogWorker worker(log);
    RowFilter filter;
    filter.expression = expression("version = 2");
    Opened view(log, worker, filter);
    std::atomic<bool> done{false};
    const std::jthread reader([&] {
        while (!done.load()) {
            const std::uint64_t count = view.view->count();
            const LogView::Receipt receipt = view.view->receipt();
            ASSERT_GE(receipt.matched, count);
            for (std::uint64_t i = 0; i < count; ++i)
                ASSERT_EQ(log.at(view.view->rowAt(i)).version, 2);
            std::this_thread::yield();
        }
    });
    SampleOrders orders;
    for (int i = 0; i < 50; ++i)
        orders.appendTo(log, 200);
    view.waitUntilComplete();
    done = true;
    EXPECT_EQ(view.rows(), expectedRows(log, filter));
}
