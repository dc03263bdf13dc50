// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crash_points.h"
#include "temp_dir.h"

#include "event/ids.h"
#include "inspect/dead_letter_queue.h"
#include "inspect/journal.h"
#include "inspect/requeue.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

/// What every dead letter queue must keep to, whatever holds the letters. A technology joins with a
/// fixture and INSTANTIATE_TEST_SUITE_P; the suite itself does not change.
class DeadLetterQueueFixture {
public:
    virtual ~DeadLetterQueueFixture() = default;

    virtual eventscope::core::DeadLetterQueue& queue() = 0;
    /// Parks `count` letters, as a failing handler would; their payloads and headers hold any bytes.
    virtual void park(std::size_t count) = 0;
    /// The message ids (DeadLetter::Original::id) that arrived at the target so far, doubles included.
    virtual std::vector<std::string> arrived() = 0;
    /// The payload of the last arrival of that message.
    virtual std::string arrivedData(const std::string& messageId) = 0;
    /// The program has died and starts again: everything not durable is gone.
    virtual void restart() = 0;
};

using DeadLetterQueueFactory = std::function<std::unique_ptr<DeadLetterQueueFixture>()>;

class DeadLetterQueueContract : public testing::TestWithParam<std::pair<const char*, DeadLetterQueueFactory>> {
protected:
    using DeadLetter = eventscope::core::DeadLetter;
    using LetterOutcome = eventscope::core::LetterOutcome;
    using Outcome = eventscope::core::RequeueOutcome;

    static constexpr const char* kSource = "test:";

    void SetUp() override
    {
        fixture = GetParam().second();
        openJournal();
    }

    void openJournal()
    {
        journal.reset();
        auto opened = eventscope::core::Journal::open(folder / "journal.db", clock);
        ASSERT_TRUE(opened) << opened.error().message;
        journal = std::move(*opened);
    }

    std::vector<DeadLetter> letters()
    {
        auto listed = fixture->queue().list({}, {});
        EXPECT_TRUE(listed) << (listed ? "" : listed.error().message);
        return listed.value_or(std::vector<DeadLetter>());
    }

    eventscope::core::OutcomeHandler collect()
    {
        return [this](const LetterOutcome& outcome) { outcomes.push_back(outcome); };
    }

    eventscope::core::Result<eventscope::core::RequeuePlan> plan(
        std::vector<DeadLetter> chosen, bool resendDoubts = false)
    {
        return eventscope::core::makeRequeuePlan(
            {.source = kSource, .letters = std::move(chosen), .resendDoubts = resendDoubts}, fixture->queue(), *journal,
            clock);
    }

    /// One life of the program: recover, then requeue all that is left. False when it crashed.
    bool liveOnce(bool resendDoubts = false)
    {
        CrashingQueue queue(fixture->queue(), points);
        eventscope::core::RequeueRunner runner(queue, *journal, clock, ids);
        try {
            EXPECT_TRUE(runner.recover(kSource, collect()));
            const auto planned = plan(letters(), resendDoubts);
            EXPECT_TRUE(planned);
            EXPECT_TRUE(runner.run(*planned, collect(), {}));
            return true;
        } catch (const Crash&) {
            return false;
        }
    }

    void restart()
    {
        fixture->restart();
        openJournal();
    }

    std::size_t countOf(Outcome outcome) const
    {
        return static_cast<std::size_t>(
            std::ranges::count(outcomes, outcome, [](const LetterOutcome& o) { return o.outcome; }));
    }

    std::set<std::string> reportedInDoubt() const
    {
        std::set<std::string> doubtful;
        for (const LetterOutcome& outcome : outcomes) {
            if (outcome.outcome == Outcome::InDoubt)
                doubtful.insert(outcome.id);
        }
        return doubtful;
    }

