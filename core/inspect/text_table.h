// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/log_memory.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace eventscope::core {

class ByteSearch;

/// Texts that repeat, each kept once and known by a number; 0 is the empty text. One writer at a
/// time; readers take no lock and never wait. A text never moves and lives as long as the table.
class TextTable {
public:
    TextTable();
    ~TextTable();
    TextTable(const TextTable&) = delete;
    TextTable& operator=(const TextTable&) = delete;

    /// The writer. 0 for a text that is not empty means that memory or numbers are used up.
    std::uint32_t intern(std::string_view text);

    /// Any thread; the number must have come out of this table.
    std::string_view text(std::uint32_t id) const;
    /// Any thread. False: nobody has interned that text yet.
    bool find(std::string_view text, std::uint32_t& id) const;
    std::uint32_t count() const { return m_count.load(std::memory_order_acquire); } ///< numbers below it are taken
    /// Calls take(id) for each text in [from, to) that contains what the search looks for; to <= count().
    /// Goes through the texts' bytes as they lie, so it costs far less than looking at each. // any thread
    void findContaining(const ByteSearch& search, std::uint32_t from, std::uint32_t to,
        const std::function<void(std::uint32_t)>& take) const;
    std::size_t heldBytes() const { return m_held.load(std::memory_order_relaxed); }

private:
    struct Slots;
    /// Texts lie one behind the other in a block, in the order of their numbers.
    struct Block {
        MappedArray<char> bytes;
        std::uint32_t first = 0; ///< number
    };
    const char* entryOf(std::uint32_t id) const { return m_segments[id / kSegmentSize][id % kSegmentSize]; }
    static constexpr std::size_t kSegmentSize = std::size_t{1} << 16;
    static constexpr std::size_t kMaxSegments = std::size_t{1} << 15;

    const char* store(std::uint32_t id, std::string_view text);
    bool grow();

    MappedArray<const char**> m_segments; // of entries: length as varint, then the text
    std::vector<MappedArray<const char*>> m_ownedSegments;
    static constexpr std::size_t kMaxBlocks = std::size_t{1} << 18;
    MappedArray<Block> m_blocks; // read without a lock, once counted
    std::atomic<std::size_t> m_blockCount{0};
    char* m_free = nullptr;
    std::size_t m_freeSize = 0;

    std::atomic<Slots*> m_slots{nullptr};
    std::unique_ptr<Slots> m_current;
    std::vector<std::unique_ptr<Slots>> m_retired; // until no reader can be in them
    std::size_t m_slotsHeld = 0;
    mutable std::atomic<std::uint32_t> m_readers{0};
    std::atomic<std::uint32_t> m_count{1};
    std::atomic<std::size_t> m_held{0};
};

} // namespace eventscope::core
