// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/idempotency_store.h"

#include <array>
#include <atomic>
#include <barrier>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace eventscope::test {

using ClaimState = core::Claim::State;

/// What every IdempotencyStore keeps. The fixture type, made anew for each test, has an empty
/// `core::IdempotencyStore& store()`, `core::Timestamp now()` and `void pass(std::chrono::milliseconds)`,
/// which lets that much of the store's time go by.
template <class Fixture>
class IdempotencyStoreContract : public ::testing::Test {
protected:
    static constexpr std::chrono::milliseconds kLease{2000};

    core::IdempotencyStore& store() { return m_fixture.store(); }

    core::Claim claim(std::string_view key, std::chrono::milliseconds lease = kLease)
    {
        const auto claim = store().claim(key, lease);
        EXPECT_TRUE(claim) << claim.error().message;
        return claim.value_or(core::Claim{});
    }
    ClaimState stateOf(std::string_view key) { return claim(key).state; }

    Fixture m_fixture;
};
TYPED_TEST_SUITE_P(IdempotencyStoreContract);

TYPED_TEST_P(IdempotencyStoreContract, GivesAKeyToOneHolderAtATime)
{
    const core::Claim mine = this->claim("processed:1");
    EXPECT_EQ(mine.state, ClaimState::Acquired);
    EXPECT_FALSE(mine.token.empty());
    const core::Claim theirs = this->claim("processed:1");
    EXPECT_EQ(theirs.state, ClaimState::HeldByOther);
    EXPECT_TRUE(theirs.token.empty());
    EXPECT_GT(theirs.leaseUntil, this->m_fixture.now());
    EXPECT_LE(theirs.leaseUntil, this->m_fixture.now() + this->kLease);
    const core::Claim other = this->claim("processed:2");
    EXPECT_EQ(other.state, ClaimState::Acquired);
    EXPECT_NE(other.token, mine.token);
}

TYPED_TEST_P(IdempotencyStoreContract, RemembersWhatIsDoneForItsRetention)
{
    const core::Claim mine = this->claim("k");
    ASSERT_TRUE(this->store().complete("k", mine.token, std::chrono::seconds(10)));
    EXPECT_EQ(this->stateOf("k"), ClaimState::AlreadyDone);
    this->m_fixture.pass(std::chrono::milliseconds(8000)); // past the lease
    EXPECT_EQ(this->stateOf("k"), ClaimState::AlreadyDone);
    this->m_fixture.pass(std::chrono::milliseconds(3000));
    EXPECT_EQ(this->stateOf("k"), ClaimState::Acquired);
}

TYPED_TEST_P(IdempotencyStoreContract, LetsAnotherTryWhatWasReleased)
{
    const core::Claim mine = this->claim("k");
    ASSERT_TRUE(this->store().release("k", mine.token));
    const core::Claim theirs = this->claim("k");
    EXPECT_EQ(theirs.state, ClaimState::Acquired);
    EXPECT_NE(theirs.token, mine.token);
    EXPECT_TRUE(this->store().release("k", mine.token)) << "too late, and harmless";
    EXPECT_EQ(this->stateOf("k"), ClaimState::HeldByOther);
    EXPECT_TRUE(this->store().release("never claimed", mine.token));
}

TYPED_TEST_P(IdempotencyStoreContract, DoesNotReleaseWhatIsDone)
{
    const core::Claim mine = this->claim("k");
    ASSERT_TRUE(this->store().complete("k", mine.token));
    EXPECT_TRUE(this->store().release("k", mine.token));
    EXPECT_EQ(this->stateOf("k"), ClaimState::AlreadyDone);
}

TYPED_TEST_P(IdempotencyStoreContract, GivesTheKeyOfADeadHolderToTheNextAfterItsLease)
{
    const core::Claim dead = this->claim("k");
    this->m_fixture.pass(std::chrono::milliseconds(1000));
    EXPECT_EQ(this->stateOf("k"), ClaimState::HeldByOther);
    this->m_fixture.pass(std::chrono::milliseconds(1500));
    const core::Claim next = this->claim("k");
    EXPECT_EQ(next.state, ClaimState::Acquired);
    EXPECT_NE(next.token, dead.token);
    EXPECT_EQ(this->stateOf("k"), ClaimState::HeldByOther) << "the new lease counts";
}

