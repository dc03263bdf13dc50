// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/text_table.h"

#include "inspect/filter/byte_search.h"
#include "inspect/varint.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <new>

namespace eventscope::core {

/// Open addressing; a slot is the upper half of the hash and the number, 0 where nothing is.
struct TextTable::Slots {
    MappedArray<std::atomic<std::uint64_t>> slots;
    std::size_t mask = 0;
};

namespace {

constexpr std::size_t kFirstSlots = 1024;
constexpr std::size_t kFirstBlock = std::size_t{16} << 10;
constexpr std::size_t kLargestBlock = std::size_t{1} << 20;

constexpr char kEmptyEntry[] = {0};

std::uint64_t hashOf(std::string_view text)
{
    // Spread once more: the table uses both ends of the value.
    return std::hash<std::string_view>{}(text)*0x9e3779b97f4a7c15U;
}

std::uint64_t slotValue(std::uint64_t hash, std::uint32_t id)
{
    return (hash & 0xffffffff00000000U) | id;
}

std::size_t homeOf(std::uint64_t hash, std::size_t mask)
{
    // Of the upper half as well, so that a slot says where it belongs when the table grows.
    return static_cast<std::size_t>(hash >> 32) & mask;
}

/// Counts a reader in for its lifetime, so that no table is freed under it.
class ReaderCount {
public:
    explicit ReaderCount(std::atomic<std::uint32_t>& count) : m_count(count) { m_count.fetch_add(1); }
    ~ReaderCount() { m_count.fetch_sub(1); }
    ReaderCount(const ReaderCount&) = delete;
    ReaderCount& operator=(const ReaderCount&) = delete;

private:
    std::atomic<std::uint32_t>& m_count;
};

} // namespace

TextTable::TextTable() : m_segments(mapArray<const char**>(kMaxSegments)), m_blocks(mapArray<Block>(kMaxBlocks))
{
    if (!m_segments || !m_blocks || !grow()) {
        throw std::bad_alloc();
    }
    m_ownedSegments.push_back(mapArray<const char*>(kSegmentSize));
    if (!m_ownedSegments.front()) {
        throw std::bad_alloc();
    }
    m_segments[0] = m_ownedSegments.front().get();
    m_segments[0][0] = kEmptyEntry;
}

TextTable::~TextTable()
{
    for (std::size_t i = 0; i < m_blockCount.load(std::memory_order_relaxed); ++i) {
        m_blocks[i].bytes.reset();
    }
}

std::string_view TextTable::text(std::uint32_t id) const
{
    const char* entry = entryOf(id);
    const std::size_t size = takeVarint(entry);
    return {entry, size};
}

bool TextTable::find(std::string_view wanted, std::uint32_t& id) const
{
    if (wanted.empty()) {
        id = 0;
        return true;
    }
    const std::uint64_t hash = hashOf(wanted);
    const ReaderCount counted(m_readers);
    const Slots& table = *m_slots.load();
    for (std::size_t i = homeOf(hash, table.mask);; i = (i + 1) & table.mask) {
        const std::uint64_t slot = table.slots[i].load(std::memory_order_acquire);
        if (slot == 0) {
            return false;
        }
        const auto candidate = static_cast<std::uint32_t>(slot);
        if (slot == slotValue(hash, candidate) && text(candidate) == wanted) {
            id = candidate;
            return true;
        }
    }
}

std::uint32_t TextTable::intern(std::string_view wanted)
{
    if (wanted.empty()) {
        return 0;
    }
    const std::uint64_t hash = hashOf(wanted);
    std::size_t i = homeOf(hash, m_current->mask);
    for (;; i = (i + 1) & m_current->mask) {
        const std::uint64_t slot = m_current->slots[i].load(std::memory_order_relaxed);
        if (slot == 0) {
            break;
        }
        const auto candidate = static_cast<std::uint32_t>(slot);
        if (slot == slotValue(hash, candidate) && text(candidate) == wanted) {
            return candidate;
        }
    }
    const std::uint32_t id = m_count.load(std::memory_order_relaxed);
    const std::size_t segment = id / kSegmentSize;
    if (segment == kMaxSegments) {
        return 0;
    }
    if (segment == m_ownedSegments.size()) {
        MappedArray<const char*> fresh = mapArray<const char*>(kSegmentSize);
        if (!fresh) {
            return 0;
        }
        m_segments[segment] = fresh.get();
        m_ownedSegments.push_back(std::move(fresh));
    }
    const char* entry = store(id, wanted);
    if (!entry) {
        return 0;
    }
    m_segments[segment][id % kSegmentSize] = entry;
    m_current->slots[i].store(slotValue(hash, id), std::memory_order_release);
    m_count.store(id + 1, std::memory_order_release);
    m_held.fetch_add(sizeof(const char*), std::memory_order_relaxed);
    // At 85 % full; a table that cannot grow any more still works, only slower.
    if (std::uint64_t{id} * 20 > (m_current->mask + 1) * 17 && !grow() && std::uint64_t{id} + 2 > m_current->mask) {
        return 0;
    }
    return id;
}

void TextTable::findContaining(const ByteSearch& search, std::uint32_t from, std::uint32_t to,
    const std::function<void(std::uint32_t)>& take) const
{
    const std::size_t blocks = m_blockCount.load(std::memory_order_acquire);
    for (std::size_t block = 0; block < blocks; ++block) {
        const std::uint32_t begin = std::max(m_blocks[block].first, from);
        const std::uint32_t end = block + 1 < blocks ? std::min(m_blocks[block + 1].first, to) : to;
        if (begin >= end) {
            continue;
        }
        const std::string_view last = text(end - 1);
        const char* const stop = last.data() + last.size();
        std::uint32_t id = begin;
        for (const char* at = entryOf(begin); (at = search.find(at, stop)) != nullptr;) {
            while (id + 1 < end && entryOf(id + 1) <= at) {
                // By halves where the next hit is far.
                std::uint32_t step = 1;
                while (id + 2 * step < end && entryOf(id + 2 * step) <= at) {
                    step *= 2;
                }
                id += step;
            }
            // It may have been the length in front of a text, or two of them: look at the text itself.
            if (search.foundIn(text(id))) {
                take(id);
            }
            if (++id == end) {
                break;
            }
            at = entryOf(id);
        }
    }
}

const char* TextTable::store(std::uint32_t id, std::string_view text)
{
    const std::size_t needed = text.size() + kLongestVarint;
    if (needed > m_freeSize) {
        const std::size_t blocks = m_blockCount.load(std::memory_order_relaxed);
        if (blocks == kMaxBlocks) {
            return nullptr;
        }
        const std::size_t doubled = kFirstBlock << std::min<std::size_t>(blocks, 6);
        const std::size_t size = std::max(std::min(doubled, kLargestBlock), needed);
        MappedArray<char> block = mapArray<char>(size);
        if (!block) {
            return nullptr;
        }
        m_free = block.get();
        m_freeSize = size;
        m_blocks[blocks] = {std::move(block), id};
        m_blockCount.store(blocks + 1, std::memory_order_release);
    }
    char* const entry = m_free;
    char* const begin = putVarint(entry, text.size());
    std::memcpy(begin, text.data(), text.size());
    const auto used = static_cast<std::size_t>(begin - entry) + text.size();
    m_free += used;
    m_freeSize -= used;
    m_held.fetch_add(used, std::memory_order_relaxed);
    return entry;
}

bool TextTable::grow()
{
    auto bigger = std::make_unique<Slots>();
    const std::size_t size = m_current ? (m_current->mask + 1) * 2 : kFirstSlots;
    bigger->slots = mapArray<std::atomic<std::uint64_t>>(size);
    if (!bigger->slots) {
        return false;
    }
    bigger->mask = size - 1;
    if (m_current) {
        for (std::size_t i = 0; i <= m_current->mask; ++i) {
            const std::uint64_t slot = m_current->slots[i].load(std::memory_order_relaxed);
            if (slot != 0) {
                std::size_t to = homeOf(slot, bigger->mask);
                while (bigger->slots[to].load(std::memory_order_relaxed) != 0) {
                    to = (to + 1) & bigger->mask;
                }
                bigger->slots[to].store(slot, std::memory_order_relaxed);
            }
        }
        m_retired.push_back(std::move(m_current));
    }
    m_current = std::move(bigger);
    m_slots.store(m_current.get());
    // Both sides are sequentially consistent: a reader that is not counted yet will load the new table.
    if (m_readers.load() == 0) {
        m_retired.clear();
    }
    std::size_t slots = m_current->mask + 1;
    for (const auto& retired : m_retired) {
        slots += retired->mask + 1;
    }
    m_held.fetch_add((slots - m_slotsHeld) * sizeof(std::uint64_t), std::memory_order_relaxed);
    m_slotsHeld = slots;
    return true;
}

} // namespace eventscope::core
