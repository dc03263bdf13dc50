// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/log_record.h"
#include "inspect/log_storage.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// Fills the log's storage, row by row, up to a budget. // one thread at a time
class LogWriter {
public:
    struct Limits {
        std::size_t budgetBytes = 0;
        std::size_t memoryBytes = 0;
        LogAtLimit atLimit = LogAtLimit::Stop;
    };
    LogWriter(LogStorage& storage, const Limits& limits);

    /// Where the log stops at its limit, once a row was refused all later ones are: what is kept is the
    /// beginning, without holes.
    void write(std::span<const SourceEvent> batch);
    /// With new limits, what was refused until now stays refused, and what comes may be kept again.
    void setLimits(const Limits& limits);

    struct Totals {
        LogRow rows = 0;
        std::uint64_t payloadBytes = 0, refused = 0, undecodable = 0;
    };
    const Totals& totals() const { return m_totals; }
    std::uint64_t droppedPayloadBytes() const;
    std::size_t heldBytes() const { return m_storage.arena.heldBytes() + m_storage.texts.heldBytes() + m_columnBytes; }
    const Limits& limits() const { return m_limits; }
    /// What keeps it from holding more; None while nothing does.
    LogLimit reached() const { return m_reached; }

private:
    /// Rows + 1 by the hash of something they hold, the latest each; 0 where there is none. A guess:
    /// whoever asks compares.
    using RecentRows = std::vector<std::uint32_t>;
    struct RecentHeaders {
        std::uint64_t hash = 0;
        std::uint32_t row = 0; ///< + 1; 0 there is none
        std::uint32_t set = 0; ///< as soon as they came a second time
    };
    static constexpr std::size_t kRecentIds = std::size_t{1} << 16;
    static constexpr std::size_t kRecentHeaders = std::size_t{1} << 10;
    /// Within one batch the views do not change, so the same place is the same text.
    struct LastText {
        const char* data = nullptr;
        std::size_t size = 0;
        TextId id = 0;
    };
    /// Where a block of the arena begins.
    struct Block {
        LogRow firstRow = 0;
        std::uint64_t payloadBytes = 0; ///< of the rows before it
    };
    /// A row's values for the columns of fixed width.
    struct Columns {
        TextId source = 0, stream = 0, type = 0, correlation = 0;
        std::uint16_t typePlace = 0;
        std::uint8_t sourcePlace = 0;
        std::uint64_t timeOffset = 0;
    };

    bool writeRow(const SourceEvent& event);
    LogChunk* chunkToFill();
    bool internTexts(const SourceEvent& event, Columns& columns);
    template <std::size_t Size>
    TextId intern(std::array<LastText, Size>& last, std::string_view text);
    LogRecord recordOf(const SourceEvent& event, const Columns& columns, LogChunk& chunk, std::size_t index) const;
    std::string_view setOf(const StoredHeaders& headers);
    bool fillHeaders(const SourceEvent& event, LogRecord& record);
    StoredId idForm(std::string_view id, std::string_view payload, std::uint8_t* uuid) const;
    StoredId causationForm(const SourceEvent& event, std::uint8_t* uuid, bool& earlierIsUuid) const;
    bool makeRoom(std::size_t needed, std::size_t inBlock);
    bool addBlock();
    bool dropOldest();
    void reclaim();
    LogPages::Place placeFor(std::size_t size) const;
    void prepareNext();
    bool writeRecord(const SourceEvent& event, LogRecord& record, LogChunk& chunk, std::uint64_t& end);
    void fillColumns(LogChunk& chunk, std::size_t index, const Columns& columns);
    void remember(const SourceEvent& event, const LogRecord& record);

    LogStorage& m_storage;
    Limits m_limits;
    std::vector<LogPages::Pages> m_chunks;
    std::vector<std::uint32_t> m_chunkBytes; ///< of the columns in use
    std::vector<Block> m_blocks;
    std::size_t m_droppedChunks = 0;
    std::vector<LogPages::Pages> m_dropped; ///< pages that somebody may still read
    std::vector<LogPages::Pages> m_asked;   ///< the same, until those have left that were in when it was asked
    Totals m_totals;
    std::size_t m_columnBytes = 0;
    bool m_full = false;
    bool m_blockPrepared = false;
    bool m_chunkPrepared = false;
    LogLimit m_reached = LogLimit::None;
    std::array<LastText, 16> m_lastSources, m_lastTypes;
    std::array<LastText, 1> m_lastStream, m_lastCorrelation;
    RecentRows m_recentIds;
    std::vector<RecentHeaders> m_recentHeaders;
    std::uint32_t m_headerSets = 0;
    std::string m_headers; // of the row being written
    std::string m_headerSet;
};

} // namespace eventscope::core
