// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/row_mask.h"
#include "inspect/log_storage.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace eventscope::core {

/// Where a text occurs in the records of a window of rows, all in one chunk and under a hold. The bytes
/// of the arena are looked through as they lie, block by block, which is several times as fast as row
/// by row; only a hit is led back to its row. Records outside of the blocks are not looked into.
/// `Search` finds something of size() bytes. // see ByteSearch
template <class Search>
class RecordScan {
public:
    RecordScan(const LogStorage& storage, const Search& search, LogRow from)
        : m_arena(storage.arena)
        , m_chunk(storage.chunkOf(from))
        , m_base(static_cast<std::size_t>(from % LogChunk::kRows))
        , m_search(search)
    {
    }

    /// Calls take(row of the window, record's begin, its end, hit) for the hits in those rows. True: the
    /// row is done with, false: its next hit is of interest as well.
    template <class Take>
    void scan(const RowMask& rows, Take take) const
    {
        for (std::size_t row = 0; row < rows.rows();) {
            const std::size_t stop = endOfBlock(row, rows.rows());
            scanBlock(row, stop, rows, take);
            row = stop;
        }
    }

    /// A few of the bytes that a scan of the first `rows` rows of the window goes through, to learn from.
    std::string_view sample(std::size_t rows) const
    {
        constexpr std::size_t kEnough = 16384;
        const char* const begin = beginOf(0);
        const auto size = static_cast<std::size_t>(endOf(endOfBlock(0, rows) - 1) - begin);
        return {begin, std::min(size, kEnough)};
    }

    /// Calls take(row of the window) for those whose record may lie outside of the blocks.
    template <class Take>
    void forEachOutside(const RowMask& rows, Take take) const
    {
        if ((m_chunk.kinds.load(std::memory_order_relaxed) & LogChunk::kLargeRecord) == 0)
            return;
        rows.forEach([&](std::size_t row) {
            if (static_cast<std::size_t>(endOf(row) - beginOf(row)) <= kLargeRecordStub + 1)
                take(row);
        });
    }

private:
    std::uint64_t addressOfEnd(std::size_t row) const { return m_chunk.endOf(m_base + row); }
    const char* beginOf(std::size_t row) const
    {
        return m_arena.recordBegin(m_chunk.endBefore(m_base + row), addressOfEnd(row));
    }
    const char* endOf(std::size_t row) const { return m_arena.recordEnd(addressOfEnd(row)); }

    /// The first row behind `row` that ends in another block.
    std::size_t endOfBlock(std::size_t row, std::size_t rows) const
    {
        const std::uint64_t block = addressOfEnd(row) / LogArena::kBlockSize;
        const std::uint64_t next = (block + 1) * LogArena::kBlockSize;
        return addressOfEnd(rows - 1) < next ? rows : firstPast(row, rows, next);
    }

    /// The first row in [row, stop) that ends behind the address; stop when there is none.
    std::size_t firstPast(std::size_t row, std::size_t stop, std::uint64_t address) const
    {
        std::size_t step = 1;
        while (row + step < stop && addressOfEnd(row + step) <= address)
            step *= 2;
        std::size_t low = row;
        std::size_t high = std::min(row + step, stop);
        while (low < high) {
            const std::size_t middle = low + (high - low) / 2;
            if (addressOfEnd(middle) <= address)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    template <class Take>
    void scanBlock(std::size_t row, std::size_t stop, const RowMask& rows, Take& take) const
    {
        const std::uint64_t block = addressOfEnd(row) / LogArena::kBlockSize * LogArena::kBlockSize;
        const char* const base = m_arena.at(block);
        const char* const end = endOf(stop - 1);
        const char* at = beginOf(row);
        while ((at = m_search.find(at, end)) != nullptr) {
            row = firstPast(row, stop, block + static_cast<std::uint64_t>(at - base));
            const char* const recordEnd = endOf(row);
            const bool within = at + m_search.size() <= recordEnd;
            if (within && (!rows.has(row) || take(row, beginOf(row), recordEnd, at))) {
                at = recordEnd;
                if (++row == stop)
                    return;
            } else {
                ++at;
            }
        }
    }

    const LogArena& m_arena;
    const LogChunk& m_chunk;
    const std::size_t m_base;
    const Search& m_search;
};

} // namespace eventscope::core
