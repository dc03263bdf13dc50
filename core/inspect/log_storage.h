// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"
#include "inspect/log_chunk.h"
#include "inspect/log_holds.h"
#include "inspect/log_memory.h"
#include "inspect/log_pages.h"
#include "inspect/log_record.h"
#include "inspect/narrow_column.h"
#include "inspect/text_table.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace eventscope::core {

/// Where the log's rows lie and how one is read. LogWriter fills it; whoever reads must have learnt of
/// the row through the log's published count. // any thread
class LogStorage {
public:
    static constexpr std::size_t kMaxChunks = std::size_t{1} << 16; // 4 295 million rows
    /// A chunk's times reach 4.4 years back from its first one, and as far ahead.
    static constexpr std::int64_t kTimeBias = std::int64_t{1} << 47;

    explicit LogStorage(LogPages::Options options);

    LogEvent event(LogRow row) const;
    Timestamp timeOf(LogRow row) const;
    TextId typeOf(LogRow row) const;
    TextId sourceOf(LogRow row) const;
    TextId streamOf(LogRow row) const { return chunkOf(row).stream[row % LogChunk::kRows]; }
    TextId correlationOf(LogRow row) const { return chunkOf(row).correlation[row % LogChunk::kRows]; }
    IdText idOf(LogRow row) const;
    void visitHeaders(LogRow row, const std::function<void(HeaderView)>& take) const;

    const LogChunk& chunkOf(LogRow row) const { return *chunks[row / LogChunk::kRows]; }
    /// An empty one when the row has been dropped.
    LogRecord recordOf(LogRow row) const;
    /// The arena's address behind the row's record; of a row that has not been dropped, under a hold.
    std::uint64_t recordEndOf(LogRow row) const { return chunkOf(row).endOf(row % LogChunk::kRows); }
    std::uint64_t recordEndBefore(LogRow row) const { return chunkOf(row).endBefore(row % LogChunk::kRows); }
    bool isDropped(LogRow row) const;

    TextTable texts;
    LogPages pages;
    LogArena arena;
    LogHolds holds;
    std::atomic<LogRow> firstRow{0}; ///< those before it have been dropped
    NarrowColumn<std::uint16_t> types;
    NarrowColumn<std::uint8_t> sources;
    MappedArray<LogChunk*> chunks;
    static constexpr std::size_t kMaxHeaderSets = std::size_t{1} << 16;
    MappedArray<TextId> headerSets; ///< from 1: the headers, as they lie in a record, behind their count
    NarrowColumn<std::uint16_t> headerNames;
    std::atomic<std::uint32_t> headerSetCount{0};

private:
    IdText resolve(LogRow row, const StoredId& id, std::string_view payload) const;
};

} // namespace eventscope::core
