// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace eventscope::core {

/// Names by small dense ids, as interned in a database. Names only join: a reader looks one up for
/// every event, so it takes no lock, and what it found stays valid as long as the table. // any thread
class NameTable {
public:
    NameTable() = default;
    ~NameTable();
    NameTable(const NameTable&) = delete;
    NameTable& operator=(const NameTable&) = delete;

    /// nullptr when it is not known (yet).
    const std::string* find(std::int64_t id) const;

    /// Ids that are out of proportion (more than 64 million) are refused with nullptr.
    const std::string* put(std::int64_t id, std::string_view name);

private:
    static constexpr std::size_t kChunkSize = 4096;
    static constexpr std::size_t kChunks = 16384;
    using Chunk = std::array<std::atomic<const std::string*>, kChunkSize>;

    std::array<std::atomic<Chunk*>, kChunks> m_chunks{};
    std::mutex m_joining;
};

inline const std::string* NameTable::find(std::int64_t id) const
{
    const auto index = static_cast<std::size_t>(id);
    if (index >= kChunks * kChunkSize)
        return nullptr;
    const Chunk* chunk = m_chunks[index / kChunkSize].load(std::memory_order_acquire);
    return chunk == nullptr ? nullptr : (*chunk)[index % kChunkSize].load(std::memory_order_acquire);
}

} // namespace eventscope::core
