// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"
#include "inspect/log_chunk.h"
#include "inspect/log_memory.h"
#include "inspect/log_record.h"
#include "inspect/narrow_column.h"
#include "inspect/text_table.h"

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

    LogStorage();

    LogEvent event(LogRow row) const;
    Timestamp timeOf(LogRow row) const;
    TextId typeOf(LogRow row) const;
    TextId sourceOf(LogRow row) const;
    TextId streamOf(LogRow row) const { return chunkOf(row).stream[row % LogChunk::kRows]; }
    TextId correlationOf(LogRow row) const { return chunkOf(row).correlation[row % LogChunk::kRows]; }
    IdText idOf(LogRow row) const;
    void visitHeaders(LogRow row, const std::function<void(HeaderView)>& take) const;

    const LogChunk& chunkOf(LogRow row) const { return *chunks[row / LogChunk::kRows]; }
    LogRecord recordOf(LogRow row) const;

    TextTable texts;
    LogArena arena;
    NarrowColumn<std::uint16_t> types;
    NarrowColumn<std::uint8_t> sources;
    MappedArray<LogChunk*> chunks;
    static constexpr std::size_t kMaxHeaderSets = std::size_t{1} << 16;
    MappedArray<LogRow> headerSets; ///< from 1: a row that has the headers of that set written out

private:
    IdText resolve(LogRow row, const StoredId& id, std::string_view payload) const;
};

} // namespace eventscope::core
