// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "doubtful_letters.h"
#include "event/ids.h"
#include "inspect/journal.h"
#include "inspect/parked_letters.h"
#include "inspect/requeue.h"
#include "sourcing/memory_dead_letter_store.h"
#include "sourcing/memory_redelivery_queue.h"
#include "temp_dir.h"

#include <gtest/gtest.h>

using namespace eventscope;
using core::RequeueOutcome;

namespace {

constexpr std::string_view kSource = "test:";

class SettleDoubts : public testing::Test {
protected:
    SettleDoubts()
    {
        core::ParkedEvent parked;
        parked.id = "letter-1";
        parked.queue = "payments";
        parked.original.id = "event-1";
        parked.original.type = "OrderPlaced";
        parked.original.stream = "order-1";
        parked.original.data = R"({"total":38.00})";
        parked.failedAt = clock.now();
        EXPECT_TRUE(store.park(parked));
    }

    core::RequeuePlan plan(core::RequeueRequest request = {})
    {
        request.source = kSource;
        request.letters = queue.list({}, {}).value();
        return core::makeRequeuePlan(request, queue, *journal, clock).value();
    }
    void sendIntoDoubt()
    {
        static_cast<void>(runner.run(plan(), note, {}));
        ASSERT_EQ(journal->inDoubt(kSource)->size(), 1U);
        outcomes.clear();
    }

    core::SystemClock clock;
    core::UuidV7Generator ids{clock};
    test::TempDir folder;
    core::MemoryDeadLetterStore store;
    core::MemoryRedeliveryQueue redeliveries;
    test::DoubtfulLetters::World world;
    test::DoubtfulLetters queue{std::make_shared<core::ParkedLetters>(store, redeliveries, nullptr), world};
    std::unique_ptr<core::Journal> journal = core::Journal::open(folder / "journal.db", clock).value();
    core::RequeueRunner runner{queue, *journal, clock, ids};
    std::vector<core::LetterOutcome> outcomes;
    core::OutcomeHandler note = [this](const core::LetterOutcome& outcome) { outcomes.push_back(outcome); };
};

} // namespace

TEST_F(SettleDoubts, FinishesWhatIsFoundAtItsTarget)
{
    sendIntoDoubt();
    ASSERT_TRUE(runner.settleDoubts(kSource, note));
    ASSERT_EQ(outcomes.size(), 1U);
    EXPECT_EQ(outcomes.front().outcome, RequeueOutcome::Requeued);
    EXPECT_TRUE(journal->inDoubt(kSource)->empty());
    EXPECT_EQ(*store.count(), 0U);
    EXPECT_EQ(redeliveries.pending(10)->size(), 1U);
}

TEST_F(SettleDoubts, SetsFreeWhatHasNotArrived)
{
    world.arrives = false;
    sendIntoDoubt();
    ASSERT_TRUE(runner.settleDoubts(kSource, note));
    ASSERT_EQ(outcomes.size(), 1U);
    EXPECT_EQ(outcomes.front().outcome, RequeueOutcome::Skipped);
    EXPECT_TRUE(journal->inDoubt(kSource)->empty());
    EXPECT_EQ(*store.count(), 1U);
    world.breaks = false;
    ASSERT_TRUE(runner.run(plan(), note, {}));
    EXPECT_EQ(redeliveries.pending(10)->size(), 1U);
}

TEST_F(SettleDoubts, LeavesInDoubtWhatNobodyCanTell)
{
    world.fate = core::SendState::Unknown;
    sendIntoDoubt();
    ASSERT_TRUE(runner.settleDoubts(kSource, note));
    ASSERT_EQ(outcomes.size(), 1U);
    EXPECT_EQ(outcomes.front().outcome, RequeueOutcome::InDoubt);
    EXPECT_EQ(journal->inDoubt(kSource)->size(), 1U);
    EXPECT_EQ(*store.count(), 1U);
}

TEST_F(SettleDoubts, SendsAWrittenPayloadByteForByte)
{
    world.breaks = false;
    core::RequeueRequest request;
    request.payloads["letter-1"] = R"({"total": 38.10})";
    const core::RequeuePlan edited = plan(request);
    ASSERT_EQ(edited.letters.size(), 1U);
    EXPECT_TRUE(edited.letters.front().edited);
    ASSERT_TRUE(runner.run(edited, note, {}));
    EXPECT_EQ(redeliveries.pending(10)->front().event.data, R"({"total": 38.10})");
}
