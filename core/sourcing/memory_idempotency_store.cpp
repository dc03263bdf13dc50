// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/memory_idempotency_store.h"

#include <utility>

namespace eventscope::core {

// One that outlived its lease unnoticed may still complete, so a claim is kept longer than its lease.
Timestamp MemoryIdempotencyStore::forgottenAt(const Entry& entry)
{
    return entry.done ? entry.until : entry.until + kLateCompletion;
}

void MemoryIdempotencyStore::set(Entries::iterator entry, Entry value)
{
    m_forget.erase({forgottenAt(entry->second), entry->first});
    entry->second = std::move(value);
    m_forget.emplace(forgottenAt(entry->second), entry->first);
}

void MemoryIdempotencyStore::erase(Entries::iterator entry)
{
    m_forget.erase({forgottenAt(entry->second), entry->first});
    m_entries.erase(entry);
}

Result<Claim> MemoryIdempotencyStore::claim(std::string_view key, std::chrono::milliseconds lease)
{
    const std::scoped_lock lock(m_mutex);
    const Timestamp now = m_clock.now();
    while (!m_forget.empty() && m_forget.begin()->first <= now)
        erase(m_entries.find(m_forget.begin()->second));

    const auto entry = m_entries.try_emplace(std::string(key)).first;
    if (const Entry& held = entry->second; !held.token.empty() && now < held.until) {
        return held.done ? Claim{.state = Claim::State::AlreadyDone}
                         : Claim{.state = Claim::State::HeldByOther, .leaseUntil = held.until};
    }
    set(entry, {.token = std::to_string(++m_lastToken), .until = now + lease});
    return Claim{.state = Claim::State::Acquired, .token = entry->second.token};
}

Status MemoryIdempotencyStore::complete(std::string_view key, std::string_view token, std::chrono::seconds retention)
{
    const std::scoped_lock lock(m_mutex);
    const auto held = m_entries.find(key);
    if (held == m_entries.end() || held->second.token != token)
        return std::unexpected(claimLost(key));
    set(held, {.token = std::string(token), .until = m_clock.now() + retention, .done = true});
    return {};
}

Status MemoryIdempotencyStore::release(std::string_view key, std::string_view token)
{
    const std::scoped_lock lock(m_mutex);
    if (const auto held = m_entries.find(key);
        held != m_entries.end() && held->second.token == token && !held->second.done)
        erase(held);
    return {};
}

} // namespace eventscope::core
