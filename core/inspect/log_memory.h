// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
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
    static constexpr std::size_t kBlockSize = std::size_t{8} << 20;
    /// Readable behind every record, because simdjson reads in whole registers.
    static constexpr std::size_t kSlack = 64;
    /// The largest record that lies within a block; a larger one gets memory of its own.
    static constexpr std::size_t kLargestInline = std::size_t{256} << 10;

    LogArena();

    /// Room for up to `size` <= kLargestInline bytes, or null when memory is used up.
    char* reserve(std::size_t size);
    /// Keeps the first `size` bytes of what was reserved last; returns the address of their end.
    std::uint64_t commit(std::size_t size);
    /// Ends a run of records that is about to be published: the byte behind it gets `mark` for good.
    /// Parsers look at the byte behind a text, and that one would else be written while they do.
    /// The next record in the same block begins with it.
    void seal(char mark);
    /// Memory outside of the blocks for a record of any size, or null.
    char* allocateLarge(std::size_t size);

    std::uint64_t end() const { return m_end; }
    std::size_t heldBytes() const { return m_held; }

    /// A record reaches from the end of the one before it, or from its block's beginning when that
    /// end lies in another block, to its own end.
    const char* recordBegin(std::uint64_t previousEnd, std::uint64_t recordEnd) const
    {
        const std::uint64_t block = recordEnd / kBlockSize;
        return m_blocks[block] + (previousEnd / kBlockSize == block ? previousEnd % kBlockSize : 0);
    }
    const char* recordEnd(std::uint64_t recordEnd) const
    {
        return m_blocks[recordEnd / kBlockSize] + recordEnd % kBlockSize;
    }

private:
    static constexpr std::size_t kMaxBlocks = std::size_t{1} << 17; // 1 TiB

    MappedArray<char*> m_blocks; // read without a lock, so it must not move either
    std::vector<MappedArray<char>> m_owned;
    std::vector<MappedArray<char>> m_large;
    std::uint64_t m_end = 0;
    bool m_sealed = false;
    std::size_t m_lead = 0; ///< of the record being written: 1 when it begins with a mark
    std::size_t m_held = 0;
};

} // namespace eventscope::core
