// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/row_list.h"

#include <algorithm>
#include <utility>

namespace eventscope::core {

std::uint64_t RowList::firstNotBefore(LogRow row, std::uint64_t count) const
{
    std::uint64_t low = 0;
    std::uint64_t high = count;
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        if (at(middle) < row) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool RowList::append(std::span<const std::uint32_t> rows)
{
    const std::uint64_t begin = m_count.load(std::memory_order_relaxed);
    const std::uint64_t end = begin + rows.size();
    // Not sooner: who makes a list may be the GUI's thread, and mapping waits for whoever touches pages.
    if (!m_segments && !rows.empty()) {
        m_segments = mapArray<std::uint32_t*>(kMaxSegments);
        if (!m_segments) {
            return false;
        }
    }
    while (m_owned.size() * kSegment < end) {
        MappedArray<std::uint32_t> segment
            = m_owned.size() < kMaxSegments ? mapArray<std::uint32_t>(kSegment) : MappedArray<std::uint32_t>{};
        if (!segment) {
            return false;
        }
        m_segments[m_owned.size()] = segment.get();
        m_owned.push_back(std::move(segment));
    }
    for (std::uint64_t i = begin; i < end;) {
        const std::uint64_t count = std::min<std::uint64_t>(end - i, kSegment - i % kSegment);
        std::copy_n(
            rows.begin() + static_cast<std::ptrdiff_t>(i - begin), count, m_segments[i / kSegment] + i % kSegment);
        i += count;
    }
    m_count.store(end, std::memory_order_release);
    return true;
}

} // namespace eventscope::core
