// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/log_memory.h"

#include <cassert>
#include <new>

#include <sys/mman.h>

namespace eventscope::core {

void UnmapPages::operator()(void* pages) const noexcept
{
    if (pages) {
        ::munmap(pages, size);
    }
}

void* mapPages(std::size_t bytes)
{
    void* pages = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return pages == MAP_FAILED ? nullptr : pages;
}

LogArena::LogArena() : m_blocks(mapArray<char*>(kMaxBlocks))
{
    if (!m_blocks) {
        throw std::bad_alloc();
    }
}

char* LogArena::reserve(std::size_t size)
{
    assert(size <= kLargestInline);
    const bool first = m_owned.empty();
    m_lead = m_sealed ? 1 : 0;
    if (first || m_end % kBlockSize + m_lead + size + kSlack > kBlockSize) {
        if (m_owned.size() == kMaxBlocks) {
            return nullptr;
        }
        MappedArray<char> block = mapArray<char>(kBlockSize);
        if (!block) {
            return nullptr;
        }
        m_held += first ? 0 : kBlockSize - m_end % kBlockSize;
        m_end = m_owned.size() * kBlockSize;
        m_blocks[m_owned.size()] = block.get();
        m_owned.push_back(std::move(block));
        m_lead = 0;
    }
    return m_blocks[m_end / kBlockSize] + m_end % kBlockSize + m_lead;
}

std::uint64_t LogArena::commit(std::size_t size)
{
    m_end += m_lead + size;
    m_held += m_lead + size;
    m_sealed = false;
    return m_end;
}

void LogArena::seal(char mark)
{
    if (!m_sealed && !m_owned.empty()) {
        m_sealed = true;
        m_blocks[m_end / kBlockSize][m_end % kBlockSize] = mark;
    }
}

char* LogArena::allocateLarge(std::size_t size)
{
    MappedArray<char> memory = mapArray<char>(size + kSlack);
    if (!memory) {
        return nullptr;
    }
    m_held += size + kSlack;
    m_large.push_back(std::move(memory));
    return m_large.back().get();
}

} // namespace eventscope::core
