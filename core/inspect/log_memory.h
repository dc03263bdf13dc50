// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/log_pages.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace eventscope::core {

/// Zeroed pages straight from the system, given back as a whole: untouched pages cost nothing, and
/// the heap stays free of holes of this size. Null when the system has none left.
struct UnmapPages {
    std::size_t size = 0;
    void operator()(void* pages) const noexcept;
};
template <class T>
using MappedArray = std::unique_ptr<T[], UnmapPages>;

void* mapPages(std::size_t bytes);

/// T must be happy with all its bytes zero.
template <class T>
MappedArray<T> mapArray(std::size_t count)
{
    return MappedArray<T>(static_cast<T*>(mapPages(count * sizeof(T))), UnmapPages{count * sizeof(T)});
}

/// Bytes of any length, one after another in blocks that never move. An address is a number that
/// grows, so a column of small differences can hold it; one writer at a time, and whoever learns an
/// address through a release and acquire pair may read what was written before.
class LogArena {
public:
    static constexpr std::size_t kBlockSize = LogPages::kBlock;
    /// Readable behind every record, because simdjson reads in whole registers.
    static constexpr std::size_t kSlack = 64;
    /// The largest record that lies within a block; a larger one gets memory of its own.
    static constexpr std::size_t kLargestInline = std::size_t{256} << 10;

    explicit LogArena(LogPages& pages);

    /// Whether a record of up to `size` <= kLargestInline bytes lies in the block begun last.
    bool fits(std::size_t size) const;
    /// Begins a block; false when there are no pages for it.
    bool addBlock(LogPages::Place place);
    /// Room for up to `size` bytes, which fit.
    char* reserve(std::size_t size);
    /// Keeps the first `size` bytes of what was reserved last; returns the address of their end.
    std::uint64_t commit(std::size_t size);
    /// Ends a run of records that is about to be published: the byte behind it gets `mark` for good.
    /// Parsers look at the byte behind a text, and that one would else be written while they do.
    /// The next record in the same block begins with it.
    void seal(char mark);
    /// Memory outside of the blocks for a record of any size, or null. It goes with the latest block.
    char* allocateLarge(std::size_t size, LogPages::Place place);
    /// Ends the oldest block that there still is: its pages are the caller's to give back.
    void dropBlock(std::vector<LogPages::Pages>& dropped);

    std::uint64_t end() const { return m_end; }
    std::size_t blocks() const { return m_owned.size(); }   ///< begun
    std::size_t droppedBlocks() const { return m_dropped; } ///< of these
    std::size_t heldBytes() const { return m_held[0] + m_held[1]; }
    std::size_t diskBytes() const { return m_held[1]; }            ///< of these
    LogPages::Place place() const { return m_owned.back().place; } ///< of the block begun last

    /// A record reaches from the end of the one before it, or from its block's beginning when that
    /// end lies in another block, to its own end.
    const char* recordBegin(std::uint64_t previousEnd, std::uint64_t recordEnd) const
    {
        const std::uint64_t block = recordEnd / kBlockSize;
        return m_blocks[block] + (previousEnd / kBlockSize == block ? previousEnd % kBlockSize : 0);
    }
    const char* recordEnd(std::uint64_t recordEnd) const { return at(recordEnd); }
    /// The byte at an address.
    const char* at(std::uint64_t address) const { return m_blocks[address / kBlockSize] + address % kBlockSize; }

private:
    static constexpr std::size_t kMaxBlocks = std::size_t{1} << 22; // 32 TiB

    struct Large {
        std::size_t block = 0;
        LogPages::Pages pages;
    };
    std::size_t& held(LogPages::Place place) { return m_held[static_cast<std::size_t>(place)]; }

    LogPages& m_pages;
    MappedArray<char*> m_blocks; // read without a lock, so it must not move either
    std::vector<LogPages::Pages> m_owned;
    std::deque<Large> m_large;
    std::uint64_t m_end = 0;
    bool m_sealed = false;
    std::size_t m_lead = 0; ///< of the record being written: 1 when it begins with a mark
    std::size_t m_dropped = 0;
    std::array<std::size_t, 2> m_held{}; // by place; blocks but the last are held whole
};

} // namespace eventscope::core
