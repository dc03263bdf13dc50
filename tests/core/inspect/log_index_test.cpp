// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/log_index.h"

#include "sample_events.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

using namespace eventscope::core;
using eventscope::test::RandomEvents;

namespace {

using Rows = std::vector<LogRow>;

/// What a search finds.
template <class Search>
Rows found(Search search)
{
    Rows rows;
    search([&rows](LogRow row) {
        rows.push_back(row);
        return true;
    });
    return rows;
}

Rows rowsWhere(const EventLog& log, const std::function<bool(LogRow)>& is)
{
    Rows rows;
    for (LogRow row = log.firstRow(); row < log.size(); ++row) {
        if (is(row))
            rows.push_back(row);
    }
    return rows;
}

std::optional<LogRow> firstNotBefore(const EventLog& log, Timestamp time)
{
    std::optional<LogRow> best;
    for (LogRow row = log.firstRow(); row < log.size(); ++row) {
        if (log.at(row).hasTime && log.timeAt(row) >= time && (!best || log.timeAt(row) < log.timeAt(*best)))
            best = row;
    }
    return best;
}

/// Everything that can be asked of some rows, against looking at each row.
void expectRight(LogIndex& index, const EventLog& log, RandomEvents& random)
{
    using Take = LogIndex::Take;
    for (int i = 0; i < 6; ++i) {
        const LogRow row = log.firstRow() + random.below(log.size() - log.firstRow());
        const LogEvent event = log.at(row);
        const std::string id = event.id.toString();
        const std::string cause = event.causationId.toString();
        if (!id.empty()) {
            EXPECT_EQ(found([&](const Take& take) { index.withId(id, take); }),
                rowsWhere(log, [&](LogRow at) { return log.idAt(at) == id; }));
        }
        if (!cause.empty()) {
            EXPECT_EQ(found([&](const Take& take) { index.causedBy(cause, take); }),
                rowsWhere(log, [&](LogRow at) { return log.at(at).causationId == cause; }));
        }
        if (event.correlation != 0) {
            EXPECT_EQ(found([&](const Take& take) { index.ofFlow(event.correlation, take); }),
                rowsWhere(log, [&](LogRow at) { return log.correlationAt(at) == event.correlation; }));
        }
        if (event.position != SourceEvent::kNone) {
            EXPECT_EQ(found([&](const Take& take) { index.atPosition(event.position, take); }),
                rowsWhere(log, [&](LogRow at) { return log.at(at).position == event.position; }));
        }
        EXPECT_EQ(found([&](const Take& take) { index.ofStream(event.stream, take, row); }),
            rowsWhere(log, [&](LogRow at) { return at >= row && log.streamAt(at) == event.stream; }));
        EXPECT_EQ(index.notBefore(event.time), firstNotBefore(log, event.time));
        const Timestamp after = event.time + std::chrono::microseconds(event.time < Timestamp::max() ? 1 : 0);
        EXPECT_EQ(index.notBefore(after), firstNotBefore(log, after));
    }
}

void append(EventLog& log, RandomEvents& random, int count)
{
    for (int i = 0; i < count; ++i) {
        SourceEvent event = random.next();
        event.payload = event.payload.substr(0, 400); // many rows, little memory
        log.append({&event, 1});
    }
}

} // namespace

TEST(LogIndex, FindsWhatLookingAtEveryRowFindsWhileTheLogGrows)
{
    RandomEvents random(21);
    EventLog log;
    LogIndex index(log);
    for (const int more : {100, 70'000, 65'000, 1, 500}) {
        append(log, random, more);
        expectRight(index, log, random);
    }
    EXPECT_GT(index.heldBytes(), 0U);
    EXPECT_LT(index.heldBytes(), log.size() * 6 * 5 + 100'000);
}

TEST(LogIndex, FindsNothingThatIsNotThere)
{
    RandomEvents random(22);
    EventLog log;
    LogIndex index(log);
    const auto none = [](LogRow) -> bool {
        ADD_FAILURE();
        return false;
    };
    EXPECT_FALSE(index.notBefore(Timestamp{}));
    index.withId("x", none);
    append(log, random, 66'000);
    index.withId("no such id", none);
    index.withId("", none);
    index.causedBy("no such id", none);
    index.causedBy("", none);
    index.ofFlow(0, none);
    index.ofFlow(0xfffffff0U, none);
    index.atPosition(123'456'789'012, none);
    index.atPosition(SourceEvent::kNone, none);
}

TEST(LogIndex, ForgetsRowsThatWereDropped)
{
    RandomEvents random(23);
    EventLog log({.budgetBytes = std::size_t{48} << 20, .atLimit = LogAtLimit::DropOldest});
    LogIndex index(log);
    append(log, random, 70'000);
    expectRight(index, log, random);
    while (log.firstRow() < 70'000) {
        append(log, random, 20'000);
        expectRight(index, log, random);
    }
}

TEST(LogIndex, StopsWhenAsked)
{
    RandomEvents random(24);
    EventLog log;
    append(log, random, 70'000);
    LogIndex index(log);
    std::stop_source stop;
    stop.request_stop();
    const std::string id = log.at(69'999).id.toString();
    index.withId(
        id, [](LogRow) { return true; }, 0, stop.get_token());
    EXPECT_EQ(index.heldBytes(), 0U);
    int calls = 0;
    index.ofStream(log.streamAt(69'999), [&](LogRow) { return ++calls < 2; });
    EXPECT_LE(calls, 2);
}
