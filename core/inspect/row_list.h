// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"
#include "inspect/log_memory.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace eventscope::core {

/// Rows of the log in ascending order, growing at the end, four bytes each. One writer; readers take
/// no lock and see what was there when they asked for the count.
class RowList {
public:
    std::uint64_t count() const { return m_count.load(std::memory_order_acquire); } // any thread
    LogRow at(std::uint64_t index) const { return m_segments[index / kSegment][index % kSegment]; }
    /// The index of the first row that is not before `row`, among the first `count`.
    std::uint64_t firstNotBefore(LogRow row, std::uint64_t count) const;

    /// The writer. False when memory is used up: then none of them is kept.
    bool append(std::span<const std::uint32_t> rows);

private:
    static constexpr std::size_t kSegment = std::size_t{1} << 14;
    static constexpr std::size_t kMaxSegments = std::size_t{1} << 18; // all rows that a log can have

    MappedArray<std::uint32_t*> m_segments;
    std::vector<MappedArray<std::uint32_t>> m_owned;
    std::atomic<std::uint64_t> m_count{0};
};

} // namespace eventscope::core