    eventscope::test::TempDir folder;
    CrashPoints points;
    CrashingClock clock{points};
    eventscope::core::ManualClock idClock{eventscope::core::Timestamp(std::chrono::days(20'000))};
    eventscope::core::UuidV7Generator ids{idClock, 7};
    std::unique_ptr<DeadLetterQueueFixture> fixture;
    std::unique_ptr<eventscope::core::Journal> journal;
    std::vector<LetterOutcome> outcomes;
};

TEST_P(DeadLetterQueueContract, ListsWhatWasParkedAndLookingChangesNothing)
{
    fixture->park(5);
    const std::vector<DeadLetter> first = letters();
    ASSERT_EQ(first.size(), 5u);
    EXPECT_EQ(letters(), first);
    std::set<std::string> unique;
    for (const DeadLetter& letter : first)
        unique.insert(letter.id);
    EXPECT_EQ(unique.size(), 5u);
    EXPECT_TRUE(fixture->arrived().empty());
}

TEST_P(DeadLetterQueueContract, RequeuesEachOnceInOrderAndByteForByte)
{
    fixture->park(6);
    const std::vector<DeadLetter> parked = letters();
    ASSERT_TRUE(liveOnce());
    EXPECT_EQ(countOf(Outcome::Requeued), 6u);
    std::vector<std::string> sent;
    for (const DeadLetter& letter : parked) {
        sent.push_back(letter.original.id);
        EXPECT_EQ(fixture->arrivedData(letter.original.id), letter.original.data);
    }
    EXPECT_EQ(fixture->arrived(), sent);
    if (fixture->queue().capabilities().acknowledge) {
        EXPECT_TRUE(letters().empty());
    }
}

TEST_P(DeadLetterQueueContract, DryRunSendsAndWritesNothing)
{
    fixture->park(3);
    const auto planned = plan(letters());
    ASSERT_TRUE(planned);
    EXPECT_EQ(planned->letters.size(), 3u);
    EXPECT_TRUE(fixture->arrived().empty());
    EXPECT_EQ(letters().size(), 3u);
    EXPECT_TRUE(journal->entries()->empty());
}

TEST_P(DeadLetterQueueContract, KeepsTheFrozenSetWhenMoreArrive)
{
    fixture->park(2);
    const auto planned = plan(letters());
    ASSERT_TRUE(planned);
    fixture->park(3);
    eventscope::core::RequeueRunner runner(fixture->queue(), *journal, clock, ids);
    ASSERT_TRUE(runner.run(*planned, collect(), {}));
    EXPECT_EQ(fixture->arrived().size(), 2u);
}

TEST_P(DeadLetterQueueContract, ALetterThatIsGoneFailsAndTheOthersGoOn)
{
    fixture->park(3);
    std::vector<DeadLetter> chosen = letters();
    chosen[1].id += "-gone";
    const auto planned = plan(chosen);
    ASSERT_TRUE(planned);
    eventscope::core::RequeueRunner runner(fixture->queue(), *journal, clock, ids);
    ASSERT_TRUE(runner.run(*planned, collect(), {}));
    EXPECT_EQ(countOf(Outcome::Requeued), 2u);
    EXPECT_EQ(countOf(Outcome::Failed), 1u);
    EXPECT_EQ(fixture->arrived().size(), 2u);
}

TEST_P(DeadLetterQueueContract, AStopLeavesTheRestWhereTheyAre)
{
    fixture->park(5);
    const auto planned = plan(letters());
    ASSERT_TRUE(planned);
    std::stop_source stop;
    eventscope::core::RequeueRunner runner(fixture->queue(), *journal, clock, ids);
    const auto stopAfterTwo = [&](const LetterOutcome& outcome) {
        outcomes.push_back(outcome);
        if (outcomes.size() == 2)
            stop.request_stop();
    };
    ASSERT_TRUE(runner.run(*planned, stopAfterTwo, stop.get_token()));
    EXPECT_EQ(countOf(Outcome::Requeued), 2u);
    EXPECT_EQ(countOf(Outcome::Skipped), 3u);
    EXPECT_EQ(fixture->arrived().size(), 2u);
}

TEST_P(DeadLetterQueueContract, OfTwoRunsAtOnceOneIsToldToWait)
{
    fixture->park(1);
    const auto planned = plan(letters());
    ASSERT_TRUE(planned);
    const auto held = journal->lockRuns(kSource);
    ASSERT_TRUE(held);
    eventscope::core::RequeueRunner runner(fixture->queue(), *journal, clock, ids);
    const auto refused = runner.run(*planned, collect(), {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, eventscope::core::ErrorCode::Locked);
    EXPECT_TRUE(fixture->arrived().empty());
}

TEST_P(DeadLetterQueueContract, ACrashAtAnyPointLosesNothingAndDoublesNothingUnreported)
{
    constexpr std::size_t kLetters = 3;
    for (int point = 1;; ++point) {
        fixture = GetParam().second();
        outcomes.clear();
        points.crashAt(0);
        std::filesystem::remove_all(folder / "journal.db");
        std::filesystem::remove_all(folder / "journal.db-wal");
        std::filesystem::remove_all(folder / "journal.db-shm");
        openJournal();
        fixture->park(kLetters);
        std::map<std::string, std::string> messageOf; // letter → message
        for (const DeadLetter& letter : letters())
            messageOf[letter.id] = letter.original.id;

        points.crashAt(point);
        const bool survived = liveOnce();
        points.crashAt(0);
        restart();
        ASSERT_TRUE(liveOnce()) << "the second life of crash point " << point;

        const std::vector<std::string> arrived = fixture->arrived();
        const std::set<std::string> doubtful = reportedInDoubt();
        for (const auto& [letter, message] : messageOf) {
            const auto times = std::ranges::count(arrived, message);
            EXPECT_LE(times, 1) << message << " was sent twice, crash point " << point;
            if (times == 0) {
                EXPECT_TRUE(doubtful.contains(letter)) << message << " is lost, crash point " << point;
            }
        }
        // What is in doubt is sent again only when asked, and then it is there.
        ASSERT_TRUE(liveOnce(true));
        const std::vector<std::string> finally = fixture->arrived();
        for (const auto& [letter, message] : messageOf) {
            const auto times = std::ranges::count(finally, message);
            EXPECT_GE(times, 1) << message << " is lost, crash point " << point;
            if (times > 1) {
                EXPECT_TRUE(doubtful.contains(letter)) << message << " came twice unreported, crash point " << point;
            }
        }
        if (fixture->queue().capabilities().acknowledge) {
            EXPECT_TRUE(letters().empty()) << "crash point " << point;
        }
        if (survived)
            break; // the point lies behind the end of the run: all of them are done
    }
}

TEST_P(DeadLetterQueueContract, ADiscardedLetterIsKeptInTheJournalAndComesBackWhole)
{
    fixture->park(2);
    std::vector<DeadLetter> parked = letters();
    eventscope::core::RequeueRunner runner(fixture->queue(), *journal, clock, ids);
    const auto discarded = runner.discard(kSource, {parked[0]}, collect());
    if (!fixture->queue().capabilities().discard) {
        ASSERT_FALSE(discarded);
        EXPECT_EQ(discarded.error().code, eventscope::core::ErrorCode::Unsupported);
        EXPECT_EQ(letters(), parked);
        return;
    }
    ASSERT_TRUE(discarded);
    EXPECT_EQ(countOf(Outcome::Discarded), 1u);
    EXPECT_EQ(letters().size(), 1u);
    const auto entries = journal->entries();
    ASSERT_TRUE(entries);
    ASSERT_EQ(entries->size(), 1u);
    EXPECT_EQ(*journal->letterOf(entries->front().id), parked[0]);
    const auto restored = runner.restore(entries->front(), collect());
    if (!fixture->queue().capabilities().restore) {
        ASSERT_FALSE(restored);
        EXPECT_EQ(restored.error().code, eventscope::core::ErrorCode::Unsupported);
        return;
    }
    ASSERT_TRUE(restored);
    std::vector<DeadLetter> back = letters();
    std::ranges::sort(back, {}, &DeadLetter::id);
    std::ranges::sort(parked, {}, &DeadLetter::id);
    EXPECT_EQ(back, parked);
}

TEST_P(DeadLetterQueueContract, SettlesADoubtOnlyWhenItCanLook)
{
    fixture->park(2);
    const std::vector<DeadLetter> parked = letters();
    ASSERT_TRUE(fixture->queue().send({"send-1", parked[0], {}, parked[0].original.data, false}));
    const auto sent = fixture->queue().settle("send-1", parked[0]);
    const auto never = fixture->queue().settle("send-2", parked[1]);
    ASSERT_TRUE(sent && never);
    using eventscope::core::SendState;
    if (fixture->queue().capabilities().settle) {
        EXPECT_EQ(*sent, SendState::Arrived);
        EXPECT_EQ(*never, SendState::NotArrived);
    } else {
        EXPECT_EQ(*sent, SendState::Unknown);
        EXPECT_EQ(*never, SendState::Unknown);
    }
}
