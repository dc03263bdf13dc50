// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "sourcing/idempotency_store.h"

#include <map>
#include <mutex>
#include <string>

namespace eventscope::test {

/// Claims in memory, with failures on demand. // any thread
class FakeIdempotencyStore final : public core::IdempotencyStore {
public:
    explicit FakeIdempotencyStore(const core::Clock& clock) : m_clock(clock) { }

    void refuseClaims(int count) { set(m_claimRefusals, count); }
    void refuseCompletions(int count) { set(m_completionRefusals, count); }

    core::Result<core::Claim> claim(std::string_view key, std::chrono::milliseconds lease) override
    {
        const std::scoped_lock lock(m_mutex);
        if (m_claimRefusals > 0 && m_claimRefusals-- > 0)
            return core::fail(core::ErrorCode::Unreachable, "no answer");
        Entry& entry = m_entries[std::string(key)];
        if (entry.done)
            return core::Claim{.state = core::Claim::State::AlreadyDone, .token = {}, .leaseUntil = {}};
        if (!entry.token.empty() && m_clock.now() < entry.until)
            return core::Claim{.state = core::Claim::State::HeldByOther, .token = {}, .leaseUntil = entry.until};
        entry = {.token = std::to_string(++m_lastToken), .until = m_clock.now() + lease};
        return core::Claim{.state = core::Claim::State::Acquired, .token = entry.token, .leaseUntil = {}};
    }

    core::Status complete(std::string_view key, std::string_view token, std::chrono::seconds) override
    {
        const std::scoped_lock lock(m_mutex);
        if (m_completionRefusals > 0 && m_completionRefusals-- > 0)
            return core::fail(core::ErrorCode::Unreachable, "no answer");
        Entry& entry = m_entries[std::string(key)];
        if (entry.done || entry.token != token)
            return core::fail(core::ErrorCode::Refused, "somebody else holds the key");
        entry.done = true;
        return {};
    }

    core::Status release(std::string_view key, std::string_view token) override
    {
        const std::scoped_lock lock(m_mutex);
        const auto found = m_entries.find(std::string(key));
        if (found != m_entries.end() && !found->second.done && found->second.token == token)
            m_entries.erase(found);
        return {};
    }

    bool isDone(const std::string& key) const
    {
        const std::scoped_lock lock(m_mutex);
        const auto found = m_entries.find(key);
        return found != m_entries.end() && found->second.done;
    }

private:
    struct Entry {
        std::string token{};
        core::Timestamp until{};
        bool done = false;
    };

    void set(int& refusals, int count)
    {
        const std::scoped_lock lock(m_mutex);
        refusals = count;
    }

    const core::Clock& m_clock;
    mutable std::mutex m_mutex;
    std::map<std::string, Entry> m_entries;
    int m_lastToken = 0;
    int m_claimRefusals = 0;
    int m_completionRefusals = 0;
};

} // namespace eventscope::test
