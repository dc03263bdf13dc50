// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "sourcing/idempotency_store.h"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace eventscope::core {

/// Claims for as long as the process lives. The clock outlives it. // any thread
class MemoryIdempotencyStore final : public IdempotencyStore {
public:
    explicit MemoryIdempotencyStore(const Clock& clock) : m_clock(clock) { }

    Result<Claim> claim(std::string_view key, std::chrono::milliseconds lease) override;
    Status complete(
        std::string_view key, std::string_view token, std::chrono::seconds retention = kProcessedRetention) override;
    Status release(std::string_view key, std::string_view token) override;

private:
    struct Entry {
        std::string token;
        Timestamp until{}; // of the lease, or of the memory once it is done
        bool done = false;
    };
    using Entries = std::map<std::string, Entry, std::less<>>;

    static Timestamp forgottenAt(const Entry& entry);
    void set(Entries::iterator entry, Entry value);
    void erase(Entries::iterator entry);

    const Clock& m_clock;
    std::mutex m_mutex;
    Entries m_entries;
    std::set<std::pair<Timestamp, std::string_view>> m_forget; // when, and which
    std::uint64_t m_lastToken = 0;
};

} // namespace eventscope::core
