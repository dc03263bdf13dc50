// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace eventscope::core {

/// Values by number in a fixed amount of memory, for many threads at once. // any thread
///
/// It is built like a processor's cache: a key can be in a few places of its set only, and a new key
/// that finds its set full takes the place of the one that was not updated for the longest time. So
/// nothing is allocated after the start, and no key moves another one but its neighbours. The sets
/// are spread over shards with a lock each: threads meet only where they touch the same shard.
template <class Value>
class ShardedTable {
public:
    static constexpr std::size_t kShards = 64;
    static constexpr std::size_t kWays = 8;

    /// Room for at least `capacity` keys; the first ones to be displaced are so a little earlier,
    /// because keys do not spread evenly: at half the capacity it happens to one in thousands.
    explicit ShardedTable(std::size_t capacity)
        : m_setsPerShard(std::bit_ceil((capacity + kShards * kWays - 1) / (kShards * kWays)))
    {
        for (Shard& shard : m_shards)
            shard.entries.resize(m_setsPerShard * kWays);
    }

    std::size_t capacity() const { return kShards * m_setsPerShard * kWays; }

    /// Calls `change` with the key's value under its shard's lock; a new key begins with Value{}.
    template <class Change>
    void update(std::uint32_t key, Change&& change)
    {
        const std::uint64_t hash = hashOf(key);
        Shard& shard = m_shards[shardOf(hash)];
        const std::scoped_lock lock(shard.mutex);
        Entry& entry = claim(shard, setOf(hash), key);
        entry.updated = ++shard.updates;
        change(entry.value);
    }

    std::optional<Value> find(std::uint32_t key) const
    {
        const std::uint64_t hash = hashOf(key);
        const Shard& shard = m_shards[shardOf(hash)];
        const std::scoped_lock lock(shard.mutex);
        const Entry* entry = shard.entries.data() + setOf(hash);
        for (std::size_t way = 0; way < kWays; ++way, ++entry) {
            if (entry->updated != 0 && entry->key == key)
                return entry->value;
        }
        return std::nullopt;
    }

    /// Calls `visit(key, value)` for all of them, one shard's lock at a time.
    template <class Visit>
    void visit(Visit&& visit) const
    {
        for (const Shard& shard : m_shards) {
            const std::scoped_lock lock(shard.mutex);
            for (const Entry& entry : shard.entries) {
                if (entry.updated != 0)
                    visit(entry.key, entry.value);
            }
        }
    }

    /// How many keys had to make room.
    std::uint64_t displaced() const
    {
        std::uint64_t sum = 0;
        for (const Shard& shard : m_shards) {
            const std::scoped_lock lock(shard.mutex);
            sum += shard.displaced;
        }
        return sum;
    }

private:
    struct Entry {
        std::uint64_t updated = 0; // the shard's count of updates then; 0: empty
        std::uint32_t key = 0;
        Value value{};
    };
    struct alignas(64) Shard {
        mutable std::mutex mutex;
        std::vector<Entry> entries;
        std::uint64_t updates = 0;
        std::uint64_t displaced = 0;
    };

    // Numbers of users and videos are dense: mixed, or neighbours would share a set.
    static std::uint64_t hashOf(std::uint32_t key)
    {
        std::uint64_t hash = key * std::uint64_t{0x9E3779B97F4A7C15};
        return hash ^ (hash >> 29);
    }
    static std::size_t shardOf(std::uint64_t hash) { return hash % kShards; }
    std::size_t setOf(std::uint64_t hash) const { return ((hash >> 32) & (m_setsPerShard - 1)) * kWays; }

    static Entry& claim(Shard& shard, std::size_t set, std::uint32_t key)
    {
        Entry* oldest = shard.entries.data() + set;
        Entry* entry = oldest;
        for (std::size_t way = 0; way < kWays; ++way, ++entry) {
            if (entry->updated != 0 && entry->key == key)
                return *entry;
            if (entry->updated < oldest->updated)
                oldest = entry;
        }
        shard.displaced += oldest->updated != 0 ? 1 : 0;
        oldest->key = key;
        oldest->value = Value{};
        return *oldest;
    }

    const std::size_t m_setsPerShard;
    std::array<Shard, kShards> m_shards;
};

} // namespace eventscope::core