TYPED_TEST_P(IdempotencyStoreContract, RefusesALateCompleterWhoseKeySomebodyElseTook)
{
    const core::Claim late = this->claim("k");
    this->m_fixture.pass(std::chrono::milliseconds(2500));
    const core::Claim next = this->claim("k");
    ASSERT_EQ(next.state, ClaimState::Acquired);
    const core::Status refused = this->store().complete("k", late.token);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, core::ErrorCode::Refused);
    EXPECT_NE(refused.error().message.find("'k'"), std::string::npos);
    EXPECT_EQ(this->stateOf("k"), ClaimState::HeldByOther);
    EXPECT_TRUE(this->store().release("k", late.token));
    EXPECT_EQ(this->stateOf("k"), ClaimState::HeldByOther) << "a late release takes nothing away either";
    ASSERT_TRUE(this->store().complete("k", next.token));
    EXPECT_EQ(this->stateOf("k"), ClaimState::AlreadyDone);
    EXPECT_FALSE(this->store().complete("k", late.token));
    EXPECT_FALSE(this->store().complete("never claimed", late.token));
}

TYPED_TEST_P(IdempotencyStoreContract, LetsAHolderCompleteAfterItsLeaseWhenNobodyTookTheKey)
{
    const core::Claim late = this->claim("k");
    this->m_fixture.pass(std::chrono::milliseconds(2500));
    EXPECT_EQ(this->stateOf("another"), ClaimState::Acquired);
    ASSERT_TRUE(this->store().complete("k", late.token));
    EXPECT_EQ(this->stateOf("k"), ClaimState::AlreadyDone);
}

TYPED_TEST_P(IdempotencyStoreContract, TakesACompletionAgainWhoseAnswerWasLost)
{
    const core::Claim mine = this->claim("k");
    ASSERT_TRUE(this->store().complete("k", mine.token));
    EXPECT_TRUE(this->store().complete("k", mine.token));
    EXPECT_EQ(this->stateOf("k"), ClaimState::AlreadyDone);
}

TYPED_TEST_P(IdempotencyStoreContract, TellsOddKeysApart)
{
    for (const std::string key :
        {"a", "A", "a ", "", "a'b", "ü", "processed:orders:0190b6f0-7c1a-7000-8000-000000000001"}) {
        const core::Claim mine = this->claim(key);
        ASSERT_EQ(mine.state, ClaimState::Acquired) << key;
        ASSERT_TRUE(this->store().complete(key, mine.token));
        EXPECT_EQ(this->stateOf(key), ClaimState::AlreadyDone) << key;
    }
}

TYPED_TEST_P(IdempotencyStoreContract, LetsEightThreadsHaveExactlyOneEffectForEachKey)
{
    constexpr std::size_t kThreads = 8, kKeys = 60;
    std::array<std::atomic<int>, kKeys> effects{};
    std::array<std::atomic<int>, kKeys> failures{};
    std::barrier start(static_cast<std::ptrdiff_t>(kThreads));
    const auto handle = [&](std::size_t key) {
        const std::string name = "processed:" + std::to_string(key);
        for (;;) {
            const core::Claim claim = this->claim(name, std::chrono::minutes(10));
            if (claim.state == ClaimState::AlreadyDone)
                return;
            if (claim.state == ClaimState::HeldByOther) {
                std::this_thread::yield();
                continue;
            }
            // Every third key fails at its first try.
            if (key % 3 == 0 && failures[key]++ == 0) {
                EXPECT_TRUE(this->store().release(name, claim.token));
                continue;
            }
            ++effects[key];
            EXPECT_TRUE(this->store().complete(name, claim.token));
        }
    };
    {
        std::vector<std::jthread> threads;
        for (std::size_t t = 0; t < kThreads; ++t) {
            threads.emplace_back([&, t] {
                start.arrive_and_wait();
                // Half of them from the other end, so that they meet.
                for (std::size_t i = 0; i < kKeys; ++i)
                    handle(t % 2 == 0 ? i : kKeys - 1 - i);
            });
        }
    }
    for (const auto& effect : effects)
        EXPECT_EQ(effect, 1);
}

REGISTER_TYPED_TEST_SUITE_P(IdempotencyStoreContract, GivesAKeyToOneHolderAtATime, RemembersWhatIsDoneForItsRetention,
    LetsAnotherTryWhatWasReleased, DoesNotReleaseWhatIsDone, GivesTheKeyOfADeadHolderToTheNextAfterItsLease,
    RefusesALateCompleterWhoseKeySomebodyElseTook, LetsAHolderCompleteAfterItsLeaseWhenNobodyTookTheKey,
    TakesACompletionAgainWhoseAnswerWasLost, TellsOddKeysApart, LetsEightThreadsHaveExactlyOneEffectForEachKey);

} // namespace eventscope::test
