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

LogArena::LogArena(LogPages& pages) : m_pages(pages), m_blocks(mapArray<char*>(kMaxBlocks))
{
    if (!m_blocks) {
        throw std::bad_alloc();
    }
}

bool LogArena::fits(std::size_t size) const
{
    assert(size <= kLargestInline);
    return !m_owned.empty() && m_end % kBlockSize + (m_sealed ? 1 : 0) + size + kSlack <= kBlockSize;
}

bool LogArena::addBlock(LogPages::Place place)
{
    if (m_owned.size() == kMaxBlocks) {
        return false;
    }
    const LogPages::Pages block = m_pages.take(kBlockSize, place);
    if (!block.data) {
        return false;
    }
    if (!m_owned.empty()) {
        held(m_owned.back().place) += kBlockSize - m_end % kBlockSize;
    }
    m_end = m_owned.size() * kBlockSize;
    m_blocks[m_owned.size()] = block.data;
    m_owned.push_back(block);
    m_sealed = false;
    return true;
}

char* LogArena::reserve(std::size_t size)
{
    assert(fits(size));
    static_cast<void>(size);
    m_lead = m_sealed ? 1 : 0;
    return m_blocks[m_end / kBlockSize] + m_end % kBlockSize + m_lead;
}

std::uint64_t LogArena::commit(std::size_t size)
{
    m_end += m_lead + size;
    held(m_owned.back().place) += m_lead + size;
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

char* LogArena::allocateLarge(std::size_t size, LogPages::Place place)
{
    constexpr std::size_t kPage = 4096;
    const LogPages::Pages pages = m_pages.take((size + kSlack + kPage - 1) / kPage * kPage, place);
    if (!pages.data) {
        return nullptr;
    }
    held(place) += pages.size;
    m_large.push_back({m_owned.size() - 1, pages});
    return pages.data;
}

void LogArena::dropBlock(std::vector<LogPages::Pages>& dropped)
{
    assert(m_dropped + 1 < m_owned.size());
    const LogPages::Pages& block = m_owned[m_dropped];
    dropped.push_back(block);
    held(block.place) -= kBlockSize;
    for (; !m_large.empty() && m_large.front().block == m_dropped; m_large.pop_front()) {
        dropped.push_back(m_large.front().pages);
        held(m_large.front().pages.place) -= m_large.front().pages.size;
    }
    ++m_dropped;
}

} // namespace eventscope::core
