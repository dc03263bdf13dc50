// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_rows.h"
#include "inspect/log_worker.h"
#include "row_selection.h"
#include "sorted_event_rows.h"
#include "view_event_rows.h"

#include <QSignalSpy>
#include <QTest>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace eventscope;
using models::AllEventRows;
using models::RowSelection;
using models::SortedEventRows;
using models::ViewEventRows;

namespace {

constexpr std::size_t kMebi = std::size_t{1} << 20;

/// Events whose streams count down, every third of another type.
void append(core::EventLog& log, int count)
{
    const auto first = static_cast<int>(log.size());
    const std::string payload(4000, 'x');
    for (int i = first; i < first + count; ++i) {
        const std::string stream = fmt::format("order-{:06}", 999'999 - i);
        const core::SourceEvent event{
            .source = "demo", .stream = stream, .type = i % 3 == 0 ? "Third" : "Other", .payload = payload};
        log.append({&event, 1});
    }
}

template <class Condition>
bool waitUntil(Condition holds)
{
    return QTest::qWaitFor(holds, 20'000);
}

} // namespace

TEST(AllEventRows, LeaveOutWhatTheLogHasDropped)
{
    core::EventLog log({.budgetBytes = 24 * kMebi, .atLimit = core::LogAtLimit::DropOldest});
    AllEventRows rows(log);
    QSignalSpy trimmed(&rows, &AllEventRows::trimmed);
    append(log, 1000);
    rows.refresh();
    EXPECT_EQ(rows.count(), 1000U);
    EXPECT_EQ(trimmed.size(), 0);
    append(log, 8000);
    rows.refresh();
    ASSERT_GT(log.firstRow(), 1000U);
    ASSERT_EQ(trimmed.size(), 1);
    EXPECT_EQ(trimmed.front().front().toULongLong(), 1000U) << "no more than were shown";
    EXPECT_EQ(rows.count(), log.size() - log.firstRow());
    EXPECT_EQ(rows.rowAt(0), log.firstRow());
    EXPECT_EQ(rows.firstNotBefore(0), 0U);
    EXPECT_EQ(rows.firstNotBefore(log.size() - 1), rows.count() - 1);
    EXPECT_EQ(rows.firstNotBefore(log.size()), rows.count());
    const auto listed = rows.lister()();
    ASSERT_EQ(listed.size(), rows.count());
    EXPECT_EQ(listed.front(), log.firstRow());
    EXPECT_EQ(listed.back(), log.size() - 1);
}

TEST(ViewEventRows, LeaveOutWhatTheLogHasDropped)
{
    core::EventLog log({.budgetBytes = 24 * kMebi, .atLimit = core::LogAtLimit::DropOldest});
    core::LogWorker worker(log);
    ViewEventRows rows(log, worker, {.type = "Third"});
    append(log, 3000);
    ASSERT_TRUE(waitUntil([&] { return rows.count() == 1000; }));
    append(log, 8000);
    const core::LogRow first = log.firstRow();
    ASSERT_GT(first, 3000U);
    ASSERT_TRUE(waitUntil([&] { return rows.receipt().complete && rows.count() > 0 && rows.rowAt(0) >= first; }));
    EXPECT_EQ(rows.rowAt(0), (first + 2) / 3 * 3);
    EXPECT_EQ(rows.firstNotBefore(0), 0U);
    EXPECT_EQ(rows.lister()().front(), rows.rowAt(0));
}

TEST(SortedEventRows, ShowTheRowsOfAnotherInOrder)
{
    core::EventLog log;
    append(log, 300);
    AllEventRows all(log);
    SortedEventRows sorted(all, {core::OrderBy::Stream, false});
    EXPECT_EQ(sorted.count(), 0U);
    EXPECT_EQ(sorted.behind(), 300U);
    ASSERT_TRUE(waitUntil([&] { return sorted.count() == 300; }));
    for (std::uint64_t i = 0; i < 300; ++i)
        ASSERT_EQ(sorted.rowAt(i), 299 - i) << "the streams count down";
    EXPECT_EQ(sorted.firstNotBefore(7), 292U);
    EXPECT_EQ(sorted.firstNotBefore(300), 300U);
    EXPECT_EQ(sorted.behind(), 0U);
}

TEST(SortedEventRows, TakeInWhatComesLater)
{
    core::EventLog log;
    append(log, 10);
    AllEventRows all(log);
    SortedEventRows sorted(all, {core::OrderBy::Stream, false});
    ASSERT_TRUE(waitUntil([&] { return sorted.count() == 10; }));
    append(log, 10);
    all.refresh();
    EXPECT_EQ(sorted.behind(), 10U);
    ASSERT_TRUE(waitUntil([&] { return sorted.count() == 20; }));
    EXPECT_EQ(sorted.rowAt(0), 19U);
}

TEST(SortedEventRows, EndWhileTheyAreAtIt)
{
    core::EventLog log;
    append(log, 2000);
    AllEventRows all(log);
    for (int i = 0; i < 20; ++i)
        const SortedEventRows sorted(all, {core::OrderBy::Stream, i % 2 == 0});
}

TEST(RowSelection, MovesDownWhenRowsGoAtTheBeginning)
{
    RowSelection selection;
    selection.addRange(2, 4);
    selection.addRange(8, 12);
    selection.addRange(20, 21);
    selection.dropFirst(10);
    const std::vector<RowSelection::Range> left{{0, 2}, {10, 11}};
    EXPECT_EQ(selection.ranges(), left);
}
