// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/error.h"

#include <chrono>
#include <string>
#include <string_view>

namespace eventscope::core {

/// Finished ids are remembered for 7 days.
inline constexpr std::chrono::seconds kProcessedRetention{604'800};

/// How long stores remember at least who held a key after the lease: see complete().
inline constexpr std::chrono::hours kLateCompletion{24};

struct Claim {
    enum class State {
        Acquired,    ///< ours: handle it, then complete() or release() with the token
        AlreadyDone, ///< handled before: skip it
        HeldByOther, ///< somebody is at it: try later, never acknowledge
    };
    State state = State::HeldByOther;
    std::string token;      ///< proves the claim; only with Acquired
    Timestamp leaseUntil{}; ///< with HeldByOther: when it is worth trying again
};

/// Handles each key once: claim atomically with a lease, complete after success, release on failure.
/// A holder that dies loses the claim when its lease ends. Every implementation passes
/// tests/support/idempotency_store_contract.h. // any thread
class IdempotencyStore {
public:
    virtual ~IdempotencyStore() = default;

    virtual Result<Claim> claim(std::string_view key, std::chrono::milliseconds lease) = 0;
    /// Refused when the token no longer holds the key (the lease ran out and somebody else took it, or
    /// it is forgotten). A lease that ran out without anybody noticing may still be completed, and what
    /// was completed may be so again with the same token: an answer that got lost.
    virtual Status complete(
        std::string_view key, std::string_view token, std::chrono::seconds retention = kProcessedRetention)
        = 0;
    /// Does nothing when the token no longer holds the key, or when it is done.
    virtual Status release(std::string_view key, std::string_view token) = 0;
};

/// The answer of complete() to a token that no longer holds the key.
Error claimLost(std::string_view key);

} // namespace eventscope::core
