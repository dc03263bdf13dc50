// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/event_log.h"
#include "inspect/event_marks.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace eventscope;
using core::EventMarks;

TEST(EventMarks, AreSetNotedAndTakenAway)
{
    EventMarks marks;
    EXPECT_FALSE(marks.has(3));
    marks.set(3, "why?");
    EXPECT_EQ(marks.note(3), "why?");
    marks.set(3, "because");
    EXPECT_EQ(marks.note(3), "because");
    EXPECT_EQ(marks.count(), 1U);
    EXPECT_TRUE(marks.remove(3));
    EXPECT_FALSE(marks.remove(3));
    EXPECT_FALSE(marks.note(3).has_value());
}

TEST(EventMarks, FindTheNextAndThePreviousOne)
{
    EventMarks marks;
    for (const EventMarks::Row row : {2, 5, 9}) {
        marks.set(row, {});
    }
    EXPECT_EQ(marks.next(2), 5U);
    EXPECT_EQ(marks.next(3), 5U);
    EXPECT_FALSE(marks.next(9));
    EXPECT_EQ(marks.previous(9), 5U);
    EXPECT_FALSE(marks.previous(2));
    EXPECT_EQ(marks.firstFrom(5), 5U);
    EXPECT_EQ(marks.between(2, 9).size(), 2U);
    marks.forgetBefore(5);
    EXPECT_EQ(marks.all(), (std::vector<EventMarks::Mark>{{5, ""}, {9, ""}}));
}

TEST(EventMarks, RingOnEveryChangeAndOnNothingElse)
{
    EventMarks marks;
    int rings = 0;
    const auto listening = marks.onChanged([&rings] { ++rings; });
    const auto before = marks.revision();
    marks.set(1, "a");
    marks.set(1, "a");
    marks.remove(2);
    marks.forgetBefore(1);
    EXPECT_EQ(rings, 1);
    EXPECT_EQ(marks.revision(), before + 1);
}

TEST(EventMarks, ComeWithTheEventsThatBringThem)
{
    core::EventLog log;
    const std::vector<core::SourceEvent> batch{{.source = "s", .id = "a"},
        {.source = "s", .id = "b", .isMarked = true, .note = "here"}, {.source = "s", .id = "c"},
        {.source = "s", .id = "d", .isMarked = true}};
    log.append(batch);
    ASSERT_EQ(log.size(), 4U);
    EXPECT_EQ(std::string(log.idAt(2)), "c");
    EXPECT_EQ(log.marks().all(), (std::vector<EventMarks::Mark>{{1, "here"}, {3, ""}}));
}
