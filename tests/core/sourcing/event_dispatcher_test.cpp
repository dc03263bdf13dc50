// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/event_dispatcher.h"

#include <gtest/gtest.h>

#include <random>

using namespace eventscope::core;

namespace {

struct Ping {
    TypeId type;
    int number;
};

struct Recorder {
    std::vector<int> numbers;
    std::size_t spans = 0;

    static void take(void* context, std::span<const Ping> events)
    {
        auto& self = *static_cast<Recorder*>(context);
        ++self.spans;
        for (const Ping& event : events)
            self.numbers.push_back(event.number);
    }
};

std::vector<TypeId> types(std::initializer_list<TypeId> list)
{
    return list;
}

} // namespace

TEST(TypeTable, GivesEachNameOneNumber)
{
    TypeTable table;
    const TypeId placed = table.intern("OrderPlaced");
    EXPECT_NE(placed, kUnknownType);
    EXPECT_NE(table.intern("OrderShipped"), placed);
    EXPECT_EQ(table.intern("OrderPlaced"), placed);
    EXPECT_EQ(table.find("OrderPlaced"), placed);
    EXPECT_EQ(table.find("Nobody"), kUnknownType);
    EXPECT_EQ(table.size(), 2U) << "looking up adds nothing";
}

TEST(EventDispatcher, GivesAHandlerTheEventsOfItsTypesInOrder)
{
    EventDispatcher<Ping> dispatcher;
    Recorder one, two, all;
    dispatcher.add(types({1}), &Recorder::take, &one);
    dispatcher.add(types({1, 2}), &Recorder::take, &two);
    dispatcher.addForAll(&Recorder::take, &all);
    const std::vector<Ping> events{{1, 10}, {2, 20}, {1, 11}, {3, 30}, {kUnknownType, 40}, {2, 21}, {1, 12}};
    dispatcher.dispatch(events);
    EXPECT_EQ(one.numbers, (std::vector<int>{10, 11, 12}));
    EXPECT_EQ(two.numbers, (std::vector<int>{10, 20, 11, 21, 12}));
    EXPECT_EQ(all.numbers, (std::vector<int>{10, 20, 11, 30, 40, 21, 12}));
    EXPECT_EQ(two.spans, 2U);
    EXPECT_EQ(all.spans, 1U);
}

TEST(EventDispatcher, GivesAWholeBatchAsOneSpanToWhoWantsAllOfIt)
{
    EventDispatcher<Ping> dispatcher;
    Recorder both, none;
    dispatcher.add(types({1, 2}), &Recorder::take, &both);
    dispatcher.add(types({3}), &Recorder::take, &none);
    std::vector<Ping> events;
    for (int i = 0; i < 1000; ++i)
        events.push_back({1U + static_cast<TypeId>(i % 2), i});
    dispatcher.dispatch(events);
    EXPECT_EQ(both.numbers.size(), 1000U);
    EXPECT_EQ(both.spans, 4U);
    EXPECT_EQ(none.spans, 0U);
}

TEST(EventDispatcher, CallsARemovedHandlerNoMore)
{
    EventDispatcher<Ping> dispatcher;
    Recorder one, two;
    const auto id = dispatcher.addForAll(&Recorder::take, &one);
    dispatcher.addForAll(&Recorder::take, &two);
    const std::vector<Ping> events{{1, 1}};
    dispatcher.dispatch(events);
    dispatcher.remove(id);
    dispatcher.dispatch(events);
    EXPECT_EQ(one.numbers.size(), 1U);
    EXPECT_EQ(two.numbers.size(), 2U);
}

TEST(EventDispatcher, AgreesWithAPlainLoopOnRandomEvents)
{
    std::mt19937 random(5);
    for (int round = 0; round < 50; ++round) {
        EventDispatcher<Ping> dispatcher;
        std::vector<Recorder> handlers(6);
        std::vector<std::vector<TypeId>> wanted(6);
        for (std::size_t i = 0; i < handlers.size(); ++i) {
            for (TypeId type = 1; type <= 5; ++type) {
                if (random() % 2 == 0)
                    wanted[i].push_back(type);
            }
            dispatcher.add(wanted[i], &Recorder::take, &handlers[i]);
        }
        std::vector<Ping> events;
        for (unsigned i = 0; i < random() % 1500; ++i)
            events.push_back({static_cast<TypeId>(random() % 8), static_cast<int>(i)});
        dispatcher.dispatch(events);
        for (std::size_t i = 0; i < handlers.size(); ++i) {
            std::vector<int> expected;
            for (const Ping& event : events) {
                if (std::ranges::find(wanted[i], event.type) != wanted[i].end())
                    expected.push_back(event.number);
            }
            ASSERT_EQ(handlers[i].numbers, expected);
        }
    }
}
