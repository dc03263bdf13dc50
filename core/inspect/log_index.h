// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// Where in the log something is: rows by id, by what caused them, by flow, stream and position, and by
/// time. Each of these is made when it is asked for first, of all rows that are there then, and goes on
/// with the log; it takes six bytes a row (the one of times, next to nothing). The first question takes
/// as long as reading that column of every row, later ones some microseconds, whatever the log's size:
/// at most one chunk of rows at the log's end is looked through one by one.
///
/// Rows that were dropped are not found. // any thread, one at a time
class LogIndex {
public:
    /// `log` must outlive this.
    explicit LogIndex(const EventLog& log) : m_log(log) { }

    /// Called for rows in their order; false ends the search.
    using Take = std::function<bool(LogRow)>;

    // Rows from `from` on and below the log's size as of the call. They end early on `stop`.
    void withId(std::string_view id, const Take& take, LogRow from = 0, const std::stop_token& stop = {});
    void causedBy(std::string_view id, const Take& take, LogRow from = 0, const std::stop_token& stop = {});
    void ofFlow(TextId correlation, const Take& take, LogRow from = 0, const std::stop_token& stop = {});
    void ofStream(TextId stream, const Take& take, LogRow from = 0, const std::stop_token& stop = {});
    void atPosition(std::int64_t position, const Take& take, LogRow from = 0, const std::stop_token& stop = {});

    /// Of the rows whose time is not before this one, the earliest; the first of these, where there are
    /// several. Rows without a time do not count.
    std::optional<LogRow> notBefore(Timestamp time, const std::stop_token& stop = {});

    /// Bytes that the indexes take.
    std::size_t heldBytes() const;

private:
    enum class Kind : std::uint8_t { Id, Cause, Flow, Stream, Position };
    static constexpr std::size_t kKinds = 5;
    /// The rows of a chunk by key, and those of one key in their order.
    struct Chunk {
        std::vector<std::uint32_t> keys;
        std::vector<std::uint16_t> rows; ///< within the chunk
    };
    struct Index {
        std::size_t first = 0; ///< chunks before it have been dropped
        std::deque<Chunk> chunks;
    };
    /// Of a run of rows.
    struct Times {
        std::int64_t least = 0, most = 0; ///< least > most: none has a time
        LogRow leastRow = 0;
    };

    std::uint32_t keyOf(Kind kind, LogRow row) const;
    Chunk makeChunk(Kind kind, LogRow begin) const;
    Index& grown(Kind kind, const std::stop_token& stop);
    template <class Is>
    void find(Kind kind, std::uint32_t key, const Is& is, const Take& take, LogRow from, const std::stop_token& stop);
    Times timesOf(LogRow begin, LogRow end) const;

    const EventLog& m_log;
    mutable std::mutex m_mutex;
    std::array<Index, kKinds> m_indexes;
    std::size_t m_firstTimes = 0; ///< runs before it have been dropped
    std::deque<Times> m_times;
};

} // namespace eventscope::core
