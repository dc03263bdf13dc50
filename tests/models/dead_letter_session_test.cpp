// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letter_session.h"

#include "memory_letters.h"

#include <QSignalSpy>
#include <QTest>
#include <array>
#include <gtest/gtest.h>

using namespace eventscope;
using models::DeadLetterSession;

namespace {

constexpr int kPatience = 20'000;

/// A letter that an earlier run has sent and could not remove any more.
void leaveUnfinished(test::MemoryLetters& world, const core::DeadLetter& letter)
{
    const auto journal = world.openJournal()();
    const std::array items{core::Journal::Item{letter.id, letter.queue, "send-1", &letter}};
    const auto entries = (*journal)->plan({core::WriteKind::Requeue, "demo", {}, {}}, items);
    ASSERT_TRUE(entries);
    ASSERT_TRUE((*journal)->record(entries->front(), core::WriteState::Sent));
}

core::DeadLetter firstLetter(const test::MemoryLetters& world)
{
    return core::toDeadLetter(world.letters.list()->front());
}

} // namespace

TEST(DeadLetterSession, FinishesAnInterruptedRunOnceTheSourceIsUnlocked)
{
    test::MemoryLetters world;
    world.park(1, "no answer");
    leaveUnfinished(world, firstLetter(world));
    world.isUnlocked = false;
    DeadLetterSession session(world.clock, world.openJournal());
    session.setDesks({world.desk()});
    ASSERT_TRUE(QTest::qWaitFor([&] { return session.seen() != nullptr; }, kPatience));
    EXPECT_EQ(session.seen()->desks[0].unfinished, 1u);
    EXPECT_EQ(*world.letters.count(), 1u) << "a locked source is not written to";

    world.isUnlocked = true;
    session.noteLockChanged();
    ASSERT_TRUE(QTest::qWaitFor([&] { return session.seen()->letterCount() == 0; }, kPatience));
    EXPECT_EQ(session.seen()->desks[0].unfinished, 0u);
    EXPECT_TRUE(world.sent().empty()) << "it had been sent already";
}

TEST(DeadLetterSession, RefusesToSendAtALockedSource)
{
    test::MemoryLetters world;
    world.park(1, "no answer");
    world.isUnlocked = false;
    DeadLetterSession session(world.clock, world.openJournal());
    session.setDesks({world.desk()});
    QSignalSpy finished(&session, &DeadLetterSession::activityFinished);
    std::shared_ptr<const models::FrozenPlan> frozen;
    QObject::connect(&session, &DeadLetterSession::planned, [&](auto plan) { frozen = plan; });
    core::RequeueRequest request;
    request.source = "demo";
    request.letters = {firstLetter(world)};
    session.plan(request);
    ASSERT_TRUE(QTest::qWaitFor([&] { return frozen != nullptr; }, kPatience));
    session.requeue(frozen, true);
    ASSERT_TRUE(QTest::qWaitFor([&] { return finished.count() == 1; }, kPatience));
    EXPECT_NE(session.activity().problem, "");
    EXPECT_TRUE(world.sent().empty());
    EXPECT_EQ(*world.letters.count(), 1u);
}

TEST(DeadLetterSession, EndsWhileARunWaitsForItsTurn)
{
    test::MemoryLetters world;
    for (int i = 1; i <= 50; ++i)
        world.park(i, "no answer");
    {
        DeadLetterSession session(world.clock, world.openJournal());
        session.setDesks({world.desk()});
        std::shared_ptr<const models::FrozenPlan> frozen;
        QObject::connect(&session, &DeadLetterSession::planned, [&](auto plan) { frozen = plan; });
        core::RequeueRequest request;
        request.source = "demo";
        request.rate.perSecond = 0.1;
        const auto parked = world.letters.list();
        for (const core::ParkedEvent& letter : *parked)
            request.letters.push_back(core::toDeadLetter(letter));
        session.plan(request);
        ASSERT_TRUE(QTest::qWaitFor([&] { return frozen != nullptr; }, kPatience));
        session.requeue(frozen, false);
        ASSERT_TRUE(QTest::qWaitFor([&] { return !session.activity().outcomes.empty(); }, kPatience));
    }
    EXPECT_EQ(world.sent().size(), 1u);
    EXPECT_EQ(*world.letters.count(), 49u);
}
