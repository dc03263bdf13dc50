// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/name_table.h"

namespace eventscope::core {

NameTable::~NameTable()
{
    for (const auto& slot : m_chunks) {
        const std::unique_ptr<Chunk> chunk(slot.load(std::memory_order_relaxed));
        if (chunk == nullptr)
            continue;
        for (const auto& name : *chunk)
            delete name.load(std::memory_order_relaxed);
    }
}

const std::string* NameTable::put(std::int64_t id, std::string_view name)
{
    const auto index = static_cast<std::size_t>(id);
    if (index >= kChunks * kChunkSize)
        return nullptr;
    const std::scoped_lock lock(m_joining);
    auto& slot = m_chunks[index / kChunkSize];
    Chunk* chunk = slot.load(std::memory_order_relaxed);
    if (chunk == nullptr) {
        chunk = std::make_unique<Chunk>().release();
        slot.store(chunk, std::memory_order_release);
    }
    auto& place = (*chunk)[index % kChunkSize];
    if (const std::string* there = place.load(std::memory_order_relaxed); there != nullptr)
        return there;
    const std::string* const joined = std::make_unique<const std::string>(name).release();
    place.store(joined, std::memory_order_release);
    return joined;
}

} // namespace eventscope::core
